"""What teams did: hours without those told twice, cases by member, procedure and outcome, what waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import commendation, leading, members, work
from bot.assistance.leading import Asked, Counted, Sum, month, read_month
from knowledge.calendar import VIETNAM
from tests.bot.assistance import band
from tests.bot.assistance.band import BA_DINH
from tests.bot.assistance.crew import KHAI_SINH, NOVEMBER, served, staffed, worked


async def minutes(engine: AsyncEngine, span: leading.Span) -> dict[int, int]:
    async with engine.connect() as connection:
        figures = await leading.figures(connection, [1], span)
    return {each.id: each.sum.minutes for each in figures.members if each.sum.minutes}


async def test_hours_that_overlap_count_once_and_months_part_at_midnight_of_vietnam(engine: AsyncEngine) -> None:
    await staffed(engine)
    await served(engine, 2, datetime(2025, 3, 10, 8), datetime(2025, 3, 10, 10))
    await served(engine, 2, datetime(2025, 3, 10, 9), datetime(2025, 3, 10, 11))
    await served(engine, 2, datetime(2025, 3, 31, 23), datetime(2025, 4, 1, 2))
    await served(engine, 3, datetime(2025, 3, 1, 9), datetime(2025, 3, 1, 9))
    assert await minutes(engine, month(date(2025, 3, 1))) == {2: 240}
    assert await minutes(engine, month(date(2025, 4, 1))) == {2: 120}
    both = leading.Span(date(2025, 3, 1), date(2025, 4, 30))
    assert await minutes(engine, both) == {2: 360}


async def test_hours_that_are_still_to_come_do_not_count(engine: AsyncEngine) -> None:
    await staffed(engine)
    (row,) = await band.run(engine, "SELECT now() AS now")
    await band.run(
        engine,
        "INSERT INTO duty (volunteer, began_at, ended_at) "
        "VALUES (2, now() - interval '1 hour', now() + interval '3 hours')",
    )
    began = (row.now - timedelta(hours=1)).astimezone(VIETNAM)
    span = leading.Span(month(began.date()).first, month(row.now.astimezone(VIETNAM).date()).last)
    assert await minutes(engine, span) == {2: 60}
    later = month(span.last + timedelta(days=1))
    assert await minutes(engine, later) == {}


async def test_cases_by_member_procedure_and_outcome(engine: AsyncEngine) -> None:
    await staffed(engine)
    await worked(engine, 2)
    await worked(engine, 2, outcome="in_person", online=False)
    await worked(engine, 2, NOVEMBER.last, kind="talk", procedure=None, outcome="done", online=None)
    await worked(engine, 2, NOVEMBER.last, kind="talk", outcome="reported", online=None)
    await worked(engine, 2, NOVEMBER.last, outcome="later", online=None)
    await worked(engine, 2, date(2026, 12, 1))
    await band.run(engine, "UPDATE volunteer SET state = 'left', chat_id = NULL WHERE id IN (2, 3)")
    async with engine.connect() as connection:
        figures = await leading.figures(connection, [1], NOVEMBER)
    assert [each.name for each in figures.members] == ["Hùng", "Lan"]
    assert figures.total == Sum(0, 2, 1, 2, 1)
    assert figures.total.share == 50
    assert set(figures.counted) == {
        Counted(KHAI_SINH, "online", 1),
        Counted(KHAI_SINH, "in_person", 1),
        Counted(None, "done", 1),
        Counted(KHAI_SINH, "reported", 1),
        Counted(KHAI_SINH, "later", 1),
    }


@pytest.mark.parametrize(
    ("state", "level", "opens", "escalates", "expected"),
    [
        ("waiting", 0, "now()", "now() + interval '5 minutes'", Asked(1, 0, 0)),
        ("waiting", 0, "now() + interval '9 hours'", "NULL", Asked(1, 0, 0)),
        ("waiting", 0, "now()", "now() - interval '1 second'", Asked(1, 1, 0)),
        ("waiting", 1, "now()", "now() + interval '5 minutes'", Asked(1, 1, 0)),
        ("staff", 2, "now()", "NULL", Asked(1, 1, 0)),
        ("live", 0, "now()", "NULL", Asked(0, 0, 1)),
    ],
)
async def test_requests_open_and_overdue(
    engine: AsyncEngine, state: str, level: int, opens: str, escalates: str, expected: Asked
) -> None:
    async with engine.begin() as connection:
        chat = await band.chat(connection, "9")
        made = f"""
            INSERT INTO help_request (chat_id, commune, state, level, opens_at, escalates_at)
            VALUES ({chat}, '{BA_DINH}', '{state}', {level}, {opens}, {escalates})
        """
        await connection.execute(text(made))
        assert await leading.asked(connection, [BA_DINH, "00008"]) == {BA_DINH: expected}
        assert await leading.asked(connection, ["00008"]) == {}


def test_months() -> None:
    assert leading.Span(date(2026, 11, 1), date(2026, 11, 30)) == NOVEMBER
    assert read_month("202611") == read_month("2026-11") == NOVEMBER
    assert NOVEMBER.before == month(date(2026, 10, 9))
    assert NOVEMBER.label == "tháng\N{NO-BREAK SPACE}11/2026"
    assert NOVEMBER.during == f"trong {NOVEMBER.label}"
    long = leading.Span(date(2026, 9, 1), date(2026, 11, 30))
    assert long.during == long.label == f"từ tháng\N{NO-BREAK SPACE}9/2026 đến {NOVEMBER.label}"
    for said in ("", "2026", "202613", "2026-00", "199911", "2100-01", "２０２６11", "2026-11-01"):
        assert read_month(said) is None


def test_numbers_in_words() -> None:
    assert [commendation.decimal(each) for each in (0, 2.0, 34.5, 0.04)] == ["0", "2", "34,5", "0"]
    assert commendation.per_cent(None) == "–"
    assert Sum(filed=3, online=2).share == 67
    assert not Sum()
    assert Sum(minutes=5)


async def test_a_note_of_work_shows(engine: AsyncEngine) -> None:
    await staffed(engine)
    async with engine.begin() as connection:
        lan = await members.volunteer(connection, 2)
        assert lan
        await work.note(connection, lan, "talk", None, "done", None, 5)
        (today,) = (await connection.execute(text("SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date"))).one()
        assert (await leading.figures(connection, [1], month(today))).total.talks == 1
