"""Which numerals of a text are read as one number, whatever stands between them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations

from bot.assistance.catching.numerals import written
from bot.assistance.catching.plain import BREAK, folded
from bot.assistance.catching.spoken import FILLERS
from bot.assistance.catching.wordlist import words

LEAST = 6
"""So many digits together are a code, whatever is said about them."""

_MOST_WORDS = 5
_MOST_STRANGE = 3
_MOST_ALIKE = 4
_LEAST_ALIKE = 3
_WORD = re.compile(r"\d+|[^\W\d_]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_NUMERAL = re.compile(r"\d+")
_FAR = 80
APART = ("?",) * 9
"""A gap that nothing bridges."""

_REPEATED = re.compile(r"(?<!so )(?<!\d)([2-9]) (?:con so|chu so|so|con|cai|chu|lan so|lan con|lan) (?!0\?)(\d)(?!\d)")
_TENS = re.compile(r"\b(?:muoi|chuc)\b")
_TIMES = re.compile(r"(?<!\d)(\d)(?: lap(?: lai)?)? ([2-9]) lan\b")
_AGAIN = re.compile(r"(?<![\d.,/])(\d{1,6})(?: so)? (?:(?:gap|nhan) doi|(?:lap|nhac|doc) lai(?: ([2-9]) lan)?)(?! ?\d)")
_ONLY_AGAIN = re.compile(
    rf"(?:\A|(?<={BREAK}))\W{{0,4}}(?:(\d{{2,4}}) ([2-9]) lan|([2-9]) lan (\d{{2,4}}))\W{{0,4}}(?:\Z|(?={BREAK}))"
)
_DOUBLED = re.compile(
    r"(?:(?<!\d)([2-9]) )?\b(cặp|đôi|đúp|kép|dup|kep|double|triple|tam hoa|tứ quý|tu quy|ngũ quý|lục quý) "
    r"(?:số |con |so )?(\d)(?!\d)"
)
_SAID = {"triple": 3, "tam hoa": 3, "tứ quý": 4, "tu quy": 4, "ngũ quý": 5, "lục quý": 6}
_TELLING = FILLERS | words("telling")
_COUNTED = words("counted")
_BESIDE = words("beside crumbs")
_UNIT_LETTERS = frozenset("mkdghl")


@dataclass(frozen=True, slots=True)
class Digits:
    """A numeral and the words (without marks) between it and the numeral before."""

    start: int
    end: int
    gap: tuple[str, ...]

    @property
    def size(self) -> int:
        """Characters of the text it takes."""
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class Page:
    """What was written before and, from ``begins``, now; ``bare`` is ``text`` without marks."""

    text: str
    bare: str
    begins: int

    def number(self, run: Sequence[Digits]) -> str:
        """Return the digits of a run."""
        return "".join(self.bare[digits.start : digits.end] for digits in run)


def as_typed(earlier: Sequence[str], now: str) -> Page:
    """Put plain messages on one page."""
    text = BREAK.join((*earlier, now))
    return Page(text, folded(text), len(text) - len(now))


def in_numerals(page: Page) -> Iterator[Page]:
    """Yield a page with numerals for all that is said in words.

    Where it can be read so, another one with "ba số 8", "8 lặp lại 3 lần", "hai cặp 8" written out.
    """
    text = written(page.text)
    bare = folded(text)
    yield Page(text, bare, text.rfind(BREAK) + 1)
    if _TENS.search(page.bare):
        wide = written(page.text, wide=True)
        if wide != text:
            yield Page(wide, folded(wide), wide.rfind(BREAK) + 1)
    low = text.lower()
    read = {_as_said(low, (*order, *_MANY)) for order in permutations(_REPETITIONS)} - {low}
    for each in sorted(read):
        bare = folded(each)
        yield Page(each, bare, bare.rfind(BREAK) + 1)


def _as_said(text: str, order: Sequence[tuple[re.Pattern[str], Callable[[re.Match[str]], str]]]) -> str:
    """Write out what is said to come several times, one way of saying it after the other."""
    for pattern, written_out in order:
        parts, at = [], 0
        for found in pattern.finditer(text if pattern is _DOUBLED else folded(text)):
            parts += [text[at : found.start()], written_out(found)]
            at = found.end()
        text = "".join((*parts, text[at:]))
    return text


_REPETITIONS = (
    (_DOUBLED, lambda found: found[3] * _SAID.get(found[2], 2) * int(found[1] or 1)),
    (_REPEATED, lambda found: found[2] * int(found[1])),
    (_TIMES, lambda found: found[1] * int(found[2])),
)
"""Ways to say it of a digit. Which of them it belongs to is open ("ba lần hai đôi 4"), so each order is read."""

_MANY = (
    (_AGAIN, lambda found: found[1] * int(found[2] or 2) + " "),
    (_ONLY_AGAIN, lambda found: (found[1] or found[4]) * int(found[2] or found[3])),
)
"""Ways to say it of several digits."""


def numerals(page: Page) -> list[Digits]:
    """Return the numerals of a page in order."""
    digits: list[Digits] = []
    at = 0
    for found in _NUMERAL.finditer(page.bare):
        start, end = found.span()
        gap = tuple(_LETTERS.findall(page.bare, at, start)) if start - at < _FAR else APART
        if start - at == 1 and digits and not (gap == ("m",) and page.bare[start:end] in ("2", "3")):
            gap = ()  # one letter with digits on both sides is a disguise, or part of something harmless
        digits.append(Digits(start, end, gap))
        at = end
    return digits


def together(digits: Sequence[Digits]) -> Iterator[list[Digits]]:
    """Yield what stands together: between the digits are only signs, filling words ("rồi", "số"), single letters."""
    return _split(digits, _filling)


def scattered(digits: Sequence[Digits]) -> Iterator[list[Digits]]:
    """Yield single digits with one word after each, as nobody writes but to hide a number."""
    for run in _split(digits, lambda gap: len(gap) <= 1 or _strange(gap) <= 1):
        if len(run) >= LEAST and size(run) == len(run):
            yield run


def alike(digits: Sequence[Digits]) -> Iterator[list[Digits]]:
    """Yield numerals with always the same words between them: six short ones, or three when nothing is counted."""
    same: list[Digits] = []
    for number in digits:
        if number.size > _MOST_ALIKE or len(number.gap) > _MOST_STRANGE or _filling(number.gap):
            same = []
        elif len(same) > 1 and number.gap != same[-1].gap:
            same = same[-1:]
        same.append(number)
        counted = any(word in _COUNTED for word in number.gap)
        if size(same) >= LEAST and len(same) >= (LEAST if counted else _LEAST_ALIKE):
            yield same
            same = []


def near(digits: Sequence[Digits]) -> Iterator[list[Digits]]:
    """Yield what is one number where a code is told: some words may be between, but nothing that is counted."""
    for run in _split(digits, lambda gap: _strange(gap) <= _MOST_STRANGE):
        if size(run) >= LEAST:
            yield run


def crumb(message: str) -> str:
    """Return a plain message that is nothing but digits and filling words; only its digits when it has little else.

    Little are words to whoever reads it, and beside one number one word more. "" of others.
    """
    said = [word for word in _WORD.findall(folded(written(message))) if word.isdigit() or len(word) > 1]
    strange = [word for word in said if not word.isdigit() and word not in _TELLING]
    digits = [word for word in said if word.isdigit()]
    if digits and all(word.isdigit() or word in FILLERS for word in said):
        return message
    little = not strange or (len(digits) == len(strange) == 1 and strange[0] in _BESIDE)
    return " ".join(digits) if little else ""


def nothing_else(page: Page) -> bool:
    """Say whether the message begins and ends with digits, filling words aside, and has hardly another word."""
    parts = _NUMERAL.split(page.bare[page.begins :])
    if len(parts) == 1:
        return False
    first, *between, last = (_LETTERS.findall(part) for part in parts)
    outside = [word for word in (*first, *last) if word not in _TELLING and len(word) > 1]
    strange = [_strange(tuple(gap)) for gap in between]
    return not outside and max(strange, default=0) == 1


def telling(text: str) -> bool:
    """Say whether between the word for a code and a number nothing else is said: "mã OTP của em là"."""
    return all(word in _TELLING for word in _WORD.findall(text))


def size(digits: Sequence[Digits]) -> int:
    """Count single digits."""
    return sum(number.size for number in digits)


def _split(digits: Sequence[Digits], joins: Callable[[tuple[str, ...]], bool]) -> Iterator[list[Digits]]:
    run: list[Digits] = []
    for number in digits:
        if run and not joins(number.gap):
            yield run
            run = []
        run.append(number)
    if run:
        yield run


def _filling(gap: tuple[str, ...]) -> bool:
    return len(gap) <= _MOST_WORDS and all(
        word in FILLERS or (len(word) == 1 and word not in _UNIT_LETTERS) for word in gap
    )


def _strange(gap: tuple[str, ...]) -> int:
    """Count the words of a gap that fill nothing; things that are counted keep numerals apart."""
    if len(gap) > _MOST_WORDS or any(word in _COUNTED for word in gap):
        return _MOST_WORDS
    return sum(word not in FILLERS for word in gap)
