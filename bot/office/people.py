"""Members of staff by number, for pages that say who did what, and by the chat they write from."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.office.sessions import CLERK, clerk
from bot.office.staff import Clerk

PROGRAM = "chương trình"
_TELEGRAM = "telegram"
_NAMES = text("SELECT id, name FROM staff WHERE id = ANY(:ids)")
_OF_CHAT = text(f"SELECT {CLERK} FROM staff WHERE telegram = :address AND NOT disabled")  # noqa: S608
_WROTE = text("""
    SELECT staff FROM audit WHERE object = :object AND act IN ('revision.begin', 'revision.write', 'revision.merge')
    ORDER BY id DESC LIMIT 1
""")

_HAS_WRITTEN = text("""
    SELECT EXISTS (SELECT FROM audit WHERE object = :object AND staff = :staff
                   AND act IN ('revision.begin', 'revision.write', 'revision.merge'))
""")


async def names(connection: AsyncConnection, numbers: Iterable[int | None]) -> dict[int | None, str]:
    """Return the names of these members of staff; None stands for the program itself."""
    wanted = sorted({number for number in numbers if number is not None})
    rows = await connection.execute(_NAMES, {"ids": wanted})
    return {None: PROGRAM} | {row.id: row.name for row in rows}


async def last_writer(connection: AsyncConnection, subject: str) -> int | None:
    """Return who wrote last in what the audit trail calls ``subject``."""
    found = (await connection.execute(_WROTE, {"object": subject})).scalar_one_or_none()
    return None if found is None else int(found)


async def wrote(connection: AsyncConnection, subject: str, staff: int) -> bool:
    """Say whether a member of staff wrote any of what the audit trail calls ``subject``."""
    return bool((await connection.execute(_HAS_WRITTEN, {"object": subject, "staff": staff})).scalar_one())


async def member(connection: AsyncConnection, channel: str, address: str) -> Clerk | None:
    """Return the member of staff whose own chat this is, None when it is nobody's of the office."""
    if channel != _TELEGRAM:
        return None
    found = (await connection.execute(_OF_CHAT, {"address": address})).first()
    return clerk(found) if found else None
