"""What stands now, kept in memory: the catalogue file with all that the office has published laid on it.

A catalogue of thousands of changed records is dear to read, so only what was published since the last look is read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.office.revisions import COLUMNS, Revision, of_row
from bot.office.stand import Laid, Stand, laid
from bot.office.standing import Ground, latest
from bot.office.tables import Effect, Subject

_CHUNK = 100
_ARTICLES = text(f"""
    SELECT DISTINCT ON (scope, code) {COLUMNS} FROM revision
    WHERE state = 'published' AND subject = 'article' AND release > :after
    ORDER BY scope, code, release DESC, id DESC
""")  # noqa: S608
_MARKED = "id, code, scope, effect, md5(CAST(record AS text)) AS mark"
_PROCEDURES = text(f"""
    SELECT DISTINCT ON (scope, code) {_MARKED} FROM revision
    WHERE state = 'published' AND subject = 'procedure' AND release > :after
    ORDER BY scope, code, release DESC, id DESC
""")  # noqa: S608
_APPROVED = text(f"""
    SELECT {_MARKED} FROM revision
    WHERE state = 'approved' AND subject = 'procedure' AND scheduled_by IS NULL ORDER BY id
""")  # noqa: S608
_CHOSEN = text(f"SELECT {_MARKED} FROM revision WHERE subject = 'procedure' AND id = ANY(:ids) ORDER BY id")  # noqa: S608
_RECORDS = text("SELECT id, CAST(record AS text) AS record FROM revision WHERE id = ANY(:ids)")

_Mark = tuple[int, str | None]
"""A change as it was read: its number, and a digest of its record."""

_Fetch = Callable[[Sequence[int]], Awaitable[Sequence[Row[Any]]]]
"""Reads the records of changes by their numbers."""


@dataclass(frozen=True, slots=True)
class _Ahead:
    """What would stand after ``before`` once these changes are published."""

    before: Stand
    marks: frozenset[_Mark]
    after: Stand


class Stock:
    """Knows what stands, and reads what is newer."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._stand = Stand.bare(ground)
        self._lock = asyncio.Lock()
        self._read: dict[_Mark, Laid] = {}
        self._ahead: _Ahead | None = None

    async def now(self, connection: AsyncConnection) -> Stand:
        """Return what stands now. Raises ``SQLAlchemyError`` when the database does not tell."""
        async with self._lock:
            return await self._now(connection)

    async def ahead(self, engine: AsyncEngine) -> Stand | None:
        """Return what will stand once all that is approved is published; None when nothing is.

        It is remembered, so that publishing that, or part of it, leaves little to read. No connection is held while
        threads read and lay thousands of records.
        """
        async with engine.connect() as connection:
            before = await self.now(connection)
            rows = (await connection.execute(_APPROVED)).all()

        async def fetch(ids: Sequence[int]) -> Sequence[Row[Any]]:
            async with engine.connect() as connection:
                return await _fetched(connection, ids)

        changes = await self._laid(fetch, rows)
        self._ahead, self._read = None, {_mark(row): change for row, change in zip(rows, changes, strict=True)}
        if not rows:
            return None
        after = await asyncio.to_thread(before.with_these, changes)
        self._ahead = _Ahead(before, frozenset(map(_mark, rows)), after)
        return after

    async def after(self, connection: AsyncConnection, before: Stand, revisions: Sequence[Revision]) -> Stand:
        """Return what stands once these are published on ``before``; of procedures the records are read here."""
        rows = (await connection.execute(_CHOSEN, {"ids": [each.id for each in revisions]})).all()
        articles = [each for each in revisions if each.subject is Subject.ARTICLE]
        return await self._with(connection, before, rows, articles)

    def published(self, before: Stand, after: Stand, release: int) -> None:
        """Take over what was published on ``before`` by us, which need not be read again."""
        if self._stand is before:
            self._take(_numbered(after, release))

    async def _now(self, connection: AsyncConnection) -> Stand:
        release = await latest(connection)
        if release < self._stand.release:  # an older database was put in place of the one we knew
            self._stand = Stand.bare(self.ground)
        if release > self._stand.release:
            self._take(await self._newer(connection, self._stand, release))
        return self._stand

    def _take(self, stand: Stand) -> None:
        self._stand, self._ahead = stand, None

    async def _newer(self, connection: AsyncConnection, stand: Stand, release: int) -> Stand:
        """Lay on what was published since."""
        since = {"after": stand.release}
        articles = [of_row(row) for row in (await connection.execute(_ARTICLES, since)).mappings()]
        rows = (await connection.execute(_PROCEDURES, since)).all()
        return _numbered(await self._with(connection, stand, rows, articles), release)

    async def _with(
        self, connection: AsyncConnection, stand: Stand, rows: Sequence[Row[Any]], articles: Sequence[Revision]
    ) -> Stand:
        ahead = self._ahead
        if not articles and ahead and ahead.before is stand and ahead.marks == set(map(_mark, rows)):
            return ahead.after
        changes = await self._laid(lambda ids: _fetched(connection, ids), rows)
        return await asyncio.to_thread(stand.with_these, changes, articles)

    async def _laid(self, fetch: _Fetch, rows: Sequence[Row[Any]]) -> list[Laid]:
        """Return the changes of rows, those not known yet read a few at a time, beside the event loop."""
        found = {_mark(row): self._read[_mark(row)] for row in rows if _mark(row) in self._read}
        new = [row for row in rows if _mark(row) not in found]
        for start in range(0, len(new), _CHUNK):
            some = new[start : start + _CHUNK]
            records = await fetch([row.id for row in some])
            found |= await asyncio.to_thread(_read, some, {row.id: row.record for row in records})
        return [found[_mark(row)] for row in rows]


async def _fetched(connection: AsyncConnection, ids: Sequence[int]) -> Sequence[Row[Any]]:
    return (await connection.execute(_RECORDS, {"ids": list(ids)})).all()


def _mark(row: Row[Any]) -> _Mark:
    return row.id, row.mark


def _numbered(stand: Stand, release: int) -> Stand:
    return replace(stand, overlay=replace(stand.overlay, release=release))


def _read(rows: Sequence[Row[Any]], records: Mapping[int, str | None]) -> dict[_Mark, Laid]:
    return {
        _mark(row): laid(f"revision {row.id}", row.code, row.scope, Effect(row.effect), records[row.id]) for row in rows
    }
