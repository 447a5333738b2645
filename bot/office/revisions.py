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
_NAMED = """CASE WHEN {0} IS NOT NULL
    THEN jsonb_strip_nulls(jsonb_build_object('name', {0} -> 'name', 'agency', {0} -> 'agency')) END AS {0}"""
BRIEF = COLUMNS.replace("record, base,", f"{_NAMED.format('record')}, {_NAMED.format('base')},")
"""Columns of revisions of whose records only name and agency are wanted: thousands of them are little to read."""

_GET = text(f"SELECT {COLUMNS} FROM revision WHERE id = ANY(:ids) ORDER BY id")  # noqa: S608
_BRIEFLY = text(f"SELECT {BRIEF} FROM revision WHERE id = ANY(:ids) ORDER BY id")  # noqa: S608
_LOCK = text(f"SELECT {COLUMNS} FROM revision WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")  # noqa: S608
_FIND = """
    SELECT {columns} FROM revision
    WHERE (CAST(:states AS text[]) IS NULL OR state = ANY(:states))
      AND (CAST(:subject AS text) IS NULL OR subject = :subject)
      AND (CAST(:code AS text) IS NULL OR code = :code)
      AND (CAST(:scopes AS text[]) IS NULL OR scope = ANY(:scopes))
      AND (CAST(:release AS bigint) IS NULL OR release = :release)
    ORDER BY updated_at DESC, id DESC LIMIT :limit
"""
_FIND_ALL, _FIND_BRIEFLY = (text(_FIND.format(columns=columns)) for columns in (COLUMNS, BRIEF))


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


async def get(
    connection: AsyncConnection, ids: Iterable[int], *, lock: bool = False, brief: bool = False
) -> list[Revision]:
    """Return the revisions of these numbers in order, locked for this transaction if wanted.

    ``brief``: their records hold name and agency only. Raises ``Impossible`` when there is none of some number.
    """
    wanted = set(ids)
    statement = _LOCK if lock else _BRIEFLY if brief else _GET
    rows = await connection.execute(statement, {"ids": sorted(wanted)})
    found = [of_row(row) for row in rows.mappings()]
    for missing in sorted(wanted - {each.id for each in found}):
        raise Impossible(UNKNOWN.format(id=missing))
    return found


async def find(
    connection: AsyncConnection,
    states: Iterable[RevisionState] | None = None,
    *,
    subject: Subject | None = None,
    code: str | None = None,
    scopes: Iterable[str] | None = None,
    release: int | None = None,
    limit: int = 200,
    brief: bool = False,
) -> list[Revision]:
    """Return the revisions that fit, those touched last first; None: whatever it is.

    ``brief``: their records hold name and agency only.
    """
    values = {
        "states": None if states is None else [str(state) for state in states],
        "subject": subject,
        "code": code,
        "scopes": None if scopes is None else list(scopes),
        "release": release,
        "limit": limit,
    }
    rows = await connection.execute(_FIND_BRIEFLY if brief else _FIND_ALL, values)
    return [of_row(row) for row in rows.mappings()]


def read_procedure(record: Mapping[str, Any] | None, code: str) -> Procedure | None:
    """Return the procedure a revision of ``code`` holds; raise ``Impossible`` naming the first field that is wrong."""
    return None if record is None else parsed(json.dumps(record), code)


def parsed(record: str, code: str) -> Procedure:
    """Return the procedure of ``code`` that is written here as JSON; see ``read_procedure``."""
    try:
        procedure = Procedure.model_validate_json(record)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "?"
        raise Impossible(BAD_RECORD.format(where=where, why=first["msg"])) from error
    if procedure.code != code:
        raise Impossible(OTHER_CODE.format(found=procedure.code, code=code))
    return procedure
