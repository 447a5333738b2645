"""A period with something in every table a report reads: rows made by hand, whose sums one can do in the head."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dossiers.report import VIETNAM
from tests.bot.dialogue.records import BIRTH, MARRIAGE

HANOI, BA_DINH, HUE, PHU_XUAN = "01", "00004", "46", "19753"
MONDAY = date(2026, 11, 16)
SUNDAY = MONDAY + timedelta(days=6)
TODAY = datetime(2026, 11, 23, 8, 0)
ABSENT = "1.000005"


async def run(engine: AsyncEngine, statement: str, **values: Any) -> Any:
    async with engine.begin() as connection:
        result = await connection.execute(text(statement), values)
        return result.all() if result.returns_rows else None


async def tally(engine: AsyncEngine, day: date, what: str, count: int, commune: str = "", code: str = "") -> None:
    kind, outcome, channel = what.split()
    await run(
        engine,
        "INSERT INTO tally VALUES (:day, :kind, :outcome, :channel, :commune, :code, :count)",
        day=day, kind=kind, outcome=outcome, channel=channel, commune=commune, code=code, count=count,
    )  # fmt: skip


async def dossier(
    engine: AsyncEngine,
    code: str,
    status: int,
    *,
    table: str = "dossier",
    procedure: str = BIRTH.code,
    agency: str = "",
    due: date | None = None,
    finished: date | None = None,
    received: date = MONDAY,
    online: bool | None = None,
) -> None:
    report = {
        "code": code,
        "status": status,
        "procedure_code": procedure,
        "agency": agency,
        "due": _moment(due),
        "finished": _moment(finished),
        "received": _moment(received),
        "online": online,
    }
    columns = "code, report, updated_at" if table == "dossier" else "code, report, read_at"
    statement = f"INSERT INTO {table} ({columns}) VALUES (:code, CAST(:report AS jsonb), now())"
    await run(engine, statement, code=code, report=json.dumps(report))


def _moment(day: date | None) -> str | None:
    return datetime(day.year, day.month, day.day, 23, 30, tzinfo=VIETNAM).isoformat() if day else None


async def questions(engine: AsyncEngine) -> None:
    """Twenty questions of the week, four of Hà Nội and two of Huế; one the Sunday before."""
    await tally(engine, MONDAY - timedelta(days=1), "question answered web", 100, code=BIRTH.code)
    await tally(engine, MONDAY, "question answered telegram", 6, code=BIRTH.code)
    await tally(engine, MONDAY, "question answered telegram", 3, BA_DINH, MARRIAGE.code)
    await tally(engine, SUNDAY, "question answered web", 2, PHU_XUAN, BIRTH.code)
    await tally(engine, SUNDAY, "question article web", 1)
    await tally(engine, SUNDAY, "question offered web", 4)
    await tally(engine, SUNDAY, "question unknown telegram", 1, BA_DINH)
    await tally(engine, SUNDAY, "question absent telegram", 2, code=ABSENT)
    await tally(engine, SUNDAY, "question outside telegram", 1)
    await tally(engine, SUNDAY, "procedure opened web", 5, code=MARRIAGE.code)
    await tally(engine, SUNDAY, "procedure rejected web", 1, code=BIRTH.code)
    await tally(engine, SUNDAY, "case begun web", 4, code=BIRTH.code)
    await tally(engine, SUNDAY, "case listed web", 3, code=BIRTH.code)
    await tally(engine, SUNDAY, "case ready web", 1, code=BIRTH.code)
    await tally(engine, SUNDAY, "dossier looked_up web", 7)


async def dossiers(engine: AsyncEngine) -> None:
    """Hà Nội: one early, one on its day, one late, one without a date; Huế: one on its day; others do not count."""
    ward = "UBND phường Ba Đình"
    day = timedelta(days=1)
    await dossier(engine, "H26.1-261110-0001", 9, agency=ward, due=SUNDAY, finished=SUNDAY - day, online=True)
    await dossier(engine, "H26.1-261110-0002", 10, agency=ward, due=SUNDAY, finished=SUNDAY, online=False)
    await dossier(engine, "H26.1-261110-0003", 10, agency="Sở Tư pháp", due=MONDAY, finished=SUNDAY)
    await dossier(engine, "H26.1-261110-0004", 10, agency=ward, finished=SUNDAY)
    await dossier(
        engine, "H57.1-261110-0005", 10, table="known", procedure="0.000000", due=SUNDAY, finished=SUNDAY, online=True
    )
    await dossier(engine, "H26.1-261110-0001", 4, table="known", due=MONDAY)
    await dossier(engine, "H26.1-261110-0006", 10, due=MONDAY, finished=MONDAY - day, received=MONDAY - day)
    await dossier(engine, "H26.1-261110-0007", 3, due=MONDAY, finished=SUNDAY)
    await dossier(engine, "H26.1-261110-0008", 4, agency=ward, due=SUNDAY)
    await dossier(engine, "H26.1-261110-0009", 2, agency=ward, due=SUNDAY + 9 * day)
    await dossier(engine, "H26.1-261110-0010", 5, agency=ward, due=MONDAY)


async def people(engine: AsyncEngine) -> None:
    """A team that filed two online and one on paper; ratings; four requests, two taken within ten minutes."""
    (team,) = (await run(engine, "INSERT INTO team (name, commune) VALUES ('Đội 1', :c) RETURNING id", c=BA_DINH))[0]
    add = "INSERT INTO volunteer (team, name) VALUES (:team, 'Trần Thị Bích') RETURNING id"
    (helper,) = (await run(engine, add, team=team))[0]
    done = (
        ("sitting", True, 30, "online"), ("sitting", True, 30, "online"), ("sitting", False, 20, "in_person"),
        ("sitting", None, 60, "dropped"), ("talk", None, 10, "done"), ("talk", None, 60, "reported"),
    )  # fmt: skip
    for kind, online, minutes, outcome in done:
        await run(
            engine,
            "INSERT INTO work (day, volunteer, team, commune, kind, outcome, online, minutes)"
            " VALUES (:day, :helper, :team, :commune, :kind, :outcome, :online, :minutes)",
            day=SUNDAY, helper=helper, team=team, commune=BA_DINH, kind=kind, online=online, minutes=minutes,
            outcome=outcome,
        )  # fmt: skip
    begins = datetime(2026, 11, 15, 23, 0, tzinfo=VIETNAM)
    for hours in (3, 2):  # the second within the first: no hour counts twice
        await run(
            engine,
            "INSERT INTO duty (volunteer, began_at, ended_at) VALUES (:helper, :begins, :ends)",
            helper=helper, begins=begins, ends=begins + timedelta(hours=hours),
        )  # fmt: skip
    rated: tuple[tuple[str, int, dict[str, int]], ...] = (
        ("result", 1, {"conduct": 1, "result": 3}),
        ("result", 4, {}),
        ("help", 2, {}),
        ("answer", 3, {}),
    )
    for kind, level, criteria in rated:
        await run(
            engine,
            "INSERT INTO rating (day, kind, commune, level, criteria, words)"
            " VALUES (:day, :kind, :commune, :level, CAST(:criteria AS jsonb), 'lời riêng của một người')",
            day=SUNDAY, kind=kind, commune=BA_DINH, level=level, criteria=json.dumps(criteria),
        )  # fmt: skip
    asked = datetime(2026, 11, 20, 9, 0, tzinfo=VIETNAM)
    taken: tuple[tuple[int | None, int | None], ...] = ((3, helper), (10, helper), (11, None), (None, None))
    for number, (after, who) in enumerate(taken):
        add = "INSERT INTO chat (channel, address) VALUES ('telegram', :address) RETURNING id"
        (chat,) = (await run(engine, add, address=f"9{number}"))[0]
        await run(
            engine,
            "INSERT INTO help_request (chat_id, commune, subject, volunteer, asked_at, opens_at, taken_at)"
            " VALUES (:chat, :commune, 'việc riêng của một người', :who, :asked, :asked, :taken)",
            chat=chat, commune=BA_DINH, who=who, asked=asked,
            taken=None if after is None else asked + timedelta(minutes=after),
        )  # fmt: skip
    for state in ("new", "answered", "closed"):
        await run(
            engine,
            "INSERT INTO feedback (code, kind, text, commune, state, at)"
            " VALUES (:code, 'complaint', 'lời phản ánh', :commune, :code, :at)",
            code=state, commune=BA_DINH, at=asked,
        )  # fmt: skip


async def fill(engine: AsyncEngine) -> None:
    """Write all of it."""
    await questions(engine)
    await dossiers(engine)
    await people(engine)
