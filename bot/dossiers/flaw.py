"""What is wrong with something that is nearly a dossier code: the part to look at again, in plain words.

Silent about anything that may well be something else: a phone number, an identity number, a passport, a procedure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from bot.dossiers import layout, units
from bot.dossiers.layout import Group, Run
from bot.dossiers.reading import Part, Problem
from knowledge.vietnamese import fold

UNIT_UNKNOWN = (
    "Phần “{unit}” không phải mã nơi nhận nào tôi biết: tỉnh, thành phố là H01 đến H63, bộ là chữ G và hai số."
)
UNIT_SHAPE = (
    "Phần đầu “{unit}” thiếu hoặc thừa số: phải đủ 3 số, 2 số, 2 số rồi đến mã tỉnh, như 000.00.53.H48; "
    "cũng có mã chỉ ghi H48 hoặc H26.149."
)
UNIT_MISSING = "Thiếu phần đầu là mã nơi nhận hồ sơ, như 000.00.53.H48 hoặc H48."
UNIT_ODD = "Phần mã nơi nhận ở đầu chưa đúng, phải như 000.00.53.H48, H48 hoặc H26.149."
FUTURE = "Phần ngày “{six}” là ngày {day}, chưa tới. {example}"
IMPOSSIBLE = "Phần ngày “{six}” không đúng, không có {what}. {example}"
TOO_OLD = "Phần ngày “{six}” là năm {year}, khi đó chưa có mã hồ sơ kiểu này. {example}"
DATE_LENGTH = "Phần ngày “{digits}” có {count} số, phải đủ 6 số. {example}"
DATE_MISSING = "Thiếu phần ngày gồm 6 số. {example}"
EXAMPLE = "Sáu số này là năm, tháng, ngày nộp hồ sơ, như 220921 là ngày 21/9/2022."
NUMBER_MISSING = "Thiếu phần số đứng sau ngày, gồm 4 đến 6 số."
NUMBER_SHORT = "Phần số “{digits}” chỉ có {count} số, phải từ 4 đến 6 số."
NUMBER_LONG = "Phần số “{digits}” có {count} số, nhiều nhất là 6 số."
SUFFIX_LENGTH = "Phần đuôi “{digits}” có {count} số, phải đúng 5 số."
TOO_MUCH = "Phần “{digits}” ở cuối là thừa, sau năm số đuôi không còn gì nữa."
YEAR_LENGTH = "Phần năm “{year}” có {count} số, phải đủ 4 số, như 03706/2026/07906."
YEAR_FUTURE = "Phần năm “{year}” chưa tới."
INSURANCE_LENGTH = "Phần “{digits}” có {count} số, phải đúng 5 số, như 03706/2026/07906."

BULLET = 1
"""Digits stuck to the front of a code that are only the number of a list item."""

_MOST_SHOWN = 60
_LOOSE = re.compile(r"(?<!\d)(?P<date>\d{6})\s?-{1,3}\s?(?P<number>\d{3,6})(?!\d)", re.ASCII)
_HEAD = re.compile(r"[A-Za-z0-9.]*(?=[-.\s]{0,3}\Z)")
_INSURANCE = re.compile(
    r"(?<![\d/])(?P<unit>\d{4,6})\s?/\s?(?P<year>20\d\d)\s?/\s?(?P<number>\d{4,6})(?![\d/])", re.ASCII
)
_YEAR_ODD = re.compile(r"(?<![\d/])\d{5}\s?/\s?(?P<year>\d{2,3})\s?/\s?\d{5}(?![\d/])", re.ASCII)
_ABOUT = re.compile(r"ho so|\bma\b|bien nhan|giay hen")
_ATTACHED = re.compile(r"[0-9.-]*\Z")
_WORD_BEFORE = re.compile(r"[^\W_]\Z")
_PROCEDURE = re.compile(r"(?<!\d)\d\.\d{6}\.?\Z", re.ASCII)
_HOUR = re.compile(r"(?<![\d.,-])\d{1,2}\Z", re.ASCII)

Found = tuple[int, Problem]


def problems(text: str, taken: Sequence[tuple[int, int]], today: date) -> tuple[Problem, ...]:
    """Return what is nearly a code in ``text``, outside the spans ``taken`` by codes, in order."""
    found: list[Found] = []
    spans = list(taken)
    for run in layout.runs(text):
        if _free(run.start, spans) and (flaw := _of_run(text, run, today)):
            found.append((run.start, flaw))
            spans.append((run.start, run.end))
    found += [each for each in (*_loose(text, today), *_insurance(text, today)) if _free(each[0], spans)]
    return tuple(flaw for _, flaw in sorted(found, key=lambda each: each[0]))


def _free(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return not any(start <= at < end for start, end in spans)


def _of_run(text: str, run: Run, today: date) -> Problem | None:
    groups = _meant(run)
    if not _likely(text, run, groups):
        return None
    attached = _ATTACHED.search(text[max(0, run.start - 24) : run.start]) if run.attached > BULLET else None
    head = attached.group() if attached else ""
    part, message = _first_flaw(head, run, groups, today)
    return Problem((head + text[run.start : groups[-1].end].strip())[:_MOST_SHOWN], part, message)


def _meant(run: Run) -> tuple[Group, ...]:
    """Return the groups that the writer meant as the code: up to a space once the last part has been reached."""
    kept: list[Group] = []
    for group in run.groups:
        if sum(len(each.digits) for each in kept) >= 9 and re.search(r"[\s,/]", group.gap):
            break
        kept.append(group)
    return tuple(kept)


def _likely(text: str, run: Run, groups: Sequence[Group]) -> bool:
    back = text[max(0, run.start - 10) : run.start]
    if _PROCEDURE.search(back) or (text[run.start] == "h" and _HOUR.search(back)):
        return False
    total = sum(len(group.digits) for group in groups)
    if run.before:
        return True
    if "/" in groups[0].gap and len(groups[0].digits) != 6:
        return False
    if not run.tight or (_WORD_BEFORE.search(text[max(0, run.start - 1) : run.start]) and not run.attached):
        return False
    if run.attached > BULLET and run.attached not in range(4, 10):
        return False
    longest = max(len(group.digits) for group in groups)
    if longest >= 9 or (not groups[0].gap and longest in (5, 6) and len(groups) == 1):
        return False
    if longest < 4:
        return False
    return total >= 6 or (total >= 4 and not groups[0].gap.isspace())


def _first_flaw(head: str, run: Run, groups: Sequence[Group], today: date) -> tuple[Part, str]:
    if head:
        return Part.UNIT, UNIT_SHAPE.format(unit=head + run.anchor)
    if units.name(run.anchor) is None:
        return Part.UNIT, UNIT_UNKNOWN.format(unit=run.anchor)
    rest = [group.digits for group in groups if group.digits]
    while not run.before and len(rest) > 1 and len(rest[0]) in (2, 3):
        rest.pop(0)
    if rest and len(rest[0]) > 8:
        rest[:1] = [rest[0][:6], rest[0][6:]]
    return _date_flaw(rest, today) or _number_flaw(rest[1:])


def _date_flaw(rest: Sequence[str], today: date) -> tuple[Part, str] | None:
    if not rest or (len(rest) == 1 and len(rest[0]) in (4, 5)):
        return Part.DATE, DATE_MISSING.format(example=EXAMPLE)
    if len(rest[0]) != 6:
        return Part.DATE, DATE_LENGTH.format(digits=rest[0], count=len(rest[0]), example=EXAMPLE)
    said = _impossible(rest[0], today)
    return (Part.DATE, said) if said else None


def _impossible(six: str, today: date) -> str | None:
    year, month, day = 2000 + int(six[:2]), int(six[2:4]), int(six[4:])
    if not 1 <= month <= 12:
        return IMPOSSIBLE.format(six=six, what=f"tháng {month}", example=EXAMPLE)
    try:
        found = date(year, month, day)
    except ValueError:
        return IMPOSSIBLE.format(six=six, what=f"ngày {day}/{month}/{year}", example=EXAMPLE)
    if found > today:
        return FUTURE.format(six=six, day=f"{day}/{month}/{year}", example=EXAMPLE)
    return TOO_OLD.format(six=six, year=year, example=EXAMPLE) if year < layout.FIRST_YEAR else None


def _number_flaw(rest: Sequence[str]) -> tuple[Part, str]:
    if not rest:
        return Part.NUMBER, NUMBER_MISSING
    number, *suffix = rest
    if len(number) < 4:
        return Part.NUMBER, NUMBER_SHORT.format(digits=number, count=len(number))
    if len(number) > 6:
        return Part.NUMBER, NUMBER_LONG.format(digits=number, count=len(number))
    if not suffix:
        return Part.UNIT, UNIT_ODD
    if len(suffix[0]) == 5:
        return Part.SUFFIX, TOO_MUCH.format(digits="-".join(suffix[1:]))
    return Part.SUFFIX, SUFFIX_LENGTH.format(digits=suffix[0], count=len(suffix[0]))


def _loose(text: str, today: date) -> Iterator[Found]:
    """Yield date and number without a unit that can be read before them."""
    about = bool(_ABOUT.search(fold(text)))
    for found in _LOOSE.finditer(text):
        day = layout.day_of(found["date"])
        if day is None or day > today:
            continue
        back = text[max(0, found.start() - 24) : found.start()]
        head = _HEAD.search(back)
        unit = head.group().strip(".") if head else ""
        if not any(map(str.isdigit, unit)):
            unit = ""
        if unit or about or found.span() == (0, len(text)):
            words = UNIT_SHAPE.format(unit=unit) if unit else UNIT_MISSING
            if re.fullmatch(r"[A-Za-z]\d\d(\.\d+)*", unit):
                words = UNIT_UNKNOWN.format(unit=unit)
            shown = (back[back.rfind(unit) :] if unit else "") + found.group()
            yield found.start(), Problem(shown[:_MOST_SHOWN], Part.UNIT, words)


def _insurance(text: str, today: date) -> Iterator[Found]:
    for found in _YEAR_ODD.finditer(text):
        words = YEAR_LENGTH.format(year=found["year"], count=len(found["year"]))
        yield found.start(), Problem(found.group(), Part.DATE, words)
    for found in _INSURANCE.finditer(text):
        if int(found["year"]) > today.year:
            yield found.start(), Problem(found.group(), Part.DATE, YEAR_FUTURE.format(year=found["year"]))
            continue
        for part, name in ((Part.UNIT, "unit"), (Part.NUMBER, "number")):
            if len(found[name]) != 5:
                words = INSURANCE_LENGTH.format(digits=found[name], count=len(found[name]))
                yield found.start(), Problem(found.group(), part, words)
                break
