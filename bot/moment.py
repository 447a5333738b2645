"""One turn with the database behind it: what flows that need both the conversation and the tables are given.

A flow looks at a turn before the conversation does and may answer it itself (``take``), or looks at what was answered
and may add to it (``after``). All of it happens in the transaction of the turn, under the lock of this one chat. What
is to be said in another chat goes through ``bot.assistance.post``: no turn ever holds two chats.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Reply, Turn, TurnKind

Outcome = tuple[Reply, Session]
Answer = Callable[[Turn, Session], Awaitable[Outcome]]
"""The conversation; it answers whatever it is given."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A turn of one chat. ``services`` are as they hold where the person lives; ``answer`` asks the conversation."""

    connection: AsyncConnection
    chat: int
    channel: str
    address: str
    turn: Turn
    session: Session
    services: Services
    answer: Answer


Take = Callable[[Moment], Awaitable[Outcome | None]]
"""Answers a turn, or returns None: it is not for this flow."""

After = Callable[[Moment, Reply, Session], Awaitable[Outcome]]
"""Adds to an answer; the moment is as it was before the turn."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What one flow does; either part may be missing."""

    take: Take | None = None
    after: After | None = None


class Flows:
    """Flows in order: the first that takes a turn answers it; each may add to the answer."""

    def __init__(self, flows: Sequence[Flow], services: Callable[[], Services]) -> None:
        self._takes = [flow.take for flow in flows if flow.take]
        self._afters = [flow.after for flow in flows if flow.after]
        self._services = services

    async def respond(
        self, connection: AsyncConnection, chat: int, at: tuple[str, str], turn: Turn, session: Session, answer: Answer
    ) -> Outcome:
        """Answer one turn; ``at`` is the channel and the address of the chat."""
        if turn.kind is TurnKind.COMMAND:
            session = session.model_copy(update={"awaiting": None})
        services = self._services().at(session.commune)
        moment = Moment(connection, chat, *at, turn, session, services, answer)
        reply, after = await self._taken(moment)
        if not reply.messages and not reply.effects:
            return reply, after  # words that went to another person: nothing was answered that could be added to
        for add in self._afters:
            reply, after = await add(moment, reply, after)
        return reply, after

    async def _taken(self, moment: Moment) -> Outcome:
        for take in self._takes:
            outcome = await take(moment)
            if outcome is not None:
                return outcome
        return await moment.answer(moment.turn, moment.session)


def added(reply: Reply, *more: Reply) -> Reply:
    """Return a reply with the messages, effects and upshots of others behind its own."""
    replies = (reply, *more)
    return replace(
        reply,
        messages=tuple(message for each in replies for message in each.messages),
        effects=tuple(effect for each in replies for effect in each.effects),
        upshots=tuple(upshot for each in replies for upshot in each.upshots),
    )
