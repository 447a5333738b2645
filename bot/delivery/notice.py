"""Say something in a chat outside of a turn: a row like any reply, in order with the turns of that chat."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.turn import Message as Said
from bot.intake import PUSHED
from bot.storage.locks import chat_key
from bot.storage.notices import ANNOUNCE, topic
from bot.storage.tables import Author, Message, State

_WHO = text("SELECT channel, address FROM chat WHERE id = :chat")
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")


async def hold(connection: AsyncConnection, chat: int) -> bool:
    """Keep turns of the chat waiting until the transaction ends; False when the chat is gone.

    Entries of a chat must become visible in the order of their numbers: a page asks for what is newer than its last.
    """
    who = (await connection.execute(_WHO, {"chat": chat})).first()
    if who is None:
        return False
    await connection.execute(_LOCK, {"key": chat_key("turn", who.channel, who.address)})
    return True


async def say(connection: AsyncConnection, chat: int, *messages: Said) -> None:
    """Put messages into a chat that is held; they go out when the transaction commits."""
    who = (await connection.execute(_WHO, {"chat": chat})).one()
    state = State.QUEUED if who.channel in PUSHED else State.SENT
    rows = [
        {"chat_id": chat, "author": Author.ASSISTANT, "payload": asdict(message), "state": state}
        for message in messages
    ]
    await connection.execute(insert(Message), rows)
    await connection.execute(ANNOUNCE, {"topic": topic(who.channel, who.address)})
