"""The one way in: a turn is counted, answered and its answer stored, in one transaction."""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Protocol
from weakref import WeakValueDictionary

from pydantic import ValidationError
from sqlalchemy import func, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine
from sqlmodel import col

from bot.dialogue.effect import Effect, LookUp
from bot.dialogue.session import Session
from bot.dialogue.turn import Message as Said
from bot.dialogue.turn import Reply, Turn
from bot.logs import outline
from bot.moment import Flows
from bot.privacy import mask
from bot.storage.locks import chat_key
from bot.storage.notices import ANNOUNCE, topic
from bot.storage.tables import Author, Chat, Message, Received, State

Respond = Callable[[Turn, Session], tuple[Reply, Session]]
Announce = Callable[[Reply, Session, Session], tuple[Reply, Session]]
"""Puts notices before a reply; it is given what the chat remembered before the turn and after it."""

APOLOGY = Reply(
    (
        Said(
            "Xin lỗi anh/chị, tôi vừa gặp trục trặc nên chưa trả lời được câu này. "
            "Anh/chị vui lòng hỏi lại bằng cách khác giúp tôi, hoặc gọi tổng đài 1800 1096 để được hướng dẫn."
        ),
    ),
    toast="Xin lỗi, tôi vừa gặp trục trặc.",
)
PUSHED = frozenset({"telegram"})
_RESPOND_SECONDS = 20.0
_PROOF = re.compile(r"(?<!\d)\d{4}(?!\d)", re.ASCII)
_UNSTORABLE = {0: " ", **dict.fromkeys(range(0xD800, 0xE000), "\N{REPLACEMENT CHARACTER}")}
_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
_log = logging.getLogger(__name__)

_Respond = Callable[[AsyncConnection, int, "_Arriving", Session], Awaitable[tuple[Reply, Session]]]


class _FlowError(Exception):
    """A flow failed; what it had written must not stay."""


class Store(Protocol):
    """Stores the effects of one reply to a chat, in its transaction; ``askers`` name who asks, for counting."""

    async def __call__(
        self, connection: AsyncConnection, chat: int, askers: Sequence[str], effects: Sequence[Effect]
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class _Arriving:
    channel: str
    address: str
    turn: Turn
    update_id: int | None
    said: str | None
    origin: dict[str, Any]
    visitor: str


class Intake:
    """Takes turns from every channel.

    ``pushed`` names the channels whose replies wait for delivery; there ``announce`` adds notices, which a page shows
    by itself. ``flows`` come before and after the conversation.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        respond: Respond,
        store: Store | None = None,
        pushed: frozenset[str] = PUSHED,
        announce: Announce | None = None,
        flows: Flows | None = None,
    ) -> None:
        self._engine = engine
        self._respond = respond
        self._store = store
        self._pushed = pushed
        self._announce = announce
        self._flows = flows
        self._order: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    async def take(
        self, channel: str, address: str, turn: Turn, *, update_id: int | None = None, said: str | None = None
    ) -> bool:
        """Take one turn; True when it was counted and its answer stored, False when ``update_id`` was counted before.

        ``said`` is the person's own words, stored (masked) only where the channel shows the conversation again. Raises
        ``SQLAlchemyError`` when the database cannot store it; nothing has happened then, and the turn may come again.
        """
        return await self.receive(channel, address, turn, update_id=update_id, said=said) is not None

    async def receive(
        self,
        channel: str,
        address: str,
        turn: Turn,
        *,
        update_id: int | None = None,
        said: str | None = None,
        origin: Mapping[str, Any] | None = None,
        visitor: str = "",
    ) -> Reply | None:
        """Like ``take``, but return the reply; ``origin`` is the channel's note on the turn, kept with each answer.

        ``visitor`` is the network address the turn came from, where there is one; only effects that count use it.
        """
        value, command = turn.value.translate(_UNSTORABLE), turn.command.translate(_UNSTORABLE)
        turn = replace(turn, value=value, command=command)
        arriving = _Arriving(channel, address, turn, update_id, said, dict(origin or {}), visitor)
        async with self._order.setdefault((channel, address), asyncio.Lock()):
            try:
                return await self._transact(arriving, self._respond_to)
            except (OperationalError, InterfaceError):
                raise
            except DBAPIError as error:
                _log.error("a reply could not be stored; apologising instead: %s", outline(error))
            except _FlowError as error:
                _log.error("a flow failed on a turn of kind %s: %s", turn.kind, outline(error.__cause__ or error))
            return await self._transact(arriving, _sorry)

    async def _transact(self, arriving: _Arriving, respond: _Respond) -> Reply | None:
        async with self._engine.begin() as connection:
            await connection.execute(_LOCK, {"key": chat_key("turn", arriving.channel, arriving.address)})
            if not await _first_time(connection, arriving):
                return None
            chat, session = await _chat(connection, arriving)
            reply, after = await respond(connection, chat, arriving, session)
            if self._announce and arriving.channel in self._pushed:
                reply, after = self._announce(reply, session, after)
            if rows := self._rows(arriving, chat, reply):
                await connection.execute(insert(Message), rows)
            if reply.effects and self._store:
                await self._store(connection, chat, _askers(arriving), reply.effects)
            remember = update(Chat).where(col(Chat.id) == chat).values(session=after.model_dump(mode="json"))
            await connection.execute(remember)
            await connection.execute(ANNOUNCE, {"topic": topic(arriving.channel, arriving.address)})
        return reply

    async def _respond_to(
        self, connection: AsyncConnection, chat: int, arriving: _Arriving, session: Session
    ) -> tuple[Reply, Session]:
        if self._flows is None:
            return await self._answer(arriving.turn, session)
        at = (arriving.channel, arriving.address)
        try:
            return await self._flows.respond(connection, chat, at, arriving.turn, session, self._answer)
        except SQLAlchemyError:
            raise
        except Exception as error:
            raise _FlowError from error

    async def _answer(self, turn: Turn, session: Session) -> tuple[Reply, Session]:
        """Ask the conversation. A fault in it must not lose the turn: whatever it raises, the person gets an answer."""
        try:
            async with asyncio.timeout(_RESPOND_SECONDS):
                return await asyncio.to_thread(self._respond, turn, session)
        except Exception as error:
            _log.error("the conversation failed on a turn of kind %s: %s", turn.kind, outline(error))
            return await _apologise(turn, session)

    def _rows(self, arriving: _Arriving, chat: int, reply: Reply) -> list[dict[str, Any]]:
        state = State.QUEUED if arriving.channel in self._pushed else State.SENT
        note = {"origin": arriving.origin} if arriving.origin else {}
        rows = [(Author.ASSISTANT, asdict(message) | note, state) for message in reply.messages]
        if arriving.said is not None:
            words = reply.kept or _discreet(arriving.said.translate(_UNSTORABLE), reply.effects)
            talk = {"talk": reply.talk} if reply.talk else {}
            rows.insert(0, (Author.PERSON, {"text": words} | talk, State.SENT))
        return [{"chat_id": chat, "author": who, "payload": what, "state": state} for who, what, state in rows]


def _discreet(words: str, effects: Sequence[Effect]) -> str:
    """Return words as they may be kept: numbers hidden, proofs too, but not the codes that are being looked up."""
    asked = [effect for effect in effects if isinstance(effect, LookUp)]
    if not asked:
        return mask(words)
    codes = "|".join(re.escape(effect.code) for effect in asked)
    said = [
        part if at % 2 else mask(part) for at, part in enumerate(re.split(f"({codes})", words, flags=re.IGNORECASE))
    ]
    if any(effect.proof for effect in asked):
        said = [part if at % 2 else _PROOF.sub("••••", part) for at, part in enumerate(said)]
    return "".join(said)


def _askers(arriving: _Arriving) -> list[str]:
    names = [f"chat {arriving.channel} {arriving.address}"]
    return [*names, f"visitor {arriving.visitor}"] if arriving.visitor else names


async def _sorry(
    _connection: AsyncConnection, _chat: int, _arriving: _Arriving, session: Session
) -> tuple[Reply, Session]:
    return APOLOGY, session


async def _apologise(_turn: Turn, session: Session) -> tuple[Reply, Session]:
    return APOLOGY, session


async def _first_time(connection: AsyncConnection, arriving: _Arriving) -> bool:
    if arriving.update_id is None:
        return True
    row = {"channel": arriving.channel, "update_id": arriving.update_id}
    counting = insert(Received).values(row).on_conflict_do_nothing().returning(col(Received.update_id))
    return (await connection.execute(counting)).first() is not None


async def _chat(connection: AsyncConnection, arriving: _Arriving) -> tuple[int, Session]:
    """Return the chat's row number and what it remembers; one who writes to us has not blocked us."""
    seen = {"last_seen": func.now(), "blocked": False}
    made = insert(Chat).values(channel=arriving.channel, address=arriving.address, session={})
    kept = made.on_conflict_do_update(index_elements=["channel", "address"], set_=seen)
    number, remembered = (await connection.execute(kept.returning(col(Chat.id), col(Chat.session)))).one()
    try:
        return number, Session.model_validate(remembered)
    except ValidationError:
        return number, Session()
