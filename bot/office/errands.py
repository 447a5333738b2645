"""What is seen to around questions asked in vain: grouped, told of, forgotten when old; and tickets, forgotten too."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.logs import outline
from bot.office import tickets, unanswered
from bot.office.sorting import Sorting
from bot.office.unanswered import News
from bot.storage.locks import Lock
from knowledge.errors import KnowledgeError

_EVERY_SECONDS = 20.0
_TRY = text("SELECT pg_try_advisory_xact_lock(:key)")
_log = logging.getLogger(__name__)


class Errands:
    """Runs the errands; of several replicas one at a time. ``keep_for``: how long questions are kept."""

    def __init__(self, engine: AsyncEngine, sorting: Sorting, news: News, keep_for: timedelta) -> None:
        self._engine = engine
        self._sorting = sorting
        self._news = news
        self._keep_for = keep_for

    async def run(self) -> None:
        """See to them every twenty seconds until cancelled."""
        while True:
            try:
                await self.once()
            except (SQLAlchemyError, OSError, KnowledgeError) as error:
                _log.warning("questions asked in vain could not be seen to: %s", outline(error))
            await asyncio.sleep(_EVERY_SECONDS)

    async def once(self) -> None:
        """See to all of them."""
        async with self._engine.begin() as connection:
            if not (await connection.execute(_TRY, {"key": int(Lock.ERRANDS)})).scalar_one():
                return
            await unanswered.note_left(connection)
            await unanswered.sweep(connection, self._keep_for)
            await tickets.sweep(connection)
        await self._sorting.sort()
        async with self._engine.begin() as connection:
            if (await connection.execute(_TRY, {"key": int(Lock.ERRANDS)})).scalar_one():
                await unanswered.tell(connection, self._news)
