"""What was put on the calendar is published when its day begins, once."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import Forbidden, Impossible
from bot.office import history, review
from bot.office.due import Due
from bot.office.gate import Grade, Report, Shift
from bot.office.tables import RevisionState, Role
from knowledge.calendar import VIETNAM
from tests.bot.dialogue.records import BIRTH, LICENCE, MARRIAGE
from tests.bot.office.newsroom import Newsroom, opened, priced

DAY = date(2027, 1, 1)
EVE = datetime(2026, 12, 31, 23, 59, 59, tzinfo=VIETNAM)
MIDNIGHT = datetime(2027, 1, 1, tzinfo=VIETNAM)
BROKEN = Report(5, broken=(Shift("làm giấy", (BIRTH.code,), Grade.RIGHT, Grade.WRONG),))


def due(room: Newsroom, moment: datetime) -> Due:
    return Due(room.engine, room.releases, lambda: moment)


async def test_it_is_published_when_its_day_begins_and_once(engine: AsyncEngine) -> None:
    room = opened(engine)
    chief = await room.hire(Role.PUBLISHER)
    change = await room.approved(priced(BIRTH, "Phường"), on=DAY)
    await room.do(review.schedule, chief, change)
    assert await due(room, EVE).publish() == []
    assert (await room.again(change)).state is RevisionState.APPROVED
    told = await asyncio.gather(*(due(opened(engine), MIDNIGHT).publish() for _ in range(3)))
    ((release,),) = (each for each in told if each)
    assert (await room.again(change)).release == release
    async with engine.connect() as connection:
        kept, _ = await history.one(connection, release)
    assert (kept.publisher, kept.summary) == (chief.id, "Có hiệu lực từ 01/01/2027")
    assert await due(room, MIDNIGHT).publish() == []


async def test_midnight_is_that_of_vietnam(engine: AsyncEngine) -> None:
    room = opened(engine)
    await room.do(review.schedule, await room.hire(Role.PUBLISHER), await room.approved(priced(BIRTH, "A"), on=DAY))
    utc = datetime.fromisoformat("2026-12-31T16:59:59+00:00").astimezone(VIETNAM)
    assert await due(room, utc).publish() == []
    assert await due(room, utc + timedelta(seconds=1)).publish()


async def test_what_is_only_approved_waits_for_somebody(engine: AsyncEngine) -> None:
    room = opened(engine)
    chief = await room.hire(Role.PUBLISHER)
    change = await room.approved(priced(BIRTH, "Phường"), on=DAY)
    assert await due(room, MIDNIGHT).publish() == []
    change = await room.do(review.schedule, chief, change)
    await room.do(review.unschedule, chief, change)
    assert await due(room, MIDNIGHT).publish() == []


async def test_changes_of_one_decision_go_together(engine: AsyncEngine) -> None:
    room = opened(engine)
    chief = await room.hire(Role.PUBLISHER)
    for record in (BIRTH, MARRIAGE):
        await room.do(review.schedule, chief, await room.approved(priced(record, "Phường"), record.code, on=DAY))
    later = await room.approved(priced(LICENCE, "Phường"), LICENCE.code, on=DAY + timedelta(days=1))
    await room.do(review.schedule, chief, later)
    (release,) = await due(room, MIDNIGHT).publish()
    async with engine.connect() as connection:
        _, revisions = await history.one(connection, release)
    assert {each.code for each in revisions} == {BIRTH.code, MARRIAGE.code}


async def test_what_breaks_too_much_is_held_with_the_reason(engine: AsyncEngine) -> None:
    room = opened(engine)
    room.gate.report = BROKEN
    change = await room.approved(priced(BIRTH, "Phường"), on=DAY)
    await room.do(review.schedule, await room.hire(Role.PUBLISHER), change)
    assert await due(room, MIDNIGHT).publish() == []
    held = await room.again(change)
    assert (held.state, held.scheduled_by) == (RevisionState.APPROVED, None)
    assert "câu hỏi mẫu" in (held.note or "")
    assert (await room.trail())[-1] == "revision.hold"


async def test_an_administrators_reason_given_before_lets_it_through(engine: AsyncEngine) -> None:
    room = opened(engine)
    room.gate.report = BROKEN
    change = await room.approved(priced(BIRTH, "Phường"), on=DAY)
    with pytest.raises(Forbidden):
        await room.do(review.schedule, await room.hire(Role.PUBLISHER), change, "Luật mới")
    await room.do(review.schedule, await room.hire(Role.ADMINISTRATOR), change, "Luật mới")
    (release,) = await due(room, MIDNIGHT).publish()
    async with engine.connect() as connection:
        assert (await history.one(connection, release))[0].reason == "Luật mới"


async def test_only_what_has_a_day_goes_on_the_calendar(engine: AsyncEngine) -> None:
    room = opened(engine)
    with pytest.raises(Impossible, match="ngày có hiệu lực"):
        await room.do(review.schedule, await room.hire(Role.PUBLISHER), await room.approved(priced(BIRTH, "A")))
