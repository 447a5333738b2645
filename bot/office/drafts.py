"""What one person writes: a change begun on what stands, written further, and joined with what came in between."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Forbidden, Impossible, Outdated
from bot.office import audit
from bot.office.agency import answers_for
from bot.office.review import OTHER_AGENCY, OVERTAKEN, UNFINISHED, UNPUBLISHED, allow, opened
from bot.office.revisions import COLUMNS, Revision, of_row
from bot.office.staff import Clerk
from bot.office.standing import Ground, Overlay, current, plain
from bot.office.tables import Effect, Role, Subject
from knowledge.catalogue import digest_of

NO_SUCH_PLACE = "Không có địa bàn mang mã “{scope}”."

_BEGIN = text(f"""
    INSERT INTO revision (subject, code, scope, effect, record, base, base_digest, note, decision_number, decision_date,
                          effective_on, author)
    VALUES (:subject, :code, :scope, :effect, CAST(:record AS jsonb), CAST(:base AS jsonb), :base_digest, :note,
            :decision_number, :decision_date, :effective_on, :author)
    RETURNING {COLUMNS}
""")  # noqa: S608
_WRITE = text(f"""
    UPDATE revision SET effect = :effect, record = CAST(:record AS jsonb), note = :note,
        decision_number = :decision_number, decision_date = :decision_date, effective_on = :effective_on,
        state = 'draft', reviewer = NULL, version = version + 1, updated_at = now()
    WHERE id = :id RETURNING {COLUMNS}
""")  # noqa: S608
_REBASE = text("UPDATE revision SET base = CAST(:base AS jsonb), base_digest = :base_digest WHERE id = :id")


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody wants to change.

    A draft may hold a record that is not valid yet; what is to be reviewed may not.
    """

    code: str
    scope: str = ""
    record: Mapping[str, Any] | None = None
    effect: Effect = Effect.RECORD
    subject: Subject = Subject.PROCEDURE
    note: str | None = None
    decision_number: str | None = None
    decision_date: date | None = None
    effective_on: date | None = None


async def begin(connection: AsyncConnection, ground: Ground, clerk: Clerk, proposal: Proposal) -> Revision:
    """Start a draft on what stands now."""
    if not ground.knows(proposal.scope):
        raise Impossible(NO_SUCH_PLACE.format(scope=proposal.scope))
    allow(clerk, Role.EDITOR, proposal.scope, ground)
    overlay = await current(connection, proposal.code)
    if proposal.subject is Subject.PROCEDURE:
        stands = plain(ground.stands(overlay, proposal.code, proposal.scope))
        if not answers_for(clerk, ground.places, stands or proposal.record):
            raise Forbidden(OTHER_AGENCY.format(code=proposal.code))
    values = _written(proposal) | _based(ground, overlay, proposal.subject, proposal.code, proposal.scope)
    where = {"subject": proposal.subject, "code": proposal.code, "scope": proposal.scope, "author": clerk.id}
    begun = of_row((await connection.execute(_BEGIN, values | where)).mappings().one())
    await audit.record(connection, clerk.id, "revision.begin", begun.name, code=begun.code, scope=begun.scope)
    return begun


async def write(
    connection: AsyncConnection, ground: Ground, clerk: Clerk, revision: int, version: int, proposal: Proposal
) -> Revision:
    """Put what is proposed in the place of a draft or of what was returned; code and scope stay as they are."""
    found = await opened(connection, ground, clerk, Role.EDITOR, revision, version, UNFINISHED)
    written = _written(proposal)
    written_now = of_row((await connection.execute(_WRITE, written | {"id": found.id})).mappings().one())
    await audit.record(connection, clerk.id, "revision.write", found.name, version=written_now.version)
    return written_now


async def accept_merge(
    connection: AsyncConnection,
    ground: Ground,
    clerk: Clerk,
    revision: int,
    version: int,
    record: Mapping[str, Any],
    onto: str,
) -> Revision:
    """Put a joined record in the place of a change: a draft again, now made on what stands today.

    Raises ``Outdated`` when that is no longer what the change was joined with.
    """
    found = await opened(connection, ground, clerk, Role.EDITOR, revision, version, UNPUBLISHED)
    overlay = await current(connection, found.code)
    if digest_of(ground.stands(overlay, found.code, found.scope)) != onto:
        raise Outdated(OVERTAKEN.format(code=found.code))
    based = _based(ground, overlay, found.subject, found.code, found.scope)
    await connection.execute(_REBASE, based | {"id": found.id})
    proposal = Proposal(
        found.code, found.scope, record, found.effect, found.subject, found.note, found.decision_number,
        found.decision_date, found.effective_on,
    )  # fmt: skip
    written = of_row((await connection.execute(_WRITE, _written(proposal) | {"id": found.id})).mappings().one())
    await audit.record(connection, clerk.id, "revision.merge", found.name, version=written.version)
    return written


def _written(proposal: Proposal) -> dict[str, Any]:
    record = proposal.record if proposal.effect is Effect.RECORD else None
    return {
        "effect": proposal.effect,
        "record": _json(record),
        "note": proposal.note,
        "decision_number": proposal.decision_number,
        "decision_date": proposal.decision_date,
        "effective_on": proposal.effective_on,
    }


def _based(ground: Ground, overlay: Overlay, subject: Subject, code: str, scope: str) -> dict[str, Any]:
    """Return what a change of the record of ``code`` in ``scope`` would be made on."""
    if subject is not Subject.PROCEDURE:
        own = overlay.of(subject).get(scope, {}).get(code)
        base = own.record if own else None
        return {"base": _json(base), "base_digest": ""}
    base = plain(ground.stands(overlay, code, scope))
    return {"base": _json(base), "base_digest": digest_of(ground.below(overlay, code, scope))}


def _json(record: Mapping[str, Any] | None) -> str | None:
    return None if record is None else json.dumps(_kept(record), ensure_ascii=False)


def _kept(value: Any) -> Any:
    """Return a value without what a database cannot keep in texts: zero bytes and halves of characters."""
    if isinstance(value, str):
        return value.replace("\0", "").encode("utf-8", "ignore").decode()
    if isinstance(value, Mapping):
        return {_kept(key): _kept(each) for key, each in value.items()}
    return [_kept(each) for each in value] if isinstance(value, list | tuple) else value
