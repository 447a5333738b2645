"""Who volunteers: which chat is whose, in which team; joining, resting by one's own wish or by that of staff, going."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import invitations
from bot.assistance.invitations import Invitation
from bot.assistance.pressing import button
from bot.assistance.tables import Membership
from bot.dialogue.turn import Button

START_DUTY, END_DUTY, TEAM, GO_ON = "Bắt đầu trực", "Nghỉ trực", "Đội của tôi", "Hoạt động lại"
SUSPENDED = (
    "Cán bộ đang cho anh/chị tạm nghỉ nên việc này chưa làm được. Cần hỏi lại, anh/chị gặp bộ phận Một cửa; khi được "
    "giúp tiếp, tôi báo anh/chị."
)
BELONGING = "('active', 'paused', 'suspended')"
"""The states of those who belong to a team, for statements."""

_HELPER = """
    volunteer.id, volunteer.name, volunteer.team, team.commune, volunteer.leader, volunteer.state,
    volunteer.state = 'active' AND coalesce(volunteer.on_duty_until > now(), false), volunteer.chat_id, team.name
    FROM volunteer JOIN team ON team.id = volunteer.team
"""
_BELONGS = f"state IN {BELONGING} AND team.closed_at IS NULL"
_BY_CHAT = text(f"SELECT {_HELPER} WHERE volunteer.chat_id = :chat AND {_BELONGS}")
_BY_NUMBER = text(f"SELECT {_HELPER} WHERE volunteer.id = :id AND {_BELONGS}")
_OF_TEAM = text(f"SELECT {_HELPER} WHERE volunteer.team = :team AND {_BELONGS} ORDER BY leader DESC, joined_at, id")
_WAS = text("SELECT state, team, team.name FROM volunteer JOIN team ON team.id = team WHERE chat_id = :chat")
_OPEN_TEAM = text("SELECT id FROM team WHERE id = :team AND closed_at IS NULL FOR SHARE")
_JOIN = text("""
    INSERT INTO volunteer (chat_id, team, name, leader, pledged_at) VALUES (:chat, :team, :name, :leader, now())
    RETURNING id
""")
_REST = text("""
    UPDATE volunteer SET state = :state, on_duty_until = NULL WHERE id = :id AND state IN ('active', 'paused')
    RETURNING id
""")
_SUSPEND = text("""
    UPDATE volunteer SET state = 'suspended', on_duty_until = NULL WHERE id = :id AND state IN ('active', 'paused')
    RETURNING id
""")
_RESTORE = text("UPDATE volunteer SET state = 'active' WHERE id = :id AND state = 'suspended' RETURNING id")
_GO = text(f"""
    UPDATE volunteer SET on_duty_until = NULL, ended_at = now(),
        state = CASE WHEN state = 'suspended' THEN 'removed' ELSE :state END,
        chat_id = CASE WHEN :state = 'left' AND state <> 'suspended' THEN NULL ELSE chat_id END
    WHERE id = :id AND state IN {BELONGING}
""")  # noqa: S608
_OFF_DUTY = text("UPDATE duty SET ended_at = now() WHERE volunteer = :id AND ended_at > now()")


@dataclass(frozen=True, slots=True)
class Helper:
    """A volunteer who belongs to a team now, active or resting.

    ``team`` is its number, ``team_name`` what it is called, ``commune`` the code of its commune. ``on_duty``: help
    requests are told to them at this moment. ``chat`` is the row of their chat; None when that is gone.
    """

    id: int
    name: str
    team: int
    commune: str
    leader: bool
    state: Membership
    on_duty: bool
    chat: int | None
    team_name: str = ""


class Hindrance(StrEnum):
    """Why somebody cannot join."""

    MEMBER = "member"
    ELSEWHERE = "elsewhere"
    REMOVED = "removed"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    USED_UP = "used_up"
    CLOSED = "closed"


async def volunteer_of(connection: AsyncConnection, chat: int) -> Helper | None:
    """Return whose chat this is; None when they are no volunteer, or none any more."""
    return _helper((await connection.execute(_BY_CHAT, {"chat": chat})).first())


async def volunteer(connection: AsyncConnection, number: int) -> Helper | None:
    """Return a volunteer by number; None when there is none, or they are none any more."""
    return _helper((await connection.execute(_BY_NUMBER, {"id": number})).first())


async def of_team(connection: AsyncConnection, team: int) -> list[Helper]:
    """Return who belongs to a team, leaders first, then in the order in which they came."""
    found = [_helper(row) for row in await connection.execute(_OF_TEAM, {"team": team})]
    return [helper for helper in found if helper]


def within_reach(each: Helper, asker: Helper) -> bool:
    """Say whether somebody is another of the asker's team, active, and can be written to."""
    return each.id != asker.id and each.team == asker.team and each.state is Membership.ACTIVE and bool(each.chat)


def rows(helper: Helper) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons by which a volunteer goes on and off duty, and sees their team."""
    if helper.state is Membership.SUSPENDED:
        return ((button(TEAM, "team"),),)
    if helper.state is Membership.PAUSED:
        return ((button(GO_ON, "team", "resume"), button(TEAM, "team")),)
    duty = button(END_DUTY, "duty", "off") if helper.on_duty else button(START_DUTY, "duty")
    return ((duty, button(TEAM, "team")),)


def why_not(helper: Helper, paused: str) -> str:
    """Say why somebody who rests may not do something; ``paused`` when the rest is their own wish."""
    return SUSPENDED if helper.state is Membership.SUSPENDED else paused


async def hindrance(connection: AsyncConnection, chat: int, invitation: Invitation | None) -> Hindrance | None:
    """Return what keeps a chat from joining by an invitation; None when nothing does."""
    found = (await connection.execute(_WAS, {"chat": chat})).first()
    if found and found.state == Membership.REMOVED:
        return Hindrance.REMOVED
    helper = await volunteer_of(connection, chat)
    if invitation is None:
        return Hindrance.MEMBER if helper else Hindrance.UNKNOWN
    if helper:
        return Hindrance.MEMBER if helper.team == invitation.team else Hindrance.ELSEWHERE
    if invitation.closed:
        return Hindrance.CLOSED
    if not invitation.current:
        return Hindrance.EXPIRED
    return None if invitation.open else Hindrance.USED_UP


async def join(connection: AsyncConnection, chat: int, digest: str, name: str) -> Helper | Hindrance:
    """Use an invitation up by one and make the chat's person a volunteer of its team, or return what hinders it."""
    invitation = await invitations.peek(connection, digest)
    found = await hindrance(connection, chat, invitation)
    if found or invitation is None:
        return found or Hindrance.UNKNOWN
    if (await connection.execute(_OPEN_TEAM, {"team": invitation.team})).first() is None:
        return Hindrance.CLOSED
    if not await invitations.use(connection, digest):
        return await hindrance(connection, chat, await invitations.peek(connection, digest)) or Hindrance.USED_UP
    values = {"chat": chat, "team": invitation.team, "name": name, "leader": invitation.leader}
    number = int((await connection.execute(_JOIN, values)).scalar_one())
    return await volunteer(connection, number) or Hindrance.CLOSED


async def rest(connection: AsyncConnection, number: int, *, paused: bool) -> bool:
    """Let a volunteer pause by their own wish, off duty, or go on; False when staff let them rest."""
    state = Membership.PAUSED if paused else Membership.ACTIVE
    await connection.execute(_OFF_DUTY, {"id": number})
    return (await connection.execute(_REST, {"id": number, "state": state.value})).first() is not None


async def suspend(connection: AsyncConnection, number: int) -> bool:
    """Let a volunteer rest until staff end it; False when they do already, or belong nowhere.

    Invitations of theirs are void: by one of them they could come back under another account.
    """
    await connection.execute(_OFF_DUTY, {"id": number})
    await invitations.void(connection, number)
    return (await connection.execute(_SUSPEND, {"id": number})).first() is not None


async def restore(connection: AsyncConnection, number: int) -> bool:
    """Let a volunteer help again whom staff let rest; False when staff did not."""
    return (await connection.execute(_RESTORE, {"id": number})).first() is not None


async def part(connection: AsyncConnection, number: int, *, removed: bool) -> None:
    """End a membership. Who left is a stranger again; who was removed stays known by their chat, and cannot rejoin.

    Nor can who leaves while staff let them rest: leaving would else end what only staff may end.
    """
    state = Membership.REMOVED if removed else Membership.LEFT
    await connection.execute(_OFF_DUTY, {"id": number})
    await connection.execute(_GO, {"id": number, "state": state.value})
    await invitations.void(connection, number)


def _helper(row: Sequence[Any] | None) -> Helper | None:
    if row is None:
        return None
    number, name, team, commune, leader, state, on_duty, chat, team_name = row
    return Helper(number, name, team, commune, leader, Membership(state), on_duty, chat, team_name)
