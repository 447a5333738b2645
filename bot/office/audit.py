"""What was done and by whom. Rows are only ever added; triggers of the database refuse everything else."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from knowledge.calendar import VIETNAM

MOST_ROWS = 50_000
"""The most rows one export holds."""

_ADD = text("INSERT INTO audit (staff, act, object, detail) VALUES (:staff, :act, :object, CAST(:detail AS jsonb))")
_FIND = text("""
    SELECT audit.id, audit.at, audit.staff, coalesce(staff.name, '') AS name, audit.act, audit.object, audit.detail
    FROM audit LEFT JOIN staff ON staff.id = audit.staff
    WHERE (CAST(:before AS bigint) IS NULL OR audit.id < :before)
      AND (CAST(:from AS timestamptz) IS NULL OR audit.at >= :from)
      AND (CAST(:until AS timestamptz) IS NULL OR audit.at < :until)
      AND (CAST(:scopes AS text[]) IS NULL OR staff.scope = ANY(:scopes))
      AND (:words = '' OR strpos(lower(concat_ws(' ', staff.name, audit.act, audit.object, audit.detail::text)),
                                 lower(:words)) > 0
           OR audit.act = ANY(:acts))
    ORDER BY audit.id DESC LIMIT :limit
""")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing done; ``name`` is empty when the program or its command line did it."""

    id: int
    at: datetime
    staff: int | None
    name: str
    act: str
    object: str
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for: words anywhere, or acts by their name; days of Vietnam, both included.

    ``scopes``: only what staff of these scopes did; None: what anybody did. ``before``: only entries older than that.
    """

    words: str = ""
    acts: Sequence[str] = ()
    first: date | None = None
    last: date | None = None
    scopes: Sequence[str] | None = None
    before: int | None = None


async def record(connection: AsyncConnection, staff: int | None, act: str, subject: str = "", **detail: Any) -> None:
    """Note in the current transaction that ``staff`` did ``act`` ("account.disable") to ``subject`` ("staff 12").

    ``detail`` is what a reader needs to understand it: never a password, a code, a token or a citizen's data.
    """
    values = {"staff": staff, "act": act, "object": subject, "detail": json.dumps(detail, ensure_ascii=False)}
    await connection.execute(_ADD, values)


async def find(connection: AsyncConnection, search: Search, limit: int) -> list[Entry]:
    """Return the newest entries that fit, newest first."""
    values = {
        "before": search.before,
        "from": _midnight(search.first),
        "until": _midnight(search.last, days=1),
        "scopes": list(search.scopes) if search.scopes is not None else None,
        "words": search.words.strip(),
        "acts": list(search.acts),
        "limit": min(limit, MOST_ROWS),
    }
    return [Entry(*row) for row in await connection.execute(_FIND, values)]


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    """Return when a day begins in Vietnam, some days later."""
    if day is None:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=VIETNAM) + timedelta(days=days)
