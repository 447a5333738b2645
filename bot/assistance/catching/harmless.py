"""Numbers that give nobody away: money, days, hours, years, laws, codes of procedures and dossiers, hotlines, houses.

Each is recognised by its form and, where the form alone could be anything, by the words before or behind it.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from bot.dossiers import layout, units


@dataclass(frozen=True, slots=True)
class Span:
    """Where it stands in the text. ``sure``: its form alone tells what it is."""

    start: int
    end: int
    sure: bool


_Check = Callable[[re.Match[str]], bool]


class _Form(NamedTuple):
    """A form of harmless numbers. ``sign`` must be in a text, else the form need not be looked for."""

    pattern: str
    sign: str = ""
    sure: bool = True
    check: _Check | None = None


_END = r"(?!\d)(?![./:,]\d)"
_YEAR = r"(?:19|20)\d\d"
_LAST_DAY = datetime.date(2099, 12, 31)
_ROUND = 500
_MILLION, _CENT = 1_000_000, 100
_SHORT_YEAR = 2
_HOURS = 24
_MINUTES = 60
_MONEY_BACK = 30
_DAY_CUE = (
    r"\b(?:ngay|sinh|hom|tu|den|toi|han|truoc|sau|lich|cap|hen|vao|mung|mong|luc|sang|chieu|thu|nhat|va|dot)[\W_]{1,3}"
)
_LAW = (
    r"\b(?:bo luat|luat|nghi dinh|nd|thong tu|tt|quyet dinh|qd|nghi quyet|nq|cong van|cv|ke hoach|kh|chi thi|thong bao|"
    r"van ban|phap lenh|phu luc|sua doi|bo sung|va)\s(?:so\s|so:\s?)?"
)
_NUMBER = re.compile(r"\d+")
_BEGUN = frozenset("./:,")
_MONEY = re.compile(
    r"(?P<sum>\d{1,3}(?:[.,]\d{3})+|(?<!\d )\d{1,3}(?: \d{3})+|\d{1,9}(?:[.,]\d{1,2})?)(?!\d)"
    r"\s?(?P<currency>dong|vnd|vn|d|₫|k|nghin|ngan|tr|trieu|ty|ti|usd|do la|do my)(?![^\W_])"
)
_GROUPED = re.compile(rf"\d{{1,3}}(?:\.\d{{3}})*\.[05]00{_END}")
_ABOUT_MONEY = re.compile(r"\b(?:phi|thue|tien|gia|nop|tra|thu|no|dong|het|muc|tong|luong|phat|ton|von)\b")
_LISTED = r"\d{1,3}(?:(?:\s?[,;]\s?|\s?-\s?|\s(?:va|den|hoac)\s|\s?,?\sva\s)\d{1,3}){1,12}(?!\d)"
_YEARS = rf"{_YEAR}(?:\s?(?:[-–,;]|va|den|toi|hoac)\s?{_YEAR}){{0,9}}"
_HELPLINE = r"(?:11[1-9]|1022|1080)"
_SIZE = r"[2-6]\s?x\s?[3-9](?:\s?cm)?(?![\w]|\s?x)"
_DAY_MONTH = r"(?P<day>\d{1,2})\s?[/.-]\s?(?P<month>\d{1,2})"
_HOUSE = r"\d{1,4}[a-z]?(?:/\d{1,4}[a-z]?){0,4}"
_BEHIND = r"\b[^\d]{0,25}"
_PLATE = rf"{_BEHIND}[1-9]\d[ -]?[a-z][a-z\d]?[ -]\d{{3}}\.?\d{{2}}(?!\d)"
_AREA = r"\d{1,3}(?:\.?\d{3}){0,4}(?:,\d{1,2})?\s?(?:m2|met|ha|m)\b"
_WORKDAYS = "".join(rf"(?:t{day}\W{{1,3}})?" for day in range(2, 7))


def _real_day(found: re.Match[str]) -> bool:
    day, month, year = found["day"], found["month"], found["year"] or "2000"
    try:
        datetime.date(int(year) if len(year) > _SHORT_YEAR else 2000 + int(year), int(month), int(day))
    except ValueError:
        return False
    return True


def _rising(found: re.Match[str]) -> bool:
    numbers = [int(number) for number in _NUMBER.findall(found["list"])]
    return all(a < b for a, b in pairwise(numbers))


def _distinct(found: re.Match[str]) -> bool:
    numbers = _NUMBER.findall(found["list"])
    return len(set(numbers)) == len(numbers)


def _hour(found: re.Match[str]) -> bool:
    return int(found["hour"]) <= _HOURS and int(found["minute"] or 0) < _MINUTES


_AT_NUMBER = (
    _Form(
        rf"(?P<day>\d{{1,2}})\s?([/.-])\s?(?P<month>\d{{1,2}})\s?\2\s?(?P<year>{_YEAR}){_END}",
        check=_real_day,
    ),
    _Form(rf"(?P<year>{_YEAR})([/-])(?P<month>\d\d)\2(?P<day>\d\d){_END}", check=_real_day),
    _Form(rf"(?:0?[1-9]|1[0-2])\s?[/-]\s?{_YEAR}{_END}"),
    _Form(
        rf"(?P<hour>\d{{1,2}})\s?(?:h|g|gio)\s?(?P<minute>[0-5][05])?(?![^\W_]){_END}",
        sure=False,
        check=_hour,
    ),
    _Form(rf"(?P<list>{_YEAR}\s?(?:[-–,;]|den|toi|va|hoac)\s?{_YEAR}){_END}", check=_rising),
    _Form(rf"\d{{1,5}}(?:\.\d{{1,2}})?/{_YEAR}/(?=[a-z]{{1,3}})[a-z]*\d{{0,2}}", sign="/"),
    _Form(rf"1[89]00[ .-]?(?:\d[ .-]?){{3}}\d{_END}", sign="00"),
    _Form(rf"1[89]00[ .-]?(?:5[4-9]|6[36])(?:[ .-]?\d){{4}}{_END}", sign="00"),
    _Form(
        rf"(?P<list>{_HELPLINE}(?:(?:\s?[/,;]\s?|\s(?:va|hoac|hay)\s){_HELPLINE}){{1,9}}){_END}",
        sign="1",
        sure=False,
        check=_distinct,
    ),
    _Form(rf"{_HOUSE},?\s(?:duong|pho|hem|ngo|quoc lo)\b"),
    _Form(rf"(?P<list>{_LISTED})\s(?:tuoi|t|nam|thang|ngay)\b", sure=False, check=_rising),
    _Form(r"\d{1,5}/(?:qd|nd|tt|nq|kh|cv|tb|ct|vbhn|ttlt)-[a-z]{2,}", sign="/"),
    _Form(r"\d{5}/20\d\d/\d{5}(?!\d)", sign="/20"),
    _Form(r"[1-6]\.(?:0[01]|11)\d{4}(?!\d|[./:,-]\d)", sign="."),
)
"""What begins with its number."""

_BY_WORDS = (
    _Form(rf"{_DAY_CUE}{_DAY_MONTH}(?:\s?[/.-]\s?(?P<year>\d\d)(?!\d))?{_END}", check=_real_day),
    _Form(
        rf"\bngay\s(?P<day>\d{{1,2}})\s(?P<month>\d{{1,2}})\s(?P<year>{_YEAR}){_END}",
        sign="ngay",
        check=_real_day,
    ),
    _Form(rf"\b(?:goi|dai|so|dau so|nong)\W{{1,3}}(?:so\W{{1,2}})?{_HELPLINE}{_END}", sign="1", sure=False),
    _Form(rf"{_DAY_CUE}(?P<hour>\d{{1,2}})\s?[:]\s?(?P<minute>\d\d){_END}", sign=":", sure=False, check=_hour),
    _Form(rf"{_DAY_CUE}(?P<hour>\d{{1,2}})\s?[hg]\s?(?P<minute>\d\d){_END}", sign="h", sure=False, check=_hour),
    _Form(rf"\b(?:nam|sinh|tu|den|giai doan|khoa|nien)\W{{1,3}}{_YEARS}{_END}", sign="n"),
    _Form(rf"{_LAW}\d{{1,5}}/{_YEAR}{_END}", sign="/"),
    _Form(rf"\b(?:tcvn|qcvn|iso)[ \w]{{0,4}}?\d{{1,5}}(?:-\d)?:{_YEAR}{_END}", sign=":"),
    _Form(
        r"\b(?:thu tuc|tthc)\W{1,3}(?:so\W{1,2}|ma\W{1,2}|la\W{1,2})?[1-6](?:0[01]|11)\d{4}(?!\d)",
        sign="t",
    ),
    _Form(rf"\b(?:so nha|nha so|ngo|hem|ngach|kiet|dia chi|toa|phong)\W{{1,3}}{_HOUSE}{_END}"),
    _Form(
        rf"\b(?:dieu|khoan|diem|muc|trang|chuong|mau|buoc|cau|phu luc|lop|to)\s(?P<list>{_LISTED}){_END}",
        check=_rising,
    ),
    _Form(rf"\bthu\s(?P<list>{_LISTED}){_END}", sign="thu ", sure=False, check=_rising),
    _Form(rf"\b{_WORKDAYS}t[2-7]\b", sign="t", sure=False),
    _Form(
        rf"\b(?:anh|co|hinh|kho|the)\b[^\d]{{0,15}}{_SIZE}(?:(?:\s?[,;]\s?|\s(?:va|hoac|hay)\s){_SIZE}){{0,5}}",
        sign="x",
    ),
    _Form(rf"\b(?:xe|o to|oto){_PLATE}", sign="x"),
    _Form(rf"\bbien{_PLATE}", sign="bien"),
    _Form(rf"\b(?:dat|dien tich|thua|rong|dai|san|mat bang){_BEHIND}{_AREA}", sign="m"),
    _Form(r"(?<=\d\d)\s?m2\b", sign="m2", sure=False),
)
"""What is known by the words before it."""


def _compiled(forms: tuple[_Form, ...]) -> tuple[tuple[re.Pattern[str], _Form], ...]:
    return tuple((re.compile(form.pattern), form) for form in forms)


_FORMS, _WORDED = _compiled(_AT_NUMBER), _compiled(_BY_WORDS)


def spans(bare: str) -> list[Span]:
    """Return what is harmless in a text without marks, in order."""
    starts = [at for found in _NUMBER.finditer(bare) if _begins(bare, at := found.start())]
    found = [Span(*span, True) for span in (*_sums(bare, starts), *_dossiers(bare))]
    for pattern, form in _FORMS:
        if form.sign in bare:
            found += _fitting(form, (pattern.match(bare, at) for at in starts))
    for pattern, form in _WORDED:
        if form.sign in bare:
            found += _fitting(form, pattern.finditer(bare))
    return sorted(found, key=lambda span: (span.start, -span.end))


def _fitting(form: _Form, matches: Iterable[re.Match[str] | None]) -> Iterator[Span]:
    for match in matches:
        if match and (form.check is None or form.check(match)):
            yield Span(*match.span(), form.sure)


def _begins(bare: str, at: int) -> bool:
    """Say whether a number begins here, not its part behind a dot or slash."""
    return at < _SHORT_YEAR or bare[at - 1] not in _BEGUN or not bare[at - 2].isdigit()


def _sums(bare: str, starts: list[int]) -> Iterator[tuple[int, int]]:
    """Find sums of money: round ones with a currency or in groups, others where the talk is of money."""
    for at in starts:
        if grouped := _GROUPED.match(bare, at):
            yield grouped.span()
        match = _MONEY.match(bare, at)
        if not match:
            continue
        value = int("".join(_NUMBER.findall(match["sum"])))
        talked = not match["sum"].isdigit() and _ABOUT_MONEY.search(bare, max(0, at - _MONEY_BACK), at)
        millions = "." in match["sum"] and value >= _MILLION and value % _CENT == 0
        if (value and value % _ROUND == 0) or millions or talked:
            yield match.span()


def dossier(bare: str) -> int:
    """Return where a whole code of a dossier ends that a text begins with; 0 when it begins with none."""
    return next((end for start, end in _dossiers(bare) if start == 0 and bare[0].isdigit()), 0)


def _dossiers(bare: str) -> Iterator[tuple[int, int]]:
    if "h" not in bare and "g" not in bare:
        return
    for run in layout.runs(bare):
        if bare[run.start - 1 : run.start].isalpha():
            continue  # the end of a word is no anchor: "xong 104001206905"
        named = units.name(run.anchor) and (not run.before or run.before.startswith("0"))
        fit = layout.fit(run, _LAST_DAY) if named and run.attached == 0 else None
        if fit and not (fit.suffix and bare[fit.end - len(fit.suffix) - 1].isdigit()):
            yield run.start, fit.end
