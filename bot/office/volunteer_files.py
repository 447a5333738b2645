"""What staff take along of volunteers' work: workbooks, a picture, certificates; and which months a page shows."""

from __future__ import annotations

import asyncio
from datetime import date

from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import commendation, leading, papers
from bot.assistance.commendation import Named
from bot.assistance.leading import Figures, Span
from bot.errors import Impossible
from bot.office import audit, sheet
from bot.office.tables import Role
from bot.office.visit import Route, Visit
from bot.office.volunteer_sums import COMMUNE, by_team, cells, totals
from bot.office.volunteers import Team, Teams
from bot.printing import certificate, roll
from bot.printing.files import PDF, PNG

NO_FIGURES = "Chưa có số liệu trong thời gian này, nên chưa in được."
TEAM = "Đội"
SUMS = ("Giờ trực", "Hồ sơ cùng bà con", "Giúp từ xa", "Đã nộp", "Nộp trực tuyến", "Tỷ lệ (%)")


def routes(path: str) -> list[Route]:
    """Return the routes of files below the address of the teams."""
    return [
        Route("GET", f"{path}.xlsx", Role.VIEWER, all_as_xlsx),
        Route("GET", path + "/{id}/bang.xlsx", Role.VIEWER, as_xlsx),
        Route("GET", path + "/{id}/anh.png", Role.VIEWER, as_png),
        Route("GET", path + "/{id}/giay-xac-nhan.pdf", Role.VIEWER, as_pdf),
    ]


def span_of(visit: Visit) -> Span:
    """Return the months an address asks for (``tu``, ``den``); this month when it names none."""
    now = leading.month(today(visit))
    first = leading.read_month(visit.request.query.get("tu", "")) or now
    last = leading.read_month(visit.request.query.get("den", "")) or first
    return Span(min(first.first, last.first), max(first.last, last.last))


def today(visit: Visit) -> date:
    """Return the day it is for the office."""
    return visit.office.services().clock().date()


def named(span: Span) -> dict[str, str]:
    """Return months as the form and the addresses of files name them."""
    return {"tu": f"{span.first:%Y-%m}", "den": f"{span.last:%Y-%m}"}


async def everybody(visit: Visit, connection: AsyncConnection, span: Span) -> tuple[list[Team], Figures]:
    """Return all teams the visitor sees, and what they did."""
    teams = await Teams(connection, visit.office.territory, visit.clerk).all()
    return teams, await leading.figures(connection, [each.id for each in teams], span)


async def all_as_xlsx(visit: Visit) -> web.StreamResponse:
    """Send the sums of all teams, by team, commune and province, as an Excel workbook."""
    span = span_of(visit)
    async with visit.office.engine.begin() as connection:
        teams, figures = await everybody(visit, connection, span)
        await audit.record(connection, visit.clerk.id, "team.export", rows=len(teams), **named(span))
    sums, territory = by_team(teams, figures), visit.office.territory
    pages: list[tuple[str, tuple[str, ...], list[sheet.Row]]] = [
        (
            TEAM,
            (TEAM, COMMUNE, *SUMS),
            [(each.name, territory.name(each.commune), *cells(sums[each.id])) for each in teams],
        )
    ]
    for title, lines in totals(territory, visit.clerk.scope, teams, sums, {}):
        pages.append((title, (title, *SUMS), [(line.name, *cells(line.sum)) for line in lines]))
    catalogue = visit.office.services().catalogue
    pages.append((commendation.PROCEDURES, commendation.COUNTED, commendation.counted_rows(figures, catalogue)))
    return _file(await asyncio.to_thread(sheet.as_book, pages), sheet.XLSX, f"doi-tinh-nguyen-{_months(span)}.xlsx")


def _months(span: Span) -> str:
    first, last = named(span).values()
    return first if first == last else f"{first}-den-{last}"


def _file(body: bytes, kind: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=kind, headers=headers)


async def as_xlsx(visit: Visit) -> web.StreamResponse:
    """Send the months of a team as an Excel workbook."""
    figures, _ = await _printed(visit, "xlsx")
    body = await asyncio.to_thread(commendation.workbook, figures, visit.office.services().catalogue)
    return _file(body, sheet.XLSX, f"{papers.NAMES['xlsx']}-{_months(figures.span)}.xlsx")


async def as_png(visit: Visit) -> web.StreamResponse:
    """Send the months of a team as a picture."""
    figures, title = await _printed(visit, "png")
    body = await asyncio.to_thread(roll.picture, commendation.roll(figures, title))
    return _file(body, PNG, f"{papers.NAMES['png']}-{_months(figures.span)}.png")


async def as_pdf(visit: Visit) -> web.StreamResponse:
    """Send certificates: of all members who did anything, or (``nguoi``) of one."""
    figures, title = await _printed(visit, "pdf")
    who = visit.request.query.get("nguoi", "")
    chosen = [each for each in figures.members if who in ("", str(each.id))]
    wanted = commendation.certified(chosen, figures, title)
    if not wanted:
        raise Impossible(NO_FIGURES)
    body = await asyncio.to_thread(certificate.certificates, wanted, today(visit))
    return _file(body, PDF, f"{papers.NAMES['pdf']}-{_months(figures.span)}.pdf")


async def _printed(visit: Visit, kind: str) -> tuple[Figures, Named]:
    """Return the figures of a team, and note that somebody takes them along."""
    number, span = visit.number("id"), span_of(visit)
    async with visit.office.engine.begin() as connection:
        team = await Teams(connection, visit.office.territory, visit.clerk).one(number)
        figures = await leading.figures(connection, [number], span)
        if not figures.total:
            raise Impossible(NO_FIGURES)
        await audit.record(connection, visit.clerk.id, "team.export", f"team {number}", kind=kind, **named(span))
    return figures, Named(team.name, visit.office.territory.name(team.commune))
