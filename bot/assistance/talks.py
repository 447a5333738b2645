"""What is said in a talk, kept as rows; and handing a talk to an officer, by the citizen's leave."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import enclosures
from bot.assistance.requests import COLUMNS, STAFF_LEVEL, Request, read
from bot.assistance.speech import HELD
from bot.assistance.tables import Side


@dataclass(frozen=True, slots=True)
class Said:
    """Something that was said in a talk."""

    side: Side
    body: str
    at: datetime


_TOUCH = text("""
    UPDATE help_request SET last_said_at = now(), nudged_at = NULL
    WHERE id = :id AND state = 'live' AND ended_at IS NULL RETURNING id
""")
_SAY = text("INSERT INTO talked (request, side, body) VALUES (:id, :side, :body)")
_RECENT = text("""
    SELECT body, at > now() - interval '1 minute' FROM talked
    WHERE request = :id AND side = :side AND at > now() - interval '10 minutes' ORDER BY id DESC LIMIT :limit
""")
_TALKED = text("SELECT side, body, at FROM talked WHERE request = :id AND at >= :since ORDER BY id")
_ASK_HANDOVER = text("""
    UPDATE help_request SET handover_asked_at = now() WHERE id = :id AND state = 'live' AND staff IS NULL
    AND handover_agreed_at IS NULL RETURNING id
""")
_REFUSE_HANDOVER = text("""
    UPDATE help_request SET handover_asked_at = NULL WHERE id = :id AND state = 'live' AND handover_asked_at IS NOT NULL
    RETURNING id
""")
_AGREE = text(f"""
    UPDATE help_request SET state = 'staff', handover_agreed_at = now(), helper_chat = NULL, level = {STAFF_LEVEL},
        nudged_at = NULL
    WHERE id = :id AND state = 'live' AND handover_asked_at IS NOT NULL AND staff IS NULL RETURNING {COLUMNS}
""")  # noqa: S608
_MINUTES = text("""
    SELECT CAST(EXTRACT(EPOCH FROM coalesce(last_said_at, now()) - taken_at) / 60 AS integer)
    FROM help_request WHERE id = :id
""")
_RECENT_MOST = 40


async def touch(connection: AsyncConnection, number: int) -> bool:
    """Note that something is said now; False when the talk is over."""
    return (await connection.execute(_TOUCH, {"id": number})).first() is not None


async def say(connection: AsyncConnection, number: int, side: Side, body: str) -> None:
    """Keep what was said."""
    await connection.execute(_SAY, {"id": number, "side": side, "body": body})


async def recent(connection: AsyncConnection, number: int, side: Side) -> tuple[list[str], int]:
    """Return what one side said within ten minutes, oldest first, and how many messages of it within one minute.

    Messages that were held count among those of a minute only.
    """
    found = (await connection.execute(_RECENT, {"id": number, "side": side, "limit": _RECENT_MOST})).all()
    return [body for body, _ in reversed(found) if body != HELD], sum(bool(lately) for _, lately in found)


async def talked(connection: AsyncConnection, number: int, since: datetime) -> list[Said]:
    """Return what was said in a talk from a moment on, oldest first."""
    rows = await connection.execute(_TALKED, {"id": number, "since": since})
    return [Said(Side(side), body, at) for side, body, at in rows]


async def minutes(connection: AsyncConnection, number: int) -> int:
    """Return how long whoever has a request has talked."""
    return int((await connection.execute(_MINUTES, {"id": number})).scalar_one() or 0)


async def ask_handover(connection: AsyncConnection, number: int) -> bool:
    """Note that the volunteer would like an officer to go on."""
    return (await connection.execute(_ASK_HANDOVER, {"id": number})).first() is not None


async def refuse_handover(connection: AsyncConnection, number: int) -> bool:
    """Note that the citizen does not want that."""
    return (await connection.execute(_REFUSE_HANDOVER, {"id": number})).first() is not None


async def agree_handover(connection: AsyncConnection, number: int) -> Request | None:
    """Let a talk wait for an officer, who may then read it; None when nobody asked for that or it is over."""
    found = read((await connection.execute(_AGREE, {"id": number})).all())
    if not found:
        return None
    await enclosures.forget(connection, number)
    return found[0]
