"""Invitations into a team: links that so many people may use, for so many days. Of a token only its digest is kept."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible

PREFIX = "v_"
MOST_USES = 200
MOST_DAYS = 90
MOST_OPEN = 50
BAD_USES = f"Số người phải từ 1 đến {MOST_USES}."
BAD_DAYS = f"Số ngày phải từ 1 đến {MOST_DAYS}."
TOO_MANY = "Đội đang có nhiều lời mời chưa dùng hết. Xin thu hồi bớt rồi mời tiếp."
CLOSED = "Đội này đã giải thể, không mời thêm được."

_DIGITS = 24
_NEW = text("""
    INSERT INTO invitation (digest, team, leader, uses_left, staff, volunteer, expires_at)
    VALUES (:digest, :team, :leader, :uses, :staff, :volunteer, now() + make_interval(days => :days))
""")
_LOCK = text("SELECT id FROM team WHERE id = :team AND closed_at IS NULL FOR UPDATE")
_COUNT = text("SELECT count(*) FROM invitation WHERE team = :team AND uses_left > 0 AND expires_at > now()")
_COLUMNS = """
    digest, invitation.team, team.name, team.commune, invitation.leader, uses_left, expires_at,
    uses_left > 0 AND expires_at > now(), expires_at > now(), team.closed_at IS NOT NULL
    FROM invitation JOIN team ON team.id = invitation.team
"""
_PEEK = text(f"SELECT {_COLUMNS} WHERE digest = :digest")
_OPEN = text(f"""
    SELECT {_COLUMNS} WHERE invitation.team = :team AND uses_left > 0 AND expires_at > now()
    ORDER BY invitation.created_at DESC, digest
""")
_USE = text("""
    UPDATE invitation SET uses_left = uses_left - 1
    WHERE digest = :digest AND uses_left > 0 AND expires_at > now() RETURNING team
""")
_VOID = text("""
    UPDATE invitation SET uses_left = 0, expires_at = now() WHERE volunteer = :volunteer AND expires_at > now()
""")
_REVOKE = text("""
    UPDATE invitation SET uses_left = 0, expires_at = now()
    WHERE team = :team AND left(digest, :digits) = :handle AND uses_left > 0 AND expires_at > now() RETURNING digest
""")


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation; ``commune`` is the code of the team's. ``open``: somebody may use it now, the team existing.

    ``current``: its time is not over. ``closed``: there is no such team any more.
    """

    digest: str
    team: int
    team_name: str
    commune: str
    leader: bool
    uses_left: int
    expires_at: datetime
    open: bool
    current: bool
    closed: bool

    @property
    def handle(self) -> str:
        """What names it in a button or a form, where the whole digest is too long."""
        return self.digest[:_DIGITS]


@dataclass(frozen=True, slots=True)
class Terms:
    """How many people may use an invitation, for how many days, and whether they become leaders."""

    uses: int = 1
    days: int = 7
    leader: bool = False


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def handle(token: str) -> str:
    """Return what names the invitation of a token in a button."""
    return digest(token)[:_DIGITS]


async def make(
    connection: AsyncConnection, team: int, terms: Terms, *, staff: int | None = None, volunteer: int | None = None
) -> str:
    """Make an invitation and return its token, which nobody will see again; raise ``Impossible`` for bad terms."""
    if not 1 <= terms.uses <= MOST_USES:
        raise Impossible(BAD_USES)
    if not 1 <= terms.days <= MOST_DAYS:
        raise Impossible(BAD_DAYS)
    if (await connection.execute(_LOCK, {"team": team})).first() is None:
        raise Impossible(CLOSED)
    if int((await connection.execute(_COUNT, {"team": team})).scalar_one()) >= MOST_OPEN:
        raise Impossible(TOO_MANY)
    token = secrets.token_urlsafe(16)
    by = {"staff": staff, "volunteer": volunteer}
    values = {"digest": digest(token), "team": team, "leader": terms.leader, "uses": terms.uses, "days": terms.days}
    await connection.execute(_NEW, values | by)
    return token


async def peek(connection: AsyncConnection, digest: str) -> Invitation | None:
    """Return the invitation of a digest without using it; None when there never was one, or it is long over."""
    row = (await connection.execute(_PEEK, {"digest": digest})).first()
    return Invitation(*row) if row else None


async def use(connection: AsyncConnection, digest: str) -> bool:
    """Take one use; False when none is left. Of two at once who want the last one, one gets it."""
    return (await connection.execute(_USE, {"digest": digest})).first() is not None


async def open_of(connection: AsyncConnection, team: int) -> list[Invitation]:
    """Return the invitations of a team that can be used, newest first."""
    return [Invitation(*row) for row in await connection.execute(_OPEN, {"team": team})]


async def void(connection: AsyncConnection, volunteer: int) -> None:
    """Make useless what somebody made who is no leader any more."""
    await connection.execute(_VOID, {"volunteer": volunteer})


async def revoke(connection: AsyncConnection, team: int, handle: str) -> bool:
    """Make an invitation of that team useless; False when it was already."""
    values = {"team": team, "handle": handle, "digits": _DIGITS}
    return (await connection.execute(_REVOKE, values)).first() is not None
