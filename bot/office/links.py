"""Links that sign in once. They come by Telegram or from the command line and are good for ten minutes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.office import csrf
from bot.office.sessions import CLERK, clerk, digest
from bot.office.staff import Clerk

LIFE = timedelta(minutes=10)
ENROL_LIFE = timedelta(days=1)
PATH = "/canbo/vao/"


class Purpose(StrEnum):
    """``sign_in``: asked for by somebody who has a way to be reached; ``enrol``: made by an administrator."""

    SIGN_IN = "sign_in"
    ENROL = "enrol"


@dataclass(frozen=True, slots=True)
class Used:
    """A link that was just used."""

    clerk: Clerk
    purpose: Purpose


_NEW = text("""
    INSERT INTO login_link (digest, staff, purpose, browser, expires_at)
    VALUES (:digest, :staff, :purpose, :browser, now() + :life)
""")
_SWEEP = text("DELETE FROM login_link WHERE expires_at < now() - interval '1 day'")
_VOID = text("UPDATE login_link SET used_at = now() WHERE staff = :staff AND used_at IS NULL")
_OPEN = """
    login_link.digest = :digest AND used_at IS NULL AND expires_at > now() AND (browser IS NULL OR browser = :browser)
    AND staff.id = login_link.staff AND NOT staff.disabled
"""
_USE = text(f"UPDATE login_link SET used_at = now() FROM staff WHERE {_OPEN} RETURNING {CLERK}, purpose")  # noqa: S608
_PEEK = text(f"SELECT {CLERK}, purpose FROM login_link, staff WHERE {_OPEN}")  # noqa: S608
_RECENT = text("""
    SELECT count(*) FROM login_link WHERE staff = :staff AND created_at > now() - :life AND purpose = 'sign_in'
""")


async def make(
    connection: AsyncConnection, staff: int, purpose: Purpose = Purpose.SIGN_IN, browser: str | None = None
) -> str:
    """Make a link and return its token; ``browser`` is the secret of the one browser that may use it, if any."""
    token = csrf.fresh()
    await connection.execute(_SWEEP)
    values = {
        "digest": digest(token),
        "staff": staff,
        "purpose": purpose.value,
        "browser": digest(browser) if browser else None,
        "life": ENROL_LIFE if purpose is Purpose.ENROL else LIFE,
    }
    await connection.execute(_NEW, values)
    return token


async def recent(connection: AsyncConnection, staff: int) -> int:
    """Return how many links somebody asked for in the last ten minutes."""
    return int((await connection.execute(_RECENT, {"staff": staff, "life": LIFE})).scalar_one())


async def void(connection: AsyncConnection, staff: int) -> None:
    """Make all links of somebody useless."""
    await connection.execute(_VOID, {"staff": staff})


async def peek(connection: AsyncConnection, token: str, browser: str | None) -> Used | None:
    """Say whom a link would sign in, without using it."""
    return _read((await connection.execute(_PEEK, _key(token, browser))).first())


async def use(connection: AsyncConnection, token: str, browser: str | None) -> Used | None:
    """Use a link up; None when it was used, is too old, is bound to another browser, or never was."""
    return _read((await connection.execute(_USE, _key(token, browser))).first())


def _key(token: str, browser: str | None) -> dict[str, str]:
    return {"digest": digest(token), "browser": digest(browser) if browser else ""}


def _read(row: Row[Any] | None) -> Used | None:
    if row is None:
        return None
    return Used(clerk(row[:-1]), Purpose(row[-1]))
