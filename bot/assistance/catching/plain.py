"""A text without its dress: every sign that stands for a digit becomes that digit, and what cannot be seen goes.

Undone are HTML entities, full-width, circled, bold, raised and foreign digits, keycaps, invisible signs and strokes,
letters that look like digits, words typed letter by letter or without spaces, and what Telex and VNI leave behind.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from itertools import pairwise

from bot.assistance.catching.wordlist import words
from knowledge.vietnamese import fold

BREAK = "\x1e"
"""Stands between two messages; no plain text has it."""

_HIDDEN = re.compile(
    "[\u00ad\u00b4\u02c6\u02ca\u02cb\u02dc\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_MARKS = re.compile("[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+")
_FOREIGN = re.compile("[^\\x00-\\x7f\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]")
_TAG = re.compile(r"</?[A-Za-z][^<>]{0,80}>")
_ESCAPED = re.compile(r"%(3\d)|\\[uU]\+?0{2,6}(3\d)|\\x(3\d)")
_OTHERS = dict(zip("ОоΟοІіΙӀЗзİ", "OoOoIiII33I", strict=True)) | {
    chr(0x2680 + dots): str(dots + 1) for dots in range(6)
}
_OTHERS |= dict(zip("аесрхуАЕСРХУВНМТКαιτΑΒΕΗΚΜΝΤΧ", "aecpxyAECPXYBHMTKaitABEHKMNTX", strict=True))
_OTHERS |= dict(zip("⠁⠃⠉⠙⠑⠋⠛⠓⠊⠚", "1234567890", strict=True))
_SPELT = re.compile(
    r"(?<![^\W_])(?:(?:[^\W\d_][.\-*_·'’]){1,8}|"
    r"(?:[^\W\d_] (?![^\W\d_][.\-*_·'’][^\W\d_](?:[.\-*_·'’,;]|$))){1,80})[^\W\d_](?![^\W_])"
)
_JOINTS = re.compile(r"[ .\-*_·'’]")
_ROMAN = re.compile(r"(?<!\w)(?:(?:I{1,3}|IV|VI{0,3}|IX|X)[\W_]{1,3}){4,40}(?:I{1,3}|IV|VI{0,3}|IX|X)(?!\w)")
_NUMERAL = re.compile(r"[IVX]+")
_VALUES = dict(zip(("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X"), range(1, 11), strict=True))
_MIXED = re.compile(r"(?<![^\W_])(?=\d*[OoQIilSsBZzGgbqTAE])(?=[^\W_]*\d)[^\W_]+")
_ALIKE = str.maketrans("OoQIil", "000111")
_LEET = str.maketrans("OoQIilSsBZzGgbqTAE", "000111558226969743"[:18])
_LEAST_LEET = 6
_SINGLY = re.compile(r"(?<![^\W_])(?:[\dOoQIilSsBZzGgbq][ .,\-]{1,3}){5,80}[\dOoQIilSsBZzGgbq](?![^\W_])")
_WORDLESS = re.compile(r"(?<=\d[ .,\-])[OQIl]{2,8}(?![^\W_])|(?<![^\W_])[OQIl]{2,8}(?=[ .,\-]\d)|\A[OQIl]{3,8}\Z")
_SIGN_NAMED = re.compile(r"(?i)\b(?:xu[oố]ng (?:d[oò]ng|h[aà]ng)|d[aấ]u (?:c[aá]ch|ch[aấ]m|ph[aẩ]y|g[aạ]ch))\b")
_DISGUISED = re.compile(r"(?i)(?<![^\W_])(?=[a-z]*[0134])(?=[0134]*[a-z])[a-z0134]{2,5}(?![^\W_])")
_WITHIN = str.maketrans("0134", "oiea")
_LARGEST = 100

_KEYS = {
    "khong": "kho6ng khoong ko6ng kho^ng",
    "mot": "mo65t mo6t5 moojt mootj moj mo^.t mo6.t",
    "bon": "bo61n bo6n1 boons boosn bosn bons bo^'n bo'n",
    "nam": "na8m nawm namw na(m",
    "sau": "sa1u sau1 sasu saus sa'u",
    "bay": "ba3y bay3 bary bayr ba?y ba^?y",
    "tam": "ta1m tam1 tasm tams ta'm",
    "chin": "chi1n chin1 chisn chins chi'n",
    "muoi": "mu7o7i muwowi mu7o72i muwowif muwoif muoiwf mu+o+i mu+o+`i",
    "tram": "tra8m trawm tramw tra(m",
    "nghin": "nghi2n nghin2 nghifn nghinf",
    "linh": "leer le3 ler",
    "lam": "la8m lawm",
    "tu": "tu7 tuw",
}
_READ = {keys: word for word, spellings in _KEYS.items() for keys in spellings.split()}
_KEYED = re.compile(rf"(?i)(?<![^\W_])(?:{'|'.join(map(re.escape, sorted(_READ, key=len, reverse=True)))})(?![^\W_])")
_WORD = "|".join(sorted(words("numbers"), key=len, reverse=True))
_STUCK = re.compile(rf"(?:{_WORD}){{3,}}")
_PAIR = re.compile(rf"(?:{_WORD}){{2}}")
_PART = re.compile(_WORD)
_LONG = re.compile(r"[^\W\d_]{5,}")


def plain(text: str) -> str:
    """Return ``text`` in composed letters with ASCII digits, nothing invisible, each number word by itself."""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    text = _ESCAPED.sub(_unescaped, _TAG.sub("", text))
    if not text.isascii():
        text = _FOREIGN.sub(_near, _HIDDEN.sub("", text)).replace("İ", "I")
        text = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    text = _KEYED.sub(lambda found: _READ[found.group().lower()], text)
    text = _SINGLY.sub(_one_by_one, _SIGN_NAMED.sub("\n", text))
    text = _SPELT.sub(lambda found: _JOINTS.sub("", found.group()), _CONTROL.sub(" ", text))
    text = _DISGUISED.sub(_worded, _ROMAN.sub(_counted, text))
    return _LONG.sub(
        _apart, _WORDLESS.sub(lambda found: found.group().translate(_ALIKE), _MIXED.sub(_look_alike, text))
    )


def folded(text: str) -> str:
    """Return a plain text in lower case without marks, letter for letter."""
    bare = fold(text)
    return bare if len(bare) == len(text) else "".join(fold(char)[:1] or " " for char in text)


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[found.lastindex or 0], 16))


def _near(found: re.Match[str]) -> str:
    return _one(found.group())


@lru_cache(4096)
def _one(char: str) -> str:
    """Return what a sign outside of the Latin letters stands for: ④, ❹, 四, Ⅳ, ٤ are 4."""
    if char in _OTHERS:
        return _OTHERS[char]
    value = unicodedata.numeric(char, -1)
    if value < 0 or value != int(value) or value > _LARGEST:
        return char
    return str(int(value))


def _counted(found: re.Match[str]) -> str:
    """Read Roman numerals that are no list of chapters: those stand in their order."""
    values = [_VALUES[numeral] for numeral in _NUMERAL.findall(found.group())]
    if all(a < b for a, b in pairwise(values)):
        return found.group()
    return _NUMERAL.sub(lambda numeral: str(_VALUES[numeral.group()]), found.group())


def _worded(found: re.Match[str]) -> str:
    """Read digits within a number word as the letters they stand for: "b0n", "ch1n"."""
    word = found.group().lower().translate(_WITHIN)
    return word if word in words("numbers") else found.group()


def _look_alike(found: re.Match[str]) -> str:
    """Read letters among digits as digits when nothing else is left: "4O2", "48Z9I3"."""
    mixed = found.group()
    read = mixed.translate(_ALIKE)
    if read.isdigit():
        return read
    read = mixed.translate(_LEET)
    return read if len(mixed) >= _LEAST_LEET and read.isdigit() else mixed


def _one_by_one(found: re.Match[str]) -> str:
    """Read letters that stand one by one with digits between them: "Z 2 3 5 s 3"."""
    said = found.group()
    return said.translate(_LEET) if any(map(str.isdigit, said)) else said


def _apart(found: re.Match[str]) -> str:
    """Put spaces between number words that stick together: "bốntámhai", "otpbontamhai"."""
    word = found.group()
    bare = folded(word)
    stuck = _PAIR.fullmatch(bare) or _STUCK.search(bare)
    if not stuck:
        return word
    parts = [stuck.start() + part.start() for part in _PART.finditer(stuck.group())]
    cuts = [0, *parts, stuck.end(), len(word)]
    return " ".join(word[a:b] for a, b in pairwise(cuts) if b > a)
