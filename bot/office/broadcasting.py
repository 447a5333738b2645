"""Brings news to those who asked for it: rows before messages, a few at a time, at the pace that staff chose.

One step is one transaction: it picks receivers who have no row of this news yet, and gives each a message and a row. So
whenever the program dies, whoever was picked has both or neither; nobody is left out, and nobody is picked twice.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import asdict
from math import ceil
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.dialogue.services import Services
from bot.intake import PUSHED
from bot.logs import outline
from bot.office import news
from bot.office.reach import WAITING, communes
from bot.office.staff import Territory
from bot.storage.locks import Lock, chat_key
from bot.storage.notices import ANNOUNCE, topic
from bot.storage.tables import Author, State

EVERY_SECONDS = 2.0
_BACKLOG_SECONDS = 15
_LEAST_BACKLOG = 30
_log = logging.getLogger(__name__)

_TRY = text("SELECT pg_try_advisory_xact_lock(:key)")
_DUE = text("SELECT id FROM broadcast WHERE state = 'sending' AND starts_at <= now() ORDER BY starts_at, id")
_HOLD = text("""
    SELECT text, scope, per_minute FROM broadcast
    WHERE id = :id AND state = 'sending' AND starts_at <= now() FOR UPDATE
""")
_LATELY = text("""
    SELECT count(*) AS minute,
           (SELECT count(*) FROM message JOIN broadcasted AS held ON held.chat_id = message.chat_id
                AND held.message_id = message.id AND held.broadcast = :id WHERE message.state = 'queued') AS queued
    FROM broadcasted WHERE broadcast = :id AND at > now() - interval '1 minute'
""")
_PICK = text(f"""
    SELECT chat.id, chat.channel, chat.address {WAITING} AND NOT chat.blocked
    ORDER BY subscriber.chat_id LIMIT :most FOR KEY SHARE OF subscriber SKIP LOCKED
""")
_LEFT = text(f"SELECT EXISTS (SELECT {WAITING} AND NOT chat.blocked)")
_FREE = text("SELECT key FROM unnest(CAST(:keys AS bigint[])) AS key WHERE pg_try_advisory_xact_lock(key)")
_SAY = text(f"""
    WITH said AS (
        INSERT INTO message (chat_id, author, payload, state)
        SELECT receiver.chat, '{Author.ASSISTANT}', CAST(:payload AS jsonb), receiver.state
        FROM unnest(CAST(:chats AS bigint[]), CAST(:states AS text[])) AS receiver (chat, state)
        RETURNING id, chat_id
    )
    INSERT INTO broadcasted (broadcast, chat_id, message_id) SELECT :id, chat_id, id FROM said
""")  # noqa: S608
_DONE = text("UPDATE broadcast SET state = 'done', finished_at = now(), version = version + 1 WHERE id = :id")


class Broadcasting:
    """Sends what is to be sent; of several replicas one at a time."""

    def __init__(self, engine: AsyncEngine, services: Callable[[], Services], territory: Territory) -> None:
        self._engine = engine
        self._services = services
        self._territory = territory

    async def run(self) -> None:
        """Go on with whatever is being sent, every two seconds, until cancelled."""
        while True:
            try:
                await self.once()
            except (SQLAlchemyError, OSError) as error:
                _log.warning("news could not be sent on; trying again: %s", outline(error))
            await asyncio.sleep(EVERY_SECONDS)

    async def once(self) -> int:
        """Take one step with each news that is being sent, and return how many people were written to.

        Nobody is at night.
        """
        services = self._services()
        if services.quiet.until(services.clock()):
            return 0
        async with self._engine.connect() as connection:
            due = [int(number) for (number,) in await connection.execute(_DUE)]
        return sum([await self._step(number) for number in due])

    async def _step(self, number: int) -> int:
        async with self._engine.begin() as connection:
            if not (await connection.execute(_TRY, {"key": int(Lock.BROADCASTING)})).scalar_one():
                return 0
            held = (await connection.execute(_HOLD, {"id": number})).first()
            if held is None:
                return 0
            reach = {"id": number, "communes": communes(self._territory, held.scope)}
            chats = await self._picked(connection, reach, await _room(connection, number, held.per_minute))
            if chats:
                await _say(connection, number, held.text, chats)
            elif not (await connection.execute(_LEFT, reach)).scalar_one():
                await connection.execute(_DONE, {"id": number})
            return len(chats)

    @staticmethod
    async def _picked(connection: AsyncConnection, reach: dict[str, Any], most: int) -> list[Any]:
        """Return the next receivers, but not yet those on a page whose turn is being stored: its entries have an order.

        A page asks for what is newer than the last entry it has, so none may appear before that one.
        """
        if most <= 0:
            return []
        found = (await connection.execute(_PICK, reach | {"most": most})).all()
        keys = {row.id: chat_key("turn", row.channel, row.address) for row in found if row.channel not in PUSHED}
        if not keys:
            return list(found)
        free = {key for (key,) in await connection.execute(_FREE, {"keys": list(keys.values())})}
        return [row for row in found if row.id not in keys or keys[row.id] in free]


async def _room(connection: AsyncConnection, number: int, per_minute: int) -> int:
    """Return how many may be written to now: what the pace gives in one step, less when the queue does not move."""
    lately = (await connection.execute(_LATELY, {"id": number})).one()
    backlog = max(_LEAST_BACKLOG, per_minute * _BACKLOG_SECONDS // 60)
    minute, queued = int(lately.minute), int(lately.queued)
    return min(ceil(per_minute * EVERY_SECONDS / 60), per_minute - minute, backlog - queued)


async def _say(connection: AsyncConnection, number: int, words: str, chats: Sequence[Any]) -> None:
    payload = json.dumps(asdict(news.message(words)), ensure_ascii=False)
    states = [State.QUEUED if row.channel in PUSHED else State.SENT for row in chats]
    values = {"id": number, "payload": payload, "chats": [row.id for row in chats], "states": states}
    await connection.execute(_SAY, values)
    pages = {topic(row.channel, row.address) for row in chats if row.channel not in PUSHED}
    for heard in sorted(pages | {row.channel for row in chats if row.channel in PUSHED}):
        await connection.execute(ANNOUNCE, {"topic": heard})
