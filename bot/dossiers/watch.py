"""Looks after followed dossiers: asks the sources again, and tells each follower of each change once.

A dossier is due when ``known.next_at`` has passed. That is moved on only after everybody was told, so that whatever is
interrupted is begun again; who was told already is not told twice, for the row that says so is in the same transaction
as the message.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.delivery.notice import hold, say
from bot.dialogue import tracking
from bot.dialogue.services import Services
from bot.dialogue.turn import Message
from bot.dossiers import dates, known
from bot.dossiers.dates import Quiet
from bot.dossiers.known import Known
from bot.dossiers.lookup import Afterwards, Sources, ask
from bot.dossiers.proof import Seals
from bot.dossiers.report import Report, local
from bot.logs import outline

_PATIENCE_SECONDS = 30.0
_TURN_SECONDS = 2.0
_LOOK_SECONDS = 5.0
_QUEUED = 200
_UNSEEN_DAYS = 30
_log = logging.getLogger(__name__)

_FOLLOWERS = text("""
    SELECT f.id, f.chat_id, f.whole, f.told, f.warned, f.since, f.expected
    FROM following f JOIN chat c ON c.id = f.chat_id
    WHERE f.known_id = :known AND NOT c.blocked ORDER BY f.id
""")
_TOLD = text("""
    UPDATE following SET told = :version, warned = CAST(:warned AS jsonb)
    WHERE id = :id AND (told < :version OR NOT warned @> CAST(:warned AS jsonb)) RETURNING id
""")
_ENDED = text("DELETE FROM following WHERE id = :id")
_NEXT = text("UPDATE known SET next_at = :at, failures = :failures WHERE id = :known AND next_at <= :begun")
_DUE = text("""
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
    SELECT 'watch', 'watch', 'known ' || k.id, 'known ' || k.id, jsonb_build_object('number', k.id)
    FROM known k
    WHERE k.next_at <= now()
        AND EXISTS (SELECT FROM following f JOIN chat c ON c.id = f.chat_id WHERE f.known_id = k.id AND NOT c.blocked)
        AND NOT EXISTS (SELECT FROM procrastinate_jobs WHERE lock = 'known ' || k.id AND status IN ('todo', 'doing'))
    ORDER BY k.next_at
    LIMIT GREATEST(0, :most - (SELECT count(*) FROM procrastinate_jobs WHERE queue_name = 'watch'))
    ON CONFLICT (queueing_lock) WHERE status = 'todo' DO NOTHING
""")


@dataclass(frozen=True, slots=True)
class Follower:
    """One chat that follows a dossier, and what it was told."""

    id: int
    chat_id: int
    whole: bool
    told: int
    warned: list[str]
    since: datetime
    expected: date | None


class Watch:
    """Looks after the followed dossiers of one database, together with other replicas."""

    def __init__(
        self,
        engine: AsyncEngine,
        sources: Sources,
        seals: Seals,
        services: Callable[[], Services],
        every: timedelta,
        quiet: Quiet,
        afterwards: Afterwards | None = None,
    ) -> None:
        self._engine = engine
        self._singly = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._sources = sources
        self._seals = seals
        self._services = services
        self._every = every
        self._quiet = quiet
        self._afterwards = afterwards

    async def run(self) -> None:
        """Queue what is due, until cancelled; longest due first, and no more at a time than is soon done."""
        while True:
            try:
                await self.queue()
            except (SQLAlchemyError, OSError) as error:
                _log.warning("followed dossiers could not be queued: %s", outline(error))
            await asyncio.sleep(_LOOK_SECONDS)

    async def queue(self) -> None:
        """Queue what is due now."""
        async with self._singly.connect() as connection:
            await connection.execute(_DUE, {"most": _QUEUED})

    async def check(self, number: int) -> None:
        """Ask for one followed dossier again, tell its followers, and note when to ask next."""
        async with self._singly.connect() as connection:
            item = await known.find(connection, number=number)
        if item is None:
            return
        begun = item.found_at
        wait = self._sources.turn(item.code, _TURN_SECONDS)
        if wait > _TURN_SECONDS:
            await self._put_off(item, item.failures, self._now() + timedelta(seconds=wait), begun)
            return
        await asyncio.sleep(wait)
        finding = await self._sources.look_up(item.code, item.report, _PATIENCE_SECONDS)
        if finding.report and finding.report.fresh:
            async with self._engine.begin() as connection:
                item = await known.keep(connection, finding.report, self._seals)
        failures = item.failures + 1 if finding.troubles else 0
        night = self._quiet.until(self._now())
        if item.report and not night:
            await self._tell(item, item.report)
        near = None if item.report else await self._unseen(item, told=not night)
        at = self._next(item, failures, near)
        wished = [trouble.seconds for trouble in finding.troubles if trouble.seconds]
        if wished:
            at = max(at, self._now() + timedelta(seconds=max(wished)))
        await self._put_off(item, failures, night or self._quiet.until(at) or at, begun)

    async def _put_off(self, item: Known, failures: int, at: datetime, begun: datetime) -> None:
        async with self._singly.connect() as connection:
            values = {"known": item.id, "at": at, "failures": failures, "begun": begun}
            await connection.execute(_NEXT, values)

    def _now(self) -> datetime:
        return local(self._services().clock())

    def _next(self, item: Known, failures: int, near: datetime | None) -> datetime:
        now = self._now()
        is_working = self._services().calendar.is_working
        warning = dates.next_warning(item.report, now, is_working) if item.report else near
        return dates.next_look(item.report, now, self._every, failures, warning)

    async def _followers(self, item: Known) -> list[Follower]:
        async with self._singly.connect() as connection:
            return [Follower(*row) for row in await connection.execute(_FOLLOWERS, {"known": item.id})]

    async def _tell(self, item: Known, report: Report) -> None:
        """Tell all who have not been told of this version, or of a date that is near or past."""
        warned = dates.warnings(report, self._now(), self._services().calendar.is_working)
        for follower in await self._followers(item):
            if follower.told < item.version or not set(warned) <= set(follower.warned):
                await self._tell_one(follower, item, report, warned)

    async def _unseen(self, item: Known, *, told: bool) -> datetime | None:
        """See to the followers of a dossier of which no source has ever told; return when to remind the next of them.

        They are reminded of the day they expect, and told when we give up. ``told``: not at night.
        """
        now, is_working = self._now(), self._services().calendar.is_working
        ahead: list[datetime] = []
        for follower in await self._followers(item):
            near = dates.near(follower.expected, now, is_working) if follower.expected else None
            if near and near > now:
                ahead.append(near)
            elif told and near and follower.expected and dates.soon(follower.expected) not in follower.warned:
                await self._remind(follower, item, follower.expected)
            elif told and near is None and now - local(follower.since) > timedelta(days=_UNSEEN_DAYS):
                await self._give_up(follower, item)
        return min(ahead, default=None)

    async def _remind(self, follower: Follower, item: Known, expected: date) -> None:
        marks = {"id": follower.id, "version": item.version, "warned": json.dumps([dates.soon(expected)])}
        async with self._engine.begin() as connection:
            room = await hold(connection, follower.chat_id)
            if room and (await connection.execute(_TOLD, marks)).first():
                await say(connection, room, tracking.near(item.code, expected, self._services()))

    async def _give_up(self, follower: Follower, item: Known) -> None:
        async with self._engine.begin() as connection:
            room = await hold(connection, follower.chat_id)
            if room and (await connection.execute(_ENDED, {"id": follower.id})).rowcount:
                await say(connection, room, tracking.never_seen(item.code, _UNSEEN_DAYS, self._services()))

    async def _tell_one(self, follower: Follower, item: Known, report: Report, warned: list[str]) -> None:
        ended = report.status is not None and report.status.final
        marks = {"id": follower.id, "version": item.version, "warned": json.dumps(warned)}
        async with self._engine.begin() as connection:
            room = await hold(connection, follower.chat_id)
            if room is None or (await connection.execute(_TOLD, marks)).first() is None:
                return
            await say(connection, room, self._news(follower, item, report, warned))
            if self._afterwards and follower.told < item.version:
                await ask(connection, room, item.id, report, self._afterwards)
            if ended:
                await connection.execute(_ENDED, {"id": follower.id})

    def _news(self, follower: Follower, item: Known, report: Report, warned: list[str]) -> Message:
        headline = tracking.LATE if warned and warned[0].startswith(dates.LATE) else tracking.SOON
        if follower.told < item.version:
            headline = tracking.CHANGED
        return tracking.news(headline, report, self._services(), whole=follower.whole)
