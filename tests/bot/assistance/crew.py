"""A team at work: its people in their chats, and what they have done."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import captaincy, teamwork
from bot.assistance.leading import month
from knowledge.calendar import VIETNAM
from tests.bot.assistance import band
from tests.bot.assistance.band import BA_DINH, Person

NOVEMBER = month(date(2026, 11, 22))
NOON = datetime(2026, 11, 23, 12, 10)
KHAI_SINH = "1.001193"


async def staffed(engine: AsyncEngine) -> int:
    """Make a team of Hùng, its leader (1, chat "1"), Lan (2, chat "2") and Minh (3, chat "3")."""
    async with engine.begin() as connection:
        team = await band.team(connection)
        for at, name in enumerate(("Hùng", "Lan", "Minh"), 1):
            _, chat = await band.member(connection, team, name, leader=at == 1)
            values = {"address": str(at), "chat": chat}
            await connection.execute(text("UPDATE chat SET address = :address WHERE id = :chat"), values)
        return team


def person(engine: AsyncEngine, address: str, clock: datetime = NOON) -> Person:
    services = replace(band.placed(), clock=lambda: clock)
    return Person(engine, address, teamwork.FLOW, captaincy.FLOW, services=services)


async def worked(engine: AsyncEngine, volunteer: int, day: date = NOVEMBER.first, **values: object) -> None:
    told = {"kind": "sitting", "procedure": KHAI_SINH, "outcome": "online", "online": True} | values
    await band.run(
        engine,
        "INSERT INTO work (day, volunteer, team, commune, kind, procedure, outcome, online) "
        "VALUES (:day, :volunteer, 1, :commune, :kind, :procedure, :outcome, :online)",
        day=day, volunteer=volunteer, commune=BA_DINH, **told,
    )  # fmt: skip


async def served(engine: AsyncEngine, volunteer: int, began: datetime, ended: datetime) -> None:
    await band.run(
        engine,
        "INSERT INTO duty (volunteer, began_at, ended_at) VALUES (:volunteer, :began, :ended)",
        volunteer=volunteer, began=began.replace(tzinfo=VIETNAM), ended=ended.replace(tzinfo=VIETNAM),
    )  # fmt: skip


async def sitting(engine: AsyncEngine, volunteer: int, **values: object) -> None:
    await band.run(
        engine,
        "INSERT INTO sitting (volunteer, procedure, offered_to) VALUES (:volunteer, '1.001193', :offered)",
        volunteer=volunteer,
        offered=values.get("offered"),
    )


async def talk(engine: AsyncEngine, volunteer: int) -> None:
    async with engine.begin() as connection:
        citizen = await band.chat(connection, "50")
        values = {"citizen": citizen, "volunteer": volunteer, "commune": BA_DINH}
        await connection.execute(
            text("""
                INSERT INTO help_request (chat_id, commune, state, volunteer, helper_chat, taken_at)
                SELECT :citizen, :commune, 'live', id, chat_id, now() FROM volunteer WHERE id = :volunteer
            """),
            values,
        )
