"""Changes that came in one file: begun together, and sent, approved or let go together, all or none."""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import Forbidden, Impossible, Outdated
from bot.office import audit, review, standing, tickets
from bot.office.agency import answers_for
from bot.office.releases import BUSY
from bot.office.review import allow
from bot.office.revisions import BRIEF, Revision, of_row
from bot.office.staff import Clerk
from bot.office.stand import Stand
from bot.office.standing import Ground, plain
from bot.office.tables import RevisionState, Role
from knowledge.procedure import Procedure

NOTE = "Nhập từ tệp {name} (lô {key})"
TAKEN = "Tệp này đã nhập rồi, hoặc tôi không còn giữ. Anh/chị gửi lại tệp nếu cần."
NOT_THAT = "Trong lô không có bản sửa nào ở bước này."
OTHERS = (
    "Trong tệp có {count} thủ tục mới hoặc thay đổi mà mục “Cơ quan thực hiện” không có cơ quan của anh/chị: {codes}. "
    "Anh/chị bỏ các thủ tục ấy khỏi tệp rồi gửi lại."
)
MARK = "%(lô {key})"

Progress = Callable[[float], None]

_CHUNK = 100
_NAMED = 10
_ADD = text("""
    INSERT INTO revision (subject, code, scope, effect, record, base, base_digest, note, author)
    SELECT 'procedure', new.code, :scope, 'record', new.record, nullif(new.base, 'null'), new.base_digest, :note, :staff
    FROM jsonb_to_recordset(CAST(:rows AS jsonb))
        AS new (code text, record jsonb, base jsonb, base_digest text)
""")
_BEGUN = text("""
    INSERT INTO audit (staff, act, object, detail)
    SELECT author, 'revision.begin', 'revision ' || id, jsonb_build_object('code', code, 'scope', scope)
    FROM revision WHERE note = :note ORDER BY id
""")
_OF = text(f"SELECT {BRIEF} FROM revision WHERE note LIKE :mark ORDER BY id")  # noqa: S608


@dataclass(frozen=True, slots=True)
class Lot:
    """What came in one file and is not returned to its author; of the records the names only."""

    key: str
    revisions: tuple[Revision, ...]

    def of(self, state: RevisionState) -> list[Revision]:
        """Return those in a state."""
        return [each for each in self.revisions if each.state is state]

    @property
    def counts(self) -> Counter[RevisionState]:
        """How many are in each state."""
        return Counter(each.state for each in self.revisions)


async def begin(
    engine: AsyncEngine,
    clerk: Clerk,
    stand: Stand,
    scope: str,
    name: str,
    records: Sequence[Procedure],
    progress: Progress,
    ticket: str = "",
) -> str:
    """Begin a change of each record, on what stood in ``stand``; return the key of the lot.

    ``ticket``: what was read by it is used up. Raises ``Outdated`` when something was published since, ``Impossible``
    when the ticket is used already.
    """
    key = secrets.token_hex(4)
    note = NOTE.format(name=name, key=key)
    allow(clerk, Role.EDITOR, scope, stand.ground)
    others = foreign(clerk, stand, scope, records)
    if others:
        raise Forbidden(others_words(others))
    async with engine.begin() as connection:
        if await standing.latest(connection) != stand.release:
            raise Outdated(BUSY)
        if ticket and not await tickets.use(connection, ticket):
            raise Impossible(TAKEN)
        for start in range(0, len(records), _CHUNK):
            rows = await asyncio.to_thread(_rows, stand, scope, records[start : start + _CHUNK])
            values = {"scope": scope, "note": note, "staff": clerk.id, "rows": rows}
            await connection.execute(_ADD, values)
            progress(start / len(records))
        await connection.execute(_BEGUN, {"note": note})
        await audit.record(connection, clerk.id, "import.take", f"lot {key}", file=name, records=len(records))
    return key


def foreign(clerk: Clerk, stand: Stand, scope: str, records: Iterable[Procedure]) -> list[str]:
    """Return the codes of records that are not carried out by the clerk's agency, as they stand or, when new, as is."""
    if not clerk.agency:
        return []
    places = stand.ground.places
    said = ((each.code, stand.stands(each.code, scope) or each) for each in records)
    return [code for code, record in said if not answers_for(clerk, places, {"agency": record.agency})]


def others_words(codes: Sequence[str]) -> str:
    """Return what is said of procedures of other agencies in a file."""
    more = ", …" if len(codes) > _NAMED else ""
    return OTHERS.format(count=len(codes), codes=", ".join(codes[:_NAMED]) + more)


def _rows(stand: Stand, scope: str, records: Sequence[Procedure]) -> str:
    rows = [
        {
            "code": record.code,
            "record": plain(record),
            "base": plain(stand.stands(record.code, scope)),
            "base_digest": stand.digest_below(record.code, scope),
        }
        for record in records
    ]
    return json.dumps(rows, ensure_ascii=False)


async def read(connection: AsyncConnection, key: str) -> Lot:
    """Return a lot; empty when there is none of that key."""
    known = len(key) == 8 and set(key) <= set("0123456789abcdef")
    rows = (await connection.execute(_OF, {"mark": MARK.format(key=key)})).mappings() if known else ()
    return Lot(key, tuple(map(of_row, rows)))


async def submit(engine: AsyncEngine, ground: Ground, clerk: Clerk, key: str, progress: Progress) -> int:
    """Ask for a review of all that is being written; return how many."""
    async with engine.begin() as connection:
        for versions in _counted(await _some(connection, key, RevisionState.DRAFT), progress):
            await review.submit_all(connection, ground, clerk, versions)
        return len((await read(connection, key)).of(RevisionState.REVIEW))


async def approve(engine: AsyncEngine, ground: Ground, clerk: Clerk, key: str, progress: Progress) -> int:
    """Let all through that wait for a review; return how many."""
    async with engine.begin() as connection:
        waiting = await _some(connection, key, RevisionState.REVIEW)
        for versions in _counted(waiting, progress):
            await review.approve_all(connection, ground, clerk, versions)
        return len(waiting)


async def withdraw(engine: AsyncEngine, ground: Ground, clerk: Clerk, key: str, progress: Progress) -> int:
    """Let go of all that is not published; return how many."""
    async with engine.begin() as connection:
        lot = await read(connection, key)
        open_ = [each for each in lot.revisions if each.state in review.UNPUBLISHED]
        for versions in _counted(open_, progress):
            for revision, version in versions.items():
                await review.withdraw(connection, ground, clerk, revision, version)
        return len(open_)


async def _some(connection: AsyncConnection, key: str, state: RevisionState) -> list[Revision]:
    found = (await read(connection, key)).of(state)
    if not found:
        raise Impossible(NOT_THAT)
    return found


def _counted(revisions: Sequence[Revision], progress: Progress) -> Iterable[dict[int, int]]:
    """Yield the versions of some at a time by their numbers, and tell how far that is."""
    for start in range(0, len(revisions), _CHUNK):
        progress(start / len(revisions))
        yield {each.id: each.version for each in revisions[start : start + _CHUNK]}
