"""One change of one record as it is kept: from draft to published."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pydantic import ValidationError
from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible
from bot.office.tables import Effect, RevisionState, Subject
from knowledge.procedure import Procedure

UNKNOWN = "Không có bản sửa số {id}."
BAD_RECORD = "Nội dung chưa đúng ở mục {where}: {why}"
OTHER_CODE = "Mã trong nội dung ({found}) không phải mã của bản sửa ({code})."

COLUMNS = (
    "id, subject, code, scope, effect, record, base, base_digest, state, note, decision_number, decision_date, "
    "effective_on, author, reviewer, scheduled_by, reason, version, created_at, updated_at, release"
)
_GET = text(f"SELECT {COLUMNS} FROM revision WHERE id = ANY(:ids) ORDER BY id")  # noqa: S608
_LOCK = text(f"SELECT {COLUMNS} FROM revision WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")  # noqa: S608
_FIND = text(f"""
    SELECT {COLUMNS} FROM revision
    WHERE (CAST(:states AS text[]) IS NULL OR state = ANY(:states))
      AND (CAST(:code AS text) IS NULL OR code = :code)
      AND (CAST(:scopes AS text[]) IS NULL OR scope = ANY(:scopes))
      AND (CAST(:release AS bigint) IS NULL OR release = :release)
    ORDER BY updated_at DESC, id DESC LIMIT :limit
""")  # noqa: S608


@dataclass(frozen=True, slots=True)
class Revision:
    """A row of the table of revisions; see ``bot.office.tables``."""

    id: int
    subject: Subject
    code: str
    scope: str
    effect: Effect
    record: Mapping[str, Any] | None
    base: Mapping[str, Any] | None
    base_digest: str | None
    state: RevisionState
    note: str | None
    decision_number: str | None
    decision_date: date | None
    effective_on: date | None
    author: int | None
    reviewer: int | None
    scheduled_by: int | None
    reason: str | None
    version: int
    created_at: datetime
    updated_at: datetime
    release: int | None

    @property
    def name(self) -> str:
        """How the audit trail calls it."""
        return f"revision {self.id}"


def of_row(row: RowMapping) -> Revision:
    """Return the revision of a row that has all columns."""
    enums = {"subject": Subject(row["subject"]), "effect": Effect(row["effect"]), "state": RevisionState(row["state"])}
    return Revision(**{**row, **enums})


async def get(connection: AsyncConnection, ids: Iterable[int], *, lock: bool = False) -> list[Revision]:
    """Return the revisions of these numbers in order, locked for this transaction if wanted.

    Raises ``Impossible`` when there is none of some number.
    """
    wanted = set(ids)
    rows = await connection.execute(_LOCK if lock else _GET, {"ids": sorted(wanted)})
    found = [of_row(row) for row in rows.mappings()]
    for missing in sorted(wanted - {each.id for each in found}):
        raise Impossible(UNKNOWN.format(id=missing))
    return found


async def find(
    connection: AsyncConnection,
    states: Iterable[RevisionState] | None = None,
    *,
    code: str | None = None,
    scopes: Iterable[str] | None = None,
    release: int | None = None,
    limit: int = 200,
) -> list[Revision]:
    """Return the revisions that fit, those touched last first; None: whatever it is."""
    values = {
        "states": None if states is None else [str(state) for state in states],
        "code": code,
        "scopes": None if scopes is None else list(scopes),
        "release": release,
        "limit": limit,
    }
    return [of_row(row) for row in (await connection.execute(_FIND, values)).mappings()]


def read_procedure(record: Mapping[str, Any] | None, code: str) -> Procedure | None:
    """Return the procedure a revision of ``code`` holds; raise ``Impossible`` naming the first field that is wrong."""
    if record is None:
        return None
    try:
        procedure = Procedure.model_validate_json(json.dumps(record))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "?"
        raise Impossible(BAD_RECORD.format(where=where, why=first["msg"])) from error
    if procedure.code != code:
        raise Impossible(OTHER_CODE.format(found=procedure.code, code=code))
    return procedure
