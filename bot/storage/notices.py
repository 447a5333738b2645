"""One LISTEN connection per process: who waits for news of a chat or of a channel is woken at once."""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg import AsyncConnection, Error
from sqlalchemy import TextClause, text
from sqlalchemy.engine import URL

from bot.storage.engine import driver_options

_CHANNEL = "mot_cua_news"
_CHECK_SECONDS = 30.0
_RECONNECT_SECONDS = 1.0
_log = logging.getLogger(__name__)

ANNOUNCE: TextClause = text(f"SELECT pg_notify('{_CHANNEL}', :topic)")
"""Announces ``topic`` ("telegram 42") when the transaction it runs in commits."""


def topic(channel: str, address: str) -> str:
    """Return the name under which news of one chat is announced."""
    return f"{channel} {address}"


class Notices:
    """Wakes those who wait. After a lost connection everybody is woken, for news may have been missed."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._waiting: defaultdict[str, set[asyncio.Event]] = defaultdict(set)

    @contextmanager
    def waiting(self, name: str) -> Iterator[asyncio.Event]:
        """Give an event that is set at each news of a chat (``topic(...)``) or of a whole channel ("telegram")."""
        event = asyncio.Event()
        self._waiting[name].add(event)
        try:
            yield event
        finally:
            self._waiting[name].discard(event)
            if not self._waiting[name]:
                del self._waiting[name]

    def wake_all(self) -> None:
        """Wake everybody, to look for themselves."""
        for events in self._waiting.values():
            for event in events:
                event.set()

    async def run(self) -> None:
        """Listen until cancelled, connecting again whenever the connection is lost."""
        silent = False
        while True:
            try:
                async with await self._connection() as connection:
                    await connection.execute(f"LISTEN {_CHANNEL}")
                    silent = False
                    self.wake_all()
                    await self._listen(connection)
            except (Error, OSError):
                if not silent:
                    _log.warning("listening to the database was interrupted; trying again")
                silent = True
            await asyncio.sleep(_RECONNECT_SECONDS)

    async def _connection(self) -> AsyncConnection[Any]:
        options = driver_options(self._url) | {"connect_timeout": 5, "application_name": "mot-cua-news"}
        return await AsyncConnection.connect(autocommit=True, **options)

    async def _listen(self, connection: AsyncConnection[Any]) -> None:
        while True:
            async for notice in connection.notifies(timeout=_CHECK_SECONDS):
                self._wake(notice.payload)
            await connection.execute("SELECT 1")  # a dead connection says so only when spoken to

    def _wake(self, name: str) -> None:
        for key in (name, name.split(" ", 1)[0]):
            for event in self._waiting.get(key, ()):
                event.set()
