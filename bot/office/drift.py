"""Changes of the office whose ground has moved: what lies below them is no longer what they were made on."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Outdated
from bot.office import audit, standing
from bot.office.review import CHANGED, allow_on
from bot.office.revisions import get
from bot.office.staff import Clerk
from bot.office.stand import Stand
from bot.office.standing import Drift, Ground
from bot.office.tables import Role
from knowledge.catalogue import digest_of
from knowledge.procedure import Procedure

_HOLDING = text("""
    SELECT id, code, scope, base_digest FROM (
        SELECT DISTINCT ON (scope, code) id, code, scope, effect, base_digest FROM revision
        WHERE state = 'published' AND subject = 'procedure' ORDER BY scope, code, release DESC, id DESC
    ) AS held WHERE effect <> 'base' ORDER BY scope, code
""")
_SETTLE = text("UPDATE revision SET base_digest = :digest WHERE id = :id")


async def drifts(connection: AsyncConnection, stand: Stand) -> tuple[Drift, ...]:
    """Return the changes that hold but stand on other records than those they were made on, their names only."""
    moved: dict[int, Procedure | None] = {}
    for number, code, scope, digest in await connection.execute(_HOLDING):
        if (digest or "") != stand.digest_below(code, scope):
            moved[number] = stand.below(code, scope)
    return tuple(Drift(each, moved[each.id]) for each in await get(connection, moved, brief=True))


async def settle(connection: AsyncConnection, ground: Ground, clerk: Clerk, revision: int, seen: str) -> None:
    """Let a change stand on what lies below it today, whose digest the clerk saw; it is no longer warned about."""
    (found,) = await get(connection, [revision], lock=True)
    allow_on(clerk, Role.PUBLISHER, found, ground)
    overlay = await standing.current(connection, found.code)
    if digest_of(ground.below(overlay, found.code, found.scope)) != seen:
        raise Outdated(CHANGED)
    await connection.execute(_SETTLE, {"id": found.id, "digest": seen})
    await audit.record(connection, clerk.id, "revision.settle", found.name, code=found.code, scope=found.scope)
