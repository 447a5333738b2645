"""What a reply sets going, stored in the transaction of the reply: as rows, and as jobs that see to them."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Sequence
from typing import assert_never

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.effect import Desk, Effect, Follow, LookUp, Missed, Remind, Unfollow, Unwish, Wish
from bot.dossiers.proof import Seals
from bot.office import unanswered
from bot.storage.jobs import LOOKUPS, defer
from bot.storage.reminders import remind

Serve = Callable[[AsyncConnection, int, Desk], Awaitable[None]]

_ASK = text("""
    INSERT INTO lookup (chat_id, code, proof, askers, follow)
    VALUES (:chat, :code, :proof, CAST(:askers AS jsonb), :follow) RETURNING id
""")
_LEAVE = text("""
    DELETE FROM following USING known WHERE known.id = known_id AND chat_id = :chat AND known.code = :code
""")


class Effects:
    """Stores effects. ``seals`` hide what must be compared, but not kept; ``desk`` serves staff, where there is one."""

    def __init__(self, seals: Seals, desk: Serve | None = None) -> None:
        self._seals = seals
        self._desk = desk

    async def store(  # noqa: C901 - one flat choice
        self, connection: AsyncConnection, chat: int, askers: Sequence[str], effects: Sequence[Effect]
    ) -> None:
        """Store the effects of one reply; ``askers`` name who asks: the chat and, where known, a network address."""
        for effect in effects:
            match effect:
                case LookUp(code, proof):
                    await self._ask(connection, chat, askers, code, proof)
                case Follow(code):
                    await self._ask(connection, chat, askers, code, follow=True)
                case Unfollow(code):
                    await connection.execute(_LEAVE, {"chat": chat, "code": code})
                case Remind(code, at):
                    await remind(connection, chat, code, at)
                case Missed():
                    await unanswered.keep(connection, effect)
                case Wish(asked, off):
                    await unanswered.wish(connection, chat, asked, off=off)
                case Unwish():
                    await unanswered.unwish(connection, chat)
                case Desk():
                    if self._desk:
                        await self._desk(connection, chat, effect)
                case _:
                    assert_never(effect)

    async def _ask(
        self,
        connection: AsyncConnection,
        chat: int,
        askers: Sequence[str],
        code: str,
        proof: str | None = None,
        *,
        follow: bool = False,
    ) -> None:
        values = {
            "chat": chat,
            "code": code,
            "proof": self._seals.proof(code, proof) if proof else None,
            "askers": json.dumps([self._seals.asker(name) for name in askers]),
            "follow": follow,
        }
        number = (await connection.execute(_ASK, values)).scalar_one()
        await defer(connection, LOOKUPS, number, lock=f"chat {chat}")
