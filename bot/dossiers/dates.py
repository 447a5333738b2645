"""When followers are warned of a date, when they are left in peace, and when a dossier is looked at again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.dossiers.report import Report, local
from bot.dossiers.status import Status

SOON = "soon"
LATE = "late"
_AHEAD_DAYS = 2
_MORNING = 7
_SLOWEST = 8
_SETTLED_FACTOR = 6

IsWorking = Callable[[date], bool]


def promised(report: Report) -> datetime | None:
    """Return when the result is due, None when no date runs now.

    Of that only the day counts: many sources tell no hour, which reads as midnight, and nobody is late on the day.
    """
    if report.status is not None and (report.status.settled or report.status.clock_stopped):
        return None
    due = report.new_due or report.due
    return local(due) if due else None


def warnings(report: Report, now: datetime, is_working: IsWorking) -> list[str]:
    """Return what there is to warn of now: "soon 2026-11-27", "late 2026-11-27", or nothing."""
    due = promised(report)
    if due is None:
        return []
    if now.date() > due.date():
        return [f"{LATE} {due:%Y-%m-%d}"]
    return [soon(due)] if now >= _warned_at(due, is_working) else []


def soon(day: date) -> str:
    """Return the mark of whoever was warned that a day is near."""
    return f"{SOON} {day:%Y-%m-%d}"


def near(expected: date, now: datetime, is_working: IsWorking) -> datetime | None:
    """Return when there is something to remind of a day that only we expect: a moment past means now.

    None when that day itself is past: what became of the dossier is not known.
    """
    return None if now.date() > expected else _warned_at(local(datetime.combine(expected, time())), is_working)


def next_warning(report: Report, now: datetime, is_working: IsWorking) -> datetime | None:
    """Return the next moment at which there will be something to warn of."""
    due = promised(report)
    moments = (_warned_at(due, is_working), _day_after(due)) if due else ()
    return next((moment for moment in moments if moment > now), None)


def _day_after(due: datetime) -> datetime:
    return due.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def _warned_at(due: datetime, is_working: IsWorking) -> datetime:
    day, left = due.date(), _AHEAD_DAYS
    while left:
        day -= timedelta(days=1)
        left -= is_working(day)
    return datetime.combine(day, due.timetz()).replace(hour=_MORNING, minute=0, second=0, microsecond=0)


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of the night in which nobody is written to of our own accord; none when both are the same."""

    begins: int = 21
    ends: int = 7

    @classmethod
    def read(cls, words: str) -> Quiet:
        """Read "21-7"."""
        begins, _, ends = words.partition("-")
        return cls(int(begins), int(ends))

    def until(self, now: datetime) -> datetime | None:
        """Return when the night of ``now`` ends, None by day."""
        hour = now.hour
        overnight = self.begins > self.ends
        asleep = hour >= self.begins or hour < self.ends if overnight else self.begins <= hour < self.ends
        if not asleep:
            return None
        morning = now.replace(hour=self.ends, minute=0, second=0, microsecond=0)
        return morning + timedelta(days=1) if morning <= now else morning


def next_look(
    report: Report | None, now: datetime, every: timedelta, failures: int, warning: datetime | None
) -> datetime:
    """Return when a followed dossier is looked at again: seldom when it is done or its source fails."""
    factor = _SETTLED_FACTOR if report and report.status is Status.DONE else 1
    at = now + every * min(factor << min(failures, 10), _SLOWEST)
    return at if warning is None else min(at, warning)
