"""Our own register of dossiers, filled by exports and pushes of the one-stop software.

It holds no names, and of ID and phone numbers only the last four digits, sealed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.dossiers import record
from bot.dossiers.known import wake
from bot.dossiers.proof import Seals
from bot.dossiers.report import Report, local

_AT_ONCE = 1000
_FOUND = text("SELECT report, updated_at FROM dossier WHERE code = :code")
_HELD = text("""
    SELECT code, report, updated_at FROM dossier WHERE code = ANY(CAST(:codes AS text[])) ORDER BY code FOR UPDATE
""")
_PUT = text("""
    INSERT INTO dossier (code, report, updated_at)
    SELECT code, report, updated_at
    FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS row (code text, report jsonb, updated_at timestamptz)
    ORDER BY code
    ON CONFLICT (code) DO UPDATE SET report = EXCLUDED.report, updated_at = EXCLUDED.updated_at, stored_at = now()
    WHERE dossier.updated_at <= EXCLUDED.updated_at
""")


class Outcome(StrEnum):
    """What became of one row: ``older`` than what the register has, it was left out."""

    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    OLDER = "older"


@dataclass(frozen=True, slots=True)
class Row:
    """One dossier to be put into the register, as the one-stop software had it at ``updated_at``."""

    report: Report
    updated_at: datetime


class Register:
    """A source like any other (``bot.dossiers.sources.source.Source``), and the one we can write to."""

    name = "sổ hồ sơ của bộ phận một cửa"

    def __init__(self, engine: AsyncEngine, seals: Seals) -> None:
        self._engine = engine
        self._reading = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._seals = seals

    async def look_up(self, code: str) -> Report | None:
        """Return what the register holds of a dossier."""
        async with self._reading.connect() as connection:
            found = (await connection.execute(_FOUND, {"code": code})).first()
        if found is None:
            return None
        updated = local(found.updated_at)
        return replace(record.read(found.report), source=self.name, read_at=updated, since=updated)

    async def put(self, rows: Sequence[Row]) -> list[Outcome]:
        """Store rows and return what became of each; of two with one code the newer counts.

        Followers are told within seconds. Raises ``SQLAlchemyError``; then at most whole batches of 1,000 are stored.
        """
        outcomes: list[Outcome] = []
        for start in range(0, len(rows), _AT_ONCE):
            async with self._engine.begin() as connection:
                outcomes += await self.put_in(connection, rows[start : start + _AT_ONCE])
        return outcomes

    def begin(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Begin a transaction for ``put_in``."""
        return self._engine.begin()

    async def put_in(self, connection: AsyncConnection, rows: Sequence[Row]) -> list[Outcome]:
        """Like ``put``, in a transaction of the caller's, for at most 1,000 rows."""
        codes = sorted({row.report.code for row in rows})
        held = {
            found.code: (_content(found.report), found.updated_at)
            for found in await connection.execute(_HELD, {"codes": codes})
        }
        outcomes, stored = [], {}
        for row in rows:
            kept = record.written(replace(row.report, source=self.name, read_at=row.updated_at), self._seals)
            outcome = _outcome(kept, row.updated_at, held.get(row.report.code))
            outcomes.append(outcome)
            if outcome is not Outcome.OLDER:
                held[row.report.code] = (_content(kept), row.updated_at)
                stored[row.report.code] = {"code": row.report.code, "report": kept, "updated_at": str(row.updated_at)}
        await connection.execute(_PUT, {"rows": json.dumps(list(stored.values()))})
        await wake(connection, _touched(rows, outcomes))
        return outcomes

    async def sort(self, rows: Sequence[Row]) -> list[Outcome]:
        """Return what ``put`` would do, and do nothing."""
        async with self._engine.connect() as connection:
            outcomes = await self.put_in(connection, rows)
            await connection.rollback()
        return outcomes


def count(outcomes: Iterable[Outcome]) -> dict[str, int]:
    """Return how many rows had each outcome."""
    counted = Counter(outcomes)
    return {outcome.value: counted[outcome] for outcome in Outcome}


def _content(kept: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kept.items() if name != "read_at"}


def _outcome(kept: dict[str, Any], updated_at: datetime, held: tuple[dict[str, Any], datetime] | None) -> Outcome:
    if held is None:
        return Outcome.NEW
    content, at = held
    if updated_at < at:
        return Outcome.OLDER
    return Outcome.SAME if content == _content(kept) else Outcome.CHANGED


def _touched(rows: Sequence[Row], outcomes: Sequence[Outcome]) -> list[str]:
    changed = (Outcome.NEW, Outcome.CHANGED)
    return sorted({row.report.code for row, outcome in zip(rows, outcomes, strict=True) if outcome in changed})
