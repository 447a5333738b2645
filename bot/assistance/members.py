"""Who volunteers: which chat is whose, in which team."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance.tables import Membership

_HELPER = """
    volunteer.id, volunteer.name, volunteer.team, team.commune, volunteer.leader, volunteer.state,
    volunteer.state = 'active' AND coalesce(volunteer.on_duty_until > now(), false), volunteer.chat_id, team.name
    FROM volunteer JOIN team ON team.id = volunteer.team
"""
_BELONGS = "state IN ('active', 'paused') AND team.closed_at IS NULL"
_BY_CHAT = text(f"SELECT {_HELPER} WHERE volunteer.chat_id = :chat AND {_BELONGS}")
_BY_NUMBER = text(f"SELECT {_HELPER} WHERE volunteer.id = :id AND {_BELONGS}")


@dataclass(frozen=True, slots=True)
class Helper:
    """A volunteer who belongs to a team now, active or paused.

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


async def volunteer_of(connection: AsyncConnection, chat: int) -> Helper | None:
    """Return whose chat this is; None when they are no volunteer, or none any more."""
    return _helper((await connection.execute(_BY_CHAT, {"chat": chat})).first())


async def volunteer(connection: AsyncConnection, number: int) -> Helper | None:
    """Return a volunteer by number; None when there is none, or they are none any more."""
    return _helper((await connection.execute(_BY_NUMBER, {"id": number})).first())


def _helper(row: Sequence[Any] | None) -> Helper | None:
    if row is None:
        return None
    number, name, team, commune, leader, state, on_duty, chat, team_name = row
    return Helper(number, name, team, commune, leader, Membership(state), on_duty, chat, team_name)
