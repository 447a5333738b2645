"""A change on its way: asked to be reviewed, let through or sent back by a second person, put on the calendar.

Every act names the version its reader saw, so that nobody overwrites what somebody else did meanwhile; and every act is
noted in the audit trail by the same transaction.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Forbidden, Impossible, Outdated
from bot.office.agency import answers_for
from bot.office.revisions import COLUMNS, Revision, get, of_row, read_procedure
from bot.office.staff import Clerk
from bot.office.standing import Ground, Overlay, current_of, plain
from bot.office.tables import Effect, RevisionState, Role, Subject
from bot.storage.notices import ANNOUNCE
from knowledge.catalogue import digest_of
from knowledge.places import Gazetteer
from knowledge.procedure import Procedure

OTHER_AGENCY = (
    "Mục “Cơ quan thực hiện” của thủ tục {code} không có cơ quan của anh/chị. Nhờ cán bộ của cơ quan ấy, "
    "hoặc người phụ trách cả địa bàn."
)
NOT_YOURS = "Việc này cần quyền {role}, và thuộc địa bàn anh/chị phụ trách."
CHANGED = "Người khác vừa sửa bản này. Anh/chị mở lại để xem bản mới nhất."
WRONG_STATE = "Bản sửa đang ở bước “{state}”, không làm việc này được."
SECOND_PERSON = "Người soạn không tự duyệt bản của mình. Nhờ người khác xem giúp."
NEEDS_NOTE = "Anh/chị ghi lý do trả lại để người soạn biết cần sửa gì."
NOTHING_NEW = "Bản sửa giống hệt nội dung đang dùng, không có gì để công bố."
NOTHING_THERE = "Không có gì để bỏ: thủ tục {code} không có ở địa bàn này."
NO_CONTENT = "Bản sửa chưa có nội dung."
OVERTAKEN = "Thủ tục {code} đã có bản công bố mới hơn bản anh/chị dựa vào. Anh/chị ghép hai bản lại rồi gửi duyệt."
NO_DATE = "Bản sửa chưa ghi ngày có hiệu lực."
STATES = {
    RevisionState.DRAFT: "đang soạn",
    RevisionState.REVIEW: "chờ duyệt",
    RevisionState.APPROVED: "đã duyệt",
    RevisionState.PUBLISHED: "đã công bố",
    RevisionState.RETURNED: "trả lại để sửa",
    RevisionState.WITHDRAWN: "đã thôi",
}
ROLES = {Role.EDITOR: "soạn thảo", Role.PUBLISHER: "duyệt và công bố", Role.ADMINISTRATOR: "quản trị"}

TOPIC = "approved"
"""News of changes that were approved, or are no longer, are announced under this name."""

UNFINISHED = (RevisionState.DRAFT, RevisionState.RETURNED)
UNPUBLISHED = (*UNFINISHED, RevisionState.REVIEW, RevisionState.APPROVED)
_MOVE = text(f"""
    UPDATE revision SET state = :state, note = coalesce(:note, note), reviewer = coalesce(:reviewer, reviewer),
        scheduled_by = :scheduled_by, reason = :reason, version = version + 1, updated_at = now()
    WHERE id = ANY(:ids) RETURNING {COLUMNS}
""")  # noqa: S608
_NOTE = text("""
    INSERT INTO audit (staff, act, object, detail)
    SELECT CAST(:staff AS bigint), :act, 'revision ' || id, jsonb_build_object('code', code, 'scope', scope)
        || jsonb_strip_nulls(jsonb_build_object('note', CAST(:note AS text)))
    FROM revision WHERE id = ANY(:ids) ORDER BY id
""")
_WROTE = text("""
    SELECT EXISTS (SELECT FROM audit WHERE object = ANY(:objects) AND staff = :staff
                   AND act IN ('revision.begin', 'revision.write', 'revision.merge'))
""")


def allow(clerk: Clerk | None, role: Role, scope: str, ground: Ground) -> None:
    """Raise ``Forbidden`` unless the clerk has the role and answers for the scope; None is the program itself."""
    if clerk is None:
        return
    if not clerk.may(role) or clerk.scope not in (scope, *ground.wider(scope)):
        raise Forbidden(NOT_YOURS.format(role=ROLES.get(role, role)))


def handles(clerk: Clerk, places: Gazetteer, revision: Revision) -> bool:
    """Say whether the clerk's agency answers for a change, by the agency of what it was made on; articles have none.

    What there was not yet is its author's, and whose agency it names. Of what was published either side counts.
    """
    if revision.subject is not Subject.PROCEDURE:
        return True
    base, record = revision.base, revision.record
    if revision.state is RevisionState.PUBLISHED:
        return answers_for(clerk, places, base, record)
    return (base is None and clerk.id == revision.author) or answers_for(clerk, places, base or record)


def allow_on(clerk: Clerk | None, role: Role, revision: Revision, ground: Ground) -> None:
    """Raise ``Forbidden`` unless the clerk has the role and answers for the change; None is the program itself."""
    allow(clerk, role, revision.scope, ground)
    if clerk and not handles(clerk, ground.places, revision):
        raise Forbidden(OTHER_AGENCY.format(code=revision.code))


async def submit(connection: AsyncConnection, ground: Ground, clerk: Clerk, revision: int, version: int) -> Revision:
    """Ask for a review; raise ``Impossible`` when the record is not valid or changes nothing."""
    return (await submit_all(connection, ground, clerk, {revision: version}))[0]


async def submit_all(
    connection: AsyncConnection, ground: Ground, clerk: Clerk, versions: Mapping[int, int]
) -> list[Revision]:
    """Ask for a review of some at once, by number and the version seen; return them in order. Raises as ``submit``."""
    found = await _opened(connection, ground, clerk, Role.EDITOR, versions, UNFINISHED)
    await _check(connection, ground, found)
    return await _move(connection, clerk, found, RevisionState.REVIEW, "revision.submit")


async def approve(
    connection: AsyncConnection, ground: Ground, clerk: Clerk, revision: int, version: int, note: str | None = None
) -> Revision:
    """Let a change through; raise ``Forbidden`` to whoever wrote any of it."""
    return (await approve_all(connection, ground, clerk, {revision: version}, note))[0]


async def approve_all(
    connection: AsyncConnection, ground: Ground, clerk: Clerk, versions: Mapping[int, int], note: str | None = None
) -> list[Revision]:
    """Let some through at once, by number and the version seen; return them in order. Raises as ``approve``."""
    found = await _opened(connection, ground, clerk, Role.PUBLISHER, versions, (RevisionState.REVIEW,))
    values = {"objects": [each.name for each in found], "staff": clerk.id}
    wrote = (await connection.execute(_WROTE, values)).scalar_one()
    if wrote or any(clerk.id == each.author for each in found):
        raise Forbidden(SECOND_PERSON)
    await _check(connection, ground, found)
    return await _move(connection, clerk, found, RevisionState.APPROVED, "revision.approve", note, reviewer=clerk.id)


async def send_back(
    connection: AsyncConnection, ground: Ground, clerk: Clerk, revision: int, version: int, note: str
) -> Revision:
    """Return a change to its author, saying why."""
    states = (RevisionState.REVIEW, RevisionState.APPROVED)
    found = await opened(connection, ground, clerk, Role.PUBLISHER, revision, version, states)
    if not note.strip():
        raise Impossible(NEEDS_NOTE)
    return (await _move(connection, clerk, [found], RevisionState.RETURNED, "revision.return", note.strip()))[0]


async def withdraw(connection: AsyncConnection, ground: Ground, clerk: Clerk, revision: int, version: int) -> Revision:
    """Let go of a change: its author may, and whoever may publish."""
    found = await opened(connection, ground, clerk, Role.EDITOR, revision, version, UNPUBLISHED)
    if clerk.id != found.author:
        allow(clerk, Role.PUBLISHER, found.scope, ground)
    return (await _move(connection, clerk, [found], RevisionState.WITHDRAWN, "revision.withdraw"))[0]


async def schedule(
    connection: AsyncConnection,
    ground: Ground,
    clerk: Clerk,
    revision: int,
    version: int,
    reason: str | None = None,
) -> Revision:
    """Have an approved change published when its effective date begins; ``reason`` lets it through the gate then."""
    found = await opened(connection, ground, clerk, Role.PUBLISHER, revision, version, (RevisionState.APPROVED,))
    if found.effective_on is None:
        raise Impossible(NO_DATE)
    if reason:
        allow(clerk, Role.ADMINISTRATOR, found.scope, ground)
    state, act = RevisionState.APPROVED, "revision.schedule"
    return (await _move(connection, clerk, [found], state, act, scheduled_by=clerk.id, reason=reason))[0]


async def unschedule(
    connection: AsyncConnection, ground: Ground, clerk: Clerk, revision: int, version: int
) -> Revision:
    """Take a change off the calendar; it stays approved."""
    found = await opened(connection, ground, clerk, Role.PUBLISHER, revision, version, (RevisionState.APPROVED,))
    return (await _move(connection, clerk, [found], RevisionState.APPROVED, "revision.unschedule"))[0]


def overtaken(ground: Ground, overlay: Overlay, revision: Revision) -> bool:
    """Say whether something else was published in the revision's place since its author began."""
    if revision.subject is not Subject.PROCEDURE:
        own = overlay.of(revision.subject).get(revision.scope, {}).get(revision.code)
        return (own.record if own else None) != revision.base
    return moved_on(ground.stands(overlay, revision.code, revision.scope), revision)


def moved_on(stands: Procedure | None, revision: Revision) -> bool:
    """Say whether what stands is not what the revision of a procedure was made on."""
    if plain(stands) == revision.base:
        return False
    return digest_of(stands) != digest_of(read_procedure(revision.base, revision.code))


async def opened(
    connection: AsyncConnection,
    ground: Ground,
    clerk: Clerk,
    role: Role,
    revision: int,
    version: int,
    states: tuple[RevisionState, ...],
) -> Revision:
    """Lock a revision for an act of this clerk; raise ``OfficeError`` when they may not, or it has moved on."""
    return (await _opened(connection, ground, clerk, role, {revision: version}, states))[0]


async def _opened(
    connection: AsyncConnection,
    ground: Ground,
    clerk: Clerk,
    role: Role,
    versions: Mapping[int, int],
    states: tuple[RevisionState, ...],
) -> list[Revision]:
    """Lock some as ``opened`` does one."""
    revisions = await get(connection, versions, lock=True)
    for found in revisions:
        allow_on(clerk, role, found, ground)
        if found.version != versions[found.id]:
            raise Outdated(CHANGED)
        if found.state not in states:
            raise Impossible(WRONG_STATE.format(state=STATES[found.state]))
    return revisions


async def _check(connection: AsyncConnection, ground: Ground, revisions: Sequence[Revision]) -> None:
    """Raise ``OfficeError`` unless publishing each now would change something, and nothing unseen."""
    overlays = await current_of(connection, [each.code for each in revisions])

    def check() -> None:
        for each in revisions:
            _checked(ground, overlays[each.code], each)

    await asyncio.to_thread(check)  # hundreds of records take a while to read


def _checked(ground: Ground, overlay: Overlay, revision: Revision) -> None:
    if overtaken(ground, overlay, revision):
        raise Outdated(OVERTAKEN.format(code=revision.code))
    if revision.effect is Effect.RECORD and revision.record is None:
        raise Impossible(NO_CONTENT)
    own = overlay.of(revision.subject).get(revision.scope, {}).get(revision.code)
    if revision.subject is not Subject.PROCEDURE:
        gone, same = own is None, own is not None and own.record == revision.record
    else:
        stands = ground.stands(overlay, revision.code, revision.scope)
        new = read_procedure(revision.record, revision.code) if revision.effect is Effect.RECORD else None
        gone, same = stands is None, new is not None and digest_of(stands) == digest_of(new)
    if (revision.effect is Effect.REMOVED and gone) or (revision.effect is Effect.BASE and own is None):
        raise Impossible(NOTHING_THERE.format(code=revision.code))
    if same:
        raise Impossible(NOTHING_NEW)


async def _move(
    connection: AsyncConnection,
    clerk: Clerk,
    revisions: Sequence[Revision],
    state: RevisionState,
    act: str,
    note: str | None = None,
    *,
    reviewer: int | None = None,
    scheduled_by: int | None = None,
    reason: str | None = None,
) -> list[Revision]:
    ids = [each.id for each in revisions]
    values = {
        "ids": ids, "state": state, "note": note, "reviewer": reviewer, "scheduled_by": scheduled_by, "reason": reason,
    }  # fmt: skip
    moved = sorted(map(of_row, (await connection.execute(_MOVE, values)).mappings()), key=lambda each: each.id)
    await connection.execute(_NOTE, {"ids": ids, "staff": clerk.id, "act": act, "note": note or None})
    if state is RevisionState.APPROVED or any(each.state is RevisionState.APPROVED for each in revisions):
        await connection.execute(ANNOUNCE, {"topic": TOPIC})
    return moved
