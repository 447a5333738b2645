"""What one chat's turn says in another chat.

A turn holds the lock of its chat until it is stored. If it also took the lock of a second chat, two people who write to
each other at the same moment would wait for one another for ever. So a turn leaves a row, and a postman carries it over
in a transaction of its own: in order for each chat, at once, by whichever replica wakes first.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from dataclasses import asdict
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.delivery import notice
from bot.dialogue.turn import Attachment, Button, Message
from bot.logs import outline
from bot.storage.notices import ANNOUNCE, Notices

TOPIC = "post"

_LOOK_SECONDS = 15.0
_LEAVE = text("INSERT INTO post (chat_id, payload) VALUES (:chat, CAST(:payload AS jsonb))")
_WAITING = text("SELECT chat_id FROM post GROUP BY chat_id ORDER BY min(id) LIMIT 100")
_TAKE = text("DELETE FROM post WHERE chat_id = :chat RETURNING id, payload")
_log = logging.getLogger(__name__)


async def send(connection: AsyncConnection, chat: int, message: Message) -> None:
    """Have a message said in another chat once this transaction is stored; nothing happens when that chat is gone."""
    values = {"chat": chat, "payload": json.dumps(asdict(message), ensure_ascii=False)}
    await connection.execute(_LEAVE, values)
    await connection.execute(ANNOUNCE, {"topic": TOPIC})


class Postman:
    """Carries messages over until cancelled."""

    def __init__(self, engine: AsyncEngine, notices: Notices) -> None:
        self._engine = engine
        self._notices = notices

    async def run(self) -> None:
        """Carry what waits, each time there is news, and from time to time anyway."""
        with self._notices.waiting(TOPIC) as news:
            while True:
                news.clear()
                try:
                    while await self.round():
                        pass
                except (SQLAlchemyError, OSError) as error:
                    _log.warning("messages between chats could not be carried over: %s", outline(error))
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), _LOOK_SECONDS)

    async def round(self) -> int:
        """Carry over what waits now; return to how many chats."""
        async with self._engine.connect() as connection:
            chats = [int(chat) for (chat,) in await connection.execute(_WAITING)]
        for chat in chats:
            await self._carry(chat)
        return len(chats)

    async def _carry(self, chat: int) -> None:
        async with self._engine.begin() as connection:
            room = await notice.hold(connection, chat)
            if room is None:
                return
            rows = (await connection.execute(_TAKE, {"chat": chat})).all()
            for row in sorted(rows, key=lambda row: int(row.id)):
                await notice.say(connection, room, _message(row.payload))


def _message(payload: dict[str, Any]) -> Message:
    rows = tuple(tuple(Button(**button) for button in row) for row in payload.get("buttons") or ())
    file = payload.get("file")
    made = Attachment(**file) if file else None
    return Message(payload["body"], rows, bool(payload.get("replaces")), made, payload.get("talk"))
