"""Ages as people and titles tell them: "6 tuổi", "từ đủ 14 tuổi trở lên", "tám hai tuổi", "sinh năm 2015", "lớp 3".

An age is a span of months, because hardly anybody tells it to the day: who is "6 tuổi" is 72 to 83 months old, and who
was "sinh năm 2015" may have had this year's birthday or not. Doubt makes the span wider, never narrower, so that two
ages which share no month contradict one another.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from knowledge.vietnamese.normal import fold, normalise

YEAR = 12
EVER = 150 * YEAR
"""Months that nobody reaches: the end of "trở lên"."""

STOP = "|"
"""Stands for a full stop, comma or bracket among the words of a text."""

_OLDEST = 130
_TOKEN = re.compile(r"2k\d{1,2}(?!\w)|\d+|[^\W\d_]+|[.,;:!?()]")
_WRITTEN = {"một": 1, "mốt": 1, "hai": 2, "ba": 3, "bốn": 4, "tư": 4, "năm": 5, "lăm": 5, "nhăm": 5, "sáu": 6}
_WRITTEN |= {"bảy": 7, "bẩy": 7, "tám": 8, "chín": 9, "mười": 10, "mươi": 10, "trăm": 100, "lẻ": 0, "linh": 0}
_BARE = {fold(word): number for word, number in _WRITTEN.items()}
_ONLY = {"tuoi": "tuổi", "lop": "lớp", "con": "con", "chau": "cháu", "be": "bé", "dua": "đứa", "me": "mẹ"}
_ONLY |= {"bo": "bố", "ong": "ông", "ba": "bà", "cu": "cụ", "hay": "hay", "tre": "trẻ"}
"""What a word must be where marks are typed: "tươi" is not "tuổi", "còn" is not "con"."""

_NEAR, _ABOUT = frozenset(("gan", "sap", "chuan")), frozenset(("khoang", "tam", "chung"))
_BELOW, _PAST = frozenset(("duoi", "chua")), frozenset(("qua", "hon", "ngoai"))
_TO, _OR = frozenset(("den",)), frozenset(("va", "hoac", "hay", STOP))
_PLAIN = frozenset(("tu", "tren", "khong", "len", "du", "tron", "day", "duoc", "het", "vua", "da", "bi"))
_LINKS = _NEAR | _ABOUT | _BELOW | _PAST | _TO | _OR | _PLAIN

_BORN = re.compile(
    r"(?<!khai )(?<!phat )(?<!hoc )(?<!thi )(?<!tuyen )\b(?:sinh|sn)"
    r"(?: (?:con|chau|be|vao|nam|ngay|thang|khoang|dau|giua|cuoi|mung|\d{1,2}|\|))* (?P<year>(?:19|20)\d\d)\b"
    r"|(?<!khai )\b(?:sinh|sn)(?: vao)? nam (?P<short>\d\d)\b(?! tuoi)|\b2k(?P<recent>\d{1,2})\b"
)
_KINDERGARTEN = re.compile(r"\b(?:tre|chau|be|con|hoc)(?: (?:em|o|lop|truong|hoc))* mau giao\b")


@dataclass(frozen=True, slots=True)
class Ages:
    """Ages in months, from ``low`` up to, but not including, ``high``."""

    low: int
    high: int

    def meets(self, other: Ages) -> bool:
        """Say whether somebody can be of both."""
        return self.low < other.high and other.low < self.high


@dataclass(frozen=True, slots=True)
class Told:
    """The folded ``words`` of a text (``STOP`` between clauses), and the ages told, each with its place among them."""

    words: tuple[str, ...]
    ages: tuple[tuple[int, Ages], ...]


@dataclass(frozen=True, slots=True)
class _Word:
    """One word as read; a number has its least and greatest meaning ("hai ba" may be two or three)."""

    text: str
    least: int = -1
    most: int = -1
    digits: bool = False

    @property
    def number(self) -> bool:
        return 0 <= self.least <= _OLDEST


def read_ages(text: str, today: date) -> Told:
    """Return the ages that ``text`` tells, in the order in which they stand; years of birth count up to ``today``."""
    words = _words(text)
    said = " ".join(word.text for word in words)
    found = [*_counted(words), *_in_class(words)]
    found += [(said.count(" ", 0, born.start()), _since(born, today)) for born in _BORN.finditer(said)]
    found += [(said.count(" ", 0, at.start()), Ages(3 * YEAR - 6, 7 * YEAR)) for at in _KINDERGARTEN.finditer(said)]
    return Told(tuple(said.split(" ")), tuple(sorted(found, key=lambda each: each[0])))


def _counted(words: Sequence[_Word]) -> Iterator[tuple[int, Ages]]:
    """Yield the ages told in years or months ("6 tuổi"), the last first; a word counts for one age or span only."""
    start = len(words)
    for place in range(len(words) - 1, 0, -1):
        if place < start and words[place].text == "tuoi":
            start, ages = _back_from(words, place)
            yield from ages


def _in_class(words: Sequence[_Word]) -> Iterator[tuple[int, Ages]]:
    """Yield the ages of pupils of the classes 1 to 12, with years to spare for who began late or stayed behind."""
    for place, (before, word) in enumerate(pairwise(words), 1):
        tells_age = words[place + 1 : place + 2] == [_Word("tuoi")]
        if before.text == "lop" and word.number and 1 <= word.least <= 12 and not tells_age:
            yield place, Ages((word.least + 4) * YEAR + 8, (word.most + 8) * YEAR)


def _words(text: str) -> list[_Word]:
    """Return the words of a text, numbers that are written in words put together: "tám mươi hai", "tám hai"."""
    typed = _TOKEN.findall(normalise(text).lower())
    marked = 3 * sum(not word.isascii() for word in typed) >= len(typed)
    numbers = _WRITTEN if marked else _BARE | _WRITTEN
    words: list[_Word] = []
    spoken: list[str] = []
    for place, word in enumerate([*typed, ""]):
        if word in numbers and not _else(word, place, typed, spoken):
            spoken.append(word)
            continue
        if spoken:
            words.append(_Word("_".join(map(fold, spoken)), *_value([numbers[word] for word in spoken])))
            spoken = []
        if word.isdecimal():
            words.append(_Word(word, int(word[:4]), int(word[:4]), digits=True))
        elif word:
            words.append(_Word(_folded(word)))
    return words


def _else(word: str, place: int, typed: Sequence[str], spoken: Sequence[str]) -> bool:
    """Say whether a number word is another word here: "năm" (year) beside a number, "tu" (từ) without marks."""
    if fold(word) == "nam" and not spoken:
        return any(near.isdecimal() for near in (*typed[max(place - 1, 0) : place], *typed[place + 1 : place + 2]))
    return not spoken and (fold(word) in ("le", "linh") or word == "tu")


def _folded(word: str) -> str:
    if not word.isalnum():
        return STOP
    if word == "tới":
        return "den"
    folded = fold(word)
    return folded if word.isascii() or _ONLY.get(folded, word) == word else word


def _value(spoken: Sequence[int]) -> tuple[int, int]:
    """Return what number words mean together: 8 10 2 is 82, 8 2 is 82, 2 3 is two or three, 100 is more."""
    if 100 in spoken:
        return 100, 120
    if 10 in spoken:
        at = spoken.index(10)
        number = 10 * (spoken[at - 1] if at else 1) + sum(spoken[at + 1 : at + 2]) % 10
        return number, number
    last = spoken[-1]
    before = spoken[-2] if len(spoken) > 1 else 0
    return (before, last) if last == before + 1 and before else (10 * before + last, 10 * before + last)


def _back_from(words: Sequence[_Word], place: int) -> tuple[int, list[tuple[int, Ages]]]:
    """Read back from "tuổi" at ``place``; return where the telling begins, and the ages told."""
    months = words[place - 1].text == "thang"
    at = place - 1 - months
    if at < 0 or not words[at].number:
        return place, []
    unit = 1 if months else YEAR
    before = _links(words, at)
    earlier, own = _earlier(words, at - len(before) - 1, before)
    if earlier is not None and not _OR.intersection(before):
        start = words[earlier]
        end = words[at].least if _BELOW.intersection(before) else words[at].most + 1
        return earlier, [(earlier, Ages(start.least * (own or unit), end * unit))]
    found = [(at, _single(words[at], unit, before, words[place + 1 : place + 3]))]
    while earlier is not None:
        at, before = earlier, _links(words, earlier)
        found.append((at, _single(words[at], unit, before, ())))
        earlier, _ = _earlier(words, at - len(before) - 1, before) if _OR.intersection(before) else (None, None)
    return at, found


def _links(words: Sequence[_Word], at: int) -> list[str]:
    """Return the words right before a number that say how it is meant or that tie it to another one."""
    start = at
    while start and words[start - 1].text in _LINKS:
        start -= 1
    return [word.text for word in words[start:at]]


def _earlier(words: Sequence[_Word], at: int, between: Sequence[str]) -> tuple[int | None, int | None]:
    """Return the place of the number to which ``between`` ties the next, and its own unit in months if it has one."""
    if at < 0 or not (_TO.union(_OR).intersection(between) or not between):
        return None, None
    if words[at].number:
        return (at, None) if between or (words[at].digits and words[at].least < words[at + 1].least) else (None, None)
    unit = {"tuoi": YEAR, "thang": 1}.get(words[at].text)
    if unit is None or not _TO.intersection(between):
        return None, None
    at -= 1 + (words[at].text == "tuoi" and words[at - 1].text == "thang")
    unit = 1 if words[at + 1].text == "thang" else unit
    return (at, unit) if at >= 0 and words[at].number else (None, None)


def _single(number: _Word, unit: int, before: Sequence[str], after: Sequence[_Word]) -> Ages:
    """Return what one number means with the words around it."""
    least, most = number.least, number.most + 1
    around, behind = frozenset(before), tuple(word.text for word in after)
    if behind[:2] in (("tro", "len"), ("do", "len")) or {"khong", "duoi"} <= around:
        most = EVER // unit
    elif behind[:2] in (("tro", "xuong"), ("do", "lai")) or ("khong" in around and around & (_PAST | {"tren"})):
        least = 0
    elif around & _BELOW:
        least, most = 0, least
    elif around & _NEAR:
        least, most = least - 2, least
    elif around & _PAST:
        most += 9
    elif around & {"tu", "tren"}:
        most = EVER // unit
    elif around & _TO:
        least = 0
    elif around & _ABOUT or behind[:1] in (("mu",), ("ta",)):
        least, most = least - 2, most + 2 * bool(around & _ABOUT)
    elif "len" in around:
        least -= 1
    return Ages(max(least, 0) * unit, most * unit)


def _since(born: re.Match[str], today: date) -> Ages:
    """Return the ages in months of people born in one year."""
    if born["year"]:
        year = int(born["year"])
    elif born["short"]:
        year = int(born["short"]) + (2000 if int(born["short"]) <= today.year % 100 else 1900)
    else:
        year = 2000 + int(born["recent"])
    months = (today.year - year) * YEAR + today.month
    return Ages(max(months - YEAR - 1, 0), max(months, 1))
