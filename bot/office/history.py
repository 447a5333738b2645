"""The releases so far, and how one more is added: alone, and told to every replica."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible
from bot.office import standing
from bot.office.revisions import Revision, find
from bot.storage.locks import Lock
from bot.storage.notices import ANNOUNCE

TOPIC = "release"
"""News of releases are announced under this name."""

NO_RELEASE = "Không có bản phát hành số {id}."

_LOCKED = text("SELECT pg_advisory_xact_lock(:key)")
_RELEASES = text("""
    SELECT id, published_at, publisher, summary, gate, reason, reverts FROM release
    WHERE CAST(:id AS bigint) IS NULL OR id = :id ORDER BY id DESC LIMIT :limit
""")
_ADD = text("""
    INSERT INTO release (publisher, summary, gate, reason, reverts)
    VALUES (:publisher, :summary, CAST(:gate AS jsonb), :reason, :reverts) RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Release:
    """What was published together; ``gate`` as ``Report.kept`` gives it, empty for what was taken back."""

    id: int
    published_at: datetime
    publisher: int | None
    summary: str
    gate: Mapping[str, Any]
    reason: str | None
    reverts: int | None


async def listed(connection: AsyncConnection, limit: int = 50) -> list[Release]:
    """Return the releases, the last first."""
    rows = await connection.execute(_RELEASES, {"id": None, "limit": limit})
    return [Release(**row) for row in rows.mappings()]


async def one(connection: AsyncConnection, release: int) -> tuple[Release, list[Revision]]:
    """Return a release and its revisions, of their records the name only.

    Raises ``Impossible`` when there is none of that number.
    """
    row = (await connection.execute(_RELEASES, {"id": release, "limit": 1})).mappings().one_or_none()
    if row is None:
        raise Impossible(NO_RELEASE.format(id=release))
    return Release(**row), await find(connection, release=release, limit=100_000, brief=True)


async def alone(connection: AsyncConnection) -> int:
    """Wait until nobody else publishes, and return the number of the last release."""
    await connection.execute(_LOCKED, {"key": int(Lock.PUBLISHING)})
    return await standing.latest(connection)


async def add(
    connection: AsyncConnection,
    publisher: int | None,
    summary: str,
    gate: Mapping[str, Any],
    reason: str | None,
    reverts: int | None = None,
) -> int:
    """Add a release and announce it to all replicas."""
    values = {
        "publisher": publisher, "summary": summary, "gate": json.dumps(gate, ensure_ascii=False), "reason": reason,
        "reverts": reverts,
    }  # fmt: skip
    release = int((await connection.execute(_ADD, values)).scalar_one())
    await connection.execute(ANNOUNCE, {"topic": f"{TOPIC} {release}"})
    return release
