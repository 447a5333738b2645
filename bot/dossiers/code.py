"""Dossier codes in free text: found however they are typed, and said back in their canonical form.

National codes are ``unit-yyMMdd-number`` with a unit such as ``000.00.53.H48``, ``H48`` or ``H26.149``, a number of
four to six digits and sometimes five more; social insurance writes ``03706/2026/07906``. What nearly is one comes back
as a problem that names the part to look at again.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator

from bot.dossiers import flaw, layout, units
from bot.dossiers.reading import Code, Kind, Part, Problem, Reading
from knowledge.vietnamese import normalise

__all__ = ["Code", "Kind", "Part", "Problem", "Reading", "national", "parse"]

LONGEST = 20_000
"""Characters of a text that are looked at."""

INSURANCE = "Bảo hiểm xã hội"
_SIGNS = str.maketrans(dict.fromkeys("‐‑‒–—―−﹘－~_", "-") | dict.fromkeys("·•․。∙", "."))
_BETWEEN = r"(?:\s?[/\\.-]{1,2}\s?|\s)"
_INSURANCE = re.compile(
    rf"(?<![0-9])(?P<unit>{layout.DIGIT}{{5}}){_BETWEEN}(?P<year>2{layout.DIGIT}{{3}}){_BETWEEN}"
    rf"(?P<number>{layout.DIGIT}{{5}})(?![0-9])"
)


def parse(text: str, today: datetime.date) -> Reading:
    """Find the codes in ``text``. A code dated after ``today`` is a problem, not a code. Never raises."""
    plain = normalise(text[:LONGEST]).translate(_SIGNS)
    codes: dict[str, tuple[int, Code]] = {}
    taken: list[tuple[int, int]] = []
    for at, end, code in (*_national(plain, today), *_insurance(plain, today)):
        codes.setdefault(code.code, (at, code))
        taken.append((at, end))
    problems = flaw.problems(plain, taken, today)
    return Reading(tuple(code for _, code in sorted(codes.values(), key=lambda found: found[0])), problems)


def _national(text: str, today: datetime.date) -> Iterator[tuple[int, int, Code]]:
    for run in layout.runs(text):
        name = units.name(run.anchor)
        fit = layout.fit(run, today) if name and run.attached <= flaw.BULLET else None
        if name and fit:
            unit = ".".join((run.unit, *fit.inner))
            yield run.start, fit.end, national(unit, fit.day, fit.number, fit.suffix)


def _insurance(text: str, today: datetime.date) -> Iterator[tuple[int, int, Code]]:
    for found in _INSURANCE.finditer(text):
        unit, year, number = (layout.digits(found[part]) for part in ("unit", "year", "number"))
        if layout.FIRST_YEAR <= int(year) <= today.year:
            code = Code(f"{unit}/{year}/{number}", Kind.SOCIAL_INSURANCE, unit, INSURANCE, None, number)
            yield found.start(), found.end(), code


def national(unit: str, day: datetime.date, number: str, suffix: str | None = None) -> Code:
    """Put a national code together from its parts, which must be in canonical form."""
    tail = f"-{suffix}" if suffix else ""
    written = f"{unit}-{day:%y%m%d}-{number}{tail}"
    return Code(written, Kind.NATIONAL, unit, units.name(unit) or "", day, number, suffix)
