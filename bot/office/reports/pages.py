"""The page of reports: a period and a place, tables and pictures, to look at, to take along and to send."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from aiohttp import web
from markupsafe import Markup

from bot.assistance import post
from bot.errors import Impossible, PrintingError
from bot.office import audit, sheet
from bot.office.access import chat_of
from bot.office.reports import book as report_book
from bot.office.reports import chart as report_chart
from bot.office.reports import link as report_link
from bot.office.reports import picture as report_picture
from bot.office.reports.link import PAGE, PICTURE, WORKBOOK
from bot.office.reports.period import NAMED, Period, chosen
from bot.office.reports.report import Report
from bot.office.reports.reporting import Reporting
from bot.office.reports.said import message
from bot.office.tables import Role
from bot.office.visit import Route, Visit

NOTES = {"sent": "Đã gửi báo cáo vào Telegram của anh/chị."}
NO_TELEGRAM = "Tài khoản của anh/chị chưa nối Telegram, nên chưa gửi vào đó được. Nhờ người quản trị nối giúp."
NAME = "bao-cao_{place}_{period}.{ending}"


def routes() -> list[Route]:
    """Return the routes of reports."""
    return [
        Route("GET", PAGE, Role.VIEWER, show, menu="Báo cáo", notes=NOTES),
        Route("GET", WORKBOOK, Role.VIEWER, as_workbook),
        Route("GET", PICTURE, Role.VIEWER, as_picture),
        Route("POST", f"{PAGE}/gui", Role.VIEWER, send),
    ]


async def show(visit: Visit) -> web.StreamResponse:
    """Show the report of a period and place."""
    return await _page(visit)


async def _page(visit: Visit, status: int = 200, wrong: str = "") -> web.Response:
    try:
        period = _period(visit)
    except Impossible as error:
        period, status, wrong = chosen("", "", "", _reporting(visit).clock().date()), 400, str(error)
    scope = _scope(visit)
    report = await _reporting(visit).make(period, scope)
    return visit.page(
        "report.html",
        status,
        wrong=wrong,
        report=report,
        pictures=_pictures(report),
        named=[(name, label) for name, (label, _) in NAMED.items()],
        now=visit.request.query.get("ky", "") if not visit.request.query.get("tu") else "",
        period=period,
        scope=scope,
        places=_places(visit, scope),
        query=report_link.query(period, scope),
        page=PAGE,
        reaches=bool(visit.clerk.telegram) and visit.office.telegram,
    )


def _pictures(report: Report) -> dict[tuple[str, int], Markup]:
    return {
        (section.id, place): report_chart.draw(table, f"{section.id}-{place}")
        for section in report.sections
        for place, table in enumerate(section.tables)
    }


async def as_workbook(visit: Visit) -> web.StreamResponse:
    """Send the report as an Excel workbook."""
    report, scope = await _taken(visit)
    body = await asyncio.to_thread(report_book.workbook, report)
    return _file(body, sheet.XLSX, report, scope, "xlsx")


async def as_picture(visit: Visit) -> web.StreamResponse:
    """Send the picture of the report."""
    report, scope = await _taken(visit)
    try:
        body = await asyncio.to_thread(report_picture.draw, report)
    except PrintingError as error:
        return await _page(visit, 503, str(error))
    return _file(body, "image/png", report, scope, "png")


async def send(visit: Visit) -> web.StreamResponse:
    """Send the report to one's own chat."""
    try:
        period = _period(visit)
    except Impossible as error:
        return await _page(visit, 400, str(error))
    clerk, scope = visit.clerk, _scope(visit)
    if not (clerk.telegram and visit.office.telegram):
        return await _page(visit, 400, NO_TELEGRAM)
    report = await _reporting(visit).make(period, scope)
    async with visit.office.engine.begin() as connection:
        chat = await chat_of(connection, clerk.telegram)
        await post.send(connection, chat, message(report, scope))
        await audit.record(connection, clerk.id, "report.send", period=period.words, scope=scope)
    return visit.go(PAGE, "sent")


async def _taken(visit: Visit) -> tuple[Report, str]:
    """Return the report that is taken along, and its scope; note who took it."""
    try:
        period = _period(visit)
    except Impossible:
        raise web.HTTPNotFound from None
    scope = _scope(visit)
    async with visit.office.engine.begin() as connection:
        await audit.record(connection, visit.clerk.id, "report.export", period=period.words, scope=scope)
    return await _reporting(visit).make(period, scope), scope


def _file(body: bytes, kind: str, report: Report, scope: str, ending: str) -> web.Response:
    name = NAME.format(place=scope or "ca-nuoc", period=report.period.name, ending=ending)
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=kind, headers=headers)


def _reporting(visit: Visit) -> Reporting:
    office = visit.office
    return Reporting(office.engine, office.territory, lambda: office.services().catalogue, office.services().clock)


def _asked(visit: Visit, name: str) -> str:
    return visit.form.get(name) or visit.request.query.get(name, "")


def _period(visit: Visit) -> Period:
    today = visit.office.services().clock().date()
    return chosen(_asked(visit, "tu"), _asked(visit, "den"), _asked(visit, "ky"), today)


def _scope(visit: Visit) -> str:
    """Return the place asked for when it is one of theirs, else their own."""
    wanted, own = _asked(visit, "noi"), visit.clerk.scope
    territory = visit.office.territory
    return wanted if territory.knows(wanted) and territory.covers(own, wanted) else own


def _places(visit: Visit, scope: str) -> Sequence[tuple[str, str]]:
    """Return the places somebody may choose: their own, what lies in it, and what is chosen."""
    territory, own = visit.office.territory, visit.clerk.scope
    province, commune = territory.split(own)
    inner = {} if commune else territory.communes(province) if province else territory.provinces()
    around = territory.split(scope)[0]
    theirs = territory.communes(around) if not province and around else {}
    return [(own, territory.name(own)), *inner.items(), *((code, f"– {name}") for code, name in theirs.items())]
