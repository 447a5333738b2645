"""Teams and volunteers made by hand, for tests."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

BA_DINH = "00004"
"""A commune of Hanoi."""


async def run(engine: AsyncEngine, statement: str, **values: object) -> list[Any]:
    """Run a statement and return its rows."""
    async with engine.begin() as connection:
        result = await connection.execute(text(statement), values)
        return list(result.all()) if result.returns_rows else []


async def chat(connection: AsyncConnection, address: str, channel: str = "telegram") -> int:
    """Return a chat, made when it is not there."""
    made = text("""
        INSERT INTO chat (channel, address) VALUES (:channel, :address)
        ON CONFLICT (channel, address) DO UPDATE SET channel = EXCLUDED.channel RETURNING id
    """)
    return int((await connection.execute(made, {"channel": channel, "address": address})).scalar_one())


async def team(connection: AsyncConnection, name: str = "Thanh niên Ba Đình", commune: str = BA_DINH) -> int:
    """Make a team."""
    made = text("INSERT INTO team (name, commune) VALUES (:name, :commune) RETURNING id")
    return int((await connection.execute(made, {"name": name, "commune": commune})).scalar_one())


async def member(
    connection: AsyncConnection, team: int, name: str = "Lan", *, leader: bool = False, channel: str = "telegram"
) -> tuple[int, int]:
    """Make a volunteer with a chat of their own; return the numbers of both."""
    number = await chat(connection, f"chat of {name} in {team}", channel)
    made = text("""
        INSERT INTO volunteer (chat_id, team, name, leader, pledged_at) VALUES (:chat, :team, :name, :leader, now())
        RETURNING id
    """)
    values = {"chat": number, "team": team, "name": name, "leader": leader}
    return int((await connection.execute(made, values)).scalar_one()), number
