"""What stands now, kept in memory: the catalogue file with all that the office has published laid on it.

A catalogue of thousands of changed records is dear to read, so only what was published since the last look is read.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible
from bot.office.revisions import COLUMNS, Revision, of_row, parsed
from bot.office.standing import NATION, Ground, Overlay, latest
from bot.office.tables import Effect
from knowledge.catalogue import Catalogue, digest_of
from knowledge.procedure import Procedure

_CHUNK = 100
_ARTICLES = text(f"""
    SELECT DISTINCT ON (scope, code) {COLUMNS} FROM revision
    WHERE state = 'published' AND subject = 'article' AND release > :after
    ORDER BY scope, code, release DESC, id DESC
""")  # noqa: S608
_PROCEDURES = text("""
    SELECT DISTINCT ON (scope, code) id, code, scope, effect, CAST(record AS text) AS record FROM revision
    WHERE state = 'published' AND subject = 'procedure' AND release > :after
    ORDER BY scope, code, release DESC, id DESC
""")
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Laid:
    """One change of a procedure, read: what stands in its scope from then on, by its effect."""

    code: str
    scope: str
    effect: Effect
    record: Procedure | None


def laid(name: str, code: str, scope: str, effect: Effect, record: str | None) -> Laid:
    """Return a change read from JSON; one that this program cannot read is let go, and what lies below stands."""
    try:
        read = None if record is None else parsed(record, code)
    except (Impossible, ValidationError) as error:
        _log.error("%s cannot be read: %s", name, error)
        return Laid(code, scope, Effect.BASE, None)
    return Laid(code, scope, effect, read)


@dataclass(frozen=True)
class Stand:
    """All that stands after one release: the procedures, and in ``overlay`` what the office has of articles."""

    ground: Ground
    overlay: Overlay
    catalogue: Catalogue

    @classmethod
    def bare(cls, ground: Ground) -> Stand:
        """Return what stands before anything is published."""
        return cls(ground, Overlay(), ground.base)

    @property
    def release(self) -> int:
        """The number of the last release, 0 for none."""
        return self.overlay.release

    def stands(self, code: str, scope: str) -> Procedure | None:
        """Return the record of ``code`` as it stands in ``scope``."""
        own = self.catalogue.local.get(scope, {})
        return own[code] if code in own else self.below(code, scope) if scope else self.catalogue.get(code)

    def below(self, code: str, scope: str) -> Procedure | None:
        """Return the record of ``code`` without what the office has changed in ``scope`` itself."""
        wider = self.ground.wider(scope)
        return self.stands(code, wider[-1]) if wider else self.ground.base.get(code)

    def digest_below(self, code: str, scope: str) -> str:
        """Return the digest of what lies below a scope; "" where nothing does."""
        wider = self.ground.wider(scope)
        if wider and any(code in self.catalogue.local.get(each, {}) for each in wider):
            return digest_of(self.below(code, scope))
        return (self.catalogue if wider else self.ground.base).digest(code)

    def with_these(
        self, changes: Iterable[Laid], articles: Iterable[Revision] = (), release: int | None = None
    ) -> Stand:
        """Return what stands once these are published; ``release`` is its number once it has one."""
        base, local = self.ground.base, dict(self.catalogue.local)
        nation: dict[str, Procedure | None] = {}
        touched: dict[str, dict[str, Procedure | None]] = {}
        for each in changes:
            back = each.effect is Effect.BASE
            if each.scope == NATION:
                nation[each.code] = base.get(each.code) if back else each.record
                continue
            held = touched.setdefault(each.scope, dict(local.get(each.scope, {})))
            if back:
                held.pop(each.code, None)
            else:
                held[each.code] = each.record
        local = {scope: held for scope, held in (local | touched).items() if held}
        catalogue = self.catalogue.amended(nation, local) if nation or touched else self.catalogue
        overlay = self.overlay.with_these(articles)
        overlay = overlay if release is None else replace(overlay, release=release)
        return Stand(self.ground, overlay, catalogue)


class Stock:
    """Knows what stands, and reads what is newer."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self._stand = Stand.bare(ground)
        self._lock = asyncio.Lock()

    async def now(self, connection: AsyncConnection) -> Stand:
        """Return what stands now. Raises ``SQLAlchemyError`` when the database does not tell."""
        async with self._lock:
            release = await latest(connection)
            if release < self._stand.release:  # an older database was put in place of the one we knew
                self._stand = Stand.bare(self.ground)
            if release > self._stand.release:
                self._stand = await _newer(connection, self._stand, release)
            return self._stand

    def published(self, before: Stand, after: Stand, release: int) -> None:
        """Take over what was published on ``before`` by us, which need not be read again."""
        if self._stand is before:
            self._stand = replace(after, overlay=replace(after.overlay, release=release))


async def _newer(connection: AsyncConnection, stand: Stand, release: int) -> Stand:
    """Lay on what was published since, a few records at a time, beside the event loop."""
    since = {"after": stand.release}
    articles = [of_row(row) for row in (await connection.execute(_ARTICLES, since)).mappings()]
    changes: list[Laid] = []
    async with connection.stream(_PROCEDURES, since) as rows:
        async for some in rows.partitions(_CHUNK):
            changes += await asyncio.to_thread(_read, some)
    return await asyncio.to_thread(stand.with_these, changes, articles, release)


def _read(rows: Sequence[Any]) -> list[Laid]:
    return [laid(f"revision {number}", code, scope, Effect(how), record) for number, code, scope, how, record in rows]
