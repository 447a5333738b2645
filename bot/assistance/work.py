"""What volunteers brought to an end: one row each, for tables and certificates; no row names a resident."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance.members import Helper

_NOTE = text("""
    INSERT INTO work (day, volunteer, team, commune, kind, procedure, outcome, online, minutes)
    VALUES ((now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, :volunteer, :team, :commune, :kind, :procedure, :outcome,
            :online, :minutes)
""")


async def note(
    connection: AsyncConnection,
    helper: Helper,
    kind: str,
    procedure: str | None,
    outcome: str,
    online: bool | None,
    minutes: int,
) -> None:
    """Count one thing on this day of Vietnam, for the helper and the team and commune they have now.

    ``kind``: "sitting" or "talk". ``procedure``: a code, None when it never became clear. ``online``: filed by the
    portal; None when nothing was filed. ``minutes`` it took; less than none counts as none.
    """
    values = {
        "volunteer": helper.id,
        "team": helper.team,
        "commune": helper.commune,
        "kind": kind,
        "procedure": procedure,
        "outcome": outcome,
        "online": online,
        "minutes": max(minutes, 0),
    }
    await connection.execute(_NOTE, values)
