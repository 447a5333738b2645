"""Answers look-ups: asks the sources outside of any transaction, and says what they told as a message of its own."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.delivery.notice import Room, hold, say
from bot.dialogue import tracking
from bot.dialogue.services import Services
from bot.dialogue.turn import Message
from bot.dossiers import dates, known, limits
from bot.dossiers.known import Known
from bot.dossiers.limits import Verdict
from bot.dossiers.proof import Seals
from bot.dossiers.report import Report, local
from bot.dossiers.sources.merged import Finding
from bot.dossiers.status import Status
from bot.logs import outline

MOST_FOLLOWED = 20
_PATIENCE_SECONDS = 20.0
_SILENT_SECONDS = 1.0
_GRID_SECONDS = 1.5
_log = logging.getLogger(__name__)

_ASKED = text("""
    SELECT l.id, l.chat_id, l.code, l.proof, l.askers, l.follow, c.channel = 'telegram' AND starts_with(c.address, '-'),
        EXISTS (
            SELECT FROM following JOIN known ON known.id = known_id WHERE chat_id = l.chat_id AND known.code = l.code
        )
    FROM lookup l JOIN chat c ON c.id = l.chat_id WHERE l.id = :id
""")
_DONE = text("DELETE FROM lookup WHERE id = :id RETURNING id")
_WAITING = text("UPDATE lookup SET waiting = true WHERE id = :id AND NOT waiting RETURNING id")
_PROVED = text("SELECT EXISTS (SELECT FROM proved WHERE chat_id = :chat AND code = :code)")
_PROVE = text("INSERT INTO proved (chat_id, code) VALUES (:chat, :code) ON CONFLICT DO NOTHING")
_SEEN = text("""
    UPDATE following SET told = GREATEST(told, :version), whole = :whole
    WHERE chat_id = :chat AND known_id = :known RETURNING id
""")
_FOLLOWED = text("SELECT count(*) FROM following WHERE chat_id = :chat")
_FOLLOW = text("""
    INSERT INTO following (chat_id, known_id, whole, told, warned)
    VALUES (:chat, :known, :whole, :version, CAST(:warned AS jsonb))
    ON CONFLICT DO NOTHING
""")
_ENDED = text("DELETE FROM following WHERE chat_id = :chat AND known_id = :known")
_LOOK_SOON = text("UPDATE known SET next_at = LEAST(next_at, now() + interval '1 minute') WHERE id = :known")
_REFUSED = {
    Verdict.MANY_CODES: tracking.MANY_CODES,
    Verdict.MANY_PROOFS: tracking.MANY_PROOFS,
    Verdict.LOCKED: tracking.LOCKED,
}


Afterwards = Callable[[AsyncConnection, int, int, str | None], Awaitable[Message | None]]
"""What a chat that was just told of a result is asked, if anything: chat, number of the dossier, its procedure."""


async def ask(connection: AsyncConnection, room: Room, number: int, report: Report, afterwards: Afterwards) -> None:
    """Ask whoever follows a dossier, and was told that its result was handed over, what they thought of it."""
    if report.status is not Status.RETURNED or room.address.startswith("-"):
        return
    if message := await afterwards(connection, room.chat, number, report.procedure_code):
        await say(connection, room, message)


class Sources(Protocol):
    """Whoever knows which sources to ask; ``bot.dossiers.routing.Routing`` does."""

    async def look_up(self, code: str, last: Report | None = None, patience: float | None = None) -> Finding:
        """Ask whoever knows the unit; ``last`` is what is known, ``patience`` the seconds to wait at most."""
        ...

    def turn(self, code: str, patience: float) -> float:
        """Return the seconds to wait before asking; the place is taken when they are within ``patience``."""
        ...

    def link(self, code: str) -> str | None:
        """Return the official page on which people look the code up themselves."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """One look-up as it was stored; ``shared``: others read along, for the chat is a group; ``followed`` already."""

    id: int
    chat_id: int
    code: str
    proof: str | None
    askers: list[str]
    follow: bool
    shared: bool
    followed: bool


class LookUps:
    """Answers what was asked, each once: the answer and the end of the look-up are one transaction."""

    def __init__(
        self,
        engine: AsyncEngine,
        sources: Sources,
        seals: Seals,
        services: Callable[[], Services],
        afterwards: Afterwards | None = None,
    ) -> None:
        self._engine = engine
        self._sources = sources
        self._seals = seals
        self._services = services
        self._afterwards = afterwards

    async def answer(self, number: int) -> None:
        """Answer one look-up; do nothing when it was answered before. Raises when the database is lost."""
        async with self._engine.connect() as connection:
            row = (await connection.execute(_ASKED, {"id": number})).first()
        if row is None:
            return
        asked = Asked(*row)
        try:
            await self._answer(asked)
        except (SQLAlchemyError, OSError):
            raise
        except Exception as error:  # a fault of ours would come again with the look-up: rather say that it failed
            _log.error("a look-up failed: %s", outline(error))
            await self._close(asked, tracking.unavailable(asked.code, self._services(), None))

    async def _answer(self, asked: Asked) -> None:
        begun = monotonic()
        if asked.shared and asked.proof:
            await self._close(asked, tracking.held_back(tracking.IN_GROUP))
            return
        async with self._engine.begin() as connection:
            verdict = await limits.judge(connection, asked.id, asked.code, asked.askers, proof=asked.proof is not None)
            last = await known.find(connection, code=asked.code)
        if verdict is not Verdict.FREE:
            await self._close(asked, tracking.held_back(_REFUSED[verdict]))
            return
        finding = await self._find(asked, last.report if last else None)
        if asked.proof and not self._seals.fits(asked.proof, asked.code, finding.report):
            await asyncio.sleep(_GRID_SECONDS - (monotonic() - begun) % _GRID_SECONDS)
            await self._close(asked, self._unproved(asked, finding))
        elif finding.report is None:
            await self._close(asked, self._nothing(asked, finding))
        else:
            await self._tell(asked, finding.report)

    async def _find(self, asked: Asked, last: Report | None) -> Finding:
        """Ask the sources; when that takes a while, say so meanwhile."""
        work = asyncio.create_task(self._sources.look_up(asked.code, last, _PATIENCE_SECONDS))
        try:
            done, _ = await asyncio.wait({work}, timeout=_SILENT_SECONDS)
            if not done:
                await self._say_waiting(asked)
            return await work
        finally:
            work.cancel()

    async def _say_waiting(self, asked: Asked) -> None:
        async with self._engine.begin() as connection:
            room = await hold(connection, asked.chat_id)
            if room and (await connection.execute(_WAITING, {"id": asked.id})).first():
                await say(connection, room, tracking.waiting(asked.code))

    def _unproved(self, asked: Asked, finding: Finding) -> Message:
        """A proof that does not fit and a code that nobody knows get the same words."""
        return self._nothing(asked, finding) if finding.troubles else tracking.unmatched(asked.code)

    def _nothing(self, asked: Asked, finding: Finding) -> Message:
        link = self._sources.link(asked.code)
        if finding.troubles:
            return tracking.unavailable(asked.code, self._services(), link)
        if finding.asked <= 1:  # our own register only, which has no such dossier
            return tracking.unasked(asked.code, self._services())
        return tracking.unknown(asked.code, self._services(), link, followed=asked.followed)

    async def _close(self, asked: Asked, message: Message) -> None:
        async with self._engine.begin() as connection:
            if room := await self._still_open(connection, asked):
                await say(connection, room, message)

    @staticmethod
    async def _still_open(connection: AsyncConnection, asked: Asked) -> Room | None:
        """Take the look-up off the list and return its chat; None when it was answered, or the chat is gone."""
        room = await hold(connection, asked.chat_id)
        return room if (await connection.execute(_DONE, {"id": asked.id})).first() else None

    async def _tell(self, asked: Asked, report: Report) -> None:
        names = {"chat": asked.chat_id, "code": asked.code}
        async with self._engine.begin() as connection:
            room = await self._still_open(connection, asked)
            if room is None:
                return
            if asked.proof:
                await connection.execute(_PROVE, names)
                await limits.clear(connection, asked.id)
            whole = bool((await connection.execute(_PROVED, names)).scalar_one())
            kept = await self._keep(connection, report)
            seen = {"chat": asked.chat_id, "known": kept.id, "version": kept.version, "whole": whole}
            followed = (await connection.execute(_SEEN, seen)).first() is not None
            if asked.follow:
                message = await self._follow(connection, report, seen, followed)
            else:
                if followed and report.status is not None and report.status.final:
                    await connection.execute(_ENDED, seen)
                how = {"whole": whole, "followed": followed, "shared": asked.shared}
                message = tracking.answer(report, self._services(), **how, link=self._sources.link(asked.code))
            await say(connection, room, message)
            if followed and self._afterwards:
                await ask(connection, room, kept.id, report, self._afterwards)

    async def _keep(self, connection: AsyncConnection, report: Report) -> Known:
        """Keep what was told, and see to it that other followers hear of a change."""
        before = await known.find(connection, code=report.code)
        if not report.fresh and before:
            return before
        kept = await known.keep(connection, report, self._seals)
        if before and kept.version > before.version:
            await known.wake(connection, [report.code])
        return kept

    async def _follow(
        self, connection: AsyncConnection, report: Report, seen: Mapping[str, object], followed: bool
    ) -> Message:
        if report.status is not None and report.status.final:
            return tracking.not_followed(report.code)
        count = (await connection.execute(_FOLLOWED, seen)).scalar_one()
        if count >= MOST_FOLLOWED and not followed:
            return tracking.not_followed(report.code, count)
        warned = dates.warnings(report, local(self._services().clock()), self._services().calendar.is_working)
        await connection.execute(_FOLLOW, {**seen, "warned": json.dumps(warned)})
        await connection.execute(_LOOK_SOON, seen)
        return tracking.followed(report, self._services(), already=followed)
