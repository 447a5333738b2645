from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import duty, members
from bot.assistance.scene import TO_MENU
from bot.dialogue.conversation import STALE
from tests.bot.assistance import band
from tests.bot.assistance.band import Person

NOON = datetime(2026, 11, 23, 12, 10)


async def volunteer(engine: AsyncEngine, clock: datetime = NOON) -> Person:
    async with engine.begin() as connection:
        await band.member(connection, await band.team(connection))
    await band.run(engine, "UPDATE chat SET address = '71'")
    return Person(engine, "71", duty.FLOW, services=replace(band.placed(), clock=lambda: clock))


async def minutes(engine: AsyncEngine) -> list[int]:
    rows = await band.run(engine, "SELECT ended_at - began_at AS long FROM duty ORDER BY id")
    return [round(row.long / timedelta(minutes=1)) for row in rows]


async def test_on_duty_for_some_hours_and_off_before(engine: AsyncEngine) -> None:
    lan = await volunteer(engine)
    assert await lan.sends("duty") == duty.HOW_LONG
    assert lan.labels == ["2 giờ", "4 giờ", "Đến 17:00"]
    assert "đến <b>14:10</b>" in await lan.presses("2 giờ")
    assert lan.labels == [members.END_DUTY, members.TEAM, TO_MENU]
    assert await minutes(engine) == [120]
    await band.run(engine, "UPDATE duty SET began_at = now() - interval '30 minutes'")
    assert await lan.presses(members.END_DUTY) == duty.ENDED
    assert lan.labels == [members.START_DUTY, members.TEAM, TO_MENU]
    assert await minutes(engine) == [30]
    assert await lan.sends("duty", "off") == duty.NOT_ON
    assert await minutes(engine) == [30]


async def test_changing_until_when_stays_one_time_on_duty(engine: AsyncEngine) -> None:
    lan = await volunteer(engine)
    await lan.sends("duty", "4")
    await lan.sends("duty", "17")
    assert await minutes(engine) == [290]
    await lan.sends("duty", "2")
    assert await minutes(engine) == [120]
    rows = await band.run(engine, "SELECT on_duty_until = (SELECT ended_at FROM duty) FROM volunteer")
    assert rows == [(True,)]


@pytest.mark.parametrize(
    ("hour", "minute", "offered"), [(16, 45, True), (16, 46, False), (17, 0, False), (23, 0, False)]
)
async def test_until_five_only_while_it_is_ahead(engine: AsyncEngine, hour: int, minute: int, offered: bool) -> None:
    lan = await volunteer(engine, NOON.replace(hour=hour, minute=minute))
    await lan.sends("duty")
    assert ("Đến 17:00" in lan.labels) is offered
    assert (await lan.sends("duty", "17") == duty.HOW_LONG) is not offered


@pytest.mark.parametrize("said", ["3", "999", "x", "-1"])
async def test_forged_lengths_mean_nothing(engine: AsyncEngine, said: str) -> None:
    lan = await volunteer(engine)
    assert await lan.sends("duty", said) == duty.HOW_LONG
    assert await minutes(engine) == []


async def test_who_pauses_or_is_no_volunteer_is_not_on_duty(engine: AsyncEngine) -> None:
    lan = await volunteer(engine)
    await band.run(engine, "UPDATE volunteer SET state = 'paused'")
    assert await lan.sends("duty", "2") == duty.PAUSED
    assert members.GO_ON in lan.labels
    assert await Person(engine, "72", duty.FLOW).sends("duty", "2") == STALE
    assert await minutes(engine) == []


async def test_resting_and_going_end_duty(engine: AsyncEngine) -> None:
    lan = await volunteer(engine)
    for act in (partial(members.rest, paused=True), partial(members.part, removed=True)):
        await band.run(engine, "UPDATE volunteer SET state = 'active'")
        await lan.sends("duty", "4")
        async with engine.begin() as connection:
            await act(connection, 1)
            assert not await duty.begin(connection, 1, timedelta(hours=1))
        assert await band.run(engine, "SELECT on_duty_until FROM volunteer") == [(None,)]
    assert await minutes(engine) == [0, 0]
