"""Whether the reader at an address lets us write to them."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

_MARK = text("""
    UPDATE chat SET blocked = :blocked
    WHERE channel = :channel AND (address = :address OR starts_with(address, :address || '/'))
""")


async def mark(engine: AsyncEngine, channel: str, address: str, *, blocked: bool) -> None:
    """Note that a chat, with its topics, is closed to us or open again."""
    async with engine.begin() as connection:
        await connection.execute(_MARK, {"channel": channel, "address": address, "blocked": blocked})
