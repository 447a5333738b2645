"""What teams did: hours, cases, what was filed online, by member, procedure, outcome. No number names a resident."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance.members import BELONGING
from knowledge.calendar import VIETNAM

_MONTH = re.compile(r"(\d{4})-?(0[1-9]|1[0-2])", re.ASCII)
_HOURS = text("""
    SELECT volunteer, sum(extract(epoch FROM upper(span) - lower(span))) / 60 AS minutes
    FROM (
        SELECT volunteer,
            unnest(range_agg(tstzrange(greatest(began_at, :from), least(ended_at, now(), :until)))) AS span
        FROM duty
        WHERE volunteer = ANY(:people) AND began_at < least(now(), :until) AND ended_at > greatest(:from, began_at)
          AND :from < now()
        GROUP BY volunteer
    ) AS spans GROUP BY volunteer
""")
_PEOPLE = text(f"""
    SELECT id, name, team, leader, state IN {BELONGING} AS belongs FROM volunteer
    WHERE team = ANY(:teams) ORDER BY leader DESC, joined_at, id
""")  # noqa: S608
_DONE = text("""
    SELECT volunteer, count(*) FILTER (WHERE kind = 'sitting' AND online IS NOT NULL) AS sittings,
        count(*) FILTER (WHERE kind = 'talk' AND outcome <> 'reported') AS talks, count(online) AS filed,
        count(*) FILTER (WHERE online) AS online
    FROM work WHERE team = ANY(:teams) AND day BETWEEN :first AND :last GROUP BY volunteer
""")
_BY_PROCEDURE = text("""
    SELECT procedure, outcome, count(*) AS count FROM work
    WHERE team = ANY(:teams) AND day BETWEEN :first AND :last
    GROUP BY procedure, outcome ORDER BY count(*) DESC, procedure, outcome
""")
_ASKED = text("""
    SELECT commune, count(*) FILTER (WHERE state IN ('waiting', 'staff')) AS open,
        count(*) FILTER (WHERE state = 'staff' OR state = 'waiting' AND (level > 0 OR escalates_at < now())) AS overdue,
        count(*) FILTER (WHERE state = 'live') AS live
    FROM help_request WHERE ended_at IS NULL AND commune = ANY(:communes) GROUP BY commune
""")
_ON_DUTY = text("""
    SELECT team, name, on_duty_until FROM volunteer
    WHERE team = ANY(:teams) AND state = 'active' AND on_duty_until > now() ORDER BY on_duty_until DESC, name
""")


@dataclass(frozen=True, slots=True)
class Span:
    """Whole months of Vietnam, from the first day of one to the last day of the same or a later one."""

    first: date
    last: date

    @property
    def label(self) -> str:
        """The months in words: "tháng 11/2026", "từ tháng 9/2026 đến tháng 11/2026"."""
        first, last = (f"tháng\N{NO-BREAK SPACE}{day.month}/{day.year}" for day in (self.first, self.last))
        return first if first == last else f"từ {first} đến {last}"

    @property
    def during(self) -> str:
        """The months as the end of a sentence: "trong tháng 11/2026", "từ tháng 9/2026 đến tháng 11/2026"."""
        return self.label if self.label.startswith("từ") else f"trong {self.label}"

    @property
    def before(self) -> Span:
        """The month before the first."""
        return month(self.first - timedelta(days=1))

    @property
    def key(self) -> str:
        """The first month as a button or an address names it: "202611"."""
        return f"{self.first:%Y%m}"


def month(day: date) -> Span:
    """Return the month in which a day lies."""
    first = date(day.year, day.month, 1)
    return Span(first, first.replace(day=monthrange(day.year, day.month)[1]))


def read_month(said: str) -> Span | None:
    """Read "202611" or "2026-11"; None when it is no month from 2000 to 2099."""
    found = _MONTH.fullmatch(said)
    return month(date(int(found[1]), int(found[2]), 1)) if found and 2000 <= int(found[1]) < 2100 else None


@dataclass(frozen=True, slots=True)
class Sum:
    """Minutes on duty; cases at the table and talks; how many were handed in, and of them by the portal.

    A case counts that was handed in: one that was put off counts when it is, and one that came to nothing never does.
    Nor does a talk that somebody reported.
    """

    minutes: int = 0
    sittings: int = 0
    talks: int = 0
    filed: int = 0
    online: int = 0

    def __add__(self, other: Sum) -> Sum:
        return Sum(
            self.minutes + other.minutes,
            self.sittings + other.sittings,
            self.talks + other.talks,
            self.filed + other.filed,
            self.online + other.online,
        )

    def __bool__(self) -> bool:
        return bool(self.minutes or self.cases)

    @property
    def cases(self) -> int:
        """Cases brought to an end, at the table and from afar."""
        return self.sittings + self.talks

    @property
    def hours(self) -> float:
        """Hours, to one decimal."""
        return round(self.minutes / 60, 1)

    @property
    def share(self) -> int | None:
        """The per cent filed online of all that was handed in; None when nothing was."""
        return round(100 * self.online / self.filed) if self.filed else None


@dataclass(frozen=True, slots=True)
class Member:
    """What one volunteer did. ``belongs``: they are in the team still."""

    id: int
    name: str
    team: int
    leader: bool
    belongs: bool
    sum: Sum


@dataclass(frozen=True, slots=True)
class Counted:
    """How many cases of a procedure (its code; None: it never became clear) came to an outcome."""

    procedure: str | None
    outcome: str
    count: int


@dataclass(frozen=True, slots=True)
class Asked:
    """Requests for help of a commune: waiting, waiting too long, being seen to."""

    open: int = 0
    overdue: int = 0
    live: int = 0


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Somebody who is on duty now."""

    team: int
    name: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """What teams did in some months."""

    span: Span
    members: tuple[Member, ...]
    counted: tuple[Counted, ...]

    @property
    def total(self) -> Sum:
        """What all of them did together."""
        return sum((member.sum for member in self.members), Sum())

    def of(self, member: int) -> Member | None:
        """Return one of the members."""
        return next((each for each in self.members if each.id == member), None)


async def figures(connection: AsyncConnection, teams: Sequence[int], span: Span) -> Figures:
    """Return what teams did; who left is named only when they did something then."""
    between = {"teams": list(teams), "first": span.first, "last": span.last}
    people = (await connection.execute(_PEOPLE, {"teams": list(teams)})).all()
    minutes = await _minutes(connection, [each.id for each in people], span)
    done = {row.volunteer: row for row in await connection.execute(_DONE, between)}
    members = []
    for each in people:
        row = done.get(each.id)
        work = (row.sittings, row.talks, row.filed, row.online) if row else (0, 0, 0, 0)
        members.append(
            Member(each.id, each.name, each.team, each.leader, each.belongs, Sum(minutes.get(each.id, 0), *work))
        )
    counted = [Counted(*row) for row in await connection.execute(_BY_PROCEDURE, between)]
    return Figures(span, tuple(each for each in members if each.belongs or each.sum), tuple(counted))


async def _minutes(connection: AsyncConnection, people: Sequence[int], span: Span) -> dict[int, int]:
    begins = datetime(span.first.year, span.first.month, span.first.day, tzinfo=VIETNAM)
    ends = datetime(span.last.year, span.last.month, span.last.day, tzinfo=VIETNAM) + timedelta(days=1)
    values = {"people": list(people), "from": begins, "until": ends}
    return {row.volunteer: round(row.minutes) for row in await connection.execute(_HOURS, values)}


async def asked(connection: AsyncConnection, communes: Sequence[str]) -> dict[str, Asked]:
    """Return the open requests for help of communes (codes) that have any."""
    rows = await connection.execute(_ASKED, {"communes": list(communes)})
    return {row.commune: Asked(row.open, row.overdue, row.live) for row in rows}


async def on_duty(connection: AsyncConnection, teams: Sequence[int]) -> list[OnDuty]:
    """Return who of these teams is on duty now, who stays longest first."""
    return [OnDuty(*row) for row in await connection.execute(_ON_DUTY, {"teams": list(teams)})]
