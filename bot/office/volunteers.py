"""Teams of volunteers as staff look after them: made, renamed, closed; people invited, made leaders, taken out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import invitations, members, post, succession, teamwork
from bot.assistance.invitations import Terms
from bot.assistance.members import BELONGING
from bot.dialogue import markup
from bot.dialogue.turn import Message
from bot.errors import Forbidden, Impossible
from bot.office import audit
from bot.office.staff import Clerk, Territory
from bot.office.tables import Role

LONGEST = 60
NO_NAME = "Anh/chị ghi tên đội."
LONG_NAME = f"Tên đội dài quá {LONGEST} chữ cái."
NO_COMMUNE = "Anh/chị chọn xã, phường của đội."
TAKEN = "Xã, phường này đã có đội tên như vậy."
NOT_YOURS = "Anh/chị không phụ trách địa bàn này."
NOT_ALLOWED = "Cần quyền duyệt và công bố để quản lý đội tình nguyện."
GONE = "Không thấy đội này."
CLOSED = "Đội này đã giải thể."
NOBODY = "Người này không còn trong đội."
RESTS = "Người này đang tạm nghỉ theo ý cán bộ rồi."
DOES_NOT_REST = "Người này không còn tạm nghỉ theo ý cán bộ."
NO_INVITATION = "Lời mời này đã hết dùng được từ trước."
ENDED = "Đội {team} đã giải thể. Cảm ơn anh/chị đã giúp bà con."

_PREFIX = re.compile(r"đội(?: +|$)", re.IGNORECASE)
_COLUMNS = f"""
    team.id, team.name, team.commune, team.closed_at,
    (SELECT count(*) FROM volunteer WHERE volunteer.team = team.id AND state IN {BELONGING}),
    (SELECT count(*) FROM volunteer WHERE volunteer.team = team.id AND state = 'active' AND on_duty_until > now())
"""  # noqa: S608
_LISTED = text(f"""
    SELECT {_COLUMNS} FROM team WHERE CAST(:scopes AS text[]) IS NULL OR commune = ANY(:scopes)
    ORDER BY closed_at IS NOT NULL, commune, name, id
""")  # noqa: S608
_ONE = text(f"SELECT {_COLUMNS} FROM team WHERE id = :id")  # noqa: S608
_LOCK = text("SELECT commune, closed_at FROM team WHERE id = :id FOR UPDATE")
_OTHERS = text("SELECT name FROM team WHERE commune = :commune AND closed_at IS NULL AND id <> :id")
_COMMUNE = text("SELECT pg_advisory_xact_lock(hashtextextended('teams ' || :commune, 0))")
_ADD = text("INSERT INTO team (name, commune) VALUES (:name, :commune) RETURNING id")
_RENAME = text("UPDATE team SET name = :name WHERE id = :id")
_CLOSE = text("UPDATE team SET closed_at = now() WHERE id = :id")
_EXPIRE = text("UPDATE invitation SET expires_at = now() WHERE team = :id AND expires_at > now()")
_LEAD = text(f"""
    UPDATE volunteer SET leader = :leader WHERE id = :id AND team = :team AND state IN {BELONGING} RETURNING id
""")  # noqa: S608
_REMOVED = text("""
    SELECT id, name, ended_at FROM volunteer WHERE team = :team AND state = 'removed' AND chat_id IS NOT NULL
    ORDER BY ended_at DESC, id LIMIT 100
""")
_READMIT = text("""
    UPDATE volunteer SET state = 'left', chat_id = NULL WHERE id = :id AND team = :team AND state = 'removed'
    RETURNING id
""")


@dataclass(frozen=True, slots=True)
class Team:
    """A team as a list shows it; ``commune`` is a code."""

    id: int
    name: str
    commune: str
    closed_at: datetime | None
    members: int
    on_duty: int


@dataclass(frozen=True, slots=True)
class Removed:
    """Somebody who was taken out, and cannot come back by themselves."""

    id: int
    name: str
    ended_at: datetime


class Teams:
    """What one clerk sees of the teams and does to them, in one transaction. Acts raise ``OfficeError``."""

    def __init__(self, connection: AsyncConnection, territory: Territory, clerk: Clerk) -> None:
        self._connection = connection
        self._territory = territory
        self._clerk = clerk

    async def all(self) -> list[Team]:
        """Return the teams of the clerk's part of the country, those that are closed last."""
        scopes = self._territory.within(self._clerk.scope)
        values = {"scopes": None if scopes is None else list(scopes)}
        return [Team(*row) for row in await self._connection.execute(_LISTED, values)]

    async def one(self, number: int) -> Team:
        """Return a team of theirs."""
        row = (await self._connection.execute(_ONE, {"id": number})).first()
        if row is None or not self._territory.covers(self._clerk.scope, row.commune):
            raise Impossible(GONE)
        return Team(*row)

    async def add(self, name: str, commune: str) -> int:
        """Make a team for a commune and return its number."""
        self._allow()
        if not self._territory.split(commune)[1]:
            raise Impossible(NO_COMMUNE)
        if not self._territory.covers(self._clerk.scope, commune):
            raise Forbidden(NOT_YOURS)
        named = await self._free(name, commune)
        values = {"name": named, "commune": commune}
        number = int((await self._connection.execute(_ADD, values)).scalar_one())
        await self._record("team.add", number, name=named, scope=commune)
        return number

    async def rename(self, number: int, name: str) -> None:
        """Call a team otherwise."""
        commune = await self._hold(number)
        named = await self._free(name, commune, number)
        await self._connection.execute(_RENAME, {"id": number, "name": named})
        await self._record("team.rename", number, name=named, scope=commune)

    async def close(self, number: int) -> None:
        """End a team: its people are told and free to join others, what they had open is closed."""
        commune = await self._hold(number)
        for each in await members.of_team(self._connection, number):
            await succession.hand_on(self._connection, each, team_ends=True)
            if each.chat:
                said = ENDED.format(team=markup.escape(each.team_name))
                await post.send(self._connection, each.chat, Message(said))
            await members.part(self._connection, each.id, removed=False)
        await self._connection.execute(_EXPIRE, {"id": number})
        await self._connection.execute(_CLOSE, {"id": number})
        await self._record("team.close", number, scope=commune)

    async def invite(self, number: int, terms: Terms) -> str:
        """Make an invitation and return its token."""
        commune = await self._hold(number)
        token = await invitations.make(self._connection, number, terms, staff=self._clerk.id)
        told = {"uses": terms.uses, "days": terms.days, "leader": _yes(terms.leader)}
        await self._record("team.invite", number, **told, scope=commune)
        return token

    async def revoke(self, number: int, handle: str) -> None:
        """Make an invitation useless."""
        commune = await self._hold(number)
        if not await invitations.revoke(self._connection, number, handle):
            raise Impossible(NO_INVITATION)
        await self._record("team.revoke", number, scope=commune)

    async def lead(self, number: int, volunteer: int, *, leader: bool) -> None:
        """Make somebody a leader, or not a leader any more."""
        commune = await self._hold(number)
        values = {"id": volunteer, "team": number, "leader": leader}
        if (await self._connection.execute(_LEAD, values)).first() is None:
            raise Impossible(NOBODY)
        if not leader:
            await invitations.void(self._connection, volunteer)
        await self._record("team.lead", number, volunteer=volunteer, leader=_yes(leader), scope=commune)

    async def remove(self, number: int, volunteer: int) -> None:
        """Take somebody out; a leader of the team goes on with what they had open."""
        commune = await self._hold(number)
        found = await members.volunteer(self._connection, volunteer)
        if found is None or found.team != number:
            raise Impossible(NOBODY)
        await teamwork.dismiss(self._connection, found)
        await self._record("team.remove", number, volunteer=volunteer, scope=commune)

    async def rest(self, number: int, volunteer: int, *, resting: bool) -> None:
        """Let somebody rest until staff end it, or let them help again."""
        commune = await self._hold(number)
        found = await members.volunteer(self._connection, volunteer)
        if found is None or found.team != number:
            raise Impossible(NOBODY)
        done = await (teamwork.suspend if resting else teamwork.restore)(self._connection, found)
        if not done:
            raise Impossible(RESTS if resting else DOES_NOT_REST)
        await self._record("team.rest", number, volunteer=volunteer, resting=_yes(resting), scope=commune)

    async def removed(self, number: int) -> list[Removed]:
        """Return who was taken out of a team and may not come back."""
        rows = await self._connection.execute(_REMOVED, {"team": number})
        return [Removed(*row) for row in rows]

    async def readmit(self, number: int, volunteer: int) -> None:
        """Let somebody who was taken out use invitations again, those of other teams too."""
        commune = await self._hold(number, closed=True)
        if (await self._connection.execute(_READMIT, {"id": volunteer, "team": number})).first() is None:
            raise Impossible(NOBODY)
        await self._record("team.readmit", number, volunteer=volunteer, scope=commune)

    def _allow(self) -> None:
        if not self._clerk.may(Role.PUBLISHER):
            raise Forbidden(NOT_ALLOWED)

    async def _hold(self, number: int, *, closed: bool = False) -> str:
        """Lock a team that is to be changed and return its commune; ``closed``: it may be one that was closed."""
        self._allow()
        row = (await self._connection.execute(_LOCK, {"id": number})).first()
        if row is None or not self._territory.covers(self._clerk.scope, row.commune):
            raise Impossible(GONE)
        if row.closed_at and not closed:
            raise Impossible(CLOSED)
        return str(row.commune)

    async def _free(self, name: str, commune: str, number: int = 0) -> str:
        """Return a name as it is kept, without the word "Đội"; raise when it is none, or another team's there."""
        plain = markup.capital(_PREFIX.sub("", markup.tidy(name)))
        if not any(letter.isalpha() for letter in plain):
            raise Impossible(NO_NAME)
        if len(plain) > LONGEST:
            raise Impossible(LONG_NAME)
        await self._connection.execute(_COMMUNE, {"commune": commune})
        others = await self._connection.execute(_OTHERS, {"commune": commune, "id": number})
        if plain.casefold() in {name.casefold() for (name,) in others}:
            raise Impossible(TAKEN)
        return plain

    async def _record(self, act: str, number: int, **detail: object) -> None:
        await audit.record(self._connection, self._clerk.id, act, f"team {number}", **detail)


def _yes(said: bool) -> str:
    return "có" if said else "không"
