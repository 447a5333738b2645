"""What stands at one moment: the catalogue file, and on top of it what the office has published.

Changes are laid on in the order of their releases, so that of one code in one scope the last one counts.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible
from bot.office.revisions import COLUMNS, Revision, of_row, read_procedure
from bot.office.tables import Effect, Subject
from knowledge.catalogue import Catalogue, digest_of
from knowledge.places import Gazetteer
from knowledge.procedure import Procedure

NATION = ""
_LATEST = text("SELECT coalesce(max(id), 0) FROM release")
_STANDING = f"""
    SELECT DISTINCT ON (subject, scope, code) {COLUMNS} FROM revision WHERE state = 'published' {{}}
    ORDER BY subject, scope, code, release DESC, id DESC
"""  # noqa: S608
_STANDS, _STANDS_OF = text(_STANDING.format("")), text(_STANDING.format("AND code = ANY(:codes)"))
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Overlay:
    """What the office has published and what holds of it now; ``release`` is the last release, 0 for none."""

    release: int = 0
    revisions: tuple[Revision, ...] = ()

    def of(self, subject: Subject) -> dict[str, dict[str, Revision]]:
        """Return the revisions that hold, by scope and code."""
        laid: dict[str, dict[str, Revision]] = {}
        for revision in self.revisions:
            if revision.subject is subject and revision.effect is not Effect.BASE:
                laid.setdefault(revision.scope, {})[revision.code] = revision
        return laid

    def with_these(self, revisions: Iterable[Revision]) -> Overlay:
        """Return the overlay once these are published."""
        held = {(each.subject, each.scope, each.code): each for each in (*self.revisions, *revisions)}
        return Overlay(self.release, tuple(held.values()))


async def latest(connection: AsyncConnection) -> int:
    """Return the number of the last release, 0 when there is none."""
    return int((await connection.execute(_LATEST)).scalar_one())


async def current(connection: AsyncConnection, code: str | None = None) -> Overlay:
    """Read what the office has published, of one code or of all."""
    if code is not None:
        return (await current_of(connection, [code]))[code]
    release = await latest(connection)
    rows = (await connection.execute(_STANDS)).mappings()
    return Overlay(release, tuple(map(of_row, rows)))


async def current_of(connection: AsyncConnection, codes: Sequence[str]) -> dict[str, Overlay]:
    """Read what the office has published of each of these codes."""
    release = await latest(connection)
    held: dict[str, list[Revision]] = {code: [] for code in codes}
    for row in (await connection.execute(_STANDS_OF, {"codes": list(codes)})).mappings():
        held[row["code"]].append(of_row(row))
    return {code: Overlay(release, tuple(revisions)) for code, revisions in held.items()}


@dataclass(frozen=True, slots=True)
class Drift:
    """The office's change stands on another record than the one it was made on; ``now`` is None when that is gone."""

    revision: Revision
    now: Procedure | None


@dataclass(frozen=True)
class Ground:
    """What the office's changes are laid on: the catalogue file, and which scope lies in which."""

    base: Catalogue
    places: Gazetteer = field(default_factory=Gazetteer)

    def wider(self, scope: str) -> tuple[str, ...]:
        """Return the scopes around one, the widest first: of a commune, the country and its province."""
        if scope == NATION:
            return ()
        commune = self.places.communes.get(scope)
        return (NATION, commune.province.code) if commune else (NATION,)

    def knows(self, scope: str) -> bool:
        """Say whether there is such a scope."""
        return scope == NATION or scope in self.places.provinces or scope in self.places.communes

    def below(self, overlay: Overlay, code: str, scope: str) -> Procedure | None:
        """Return the record of ``code`` without what the office has changed in ``scope`` itself."""
        laid = overlay.of(Subject.PROCEDURE)
        found = self.base.get(code)
        for each in self.wider(scope):
            found = _laid_on(found, laid.get(each, {}).get(code))
        return found

    def stands(self, overlay: Overlay, code: str, scope: str) -> Procedure | None:
        """Return the record of ``code`` as it stands in ``scope``."""
        own = overlay.of(Subject.PROCEDURE).get(scope, {}).get(code)
        return _laid_on(self.below(overlay, code, scope), own)

    def drifts(self, overlay: Overlay) -> tuple[Drift, ...]:
        """Return the changes whose ground has changed since: worth a second look, though they stand."""
        found = []
        for scope, held in overlay.of(Subject.PROCEDURE).items():
            for code, revision in held.items():
                now = self.below(overlay, code, scope)
                if (revision.base_digest or "") != digest_of(now):
                    found.append(Drift(revision, now))
        return tuple(found)


def _records(held: Mapping[str, Revision]) -> dict[str, Procedure | None]:
    """Return the records of revisions; one that this program cannot read is left out, and what lies below stands."""
    found: dict[str, Procedure | None] = {}
    for code, revision in held.items():
        try:
            found[code] = read_procedure(revision.record, code)
        except Impossible as error:
            _log.error("%s cannot be read: %s", revision.name, error)
    return found


def _laid_on(below: Procedure | None, revision: Revision | None) -> Procedure | None:
    return below if revision is None else _records({revision.code: revision}).get(revision.code, below)


def plain(record: Procedure | None) -> dict[str, Any] | None:
    """Return a record as it is kept."""
    return record.model_dump(mode="json", exclude_defaults=True) if record else None
