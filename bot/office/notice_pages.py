"""The page of notices: what everybody is told, from when until when, where; writing one, and taking it down."""

from __future__ import annotations

from datetime import datetime

from aiohttp import web

from bot.errors import Impossible, OfficeError
from bot.office import notices
from bot.office.notices import Draft, Notice
from bot.office.places import chosen_scope, place_fields
from bot.office.tables import Role
from bot.office.visit import Route, Visit
from knowledge.calendar import VIETNAM

PATH = "/canbo/thong-bao"
NOTES = {
    "published": "Đã đăng. Người dân thấy ngay, hoặc từ giờ đã hẹn.",
    "withdrawn": "Đã gỡ. Người dân không còn thấy thông báo này.",
}
BAD_TIME = "Giờ chưa đúng. Anh/chị chọn trên lịch, hoặc ghi như 2026-11-25 14:00."
ON, AHEAD, OVER, DOWN = "đang hiện", "đã hẹn", "đã hết giờ", "đã gỡ"
FIELDS = ("text", "province", "commune", "starts", "ends")


def routes() -> list[Route]:
    """Return the routes of the notices."""
    return [
        Route("GET", PATH, Role.VIEWER, listing, menu="Thông báo", notes=NOTES),
        Route("POST", PATH, Role.PUBLISHER, add),
        Route("POST", PATH + "/{id}/go", Role.PUBLISHER, withdraw),
    ]


def state(notice: Notice, now: datetime) -> str:
    """Return where a notice is in its life, in words."""
    if notice.withdrawn_at:
        return DOWN
    if notice.ends_at and notice.ends_at <= now:
        return OVER
    return AHEAD if notice.starts_at > now else ON


async def listing(visit: Visit) -> web.StreamResponse:
    """Show the notices, with a form for a new one."""
    return await _listing(visit)


async def _listing(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    territory, clerk = visit.office.territory, visit.clerk
    async with visit.office.engine.connect() as connection:
        found = await notices.listed(connection, territory, clerk)
    now = datetime.now(VIETNAM)
    states = [state(each, now) for each in found]
    fields = {name: visit.form.get(name) for name in FIELDS}
    places = place_fields(visit, clerk.scope)
    places |= {"chosen": fields["province"] or places["home"], "inner": fields["commune"]}
    return visit.page(
        "notices.html",
        status,
        wrong=wrong,
        rows=[
            (each, said, territory.name(each.scope), _may_end(visit, each, said))
            for each, said in zip(found, states, strict=True)
        ],
        may=clerk.may(Role.PUBLISHER),
        fields=fields,
        path=PATH,
        own=territory.name(clerk.scope),
        longest=notices.LONGEST,
        **places,
    )


def _may_end(visit: Visit, notice: Notice, said: str) -> bool:
    mine = visit.office.territory.covers(visit.clerk.scope, notice.scope)
    return mine and said in (ON, AHEAD) and visit.clerk.may(Role.PUBLISHER)


async def add(visit: Visit) -> web.StreamResponse:
    """Publish a notice."""
    try:
        draft = Draft(
            visit.form.get("text"), chosen_scope(visit), sent_moment(visit, "starts"), sent_moment(visit, "ends")
        )
        async with visit.office.engine.begin() as connection:
            await notices.add(connection, visit.office.territory, visit.clerk, draft)
    except OfficeError as error:
        return await _listing(visit, 400, str(error))
    return visit.go(PATH, "published")


async def withdraw(visit: Visit) -> web.StreamResponse:
    """Take a notice down."""
    try:
        async with visit.office.engine.begin() as connection:
            await notices.withdraw(connection, visit.office.territory, visit.clerk, visit.number("id"))
    except OfficeError as error:
        return await _listing(visit, 400, str(error))
    return visit.go(PATH, "withdrawn")


def sent_moment(visit: Visit, field: str) -> datetime | None:
    """Return a moment of the form as local time of Vietnam, None when it is empty; raise ``Impossible`` for others."""
    said = visit.form.get(field)
    if not said:
        return None
    try:
        moment = datetime.fromisoformat(said)
    except ValueError:
        moment = datetime.max
    if moment.tzinfo or not 2000 <= moment.year < 2100:
        raise Impossible(BAD_TIME)
    return moment
