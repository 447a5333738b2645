"""The queue of messages to send: rows that wait, per chat strictly in order, across any number of replicas.

A chat is sent to by whoever holds its advisory lock, on the very connection that records what was sent. So a killed
process gives its chats free at once, with no lease to wait out, and one that lost its database cannot go on sending.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.storage.locks import chat_key

_DUE = text("""
    SELECT chat_id, GREATEST(EXTRACT(EPOCH FROM not_before - clock_timestamp()), 0)::float AS wait FROM (
        SELECT DISTINCT ON (m.chat_id) m.chat_id, m.not_before
        FROM message m JOIN chat c ON c.id = m.chat_id
        WHERE m.state = 'queued' AND c.channel = :channel AND m.chat_id <> ALL(CAST(:busy AS bigint[]))
        ORDER BY m.chat_id, m.id
    ) AS head ORDER BY not_before LIMIT :limit
""")
_HEAD = text("""
    SELECT m.id, c.address, c.blocked, m.payload, m.sent, m.attempts
    FROM message m JOIN chat c ON c.id = m.chat_id
    WHERE m.chat_id = :chat AND m.state = 'queued' AND m.id = (
        SELECT min(id) FROM message WHERE chat_id = :chat AND state = 'queued'
    ) AND m.not_before <= clock_timestamp()
""")
_SENT = text("""
    UPDATE message SET sent = sent || jsonb_build_array(CAST(:remote AS text)),
        state = CASE WHEN :last THEN 'sent' ELSE state END
    WHERE id = :id
""")
_FINISHED = text("UPDATE message SET state = :state WHERE id = :id")
_POSTPONED = text("""
    UPDATE message SET attempts = :attempts, not_before = clock_timestamp() + make_interval(secs => :seconds)
    WHERE id = :id
""")
_BLOCKED = text("UPDATE chat SET blocked = true WHERE id = :chat")
_ABANDONED = text("UPDATE message SET state = 'failed' WHERE chat_id = :chat AND state = 'queued'")
_MOVED = text("""
    UPDATE chat SET address = :address WHERE id = :chat AND NOT EXISTS (
        SELECT FROM chat AS other WHERE other.channel = chat.channel AND other.address = :address
    )
""")
_HANDED_OVER = text("""
    UPDATE message SET chat_id = other.id FROM chat AS old JOIN chat AS other USING (channel)
    WHERE old.id = :chat AND other.address = :address AND message.chat_id = old.id AND message.state = 'queued'
""")
_LOCK = text("SELECT pg_try_advisory_lock(:key)")
_UNLOCK = text("SELECT pg_advisory_unlock(:key)")


@dataclass(frozen=True, slots=True)
class Queued:
    """The first waiting message of a chat. ``sent`` holds the channel's ids of the parts that already arrived."""

    id: int
    address: str
    blocked: bool
    payload: dict[str, Any]
    sent: list[str]
    attempts: int


class Held:
    """A chat whose queue is ours for now, through ``connection``."""

    def __init__(self, connection: AsyncConnection, chat: int) -> None:
        self.connection = connection
        self.chat = chat

    async def head(self) -> Queued | None:
        """Return the chat's first waiting message, or None when there is none or it must wait longer."""
        found = (await self.connection.execute(_HEAD, {"chat": self.chat})).first()
        return None if found is None else Queued(*found)

    async def sent(self, message: int, remote: str, *, last: bool) -> None:
        """Record that one more part arrived."""
        await self.connection.execute(_SENT, {"id": message, "remote": remote, "last": last})

    async def finish(self, message: int, state: str) -> None:
        """Take a message out of the queue."""
        await self.connection.execute(_FINISHED, {"id": message, "state": state})

    async def postpone(self, message: int, seconds: float, attempts: int) -> None:
        """Keep a message, and all behind it, for at least ``seconds``."""
        values = {"id": message, "seconds": seconds, "attempts": attempts}
        await self.connection.execute(_POSTPONED, values)

    async def block(self) -> None:
        """The reader is gone: give up what waits for them."""
        await self.connection.execute(_BLOCKED, {"chat": self.chat})
        await self.connection.execute(_ABANDONED, {"chat": self.chat})

    async def move(self, address: str) -> None:
        """Give the chat its new address; when another chat has it already, hand what waits over to that one."""
        names = {"chat": self.chat, "address": address}
        if not (await self.connection.execute(_MOVED, names)).rowcount:
            await self.connection.execute(_HANDED_OVER, names)


class Outbox:
    """The waiting messages of one channel."""

    def __init__(self, engine: AsyncEngine, channel: str) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._channel = channel

    async def due(self, busy: Collection[int], limit: int) -> list[tuple[int, float]]:
        """Return up to ``limit`` chats with waiting messages, not in ``busy``, and the seconds until each may go."""
        async with self._engine.connect() as connection:
            values = {"channel": self._channel, "busy": list(busy), "limit": limit}
            return [(row.chat_id, row.wait) for row in await connection.execute(_DUE, values)]

    @asynccontextmanager
    async def held(self, chat: int) -> AsyncIterator[Held | None]:
        """Hold the queue of one chat; None when another replica holds it."""
        key = {"key": chat_key("delivery", str(chat))}
        async with self._engine.connect() as connection:
            if not (await connection.execute(_LOCK, key)).scalar_one():
                yield None
                return
            try:
                yield Held(connection, chat)
                await connection.execute(_UNLOCK, key)
            except BaseException:
                await connection.invalidate()  # closing the connection is what surely gives the lock back
                raise
