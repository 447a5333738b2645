"""The page of the audit trail: looked through and taken along, never changed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from bot.office import audit, sheet
from bot.office.acts import ACTS, NAMES, OBJECTS
from bot.office.audit import MOST_ROWS, Entry, Search
from bot.office.tables import Role
from bot.office.view import moment
from bot.office.visit import Route, Visit

PATH = "/canbo/nhat-ky"
BAD_DAY = "Ngày không đúng. Xin chọn lại."
PROGRAM = "(chương trình)"
HEADING = ("Số", "Lúc", "Ai", "Việc", "Đối tượng", "Chi tiết")

_SHOWN = 50
_YEARS = range(2000, 2100)


def routes() -> list[Route]:
    """Return the routes of the audit trail."""
    return [
        Route("GET", PATH, Role.ADMINISTRATOR, show, menu="Nhật ký"),
        Route("GET", PATH + ".csv", Role.ADMINISTRATOR, as_csv),
        Route("GET", PATH + ".xlsx", Role.ADMINISTRATOR, as_xlsx),
    ]


async def show(visit: Visit) -> web.StreamResponse:
    """Show what was done, newest first, fifty at a time."""
    asked = {name: visit.request.query.get(name, "") for name in ("tim", "tu", "den")}
    wrong, entries = "", []
    try:
        entries = await _found(visit, _SHOWN + 1, visit.request.query.get("truoc", ""))
    except ValueError:
        wrong = BAD_DAY
    return visit.page(
        "audit.html",
        400 if wrong else 200,
        wrong=wrong,
        asked=asked,
        query=urlencode(asked),
        rows=[in_words(each, visit) for each in entries[:_SHOWN]],
        more=entries[_SHOWN - 1].id if len(entries) > _SHOWN else 0,
        most=MOST_ROWS,
    )


async def as_csv(visit: Visit) -> web.StreamResponse:
    """Send what was found as CSV."""
    rows = await _exported(visit)
    return _file(await asyncio.to_thread(sheet.as_csv, HEADING, rows), "text/csv", "nhat-ky.csv")


async def as_xlsx(visit: Visit) -> web.StreamResponse:
    """Send what was found as an Excel workbook."""
    rows = await _exported(visit)
    return _file(await asyncio.to_thread(sheet.as_xlsx, "Nhật ký", HEADING, rows), sheet.XLSX, "nhat-ky.xlsx")


async def _exported(visit: Visit) -> list[tuple[str | int, ...]]:
    try:
        entries = await _found(visit, MOST_ROWS)
    except ValueError:
        raise web.HTTPNotFound from None
    async with visit.office.engine.begin() as connection:
        await audit.record(connection, visit.clerk.id, "audit.export", rows=len(entries))
    return [in_words(each, visit) for each in entries]


def _file(body: bytes, kind: str, name: str) -> web.Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(body=body, content_type=kind, headers=headers)


async def _found(visit: Visit, limit: int, before: str = "") -> list[Entry]:
    """Return what the query asks for; raise ``ValueError`` when a day of it is none."""
    query, office = visit.request.query, visit.office
    words = query.get("tim", "").replace("\x00", "")[:200]
    search = Search(
        words,
        [act for act, said in ACTS.items() if words and words.casefold() in said.casefold()],
        _day(query.get("tu", "")),
        _day(query.get("den", "")),
        visit.scopes,
    )
    if before.isascii() and before.isdigit():
        search = replace(search, before=min(int(before), 2**62))
    async with office.engine.connect() as connection:
        return await audit.find(connection, search, limit)


def _day(value: str) -> date | None:
    """Return a day of the query; raise ``ValueError`` for one that is none, or that no clock of ours has seen."""
    day = date.fromisoformat(value) if value else None
    if day and day.year not in _YEARS:
        raise ValueError(value)
    return day


def in_words(entry: Entry, visit: Visit) -> tuple[str | int, ...]:
    """Return an entry as a reader sees it, in the order of ``HEADING``."""
    kind, _, rest = entry.object.partition(" ")
    subject = f"{OBJECTS.get(kind, kind)} {rest}".strip()
    who = entry.name or PROGRAM
    return entry.id, moment(entry.at), who, ACTS.get(entry.act, entry.act), subject, _detail(entry.detail, visit)


def _detail(detail: Mapping[str, Any], visit: Visit) -> str:
    told = {
        name: visit.office.territory.name(str(value)) if name == "scope" else value for name, value in detail.items()
    }
    return "; ".join(f"{NAMES.get(name, name)}: {_plain(value)}" for name, value in told.items())


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(each) for each in value)
    return NAMES.get(str(value), str(value))
