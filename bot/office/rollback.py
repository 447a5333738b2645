"""The way back: a release is undone by a new one that puts back what stood before."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible
from bot.office import audit
from bot.office.history import add, alone, one
from bot.office.review import allow_on
from bot.office.staff import Clerk
from bot.office.standing import Ground
from bot.office.tables import Role

LATER = "Thủ tục {codes} đã được sửa tiếp ở bản phát hành {releases}. Anh/chị quay lại bản đó trước."
DONE = "Bản này đã được quay lại rồi, ở bản phát hành {release}."
BACK = "Quay lại như trước bản phát hành {id}"

_RESTORE = text("""
    WITH undone AS (
        SELECT DISTINCT ON (subject, scope, code) subject, scope, code, record FROM revision
        WHERE release = :release ORDER BY subject, scope, code, id DESC
    )
    INSERT INTO revision (subject, code, scope, effect, record, base, base_digest, state, note, author, release)
    SELECT undone.subject, undone.code, undone.scope, coalesce(was.effect, 'base'), was.record, undone.record,
           was.base_digest, 'published', :note, :author, :new
    FROM undone LEFT JOIN LATERAL (
        SELECT effect, record, base_digest FROM revision AS old
        WHERE (old.subject, old.scope, old.code) = (undone.subject, undone.scope, undone.code)
          AND old.state = 'published' AND old.release < :release
        ORDER BY old.release DESC, old.id DESC LIMIT 1
    ) AS was ON true
    RETURNING id
""")
_TOUCHED_LATER = text("""
    SELECT DISTINCT mine.code, now.release, release.reverts FROM (
        SELECT DISTINCT ON (subject, scope, code) subject, scope, code, effect, record FROM revision
        WHERE release = :release ORDER BY subject, scope, code, id DESC
    ) AS mine
    JOIN LATERAL (
        SELECT effect, record, release FROM revision AS later
        WHERE (later.subject, later.scope, later.code) = (mine.subject, mine.scope, mine.code)
          AND later.state = 'published' AND later.release >= :release
        ORDER BY later.release DESC, later.id DESC LIMIT 1
    ) AS now ON (now.effect, now.record) IS DISTINCT FROM (mine.effect, mine.record)
    JOIN release ON release.id = now.release
    ORDER BY now.release, mine.code
""")


async def rollback(
    connection: AsyncConnection, ground: Ground, clerk: Clerk | None, release: int, reason: str | None = None
) -> int:
    """Put back what stood before a release, as a new one, and return its number; ``clerk`` None: the command line.

    Raises ``Impossible`` when what it published is not what stands now: a later release changed the same records again,
    and was not itself taken back.
    """
    await alone(connection)
    undone, revisions = await one(connection, release)
    for revision in revisions:
        allow_on(clerk, Role.PUBLISHER, revision, ground)
    later = (await connection.execute(_TOUCHED_LATER, {"release": release})).all()
    if later and all(row.reverts == undone.id for row in later):
        raise Impossible(DONE.format(release=later[-1].release))
    if later:
        codes, releases = (", ".join(dict.fromkeys(str(row[n]) for row in later)) for n in (0, 1))
        raise Impossible(LATER.format(codes=codes, releases=releases))
    publisher, summary = clerk.id if clerk else None, BACK.format(id=undone.id)
    new = await add(connection, publisher, summary, {}, reason, undone.id)
    restored = {"release": undone.id, "new": new, "note": summary, "author": publisher}
    ids = (await connection.execute(_RESTORE, restored)).scalars().all()
    said = {"reverts": undone.id, "revisions": sorted(ids), "reason": reason}
    await audit.record(connection, publisher, "release.rollback", f"release {new}", **said)
    return new
