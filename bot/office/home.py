"""The first page: what waits for whoever looks."""

from __future__ import annotations

from aiohttp import web

from bot.office import account_pages, article_pages, feedback_pages, help_pages, question_pages, release_pages
from bot.office.staff import LABELS
from bot.office.tables import Role
from bot.office.view import ASSETS_PATH
from bot.office.visit import HOME, Route, Visit, Waiting

WATCHERS = (
    release_pages.waiting,
    question_pages.waiting,
    help_pages.waiting,
    feedback_pages.waiting,
    article_pages.waiting,
    account_pages.waiting,
)
"""Asked one after another what waits; each looks at the role and scope of the visitor. A new room adds its own."""


def routes() -> list[Route]:
    """Return the routes of the first page, and those that belong to no room."""
    return [
        Route("GET", HOME, Role.VIEWER, home, menu="Việc đang chờ"),
        Route("GET", f"{HOME}/", Role.VIEWER, home),
        Route("GET", ASSETS_PATH + "{name}", None, asset),
    ]


async def home(visit: Visit) -> web.StreamResponse:
    """Show what waits."""
    waiting: list[Waiting] = []
    for watcher in WATCHERS:
        waiting += [each for each in await watcher(visit) if each.count]
    clerk = visit.clerk
    return visit.page(
        "home.html",
        waiting=waiting,
        role=LABELS[clerk.role],
        place=visit.office.territory.name(clerk.scope),
        unarmed=bool(clerk.login) and not clerk.armed,
    )


async def asset(visit: Visit) -> web.StreamResponse:
    """Send a file of the pages."""
    found = visit.office.view.assets.get(visit.request.match_info["name"])
    if found is None:
        raise web.HTTPNotFound
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return web.Response(body=found.body, content_type=found.content_type, charset="utf-8", headers=headers)


async def lost(_visit: Visit) -> web.StreamResponse:
    """Say that there is no such page."""
    raise web.HTTPNotFound
