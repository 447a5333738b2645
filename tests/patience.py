"""Waiting for what happens by itself: as long as a machine may take that is busy with other tests."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from inspect import isawaitable
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

PATIENCE_SECONDS = 60.0

_BLOCKED = text("""
    SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
""")


async def until(condition: Callable[[], Any], seconds: float = PATIENCE_SECONDS) -> Any:
    """Wait until a condition holds, or what it has us wait for does, and return its value; else TimeoutError."""
    async with asyncio.timeout(seconds):
        while True:
            value = condition()
            if isawaitable(value):
                value = await value
            if value:
                return value
            await asyncio.sleep(0.02)


async def until_blocked(engine: AsyncEngine, count: int) -> None:
    """Wait until so many statements on this database wait for a lock."""

    async def blocked() -> bool:
        async with engine.connect() as connection:  # within one transaction the view never changes
            return int((await connection.execute(_BLOCKED)).scalar_one()) >= count

    await until(blocked)
