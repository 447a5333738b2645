"""Citizens who asked for a person and whom no volunteer took: they wait for somebody of the office."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance.requests import STAFF_LEVEL
from bot.office.questions import Scopes

_COUNT = text(f"""
    SELECT count(*) FROM help_request
    WHERE ended_at IS NULL AND (state = 'staff' OR (state = 'waiting' AND level >= {STAFF_LEVEL}))
      AND (CAST(:scopes AS text[]) IS NULL OR commune = ANY(:scopes))
""")  # noqa: S608


async def waiting_count(connection: AsyncConnection, scopes: Scopes) -> int:
    """Return how many citizens of these communes (None: of all) wait for an officer."""
    return int((await connection.execute(_COUNT, {"scopes": scopes and list(scopes)})).scalar_one())
