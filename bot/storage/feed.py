"""What a pulled channel (the web page) reads: the conversation so far, and news of it."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.locks import chat_key
from bot.storage.notices import Notices, topic

_HISTORY = text("""
    SELECT m.id, m.author, m.payload, m.created_at
    FROM message m JOIN chat c ON c.id = m.chat_id
    WHERE c.channel = :channel AND c.address = :address AND m.id > :after
    ORDER BY m.id LIMIT :limit
""")
_LATEST = text("""
    SELECT * FROM (
        SELECT m.id, m.author, m.payload, m.created_at
        FROM message m JOIN chat c ON c.id = m.chat_id
        WHERE c.channel = :channel AND c.address = :address
        ORDER BY m.id DESC LIMIT :limit
    ) AS latest ORDER BY id
""")
_COMMUNE = text("SELECT session->>'commune' FROM chat WHERE channel = :channel AND address = :address")
_FORGET = text("DELETE FROM chat WHERE channel = :channel AND address = :address")
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing said; ``author`` and ``payload`` are as in ``bot.storage.tables.Message``."""

    id: int
    author: str
    payload: dict[str, Any]
    created_at: datetime


class Feed:
    """Reads the conversations of one channel."""

    def __init__(self, engine: AsyncEngine, notices: Notices, channel: str = "web") -> None:
        self._engine = engine
        self._notices = notices
        self._channel = channel
        self.closed = False

    async def history(self, address: str, after_id: int = 0, limit: int = 200) -> tuple[Entry, ...]:
        """Return what was said after ``after_id``, oldest first; without ``after_id``, the latest ``limit`` entries."""
        names = {"channel": self._channel, "address": address, "limit": limit}
        async with self._engine.connect() as connection:
            if after_id > 0:
                found = await connection.execute(_HISTORY, names | {"after": after_id})
            else:
                found = await connection.execute(_LATEST, names)
            return tuple(Entry(*row) for row in found)

    async def commune(self, address: str) -> str | None:
        """Return the code of the commune where the person lives, if they said so."""
        async with self._engine.connect() as connection:
            found = await connection.execute(_COMMUNE, {"channel": self._channel, "address": address})
            return found.scalar_one_or_none()

    async def wait(self, address: str, after_id: int = 0, timeout: float = 25.0) -> bool:  # noqa: ASYNC109
        """Wait until the chat has an entry after ``after_id``; False when ``timeout`` seconds pass or the feed closes.

        News between the last ``history`` and this call is not missed.
        """
        with self._notices.waiting(topic(self._channel, address)) as news:
            try:
                async with asyncio.timeout(timeout):
                    while not self.closed:
                        news.clear()
                        if await self.history(address, after_id, limit=1) if after_id else await self.history(address):
                            return True
                        if not self.closed:
                            await news.wait()
            except TimeoutError:
                pass
        return False

    async def forget(self, address: str) -> None:
        """Delete the chat and everything said in it; a turn in hand is finished first."""
        async with self._engine.begin() as connection:
            await connection.execute(_LOCK, {"key": chat_key("turn", self._channel, address)})
            await connection.execute(_FORGET, {"channel": self._channel, "address": address})

    def close(self) -> None:
        """Let everybody who waits return at once: the program is about to end."""
        self.closed = True
        self._notices.wake_all()
