"""Numbers said in words, written as numerals: with and without tones, misspelt, in English or Sino-Vietnamese.

Tens, hundreds and thousands are put together ("bốn trăm linh tám" is 408); digits said one by one stay apart.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from bot.assistance.catching.plain import BREAK, folded
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
_YEAR = re.compile(r"(?:19|20)\d\d(?!\d)")
_TWICE = re.compile(r"(.)\1+")
_LONG = 6
_ONLY_IN_TENS = frozenset(("lam", "nham", "tu"))
_BETWEEN_LIMITS = frozenset(("den", "toi", "hay", "va", "tu"))
_NUMBERS = frozenset("ndtm?hkole")
_LEFT_SINGLE = frozenset("nd")


@dataclass(slots=True)
class _Token:
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


def written(text: str, *, wide: bool = False) -> str:
    """Return a plain text with numbers in words as numerals: "bốn mươi tám hai" is "48 2", "hai nghìn lẻ ba" 2003.

    A round number keeps its last word ("150 nghìn"); "thứ hai" loses its number, for it is a day. ``wide``: where
    digits are told one by one, tens stand by themselves too: "bốn mươi tám hai" is "408 2".
    """
    return BREAK.join(_written(message, wide) for message in text.split(BREAK))


def _written(text: str, wide: bool) -> str:
    tokens = _tokens(text)
    if wide:
        _set_tens_apart(tokens)
    if all(token.kind != "w" for token in tokens):
        tokens = [_Token(0, 0, "0", "", ""), *tokens]
    out: list[str] = []
    at = 0
    for index, token in enumerate(tokens):
        if token.kind in "wf0":
            continue
        numeral, joined = _numeral(tokens, index)
        if numeral is None:
            token.kind = "w"
            continue
        gap = text[at : token.start]
        out.append("" if joined else gap)
        out.append(numeral)
        at = token.end
    out.append(text[at:])
    return "".join(out)


def _tokens(text: str) -> list[_Token]:
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
            tokens.append(_Token(start, end, kind, digits, word))
        elif word[0] in "0123456789":
            tokens.append(_Token(*found.span(), "n", word, word))
        else:
            tokens.append(_CUES.get(word, _OTHER if len(word) > 1 else _LETTER))
    return tokens


def _set_tens_apart(tokens: list[_Token]) -> None:
    """Put a numeral for a ten that a digit follows, where single digits are told around it and no hundreds."""
    for spoken, group in groupby(tokens, lambda token: token.kind in "ndtm?cl" and not _YEAR.fullmatch(token.word)):
        run = list(group)
        kinds = [token.kind for token in run]
        pairs = list(zip((" ", *kinds[:-1]), kinds, (*kinds[1:], " "), strict=True))
        begins = run[0].word == "ba" and len(run) < _LONG  # "my father"
        singly = [b in "dl" and a not in "tm?c" and c not in "m?c" for a, b, c in pairs]
        singly = [single or token.digits == "0" for single, token in zip(singly, run, strict=True)]
        long = len(run) >= _LONG
        told = any(
            single and (long or token.word != "nam" or token is not run[-1])
            for single, token in zip(singly[begins:], run[begins:], strict=True)
        )
        if not spoken or not (told or ("?" in kinds and long)):
            continue
        for at, token in enumerate(run):
            unit = run[at + 1] if at + 1 < len(run) else _OTHER
            alone = unit.kind in "dl" and (token.kind == "?" or unit.word not in _ONLY_IN_TENS)
            if token.kind in "tm?c" and alone:
                times = at and kinds[at - 1] in "dn" and token.kind in "mc"
                token.kind, token.digits, token.word = "n", "0" if times else "10", "0"


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
_OTHER = _Token(0, 0, "w", "", "")
_LETTER = _Token(0, 0, "f", "", "")
_NO_NUMBER_AFTER = words("no number after")
_CUES = {word: _Token(0, 0, "w", "", word) for word in ("thu", "thang", "lan", "dup", "kep", *_NO_NUMBER_AFTER)}
_CUES |= {word: _Token(0, 0, "f", "", word) for word in FILLERS if word not in _CUES}


def _numeral(tokens: list[_Token], index: int) -> tuple[str | None, bool]:
    """Return what a number word writes, None for a word that is no number here, and whether it joins what is before."""
    token = tokens[index]
    before = tokens[index - 1].kind if index else "w"
    after = tokens[index + 1].kind if index + 1 < len(tokens) else "w"
    if token.kind == "c":
        token.kind = "m" if before in _LEFT_SINGLE else "w"
    if token.kind == "w":
        return None, False
    if token.kind == "?":
        token.kind = _ten_or_times(tokens, index, before)
    if token.kind == "n":
        return _weekday(tokens, index, after), before in "mhkoe" and len(token.digits) == 1
    if token.kind in "dlb":
        return _digit(tokens, index, before, after)
    if token.kind == "e":
        token.kind = "m"
        return token.digits + ("" if after == "d" else "0"), before in "hk"
    if token.kind == "t" or (token.kind == "m" and before not in "ndt"):
        token.kind = "t"
        return "1" + ("" if _single(tokens, index + 1) else "0"), before in "hko"
    return _magnitude(tokens, index, before, after)


def _ten_or_times(tokens: list[_Token], index: int, before: str) -> str:
    """Tell "mười" from "mươi" where no tone does: times ten after the first digit of a number, else ten."""
    if before not in _LEFT_SINGLE:
        return "t"
    further = tokens[index - 2].kind if index > 1 else "w"
    return "t" if further in _LEFT_SINGLE or further in "mt" else "m"


def _single(tokens: list[_Token], index: int) -> bool:
    """Say whether a single digit comes that belongs to the ten before it."""
    if index >= len(tokens) or tokens[index].kind not in "dnl" or len(tokens[index].digits) != 1:
        return False
    if tokens[index].digits == "0":
        return False
    return index + 1 >= len(tokens) or tokens[index + 1].kind not in "mhc"


def _weekday(tokens: list[_Token], index: int, after: str) -> str:
    token = tokens[index]
    day = token.digits in {"2", "3", "4", "5", "6", "7"} and index > 0 and tokens[index - 1].word == "thu"
    return "" if day and after == "w" else token.digits


def _digit(tokens: list[_Token], index: int, before: str, after: str) -> tuple[str | None, bool]:
    token = tokens[index]
    if token.kind in "lb" and tokens[0].kind != "0" and not _accompanied(tokens, index):
        return None, False
    if token.word in ("lam", "nham") and token.kind != "d" and before not in "ndtm" and not _amid(tokens, index):
        return None, False
    if token.word == "nam" and (_years(tokens, index, after) or _before_year(tokens, index)):
        return None, False
    if token.word == "sau" and before not in _NUMBERS and after == "n" and len(tokens[index + 1].word) > 1:
        return None, False
    token.kind = "d"
    return _weekday(tokens, index, after), before in "tmhkoe"


def _accompanied(tokens: list[_Token], index: int) -> bool:
    """Say whether numbers are beside a word that is one only there; behind "thông" and "đầu" there is no "tư"."""
    if index and tokens[index - 1].word in _NO_NUMBER_AFTER:
        return False
    if tokens[index].kind == "b":
        return all(0 <= at < len(tokens) and tokens[at].kind in _NUMBERS for at in (index - 1, index + 1))
    left, right = (_beside(tokens, index, step) for step in (-1, 1))
    return left == 0 or right == 0 or (left is not None and right is not None)


def _beside(tokens: list[_Token], index: int, step: int) -> int | None:
    """Return over how many words that do not join the next number is reached, at most one; None when there is none."""
    strange = 0
    for at in range(index + step, index + 5 * step, step):
        if not 0 <= at < len(tokens):
            return None
        if tokens[at].kind in _NUMBERS:
            return strange
        strange += tokens[at].kind == "w"
        if strange > 1:
            return None
    return None


def _years(tokens: list[_Token], index: int, after: str) -> bool:
    """Say whether "năm" counts years: behind a number that begins nothing longer ("05 năm", "mười sáu năm")."""
    if not index or tokens[index - 1].kind not in _NUMBERS or tokens[0].kind == "0":
        return False
    if tokens[index].start - tokens[index - 1].end > 1:
        return False
    if after in _NUMBERS or after == "c" or _over_fillers(tokens, index, 1) in _NUMBERS:
        return False
    around = (*tokens[max(0, index - 3) : index], *tokens[index + 1 : index + 2])
    if any(token.word in ("lan", "dup", "kep") for token in around):
        return False
    start = index - 1
    if start and tokens[start].kind in "dnl" and tokens[start - 1].kind in "tm":
        start -= 1
    if tokens[start].kind in "mh":
        start -= 1
    return _over_fillers(tokens, start, -1) not in _NUMBERS


def _amid(tokens: list[_Token], index: int) -> bool:
    """Say whether numbers are on both sides, over filling words at most."""
    return all(_over_fillers(tokens, index, step) in _NUMBERS for step in (-1, 1))


def _over_fillers(tokens: list[_Token], index: int, step: int) -> str:
    """Return the kind of the next word before or behind that is no filling word; "đến" and the like stop the search."""
    at = index + step
    while 0 <= at < len(tokens) and tokens[at].kind == "f" and tokens[at].word not in _BETWEEN_LIMITS:
        at += step
    return tokens[at].kind if 0 <= at < len(tokens) else "w"


def _before_year(tokens: list[_Token], index: int) -> bool:
    """Say whether "năm" is the word for a year: after a month, or before a year and not after a number."""
    if index > 1 and tokens[index - 2].word == "thang":
        return True
    number = index > 0 and tokens[index - 1].kind in _NUMBERS
    alone = index + 2 >= len(tokens) or tokens[index + 2].kind in "wf"
    longer = index > 1 and tokens[index - 2].kind in _NUMBERS
    if number and not longer and index + 1 < len(tokens) and alone:
        return bool(_YEAR.fullmatch(tokens[index + 1].word))
    rest = [token.word for token in tokens[index + 1 : index + 4]]
    if number or not rest:
        return False
    if _YEAR.fullmatch(rest[0]):
        return True
    spoken = (["hai", "nghin"], ["hai", "ngan"], ["mot", "nghin"], ["mot", "ngan"])
    return rest[:2] in spoken and (len(rest) == 2 or rest[2] in ("khong", "chin", "linh", "le", "muoi", "hai"))


def _magnitude(tokens: list[_Token], index: int, before: str, after: str) -> tuple[str | None, bool]:
    kind = tokens[index].kind
    if before not in _NUMBERS:
        return None, False
    if kind == "m":
        return ("" if _single(tokens, index + 1) else "0"), True
    if kind == "o":
        known = before in "hkdnl" and after in "dnl"
        return (("00" if before == "k" else "0") if known else None), True
    if kind == "h" and index + 2 < len(tokens) and tokens[index + 2].kind == "h":
        return "00", True
    if kind == "h":
        return ("" if after in "dnt?o" else "00"), True
    return ("" if after in "dnt?o" else None), True
