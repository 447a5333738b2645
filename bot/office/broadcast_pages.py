"""Pages of news to those who asked for it: writing, looking at it as people will, sending, and how far that is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.web_markup import blocks
from bot.errors import OfficeError
from bot.numbers import natural
from bot.office import broadcasts, news, people, reach
from bot.office.broadcasts import Broadcast, Draft
from bot.office.notice_pages import sent_moment
from bot.office.places import chosen_scope, covers, place_fields
from bot.office.preview import Preview
from bot.office.staff import Clerk, Territory
from bot.office.tables import BroadcastState as State
from bot.office.tables import Role
from bot.office.visit import Route, Visit
from knowledge.calendar import VIETNAM

PATH = "/canbo/tin"
NOTES = {
    "kept": "Đã ghi bản nháp. Chưa gửi cho ai.",
    "tried": "Đã gửi thử vào Telegram của anh/chị.",
    "started": "Đã cho gửi. Trang này cho biết gửi tới đâu.",
    "paused": "Đã tạm dừng. Chưa ai được gửi thêm cho tới khi anh/chị cho gửi tiếp.",
    "resumed": "Đã cho gửi tiếp.",
    "stopped": "Đã dừng hẳn. Người chưa nhận sẽ không nhận nữa.",
}
LISTED = {"dropped": "Đã bỏ bản nháp."}
STATES = {
    State.DRAFT: "bản nháp",
    State.SENDING: "đang gửi",
    State.PAUSED: "tạm dừng",
    State.DONE: "đã gửi xong",
    State.STOPPED: "đã dừng",
}
AHEAD = "đã hẹn giờ"
_LOOK_SECONDS = "5"

_Act = Callable[[AsyncConnection, Territory, Clerk, int], Awaitable[None]]
_ACTS: dict[str, tuple[_Act, str]] = {
    "thu": (broadcasts.try_out, "tried"),
    "tam-dung": (broadcasts.pause, "paused"),
    "gui-tiep": (broadcasts.resume, "resumed"),
    "dung": (broadcasts.stop, "stopped"),
}
"""What can be done with news by one press, and what is said then."""


def routes() -> list[Route]:
    """Return the routes of news."""
    one = PATH + "/{id}"
    return [
        Route("GET", PATH, Role.VIEWER, listing, menu="Tin gửi người dân", notes=LISTED),
        Route("GET", PATH + "/moi", Role.PUBLISHER, new),
        Route("POST", PATH + "/moi", Role.PUBLISHER, write),
        Route("GET", one, Role.VIEWER, look, notes=NOTES),
        Route("GET", one + "/sua", Role.PUBLISHER, edit),
        Route("POST", one + "/sua", Role.PUBLISHER, write),
        Route("POST", one + "/bo", Role.PUBLISHER, drop),
        Route("POST", one + "/gui", Role.PUBLISHER, send),
        *(Route("POST", f"{one}/{name}", Role.PUBLISHER, _doing(*act)) for name, act in _ACTS.items()),
    ]


def stage(broadcast: Broadcast, now: datetime) -> str:
    """Return where news is in its life, in words."""
    ahead = broadcast.state is State.SENDING and broadcast.starts_at is not None and broadcast.starts_at > now
    return AHEAD if ahead else STATES[broadcast.state]


async def listing(visit: Visit) -> web.StreamResponse:
    """List the news of one's part of the country."""
    territory, now = visit.office.territory, datetime.now(VIETNAM)
    async with visit.office.engine.connect() as connection:
        found = await broadcasts.listed(connection, territory, visit.clerk)
    return visit.page(
        "broadcasts.html",
        path=PATH,
        may=visit.clerk.may(Role.PUBLISHER),
        rows=[(each, stage(each, now), territory.name(each.scope)) for each in found],
    )


async def new(visit: Visit) -> web.StreamResponse:
    """Show an empty form."""
    return _form(visit, None)


async def edit(visit: Visit) -> web.StreamResponse:
    """Show a draft to be changed."""
    found = await _found(visit)
    if found.state is not State.DRAFT or not covers(visit, found.scope):
        return visit.go(f"{PATH}/{found.id}")
    return _form(visit, found)


def _form(visit: Visit, draft: Broadcast | None, status: int = 200, wrong: str = "") -> web.Response:
    fields = place_fields(visit, draft.scope if draft else visit.clerk.scope)
    if status != 200:
        fields |= {"chosen": visit.form.get("province"), "inner": visit.form.get("commune")}
    pace = visit.form.get("pace") or str(draft.per_minute if draft else 60)
    version = visit.form.get("version") or str(draft.version if draft else 0)
    return visit.page(
        "broadcast_form.html",
        status,
        wrong=wrong,
        path=f"{PATH}/{draft.id}" if draft else PATH,
        act=f"{PATH}/{draft.id}/sua" if draft else f"{PATH}/moi",
        words=visit.form.raw("text") or (draft.text if draft else ""),
        longest=broadcasts.LONGEST,
        paces=broadcasts.PACES,
        pace=pace,
        version=version,
        own=visit.office.territory.name(visit.clerk.scope),
        **fields,
    )


async def write(visit: Visit) -> web.StreamResponse:
    """Keep a draft."""
    draft = await _found(visit) if "id" in visit.request.match_info else None
    try:
        pace, version = visit.form.get("pace"), visit.form.get("version")
        said = Draft(visit.form.get("text").replace("\r\n", "\n"), chosen_scope(visit), natural(pace, 9) or 0)
        known = draft.id if draft else None
        async with visit.office.engine.begin() as connection:
            number = await broadcasts.write(
                connection, visit.office.territory, visit.clerk, said, known, natural(version, 9) or 0
            )
    except OfficeError as error:
        return _form(visit, draft, 400, str(error))
    return visit.go(f"{PATH}/{number}", "kept")


async def look(visit: Visit) -> web.StreamResponse:
    """Show news as people see it, whom it is for, and how far it is."""
    return await _look(visit)


async def _look(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    found = await _found(visit)
    territory, services, now = visit.office.territory, visit.office.services(), datetime.now(VIETNAM)
    async with visit.office.engine.connect() as connection:
        counts = await reach.report(connection, territory, found.id, found.scope, over=found.state is State.DONE)
        lately = await reach.lately(connection, territory, found.id, found.scope)
        names = await people.names(connection, [found.author])
    message = news.message(found.text)
    goes = found.state in (State.SENDING, State.PAUSED)
    page = visit.page(
        "broadcast.html",
        status,
        wrong=wrong,
        path=f"{PATH}/{found.id}",
        each=found,
        said=stage(found, now),
        ahead=stage(found, now) == AHEAD,
        place=territory.name(found.scope),
        author=names[found.author],
        counts=counts,
        lately=lately,
        preview=Preview(blocks(message.body)),
        labels=[button.label for row in message.buttons for button in row],
        quiet=services.quiet,
        asleep=services.quiet.until(services.clock()) is not None,
        pace=broadcasts.PACES.get(found.per_minute, str(found.per_minute)),
        drafted=found.state is State.DRAFT,
        goes=goes,
        rests=found.state is State.PAUSED,
        may=visit.clerk.may(Role.PUBLISHER) and covers(visit, found.scope),
        when=visit.form.get("at"),
    )
    if found.state is State.SENDING and status == 200:
        page.headers["Refresh"] = _LOOK_SECONDS
    return page


async def send(visit: Visit) -> web.StreamResponse:
    """Have a draft sent, now or from an hour on."""
    try:
        at = sent_moment(visit, "at")
        version = natural(visit.form.get("version"), 9) or 0
        async with visit.office.engine.begin() as connection:
            await broadcasts.start(connection, visit.office.territory, visit.clerk, visit.number("id"), version, at)
    except OfficeError as error:
        return await _look(visit, 400, str(error))
    return visit.go(f"{PATH}/{visit.number('id')}", "started")


async def drop(visit: Visit) -> web.StreamResponse:
    """Throw a draft away."""
    try:
        async with visit.office.engine.begin() as connection:
            await broadcasts.drop(connection, visit.office.territory, visit.clerk, visit.number("id"))
    except OfficeError as error:
        return await _look(visit, 400, str(error))
    return visit.go(PATH, "dropped")


def _doing(act: _Act, note: str) -> Callable[[Visit], Awaitable[web.StreamResponse]]:
    """Return a handler that does one thing with news."""

    async def handle(visit: Visit) -> web.StreamResponse:
        try:
            async with visit.office.engine.begin() as connection:
                await act(connection, visit.office.territory, visit.clerk, visit.number("id"))
        except OfficeError as error:
            return await _look(visit, 400, str(error))
        return visit.go(f"{PATH}/{visit.number('id')}", note)

    return handle


async def _found(visit: Visit) -> Broadcast:
    async with visit.office.engine.connect() as connection:
        found = await broadcasts.get(connection, visit.office.territory, visit.clerk, visit.number("id"))
    if found is None:
        raise web.HTTPNotFound
    return found
