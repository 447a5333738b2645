from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import members, work
from bot.assistance.members import Helper
from bot.assistance.tables import Membership
from tests.bot.assistance import band


async def test_a_chat_is_known_as_its_volunteer(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        team = await band.team(connection)
        number, chat = await band.member(connection, team, leader=True)
        found = await members.volunteer_of(connection, chat)
        name = "Thanh niên Ba Đình"
        assert found == Helper(number, "Lan", team, band.BA_DINH, True, Membership.ACTIVE, False, chat, name)
        assert await members.volunteer(connection, number) == found
        assert await members.volunteer_of(connection, await band.chat(connection, "somebody else")) is None


@pytest.mark.parametrize(
    ("change", "belongs", "on_duty"),
    [
        ("on_duty_until = now() + interval '1 hour'", True, True),
        ("on_duty_until = now() - interval '1 second'", True, False),
        ("on_duty_until = now() + interval '1 hour', state = 'paused'", True, False),
        ("state = 'left'", False, False),
        ("state = 'removed'", False, False),
    ],
)
async def test_only_who_belongs_is_known_and_on_duty(
    engine: AsyncEngine, change: str, belongs: bool, on_duty: bool
) -> None:
    async with engine.begin() as connection:
        _, chat = await band.member(connection, await band.team(connection))
        await connection.execute(text(f"UPDATE volunteer SET {change}"))
        found = await members.volunteer_of(connection, chat)
        assert (found is not None) is belongs
        assert (found is not None and found.on_duty) is on_duty


async def test_nobody_belongs_to_a_closed_team(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        _, chat = await band.member(connection, await band.team(connection))
        await connection.execute(text("UPDATE team SET closed_at = now()"))
        assert await members.volunteer_of(connection, chat) is None


async def test_work_is_counted_for_the_helpers_team(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        team = await band.team(connection)
        number, chat = await band.member(connection, team)
        helper = await members.volunteer_of(connection, chat)
        assert helper
        await work.note(connection, helper, "sitting", "1.001193", "filed", True, 25)
        await work.note(connection, helper, "talk", None, "answered", None, -3)
        rows = await connection.execute(text("SELECT * FROM work ORDER BY id"))
        one, two = rows.mappings().all()
    assert (one["volunteer"], one["team"], one["commune"]) == (number, team, band.BA_DINH)
    assert (one["procedure"], one["online"], one["minutes"]) == ("1.001193", True, 25)
    assert (two["procedure"], two["online"], two["minutes"]) == (None, None, 0)
