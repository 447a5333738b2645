"""Work that one replica does for all: whoever holds the advisory lock leads, until its connection ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.locks import Lock

_TRY = text("SELECT pg_try_advisory_lock(:key)")
_AGAIN_SECONDS = 2.0


class Lead:
    """A lead that is held; ``confirm`` raises ``SQLAlchemyError`` once it is lost."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def confirm(self) -> None:
        """Raise ``SQLAlchemyError`` when the connection that holds the lead is gone."""
        await self._connection.execute(text("SELECT 1"))


@asynccontextmanager
async def leading(engine: AsyncEngine, lock: Lock, waits: Callable[[], None] = lambda: None) -> AsyncIterator[Lead]:
    """Wait until no other replica leads, then lead. Raises ``SQLAlchemyError`` when the database cannot be reached.

    ``waits`` is called each time another is found to lead.
    """
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        while not (await connection.execute(_TRY, {"key": int(lock)})).scalar_one():
            waits()
            await asyncio.sleep(_AGAIN_SECONDS)
        try:
            yield Lead(connection)
        finally:
            await connection.invalidate()  # ends the session, and the lock with it
