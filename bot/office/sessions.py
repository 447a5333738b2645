"""Browsers that are signed in. Only a digest of what the browser holds is kept: the table opens no door."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.office import csrf
from bot.office.staff import Clerk
from bot.office.tables import Role

IDLE = timedelta(hours=1)
LONGEST = timedelta(hours=12)

CLERK = """
    staff.id, staff.name, staff.role, staff.scope, staff.login, staff.telegram, staff.agency, staff.disabled,
    staff.password_hash IS NOT NULL AND staff.totp_secret IS NOT NULL
"""
"""The columns ``clerk`` reads, in its order."""

_NEW = text("""
    INSERT INTO staff_session (digest, staff, csrf, expires_at, address_hash)
    VALUES (:digest, :staff, :csrf, now() + :longest, :address)
""")
_READ = text(f"""
    SELECT {CLERK}, staff_session.csrf, staff_session.created_at
    FROM staff_session JOIN staff ON staff.id = staff_session.staff
    WHERE digest = :digest AND NOT staff.disabled AND expires_at > now() AND last_seen > now() - :idle
""")  # noqa: S608
_SEEN = text("""
    UPDATE staff_session SET last_seen = now() WHERE digest = :digest AND last_seen < now() - interval '1 minute'
""")
_OF = text("""
    SELECT digest, created_at, last_seen, expires_at, address_hash FROM staff_session
    WHERE staff = :staff AND expires_at > now() AND last_seen > now() - :idle ORDER BY last_seen DESC
""")
_CLOSE = text("DELETE FROM staff_session WHERE digest = :digest")
_CLOSE_OF = text("DELETE FROM staff_session WHERE digest = :digest AND staff = :staff")
_CLOSE_ALL = text("DELETE FROM staff_session WHERE staff = :staff AND digest <> :kept")
_SWEEP = text("DELETE FROM staff_session WHERE expires_at < now() OR last_seen < now() - :idle")


@dataclass(frozen=True, slots=True)
class Session:
    """A browser that is signed in, and who sits at it."""

    digest: str
    clerk: Clerk
    csrf: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Seat:
    """A session as its owner sees it in the list of theirs."""

    digest: str
    created_at: datetime
    last_seen: datetime
    expires_at: datetime
    address: str | None


def clerk(row: Sequence[Any]) -> Clerk:
    """Read the columns ``CLERK``."""
    number, name, role, scope, login, telegram, agency, disabled, armed = row
    return Clerk(
        id=number,
        name=name,
        role=Role(role),
        scope=scope,
        login=login,
        telegram=telegram,
        agency=agency,
        disabled=disabled,
        armed=armed,
    )


def digest(token: str) -> str:
    """Return what is kept of a token; it has 256 random bits, so a plain hash of it tells nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


async def begin(connection: AsyncConnection, staff: int, address: str) -> str:
    """Sign a browser in and return its new token; ``address`` is the sealed network address."""
    token = csrf.fresh()
    await connection.execute(_SWEEP, {"idle": IDLE})
    values = {"digest": digest(token), "staff": staff, "csrf": csrf.fresh(), "longest": LONGEST, "address": address}
    await connection.execute(_NEW, values)
    return token


async def read(connection: AsyncConnection, token: str) -> Session | None:
    """Return the session of a token, and note that it is in use; None when it is over or never was."""
    key = digest(token)
    row = (await connection.execute(_READ, {"digest": key, "idle": IDLE})).first()
    if row is None:
        return None
    await connection.execute(_SEEN, {"digest": key})
    *columns, secret, created = row
    return Session(key, clerk(columns), secret, created)


async def of(connection: AsyncConnection, staff: int) -> list[Seat]:
    """Return where somebody is signed in, last used first."""
    return [Seat(*row) for row in await connection.execute(_OF, {"staff": staff, "idle": IDLE})]


async def close(connection: AsyncConnection, key: str) -> None:
    """Sign one browser out."""
    await connection.execute(_CLOSE, {"digest": key})


async def close_of(connection: AsyncConnection, staff: int, key: str) -> bool:
    """Sign one of somebody's own browsers out; False when it is not theirs."""
    return bool((await connection.execute(_CLOSE_OF, {"digest": key, "staff": staff})).rowcount)


async def close_all(connection: AsyncConnection, staff: int, kept: str = "") -> int:
    """Sign all of somebody's browsers out, but for the one whose digest is ``kept``; return how many."""
    return (await connection.execute(_CLOSE_ALL, {"staff": staff, "kept": kept})).rowcount
