"""One turn with the database behind it: what flows that need both the conversation and the tables are given.

A flow looks at a turn before the conversation does and may answer it itself (``take``), or looks at what was answered
and may add to it (``after``). All of it happens in the transaction of the turn, under the lock of this one chat. What
is to be said in another chat goes through ``bot.assistance.post``: no turn ever holds two chats.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue import beyond
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn, TurnKind

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
    """What one flow does; either part may be missing. ``official``: what is typed into it is no word about oneself."""

    take: Take | None = None
    after: After | None = None
    official: bool = False


class Flows:
    """Flows in order: the first that takes a turn answers it; each may add to the answer."""

    def __init__(self, flows: Sequence[Flow], services: Callable[[], Services]) -> None:
        self._takes = [(flow.take, flow.official) for flow in flows if flow.take]
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
        own, (reply, after) = await self._taken(moment)
        if reply.messages or reply.effects:  # else the words went to another person, and we answered nothing to add to
            for add in self._afters:
                reply, after = await add(moment, reply, after)
        return (_heeding(turn, reply) if own else reply), after

    async def _taken(self, moment: Moment) -> tuple[bool, Outcome]:
        """Answer a turn, and say whether a flow took it that people may tell their own distress to."""
        for take, official in self._takes:
            outcome = await take(moment)
            if outcome is not None:
                return not official, outcome
        return False, await moment.answer(moment.turn, moment.session)


def _heeding(turn: Turn, reply: Reply) -> Reply:
    """Say first whom to call when despair or danger was told to a flow: it does with the words what it always does."""
    words = beyond.endangered(turn.value) if turn.kind in (TurnKind.TEXT, TurnKind.COMMAND) else None
    if words is None or any(message.body == words for message in reply.messages):
        return reply
    return replace(reply, messages=(Message(words, talk=reply.talk), *reply.messages))


def added(reply: Reply, *more: Reply) -> Reply:
    """Return a reply with the messages, effects and upshots of others behind its own."""
    replies = (reply, *more)
    return replace(
        reply,
        messages=tuple(message for each in replies for message in each.messages),
        effects=tuple(effect for each in replies for effect in each.effects),
        upshots=tuple(upshot for each in replies for upshot in each.upshots),
    )
