"""What the sources last said of dossiers that somebody asked for or follows."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dossiers import record
from bot.dossiers.proof import Seals
from bot.dossiers.report import Report
from bot.storage.jobs import NEWS, defer

_FIND = "SELECT id, code, report, version, failures, clock_timestamp() AS found_at FROM known WHERE "
_BY_CODE = text(_FIND + "code = :code")
_BY_ID = text(_FIND + "id = :id")
_MAKE = text("INSERT INTO known (code) VALUES (:code) ON CONFLICT DO NOTHING")
_HOLD = text("SELECT id, report, version, clock_timestamp() AS found_at FROM known WHERE code = :code FOR UPDATE")
_KEEP = text("""
    UPDATE known SET report = CAST(:report AS jsonb), version = :version, read_at = :read_at, failures = 0
    WHERE id = :id
""")
_WAKE = text("""
    UPDATE known SET next_at = now() WHERE code = ANY(CAST(:codes AS text[]))
    AND EXISTS (SELECT FROM following WHERE known_id = known.id) RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Known:
    """One dossier; ``report`` is None when no source has ever told of it, ``version`` counts changes.

    ``found_at`` is the database's time at which we looked.
    """

    id: int
    code: str
    report: Report | None
    version: int
    failures: int
    found_at: datetime


async def find(connection: AsyncConnection, *, code: str | None = None, number: int | None = None) -> Known | None:
    """Return what is known of a dossier, by its code or by our number for it."""
    statement, values = (_BY_CODE, {"code": code}) if code else (_BY_ID, {"id": number})
    found = (await connection.execute(statement, values)).first()
    if found is None:
        return None
    report = record.read(found.report) if found.report else None
    return Known(found.id, found.code, report, found.version, found.failures, found.found_at)


async def keep(connection: AsyncConnection, report: Report, seals: Seals) -> Known:
    """Keep what a source just said. A change makes a new version.

    A report is dropped when what we have was read later and tells of nothing earlier: a pushed row may have been
    written before the portal beside it was last asked, and still be the news.
    """
    held = (await connection.execute(_HOLD, {"code": report.code})).first()
    if held is None:
        await connection.execute(_MAKE, {"code": report.code})
        held = (await connection.execute(_HOLD, {"code": report.code})).one()
    before = record.read(held.report) if held.report else None
    if before is not None and before.read_at > report.read_at and before.event >= report.event:
        return Known(held.id, report.code, before, held.version, 0, held.found_at)
    changed = before is None or record.facts(before) != record.facts(report)
    kept = record.written(report, seals)
    version = held.version + changed
    values = {"id": held.id, "report": json.dumps(kept), "version": version, "read_at": report.read_at}
    await connection.execute(_KEEP, values)
    return Known(held.id, report.code, record.read(kept), version, 0, held.found_at)


async def wake(connection: AsyncConnection, codes: Sequence[str]) -> None:
    """See to it that followers of these dossiers are told soon after this transaction."""
    for number in sorted((await connection.execute(_WAKE, {"codes": list(codes)})).scalars()):
        await defer(connection, NEWS, number, lock=lock(number), once=True)


def lock(number: int) -> str:
    """Return the lock under which one dossier is looked after, one job at a time."""
    return f"known {number}"
