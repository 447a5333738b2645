"""The page on which a change is tried out: what the chat would answer, and the checklist of a made-up case."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.office import preview
from bot.office.editing import PREVIEW, loaded
from bot.office.procedure_pages import DRAFT, commune_of
from bot.office.review import UNFINISHED, handles
from bot.office.tables import Effect, Role
from bot.office.visit import Route, Visit
from knowledge.errors import KnowledgeError


def routes() -> list[Route]:
    """Return the one route of trying out."""
    return [Route("GET", f"{DRAFT}/{{id}}/{PREVIEW}", Role.VIEWER, try_out)]


async def try_out(visit: Visit) -> web.StreamResponse:
    """Show the answer in the chat, and the checklist for chosen answers."""
    async with visit.office.engine.connect() as connection:
        revision = await loaded(visit, connection)
    services, scope = visit.office.services(), revision.scope
    province = scope[:2] if len(scope) == 2 else ""
    commune = commune_of(scope)
    if commune and (home := services.places.get(commune)):
        province = home.province.code
    answers = {key[4:]: value[:40] for key, value in visit.request.query.items() if key.startswith("cau.")}
    record = revision.record if revision.effect is Effect.RECORD else None
    try:
        asked, listed = await asyncio.to_thread(preview.case, record, answers, services, province, commune)
        said = preview.answer(record, services, commune)
    except KnowledgeError as error:
        asked, listed = [], preview.Preview([], words=str(error))
        said = listed
    return visit.page(
        "try_out.html",
        revision=revision,
        path=f"{DRAFT}/{revision.id}",
        name=(record or {}).get("name", revision.code),
        writable=revision.state in UNFINISHED
        and visit.clerk.may(Role.EDITOR)
        and handles(visit.clerk, visit.office.press.ground.places, revision)
        and record is not None,
        said=said,
        asked=asked,
        listed=listed,
    )
