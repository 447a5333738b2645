"""The one table of everything that can be asked of the office, with the role each needs; tests walk all of it."""

from __future__ import annotations

import secrets
from collections.abc import Callable

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.channels.web_guard import Limiter
from bot.dialogue.services import Services
from bot.office import (
    account_pages,
    article_draft_pages,
    article_pages,
    audit_page,
    broadcast_pages,
    editing,
    feedback_pages,
    help_pages,
    home,
    merging,
    notice_pages,
    preview_page,
    procedure_pages,
    question_pages,
    release_pages,
    revision_pages,
    volunteer_pages,
)
from bot.office.access import Access
from bot.office.door import Door
from bot.office.exchange_pages import Exchange
from bot.office.gauge import Gauge
from bot.office.jobs import Jobs
from bot.office.keys import Locksmith
from bot.office.own_account import OwnAccount
from bot.office.passwords import Passwords
from bot.office.press import Press
from bot.office.releasing import Releasing
from bot.office.reports import pages as report_pages
from bot.office.signing import Signing
from bot.office.staff import Territory
from bot.office.tables import Role
from bot.office.totp import Codes
from bot.office.view import View
from bot.office.visit import HOME, Office, Route
from bot.settings import Settings
from knowledge.places import Gazetteer

_NAME = "office"
_KEEP = text("INSERT INTO secret (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
_KEPT = text("SELECT value FROM secret WHERE name = :name")


TRIES_PER_MINUTE = 10
"""Tries to come in from one network address, and tries of one's present password."""


def table(tries: int = TRIES_PER_MINUTE) -> list[Route]:
    """Return all routes, in the order of the menu; what no route takes is not there, for nobody."""
    return [
        *home.routes(),
        *procedure_pages.routes(),
        *editing.routes(),
        *merging.routes(),
        *preview_page.routes(),
        *revision_pages.routes(),
        *Releasing(Gauge()).routes(),
        *release_pages.routes(),
        *Exchange(Jobs()).routes(),
        *question_pages.routes(),
        *article_pages.routes(),
        *article_draft_pages.routes(),
        *feedback_pages.routes(),
        *help_pages.routes(),
        *notice_pages.routes(),
        *volunteer_pages.routes(),
        *report_pages.routes(),
        *broadcast_pages.routes(),
        *account_pages.routes(),
        *audit_page.routes(),
        *OwnAccount(Limiter(tries)).routes(),
        *Signing(Limiter(tries)).routes(),
        Route("GET", f"{HOME}/{{lost:.*}}", Role.VIEWER, home.lost),
        Route("POST", f"{HOME}/{{lost:.*}}", Role.VIEWER, home.lost),
    ]


def opened(
    engine: AsyncEngine,
    services: Callable[[], Services],
    gazetteer: Gazetteer,
    settings: Settings,
    secret: bytes,
    address: str,
    press: Press,
) -> list[web.RouteDef]:
    """Return the office's part of our HTTP server. ``address`` is our own, as browsers reach it."""
    codes, passwords = Codes(secret), Passwords()
    office = Office(
        engine,
        services,
        Territory(gazetteer),
        View(settings.page_subtitle),
        Access(engine, codes, passwords, address),
        Locksmith(passwords, codes),
        codes,
        press,
        telegram=settings.telegram_bot_token is not None,
    )
    return Door(office, table(), settings, secret).routes()


async def shared_secret(engine: AsyncEngine, given: str | None) -> bytes:
    """Return the office's secret of this installation: ``given``, else one kept in the database."""
    if given:
        return given.encode()
    async with engine.begin() as connection:
        await connection.execute(_KEEP, {"name": _NAME, "value": secrets.token_bytes(32)})
        return bytes((await connection.execute(_KEPT, {"name": _NAME})).scalar_one())
