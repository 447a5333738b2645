"""The room of those who ask for a person: who waits, one's own talks with a box to answer in, reports of talks."""

from __future__ import annotations

import asyncio
from datetime import datetime
from functools import partial

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import enclosures, relay
from bot.assistance.parting import REASONS
from bot.assistance.requests import STAFF_LEVEL, Request
from bot.assistance.tables import Help, Membership, Side
from bot.assistance.talks import Said
from bot.dialogue import markup
from bot.errors import Impossible
from bot.office import enclosing, helping, helpline
from bot.office.helping import Report, Verdict
from bot.office.tables import Role
from bot.office.visit import Route, Visit, Waiting
from knowledge.calendar import VIETNAM

PATH = "/canbo/nho-giup"
NOTES = {
    "ended": "Đã kết thúc cuộc trò chuyện. Người dân đã được báo.",
    "settled": "Đã ghi kết luận.",
    "sent": "Đã gửi.",
    "kept": relay.FILE_KEPT,
    "taken": "Anh/chị đã nhận giúp. Người dân đã được báo; anh/chị nhắn cho họ ở dưới.",
}
STATES = {Help.STAFF: "được tình nguyện viên nhờ giúp tiếp", Help.WAITING: "đang hỏi tình nguyện viên"}
FOR_STAFF = "không có tình nguyện viên nào nhận"
AHEAD = "hẹn từ {at}"
WHO = {Side.CITIZEN: "Người dân", Side.HELPER: "Người giúp", Side.NOTE: "Một Cửa"}
BEFORE, YOU = "Tình nguyện viên", "Anh/chị"
VERDICTS = {
    Verdict.NOTHING: "Không có gì sai",
    Verdict.PAUSED: "Cho tình nguyện viên tạm nghỉ",
    Verdict.REMOVED: "Đưa tình nguyện viên ra khỏi đội",
}
BY = {Side.CITIZEN: "người dân báo cáo", Side.HELPER: "người giúp báo cáo", Side.NOTE: ""}
OFFICER = "cán bộ Một cửa"
WAITING, TO_ANSWER, UNSEEN = "người dân chờ cán bộ giúp", "người dân chờ anh/chị trả lời", "báo cáo chờ xem"
NO_VERDICT = "Anh/chị chọn giúp một kết luận."

_DRAWN_AT_ONCE = 2


def routes() -> list[Route]:
    """Return the routes of this room."""
    room = asyncio.Semaphore(_DRAWN_AT_ONCE)
    return [
        Route("GET", PATH, Role.EDITOR, listing, menu="Nhờ giúp", notes=NOTES),
        Route("GET", PATH + "/bao-cao/{id}", Role.PUBLISHER, report, notes=NOTES),
        Route("POST", PATH + "/bao-cao/{id}", Role.PUBLISHER, settle),
        Route("GET", PATH + "/{id}", Role.EDITOR, talk, notes=NOTES),
        Route("POST", PATH + "/{id}", Role.EDITOR, answer),
        Route("POST", PATH + "/{id}/nhan", Role.EDITOR, take),
        Route("POST", PATH + "/{id}/ket-thuc", Role.EDITOR, end),
        Route("POST", PATH + "/{id}/tep", Role.EDITOR, partial(enclose, room), most_bytes=enclosures.MOST_BYTES),
        Route("POST", PATH + "/{id}/tep/gui", Role.EDITOR, send_files),
        Route("POST", PATH + "/{id}/tep/thoi", Role.EDITOR, drop_files),
    ]


async def waiting(visit: Visit) -> list[Waiting]:
    """Say who waits for an officer, who waits for this one, and which reports wait."""
    found: list[Waiting] = []
    async with visit.office.engine.connect() as connection:
        if visit.clerk.may(Role.EDITOR):
            found += [
                Waiting(WAITING, PATH, await helpline.waiting_count(connection, visit.scopes)),
                Waiting(TO_ANSWER, PATH, await helping.to_answer(connection, visit.clerk)),
            ]
        if visit.clerk.may(Role.PUBLISHER):
            found.append(Waiting(UNSEEN, PATH, await helping.unseen(connection, visit.scopes)))
    return found


async def listing(visit: Visit) -> web.StreamResponse:
    """Show who waits, one's own talks, and to whoever may see to them the reports."""
    clerk, scopes = visit.clerk, visit.scopes
    async with visit.office.engine.connect() as connection:
        open_ = await helping.open_(connection, scopes)
        mine = await helping.mine(connection, clerk)
        reports = await helping.reports(connection, scopes) if clerk.may(Role.PUBLISHER) else []
    return visit.page(
        "help.html",
        path=PATH,
        open=[(each, _place(visit, each), _procedure(visit, each), _state(each)) for each in open_],
        mine=[(each, _place(visit, each), _procedure(visit, each)) for each in mine],
        reports=[(each, _reported(visit, each)) for each in reports],
        verdicts=VERDICTS,
    )


def _place(visit: Visit, request: Request) -> str:
    return visit.office.territory.name(request.commune)


def _procedure(visit: Visit, request: Request) -> str:
    record = visit.office.services().catalogue.get(request.procedure or "")
    return markup.title(record, 110) if record else ""


def _state(request: Request) -> str:
    if request.opens_at > datetime.now(VIETNAM):
        return AHEAD.format(at=request.opens_at.astimezone(VIETNAM).strftime("%H:%M %d/%m"))
    return FOR_STAFF if request.level >= STAFF_LEVEL and request.state is Help.WAITING else STATES[request.state]


def _reported(visit: Visit, each: Report) -> str:
    """Say who reported whom for what."""
    whom = f"{each.name}, {each.team}" if each.volunteer else OFFICER
    place = visit.office.territory.name(each.commune)
    return f"{REASONS.get(each.reason, each.reason)} · {BY[each.side]} · {whom} · {place}"


async def take(visit: Visit) -> web.StreamResponse:
    """Take a request on."""
    number, territory = visit.number("id"), visit.office.territory
    async with visit.office.engine.begin() as connection:
        place = markup.escape(territory.name(visit.clerk.scope))
        await helping.take(connection, visit.clerk, visit.scopes, number, place)
    return visit.go(f"{PATH}/{number}", "taken")


async def talk(visit: Visit) -> web.StreamResponse:
    """Show one's own talk."""
    return await _talk(visit)


async def _talk(visit: Visit, status: int = 200, wrong: str = "", words: str = "") -> web.Response:
    async with visit.office.engine.begin() as connection:
        request = await _own(visit, connection)
        said = await helping.transcript(connection, visit.clerk, request)
        waits = await enclosures.waiting(connection, request.id, Side.HELPER)
        files = await enclosures.sent(connection, request.id, Side.CITIZEN)
    return visit.page(
        "help_talk.html",
        status,
        wrong=wrong,
        words=words,
        request=request,
        place=_place(visit, request),
        procedure=_procedure(visit, request),
        said=[(_who(each, request), each) for each in said],
        files=files,
        asked=enclosing.question(waits),
        size=enclosures.MOST_BYTES // 2**20,
        most=enclosures.MOST,
        path=f"{PATH}/{request.id}",
        longest=relay.LONGEST,
    )


def _who(said: Said, request: Request) -> str:
    """Say who spoke: whoever helped before the officer took it was a volunteer."""
    if said.side is not Side.HELPER:
        return WHO[said.side]
    return YOU if request.taken_at and said.at >= request.taken_at else BEFORE


async def answer(visit: Visit) -> web.StreamResponse:
    """Write to the citizen. Words that must not be passed on are not shown again either."""
    try:
        async with visit.office.engine.begin() as connection:
            await helping.answer(connection, visit.clerk, await _own(visit, connection), visit.form.raw("text"))
    except Impossible as error:
        return await _talk(visit, 400, str(error))
    return visit.go(f"{PATH}/{visit.number('id')}")


async def enclose(room: asyncio.Semaphore, visit: Visit) -> web.StreamResponse:
    """Take a picture or PDF file for the citizen, and ask before it goes."""
    async with visit.office.engine.connect() as connection:
        request = await _own(visit, connection)
    sent = visit.form.files.get("file")
    if sent is None:
        return await _talk(visit, 400, enclosing.NO_FILE)
    today = visit.office.services().clock().date()
    try:
        async with room:
            cleaned = await asyncio.to_thread(lambda: enclosing.cleaned(sent.body.read(), today))
        async with visit.office.engine.begin() as connection:
            await enclosing.lay(connection, visit.clerk, request, cleaned)
    except Impossible as error:
        return await _talk(visit, 400, str(error))
    return visit.go(f"{PATH}/{request.id}")


async def send_files(visit: Visit) -> web.StreamResponse:
    """Pass on the files that wait."""
    try:
        async with visit.office.engine.begin() as connection:
            await enclosing.send(connection, visit.clerk, await _own(visit, connection))
    except Impossible as error:
        return await _talk(visit, 400, str(error))
    return visit.go(f"{PATH}/{visit.number('id')}", "sent")


async def drop_files(visit: Visit) -> web.StreamResponse:
    """Forget the files that wait."""
    async with visit.office.engine.begin() as connection:
        request = await _own(visit, connection)
        await enclosures.drop(connection, request.id, Side.HELPER)
    return visit.go(f"{PATH}/{request.id}", "kept")


async def _own(visit: Visit, connection: AsyncConnection) -> Request:
    """Return one's own talk of the path; 404 when it is nobody's or somebody else's."""
    request = await helping.own(connection, visit.clerk, visit.number("id"))
    if request is None:
        raise web.HTTPNotFound
    return request


async def end(visit: Visit) -> web.StreamResponse:
    """End one's talk."""
    async with visit.office.engine.begin() as connection:
        await helping.finish(connection, visit.clerk, await _own(visit, connection))
    return visit.go(PATH, "ended")


async def report(visit: Visit) -> web.StreamResponse:
    """Show a talk that was reported."""
    async with visit.office.engine.begin() as connection:
        found = await helping.report(connection, visit.scopes, visit.number("id"))
        if found is None:
            raise web.HTTPNotFound
        said = await helping.reported(connection, visit.clerk, found)
    member = found.volunteer is not None and found.state not in (Membership.LEFT, Membership.REMOVED)
    return visit.page(
        "help_report.html",
        found=found,
        about=_reported(visit, found),
        said=[(WHO[each.side], each) for each in said],
        verdicts={key: words for key, words in VERDICTS.items() if member or key is Verdict.NOTHING},
        settled=VERDICTS[found.verdict] if found.verdict else "",
        path=f"{PATH}/bao-cao/{found.id}",
    )


async def settle(visit: Visit) -> web.StreamResponse:
    """Note a verdict on a report."""
    async with visit.office.engine.begin() as connection:
        found = await helping.report(connection, visit.scopes, visit.number("id"))
        if found is None:
            raise web.HTTPNotFound
        try:
            verdict = Verdict(visit.form.get("la"))
        except ValueError as error:
            raise Impossible(NO_VERDICT) from error
        await helping.settle(connection, visit.clerk, found, verdict)
    return visit.go(f"{PATH}/bao-cao/{found.id}", "settled")
