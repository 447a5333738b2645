"""The pages of volunteers: the teams of one's part of the country with their figures; one team and its people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import commendation, invitations, leading, members, papers
from bot.assistance.commendation import decimal, per_cent
from bot.assistance.invitations import Terms
from bot.assistance.leading import Asked, Member, Sum
from bot.assistance.members import Helper
from bot.assistance.tables import Membership
from bot.errors import OfficeError
from bot.numbers import natural
from bot.office import volunteer_files
from bot.office.own_account import squares
from bot.office.places import chosen_scope
from bot.office.tables import Role
from bot.office.visit import Route, Visit
from bot.office.volunteer_files import everybody, named, span_of
from bot.office.volunteer_sums import Line, by_team, totals
from bot.office.volunteers import LONGEST, Team, Teams
from bot.printing import qr

PATH = "/canbo/doi"
NOTES = {
    "added": "Đã lập đội. Anh/chị mời đội trưởng ở trang của đội.",
    "renamed": "Đã đổi tên đội.",
    "closed": "Đã giải thể đội và báo cho mọi người trong đội.",
    "revoked": "Đã thu hồi lời mời.",
    "leads": "Đã đặt làm đội trưởng.",
    "follows": "Đã thôi làm đội trưởng.",
    "removed": "Đã đưa ra khỏi đội và báo cho người đó.",
    "rests": "Đã cho tạm nghỉ và báo cho người đó.",
    "helps": "Đã cho giúp lại và báo cho người đó.",
    "readmitted": "Người này có thể tham gia lại bằng một lời mời mới.",
}


def routes() -> list[Route]:
    """Return the routes of volunteers."""
    viewer, publisher, one = Role.VIEWER, Role.PUBLISHER, PATH + "/{id}"
    return [
        Route("GET", PATH, viewer, listing, menu="Tình nguyện viên", notes=NOTES),
        Route("POST", PATH, publisher, add),
        Route("GET", one, viewer, show, notes=NOTES),
        Route("POST", one, publisher, rename),
        Route("POST", one + "/dong", publisher, close),
        Route("POST", one + "/moi", publisher, invite),
        Route("POST", one + "/thu-hoi", publisher, revoke),
        Route("POST", one + "/doi-truong", publisher, lead),
        Route("POST", one + "/ra", publisher, remove),
        Route("POST", one + "/nghi", publisher, rest),
        Route("POST", one + "/cho-lai", publisher, readmit),
        *volunteer_files.routes(PATH),
    ]


def _teams(visit: Visit, connection: AsyncConnection) -> Teams:
    return Teams(connection, visit.office.territory, visit.clerk)


async def listing(visit: Visit) -> web.StreamResponse:
    """Show the teams with what they did, with a form for a new one."""
    return await _listing(visit)


async def _listing(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    territory, clerk, span = visit.office.territory, visit.clerk, span_of(visit)
    async with visit.office.engine.connect() as connection:
        teams, figures = await everybody(visit, connection, span)
        asked = await leading.asked(connection, sorted({each.commune for each in teams}))
    province, commune = territory.split(clerk.scope)
    sums = by_team(teams, figures)
    return visit.page(
        "volunteers.html",
        status,
        wrong=wrong,
        path=PATH,
        months=named(span),
        label=span.label,
        teams=[_of_team(each, sums[each.id], asked.get(each.commune, Asked())) for each in teams],
        places={each.commune: territory.name(each.commune) for each in teams},
        totals=totals(territory, clerk.scope, teams, sums, asked),
        counted=commendation.by_procedure(figures, visit.office.services().catalogue),
        decimal=decimal,
        per_cent=per_cent,
        may=clerk.may(Role.PUBLISHER),
        fields={name: visit.form.get(name) for name in ("name", "province", "commune")},
        longest=LONGEST,
        own=territory.name(clerk.scope),
        fixed=bool(commune),
        provinces={code: name for code, name in territory.provinces().items() if province in ("", code)},
        home=province,
    )


def _of_team(team: Team, done: Sum, asked: Asked) -> Line:
    return Line(team.name, done, team.members, team.on_duty, asked, team)


async def add(visit: Visit) -> web.StreamResponse:
    """Make a team."""
    try:
        async with visit.office.engine.begin() as connection:
            number = await _teams(visit, connection).add(visit.form.get("name"), chosen_scope(visit))
    except OfficeError as error:
        return await _listing(visit, 400, str(error))
    return visit.go(f"{PATH}/{number}", "added")


async def show(visit: Visit) -> web.StreamResponse:
    """Show one team."""
    return await _one(visit)


@dataclass(frozen=True, slots=True)
class _Person:
    """A member with what they did; ``helper`` is None for who left since."""

    member: Member
    helper: Helper | None

    @property
    def paused(self) -> bool:
        return self.helper is not None and self.helper.state is Membership.PAUSED

    @property
    def suspended(self) -> bool:
        """Whether staff let them rest."""
        return self.helper is not None and self.helper.state is Membership.SUSPENDED

    @property
    def lost(self) -> bool:
        """Whether their chat with us is gone."""
        return self.helper is not None and self.helper.chat is None


async def _one(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    number, span = visit.number("id"), span_of(visit)
    async with visit.office.engine.connect() as connection:
        team = await _teams(visit, connection).one(number)
        figures = await leading.figures(connection, [number], span)
        helpers = {each.id: each for each in await members.of_team(connection, number)}
        serving = await leading.on_duty(connection, [number])
        asked = await leading.asked(connection, [team.commune])
        open_ = await invitations.open_of(connection, number)
        removed = await _teams(visit, connection).removed(number)
    return visit.page(
        "team.html",
        status,
        wrong=wrong,
        team=team,
        where=visit.office.territory.name(team.commune),
        path=f"{PATH}/{number}",
        back=PATH,
        months=named(span),
        query="&".join(f"{name}={value}" for name, value in named(span).items()),
        label=span.label,
        facts=commendation.facts(figures.total),
        any=bool(figures.total),
        people=[_Person(each, helpers.get(each.id)) for each in figures.members],
        counted=commendation.by_procedure(figures, visit.office.services().catalogue),
        serving=serving,
        asked=asked.get(team.commune, Asked()),
        invitations=open_,
        removed=removed,
        decimal=decimal,
        per_cent=per_cent,
        may=visit.clerk.may(Role.PUBLISHER) and team.closed_at is None,
        readmits=visit.clerk.may(Role.PUBLISHER),
        longest=LONGEST,
        most_uses=invitations.MOST_USES,
        most_days=invitations.MOST_DAYS,
    )


async def _done(visit: Visit, act: Callable[[Teams, int], Any], note: str) -> web.Response:
    number = visit.number("id")
    try:
        async with visit.office.engine.begin() as connection:
            await act(_teams(visit, connection), number)
    except OfficeError as error:
        return await _one(visit, 400, str(error))
    return visit.go(f"{PATH}/{number}", note)


def _count(visit: Visit, field: str) -> int:
    """Return a number of the form; 0, which nothing has, when it is none."""
    return natural(visit.form.get(field)) or 0


async def rename(visit: Visit) -> web.StreamResponse:
    """Call a team otherwise."""
    return await _done(visit, lambda teams, number: teams.rename(number, visit.form.get("name")), "renamed")


async def close(visit: Visit) -> web.StreamResponse:
    """End a team."""
    return await _done(visit, Teams.close, "closed")


async def revoke(visit: Visit) -> web.StreamResponse:
    """Make an invitation useless."""
    return await _done(visit, lambda teams, number: teams.revoke(number, visit.form.get("which")), "revoked")


async def lead(visit: Visit) -> web.StreamResponse:
    """Make a member a leader, or not a leader any more."""
    leader, who = visit.form.get("leader") == "yes", _count(visit, "who")
    note = "leads" if leader else "follows"
    return await _done(visit, lambda teams, number: teams.lead(number, who, leader=leader), note)


async def remove(visit: Visit) -> web.StreamResponse:
    """Take a member out."""
    return await _done(visit, lambda teams, number: teams.remove(number, _count(visit, "who")), "removed")


async def rest(visit: Visit) -> web.StreamResponse:
    """Let a member rest until staff end it, or help again."""
    resting, who = visit.form.get("rest") == "yes", _count(visit, "who")
    note = "rests" if resting else "helps"
    return await _done(visit, lambda teams, number: teams.rest(number, who, resting=resting), note)


async def readmit(visit: Visit) -> web.StreamResponse:
    """Let somebody who was taken out come back by an invitation."""
    return await _done(visit, lambda teams, number: teams.readmit(number, _count(visit, "who")), "readmitted")


async def invite(visit: Visit) -> web.StreamResponse:
    """Make an invitation and show its links, once."""
    number, form = visit.number("id"), visit.form
    terms = Terms(_count(visit, "uses"), _count(visit, "days"), form.get("leader") == "yes")
    try:
        async with visit.office.engine.begin() as connection:
            teams = _teams(visit, connection)
            team = await teams.one(number)
            token = await teams.invite(number, terms)
    except OfficeError as error:
        return await _one(visit, 400, str(error))
    links = papers.links(f"{invitations.PREFIX}{token}", visit.office.services())
    codes = [(link, qr.modules(link.url)) for link in links]
    return visit.page(
        "invited.html",
        team=team,
        terms=terms,
        back=f"{PATH}/{number}",
        codes=[(link, len(rows) + 2 * qr.QUIET, squares(rows)) for link, rows in codes],
    )
