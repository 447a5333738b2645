"""Publishes what was put on the calendar, when its day begins in Vietnam."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import OfficeError
from bot.logs import outline
from bot.office import audit
from bot.office.releases import Releases
from bot.office.revisions import BRIEF, Revision, of_row
from bot.storage.locks import Lock
from knowledge.calendar import now
from knowledge.errors import KnowledgeError

ON_ITS_DAY = "Có hiệu lực từ {day:%d/%m/%Y}"
BY_DECISION = "Quyết định {number}, có hiệu lực từ {day:%d/%m/%Y}"

_LOOK_SECONDS = 30.0
_TRY = text("SELECT pg_try_advisory_lock(:key)")
_DUE = text(f"""
    SELECT {BRIEF} FROM revision
    WHERE state = 'approved' AND scheduled_by IS NOT NULL AND effective_on <= :today
    ORDER BY effective_on, decision_number NULLS FIRST, scheduled_by, reason NULLS FIRST, id
""")  # noqa: S608
_HOLD = text("""
    UPDATE revision SET scheduled_by = NULL, note = :note, version = version + 1, updated_at = now()
    WHERE id = :id AND version = :version AND state = 'approved'
""")
_log = logging.getLogger(__name__)


class Due:
    """Looks for what is due: at midnight, and now and then."""

    def __init__(self, engine: AsyncEngine, releases: Releases, clock: Callable[[], datetime] = now) -> None:
        self._engine = engine
        self._releases = releases
        self._clock = clock

    async def run(self) -> None:
        """Publish what is due until cancelled."""
        while True:
            try:
                await self.publish()
            except (SQLAlchemyError, OSError, KnowledgeError) as error:
                _log.error("what is due could not be published; trying again: %s", outline(error))
            await asyncio.sleep(min(_LOOK_SECONDS, _until_midnight(self._clock())))

    async def publish(self) -> list[int]:
        """Publish what is due, one release for each decision, and return their numbers.

        What cannot be published is taken off the calendar, with the reason as its note. Does nothing while another
        replica is at it.
        """
        today = self._clock().date()
        async with self._engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
            due = await _due(connection, today)
            if not due or not (await connection.execute(_TRY, {"key": int(Lock.CALENDAR)})).scalar_one():
                return []
            try:
                due = await _due(connection, today)
                groups = [list(group) for _, group in groupby(due, _together)]
                return [done for group in groups if (done := await self._publish(group)) is not None]
            finally:
                await connection.invalidate()  # ends the session, and the lock with it

    async def _publish(self, group: Sequence[Revision]) -> int | None:
        first = group[0]
        versions = {revision.id: revision.version for revision in group}
        said = BY_DECISION if first.decision_number else ON_ITS_DAY
        summary = said.format(number=first.decision_number, day=first.effective_on)
        try:
            return await self._releases.publish(None, versions, summary, first.reason, publisher=first.scheduled_by)
        except OfficeError as error:
            _log.warning("revisions %s were due and could not be published", sorted(versions))
            await self._hold(group, str(error))
            return None

    async def _hold(self, group: Sequence[Revision], why: str) -> None:
        async with self._engine.begin() as connection:
            for revision in group:
                values = {"id": revision.id, "version": revision.version, "note": why}
                held = (await connection.execute(_HOLD, values)).rowcount
                if held:
                    await audit.record(connection, None, "revision.hold", revision.name, note=why)


async def _due(connection: AsyncConnection, today: date) -> list[Revision]:
    return [of_row(row) for row in (await connection.execute(_DUE, {"today": today})).mappings()]


def _together(revision: Revision) -> tuple[object, ...]:
    return revision.effective_on, revision.decision_number, revision.scheduled_by, revision.reason


def _until_midnight(moment: datetime) -> float:
    """Return the seconds until the next day begins, and a little."""
    tomorrow = datetime.combine(moment.date() + timedelta(days=1), time(), moment.tzinfo)
    return (tomorrow - moment).total_seconds() + 0.05
