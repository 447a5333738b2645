"""Reminders: rows that become messages when their moment comes, once, whichever replica sees to it."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime

from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.dialogue.session import Session
from bot.dialogue.turn import Message
from bot.logs import outline
from bot.storage.notices import ANNOUNCE, topic
from knowledge.calendar import VIETNAM

Compose = Callable[[str, Session], Message | None]
"""Says what to write about the procedure of that code to a chat that remembers that session; None: nothing."""

_LOOK_SECONDS = 20.0
_AT_ONCE = 50
_SET = text("""
    INSERT INTO reminder (chat_id, topic, payload, due_at) VALUES (:chat, :topic, CAST(:payload AS jsonb), :at)
    ON CONFLICT (chat_id, topic) DO UPDATE SET due_at = EXCLUDED.due_at, payload = EXCLUDED.payload
""")
_OFF = text("DELETE FROM reminder WHERE chat_id = :chat AND topic = :topic")
_DUE = text("""
    DELETE FROM reminder WHERE id IN (
        SELECT id FROM reminder WHERE due_at <= clock_timestamp() ORDER BY due_at LIMIT :limit FOR UPDATE SKIP LOCKED
    ) RETURNING chat_id, payload
""")
_CHAT = text("SELECT channel, address, session, blocked FROM chat WHERE id = :chat")
_SAY = text("""
    INSERT INTO message (chat_id, author, payload, state) VALUES (:chat, 'assistant', CAST(:payload AS jsonb), :state)
""")
_log = logging.getLogger(__name__)


async def remind(connection: AsyncConnection, chat: int, code: str, at: datetime | None) -> None:
    """Set the chat's reminder for a procedure to the local time ``at``, or call it off."""
    about = f"case {code}"
    if at is None:
        await connection.execute(_OFF, {"chat": chat, "topic": about})
        return
    values = {"chat": chat, "topic": about, "payload": json.dumps({"code": code}), "at": at.replace(tzinfo=VIETNAM)}
    await connection.execute(_SET, values)


class Reminders:
    """Turns reminders that are due into messages; ``pushed`` names the channels whose messages wait for delivery."""

    def __init__(self, engine: AsyncEngine, compose: Compose, pushed: frozenset[str] = frozenset({"telegram"})) -> None:
        self._engine = engine
        self._compose = compose
        self._pushed = pushed

    async def run(self) -> None:
        """Look for reminders that are due until cancelled."""
        while True:
            try:
                while await self.tell_due() == _AT_ONCE:
                    pass
            except (SQLAlchemyError, OSError) as error:
                _log.warning("reminders could not be told: %s", outline(error))
            await asyncio.sleep(_LOOK_SECONDS)

    async def tell_due(self) -> int:
        """Tell what is due now, at most fifty reminders in one transaction; return how many were due."""
        async with self._engine.begin() as connection:
            due = (await connection.execute(_DUE, {"limit": _AT_ONCE})).all()
            for chat, payload in due:
                await self._tell(connection, chat, str(payload.get("code", "")))
        return len(due)

    async def _tell(self, connection: AsyncConnection, chat: int, code: str) -> None:
        channel, address, remembered, blocked = (await connection.execute(_CHAT, {"chat": chat})).one()
        try:
            session = Session.model_validate(remembered)
        except ValidationError:
            return
        message = None if blocked else self._composed(code, session)
        if message is None:
            return
        state = "queued" if channel in self._pushed else "sent"
        values = {"chat": chat, "payload": json.dumps(asdict(message), ensure_ascii=False), "state": state}
        await connection.execute(_SAY, values)
        await connection.execute(ANNOUNCE, {"topic": topic(channel, address)})

    def _composed(self, code: str, session: Session) -> Message | None:
        """Ask the conversation what to say; a fault in it must not bring the same reminder back for ever."""
        try:
            return self._compose(code, session)
        except Exception as error:
            _log.error("a reminder could not be composed and is dropped: %s", outline(error))
            return None
