"""From which day to which a report counts: days of Vietnam, both included."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from bot.errors import Impossible

BAD = "Khoảng ngày chưa đúng. Anh/chị chọn ngày trên lịch, ngày đầu không sau ngày cuối."
TOO_LONG = "Khoảng ngày dài quá. Anh/chị chọn trong vòng năm năm."

_LONGEST = timedelta(days=5 * 366)
_BY_DAY = 62
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last``."""

    first: date
    last: date

    @property
    def words(self) -> str:
        """The period as people write it."""
        if self.first == self.last:
            return f"ngày {self.first:%d/%m/%Y}"
        return f"từ {self.first:%d/%m/%Y} đến {self.last:%d/%m/%Y}"

    @property
    def name(self) -> str:
        """The period in the name of a file."""
        return f"{self.first:%Y-%m-%d}_{self.last:%Y-%m-%d}"

    @property
    def by_month(self) -> bool:
        """Whether it is too long to be told day by day."""
        return (self.last - self.first).days >= _BY_DAY

    def steps(self) -> Iterator[date]:
        """Yield each day, or the first of each month of a long period."""
        day = self.first.replace(day=1) if self.by_month else self.first
        while day <= self.last:
            yield day
            day = _next_month(day) if self.by_month else day + _DAY


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def week_of(day: date) -> Period:
    """Return the week, Monday to Sunday, that holds a day."""
    monday = day - timedelta(days=day.weekday())
    return Period(monday, monday + _WEEK - _DAY)


def _so_far(today: date, first: date) -> Period:
    return Period(first, today)


NAMED: Mapping[str, tuple[str, Callable[[date], Period]]] = {
    "tuan": ("Tuần này", lambda today: _so_far(today, week_of(today).first)),
    "tuan-truoc": ("Tuần trước", lambda today: week_of(today - _WEEK)),
    "thang": ("Tháng này", lambda today: _so_far(today, today.replace(day=1))),
    "thang-truoc": (
        "Tháng trước",
        lambda today: Period((today.replace(day=1) - _DAY).replace(day=1), today.replace(day=1) - _DAY),
    ),
    "nam": ("Năm nay", lambda today: _so_far(today, today.replace(month=1, day=1))),
}
"""Periods that one press chooses: what each is called, and which days it is, seen from today."""


def chosen(first: str, last: str, name: str, today: date) -> Period:
    """Return the period between two days ("2026-11-01"), else the named one, else this week so far.

    With one day only, it begins or ends today. Raises ``Impossible`` when there is no such period.
    """
    if not (first or last):
        return NAMED.get(name, NAMED["tuan"])[1](today)
    begins, ends = _day(first, today), _day(last, today)
    if begins > ends:
        raise Impossible(BAD)
    if ends - begins > _LONGEST:
        raise Impossible(TOO_LONG)
    return Period(begins, ends)


def _day(said: str, today: date) -> date:
    try:
        day = date.fromisoformat(said) if said else today
    except ValueError:
        raise Impossible(BAD) from None
    if not 2000 <= day.year < 2100:
        raise Impossible(BAD)
    return day
