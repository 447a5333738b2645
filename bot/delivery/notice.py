"""Say something in a chat outside of a turn: a row like any reply, in order with the turns of that chat."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.turn import Message as Said
from bot.intake import PUSHED
from bot.storage.locks import chat_key
from bot.storage.notices import ANNOUNCE, topic
from bot.storage.tables import Author, State

_WHO = text("SELECT channel, address FROM chat WHERE id = :chat")
_SAY = text(f"""
    WITH said AS (
        INSERT INTO message (chat_id, author, payload, state)
        VALUES (:chat, '{Author.ASSISTANT}', CAST(:payload AS jsonb), :state)
    ) {ANNOUNCE.text}
""")  # noqa: S608
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


@dataclass(frozen=True, slots=True)
class Room:
    """A chat whose turns wait until our transaction ends."""

    chat: int
    channel: str
    address: str


async def hold(connection: AsyncConnection, chat: int) -> Room | None:
    """Keep turns of the chat waiting until the transaction ends; None when the chat is gone.

    Entries of a chat must become visible in the order of their numbers: a page asks for what is newer than its last.
    """
    who = (await connection.execute(_WHO, {"chat": chat})).first()
    if who is None:
        return None
    await connection.execute(_LOCK, {"key": chat_key("turn", who.channel, who.address)})
    return Room(chat, who.channel, who.address)


async def say(connection: AsyncConnection, room: Room, message: Said) -> None:
    """Put a message into a chat that is held; it goes out when the transaction commits."""
    state = State.QUEUED if room.channel in PUSHED else State.SENT
    payload = json.dumps(asdict(message), ensure_ascii=False)
    values = {"chat": room.chat, "payload": payload, "state": state, "topic": topic(room.channel, room.address)}
    await connection.execute(_SAY, values)
