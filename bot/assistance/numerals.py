"""Numbers out of any spelling: whatever stands for a digit becomes one, and numbers said in words are written out.

``plain`` undoes what a text may be dressed in: HTML entities, full-width, circled, bold or Arabic digits, keycaps,
invisible signs, letters that look like digits. ``written`` then puts numerals for words, with and without tones, in
other spellings, stuck together, in English and Sino-Vietnamese, and for tens, hundreds and thousands.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from knowledge.vietnamese import fold

BREAK = "\x1e"
"""Stands between two messages; no text has it."""

_HIDDEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_FOREIGN = re.compile("[^\\x00-\\x7f\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
_PERCENT = re.compile(r"%(3\d)")
_ESCAPED = re.compile(r"\\[uU]\+?0{2,6}(3\d)|\\x(3\d)")
_OTHERS = {"О": "O", "о": "o", "Ο": "O", "ο": "o", "І": "I", "і": "i", "Ӏ": "I", "ӏ": "l", "Ι": "I", "З": "3", "з": "3"}
_OTHERS |= {chr(0x2680 + dots): str(dots + 1) for dots in range(6)}
_SPELT = re.compile(r"(?<![^\W_])(?:[^\W\d_][.\-*_·'’]){1,8}[^\W\d_](?![^\W_])")
_JOINTS = re.compile(r"[.\-*_·'’]")
_CHUNK = re.compile(r"[^\W_]*(?:\d[^\W_]*[OoIilSBZQT|!$][^\W_|!$]*|[OoIilSBZQ|!$][^\W_]*\d)[^\W_]*[|!$]?")
_ALIKE = str.maketrans("OoQIil|!", "00011111")
_LEET = str.maketrans("OoQIil|!SsBZzGgbqTAE$", "000111115582266" + "997435"[1:])
_LEAST_LEET = 6


def plain(text: str) -> str:
    """Return ``text`` in composed letters with ASCII digits only, without signs that cannot be seen."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    text = _ESCAPED.sub(_unescaped, _PERCENT.sub(_unescaped, _TAG.sub("", text)))
    if not text.isascii():
        text = _FOREIGN.sub(_near, _HIDDEN.sub("", text))
        text = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    text = _SPELT.sub(lambda found: _JOINTS.sub("", found.group()), text)
    return _CHUNK.sub(_look_alike, text)


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[found.lastindex or 0], 16))


def _near(found: re.Match[str]) -> str:
    return _one(found.group())


@lru_cache(4096)
def _one(char: str) -> str:
    """Return what a character outside of the Latin letters stands for."""
    if char in _OTHERS:
        return _OTHERS[char]
    value = unicodedata.numeric(char, -1)
    if value < 0 or value != int(value) or value > 100:
        return char
    kept = unicodedata.normalize("NFKC", char)
    return kept if kept.isascii() and any(map(str.isdigit, kept)) else str(int(value))


def _look_alike(found: re.Match[str]) -> str:
    """Read letters among digits as digits where nothing else is left: "48Z9I3", "4O2"."""
    chunk = found.group()
    read = chunk.translate(_ALIKE)
    if read.isdigit():
        return read
    leet = chunk.translate(_LEET)
    real = sum(map(str.isdigit, chunk))
    return leet if leet.isdigit() and len(chunk) >= _LEAST_LEET and real * 2 >= len(chunk) else chunk


_SAID = {
    "0": "khong kong hong hok khum khom zero dzero zezo zêrô nil",
    "1": "mot mots moot one",
    "2": "hai hais two",
    "3": "ba three",
    "4": "bon boon four",
    "5": "nam five",
    "6": "sau xau six",
    "7": "bay seven",
    "8": "tam eight",
    "9": "chin chjn nine",
}
_KEYED = {
    "0": "kho6ng khoong khongf ko6ng",
    "1": "mo65t mo6t5 moojt mootj mojt motj",
    "3": "three",
    "4": "bo61n bo6n1 boons bosn bons tu7 tuw",
    "5": "na8m nawm na8m lawm la8m",
    "6": "sa1u sau1 sasu saus",
    "7": "ba3y bay3 bary bayr",
    "8": "ta1m tam1 tasm tams",
    "9": "chi1n chin1 chisn chins",
}
_SINO = dict(zip("nhất nhị tứ ngũ lục thất bát cửu".split(), "12456789", strict=True))
_TEENS = dict(
    zip(
        "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        map(str, range(10, 20)),
        strict=True,
    )
)
_TENS = dict(zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), "23456789", strict=True))
# Other words that differ from a digit's only by their tone, too common to be taken for a misspelt digit.
_COMMON = frozenset(
    "bà bá bạ hại hải làm lắm lâm lạm lầm nằm nắm nấm tạm tắm tấm tầm tâm tăm bày bây sâu bồng bóng muối muỗi muội trầm "
    "trạm trám lễ lệ lê lẽ lể lính lĩnh hồng hỏng họng hóng chính nghỉn sàu xâu bón tự từ tủ tử tù tú tụ".split()
)
_TEN = {"muoi": "t"}
_UNITS = {"tram": "h", "hundred": "h", "nghin": "k", "ngan": "k", "thousand": "k", "trieu": "k", "ty": "k", "ti": "k"}
_ODD = frozenset(("linh", "le", "lẻ"))
_TAIL = {"lam": "5", "nham": "5", "tu": "4", "ko": "0", "kh": "0", "hay": "2", "oh": "0", "o": "0", "to": "2", "for": "4"}
_TAIL |= {"l": "1", "i": "1", "z": "2"}
_AFTER_TEN = frozenset(("lam", "nham"))
_DIGITS = {word: digit for table in (_SAID, _KEYED) for digit, words in table.items() for word in words.split()}
_GLUE = sorted((*_DIGITS, "muoi", "tram", "linh", "nghin", "ngan", "lam", "tu"), key=len, reverse=True)
_GLUED = re.compile(rf"(?:{'|'.join(map(re.escape, _GLUE))}){{3,}}")
_PART = re.compile("|".join(map(re.escape, _GLUE)))
_LEAST_GLUED = 8
_TOKEN = re.compile(r"\d+|[^\W\d_]+(?:\d(?=[^\W\d_]*[^\W\d_]{2}|[^\W\d_]*(?![^\W_]))[^\W\d_]*){0,2}")
_WORD = re.compile(r"[^\W\d_]+|\d+")


@dataclass(slots=True)
class _Token:
    """``kind``: n numeral, d digit in a word, t ten, m times ten, h hundred, k thousand, o "and", l only beside others."""

    start: int
    end: int
    kind: str
    digits: str


def written(text: str) -> str:
    """Return a plain text with numbers in words as numerals: "bốn mươi tám hai" as "48 2", "hai nghìn linh ba" as 2003.

    A round number keeps its last word ("150 nghìn"). Words that stand for no number stay as they are.
    """
    tokens = _tokens(_unglued(text))
    text = _unglued(text)
    out: list[str] = []
    at = 0
    for index, token in enumerate(tokens):
        if token.kind in "wn":
            continue
        word, joined = _meaning(text, tokens, index)
        if word is None:
            token.kind = "w"
            continue
        gap = text[at : token.start]
        out.append(gap.rstrip() if joined else gap)
        out.append(word)
        at = token.end
        if not word:
            at = _past_space(text, at)
    out.append(text[at:])
    return "".join(out)
