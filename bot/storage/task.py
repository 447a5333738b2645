"""The database for one task at the command line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.settings import Settings, plain
from bot.storage.engine import beside
from bot.storage.migrate import migrate


@asynccontextmanager
async def at_hand(settings: Settings) -> AsyncIterator[AsyncEngine]:
    """Open the database, beside the running assistant where there is one, with all its tables as they are today.

    Raises ``StorageError`` when it cannot be opened or brought up to date.
    """
    async with beside(plain(settings.database_url), settings.mot_cua_data) as database:
        await migrate(database.engine)
        yield database.engine
