"""What each word of a text has to do with a number: a digit, a ten, a magnitude, a word between digits, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.assistance.catching.plain import folded
from bot.assistance.catching.wordlist import words

_DIGITS = {
    word: str(digit)
    for digit, spellings in enumerate(
        (
            "khong zero",
            "mot one",
            "hai two",
            "ba three",
            "bon four",
            "nam five",
            "sau xau six",
            "bay seven",
            "tam eight",
            "chin chjn nine",
        )
    )
    for word in spellings.split()
}
_TEENS = ("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_DIGITS |= {word: str(number) for number, word in enumerate(_TEENS, 11)}
_EXACT = dict.fromkeys(("hông", "hổng", "hok", "hem", "hơm", "khum", "khog", "khôg", "zê", "dê"), "0") | {
    "lăm": "5",
    "nhăm": "5",
}
_SINO = dict(zip(("nhất", "nhị", "tứ", "ngũ", "lục", "thất", "bát", "cửu"), "12456789", strict=True))
_TENS = {
    "twenty": "2",
    "thirty": "3",
    "forty": "4",
    "fifty": "5",
    "sixty": "6",
    "seventy": "7",
    "eighty": "8",
    "ninety": "9",
}
_EXACT_TENS = {"hăm": "2", "băm": "3"}
_UNITS = {"tram": "h", "hundred": "h", "nghin": "k", "ngan": "k", "thousand": "k", "trieu": "k", "ty": "k", "ti": "k"}
_BESIDE = {"lam": "5", "nham": "5", "tu": "4", "ko": "0", "kh": "0", "hong": "0"}
_BETWEEN = {"oh": "0", "o": "0", "hay": "2", "l": "1", "i": "1"}
_COMMON = words("common")
"""Words that differ from a number only by their tone, too frequent to be taken for a misspelt one."""

FILLERS = words("fillers")
"""Words that join digits one by one and mean nothing else there."""

_WORD = re.compile(r"\d+|[^\W\d_]+")
_TWICE = re.compile(r"(.)\1+")


@dataclass(slots=True)
class Token:
    """A word or numeral.

    ``kind``: n numeral, d digit, t ten, m times ten, ? either, h hundred, k thousand and more, o "and", e English tens,
    l a digit only beside other numbers, b only between them, f a filling word, w any other; 0 stands before a message
    that is nothing but numbers.
    """

    start: int
    end: int
    kind: str
    digits: str
    word: str


def tokens_of(text: str) -> list[Token]:
    """Return the words and numerals of a plain text in order, each with what it may be in a number by itself."""
    bare, low = folded(text), text.lower()
    tokens = []
    for found in _WORD.finditer(bare):
        word = found.group()
        meaning = _VOCABULARY.get(word) or _drawn_out(word)
        if meaning:
            start, end = found.span()
            kind, digits = meaning
            typed = low[start:end]
            if typed in _COMMON:
                kind = "w"
            elif kind == "?":
                kind = {"mười": "t", "mươi": "m"}.get(typed, "?")
            elif kind == "x":
                kind, digits = _by_marks(word, typed)
            tokens.append(Token(start, end, kind, digits, word))
        elif word[0] in "0123456789":
            tokens.append(Token(*found.span(), "n", word, word))
        else:
            tokens.append(_CUES.get(word, OTHER if len(word) > 1 else _LETTER))
    return tokens


def _drawn_out(word: str) -> tuple[str, str] | None:
    """Return the meaning of a digit with a letter typed twice: "bonn", "baa"."""
    once = _TWICE.sub(r"\1", word)
    return ("d", _DIGITS[once]) if once != word and once in _DIGITS else None


def _by_marks(word: str, typed: str) -> tuple[str, str]:
    if typed in _EXACT:
        return "d", _EXACT[typed]
    if typed in _EXACT_TENS:
        return "e", _EXACT_TENS[typed]
    if typed in ("vạn", "chục"):
        return ("k" if typed == "vạn" else "c"), ""
    return ("l", _SINO[typed]) if typed in _SINO else _ELSE.get(word, ("w", ""))


def _vocabulary() -> dict[str, tuple[str, str]]:
    """Return the kind and the digits of every number word, without marks; "x" where only the marks tell."""
    words = {word: ("d", digits) for word, digits in _DIGITS.items()}
    words |= {word: ("e", digits) for word, digits in _TENS.items()}
    words |= {word: ("l", digits) for word, digits in _BESIDE.items()}
    words |= {word: ("b", digits) for word, digits in _BETWEEN.items()}
    words |= {word: (kind, "") for word, kind in _UNITS.items()}
    return words | {"muoi": ("?", ""), "linh": ("o", ""), "le": ("o", ""), "chuc": ("c", "")}


_ELSE = _vocabulary()
_VOCABULARY = _ELSE | {folded(word): ("x", "") for word in (*_EXACT, *_SINO, *_EXACT_TENS, "vạn", "chục")}
OTHER = Token(0, 0, "w", "", "")
_LETTER = Token(0, 0, "f", "", "")
NO_NUMBER_AFTER = words("no number after")
_CUES = {word: Token(0, 0, "w", "", word) for word in ("thu", "thang", "lan", "dup", "kep", *NO_NUMBER_AFTER)}
_CUES |= {word: Token(0, 0, "f", "", word) for word in FILLERS if word not in _CUES}
