"""The office served for real, over HTTP and PostgreSQL, with quick passwords and a clock of our own."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any

from aiohttp import ClientResponse, ClientSession, CookieJar, FormData, web
from argon2 import PasswordHasher
from pyotp import TOTP
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine
from yarl import URL

from bot.dialogue.services import Services
from bot.office import routes
from bot.office.access import Access
from bot.office.accounts import Accounts, Draft
from bot.office.door import Door
from bot.office.keys import Keys, Locksmith
from bot.office.passwords import Passwords
from bot.office.press import Press
from bot.office.staff import Clerk, Territory
from bot.office.standing import Ground
from bot.office.tables import Role
from bot.office.totp import Codes
from bot.office.view import View
from bot.office.visit import Office, Route
from bot.settings import Settings
from knowledge.places import load_gazetteer
from tests.bot.dialogue import records

SECRET = b"a secret for tests of the office"
PASSWORD = "ba con mèo nằm phơi nắng"
TERRITORY = Territory(load_gazetteer())
QUICK = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')


@dataclass
class Clock:
    """The time by which codes are made; a step ahead at each look, so that every code is a new one."""

    now: float = field(default_factory=time.time)

    def __call__(self) -> float:
        return self.now

    def tick(self) -> None:
        self.now += 30


@dataclass
class Desk:
    """A running office; ``url`` is where it is."""

    engine: AsyncEngine
    office: Office
    clock: Clock
    table: Sequence[Route]
    url: str = ""

    async def hire(self, draft: Draft, by: Clerk | None = None) -> tuple[Clerk, str]:
        """Make an account; return it with the token of its link."""
        async with self.engine.begin() as connection:
            accounts = Accounts(connection, TERRITORY, by)
            number, token = await accounts.add(draft)
            return await accounts.one(number), token

    async def arm(self, clerk: Clerk, password: str = PASSWORD) -> str:
        """Give an account a password and an app; return the app's seed."""
        seed = Codes.new_seed()
        keys = Keys("", password, password, seed, self.code(clerk, seed))
        async with self.engine.begin() as connection:
            await self.office.locksmith.change(connection, clerk, keys, "")
        self.clock.tick()
        return seed

    def code(self, clerk: Clerk, seed: str) -> str:
        """Return what the app shows now."""
        return TOTP(self.office.codes.shown(clerk.id, seed)).at(self.clock.now)

    async def run(self, statement: str, **values: object) -> Any:
        """Run a statement and return its rows, if it has any."""
        async with self.engine.begin() as connection:
            result = await connection.execute(text(statement), values)
            return result.all() if result.returns_rows else None

    async def trail(self) -> list[str]:
        """Return the acts of the audit trail, oldest first."""
        return [act for (act,) in await self.run("SELECT act FROM audit ORDER BY id")]


@dataclass
class Visitor:
    """Somebody's browser."""

    desk: Desk
    http: ClientSession

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Open a page without following where it sends us; return status and text (or the address it sends to)."""
        async with self.http.get(self.desk.url + path, allow_redirects=False, headers=headers) as answer:
            return await _told(answer)

    async def token(self, path: str) -> str:
        """Return the token of the forms of a page."""
        _, page = await self.get(path)
        found = _CSRF.search(page)
        assert found, page
        return found.group(1)

    async def post(self, path: str, page: str = "", /, **fields: str) -> tuple[int, str]:
        """Send a form of ``page`` (default: the path itself), as a browser does."""
        values = {"csrf": await self.token(page or path)} | fields
        return await self.send(path, values)

    async def send(self, path: str, values: dict[str, str] | FormData, **headers: str) -> tuple[int, str]:
        """Send fields as they are."""
        headers = {"Sec-Fetch-Site": "same-origin"} | headers
        async with self.http.post(self.desk.url + path, data=values, headers=headers, allow_redirects=False) as answer:
            return await _told(answer)

    async def enter(self, token: str) -> tuple[int, str]:
        """Use a one-time link."""
        return await self.post(f"/canbo/vao/{token}")

    def hold(self, session: str) -> None:
        """Let the browser hold a session."""
        held: SimpleCookie = SimpleCookie({"canbo": session})
        held["canbo"]["path"] = "/canbo"
        self.http.cookie_jar.update_cookies(held, URL(self.desk.url))

    def cookie(self, name: str) -> str | None:
        """Return what the browser holds under a name."""
        return next((each.value for each in self.http.cookie_jar if each.key == name), None)


async def _told(answer: ClientResponse) -> tuple[int, str]:
    return answer.status, answer.headers.get("Location") or (await answer.read()).decode("utf-8", "replace")


@asynccontextmanager
async def open_desk(
    engine: AsyncEngine, *extra: Route, tries: int = 10_000, services: Services | None = None, **values: object
) -> AsyncIterator[Desk]:
    """Serve the office on a free port; ``extra`` are routes beside its own, ``values`` settings by name.

    ``services``: what the assistant answers from, instead of the small catalogue.
    """
    settings = Settings.model_validate(values)
    clock, codes, passwords = Clock(), Codes(SECRET), Passwords(QUICK)
    access = Access(engine, codes, passwords, "https://mot.cua", clock, at_least=0)
    known = services or records.services()
    press = Press(engine, Ground(known.catalogue, load_gazetteer()), limit=0)
    telegram = settings.telegram_bot_token is not None
    office = Office(
        engine,
        lambda: known,
        TERRITORY,
        View("Thử"),
        access,
        Locksmith(passwords, codes, clock),
        codes,
        press,
        telegram,
    )
    table = [*extra, *routes.table(tries)]
    application = web.Application()
    application.add_routes(Door(office, table, settings, SECRET).routes())
    runner = web.AppRunner(application, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield Desk(engine, office, clock, table, f"http://127.0.0.1:{runner.addresses[0][1]}")
    finally:
        await runner.cleanup()
        press.close()


@asynccontextmanager
async def visitor(desk: Desk, clerk_token: str = "") -> AsyncIterator[Visitor]:
    """Open a browser; with the token of a link it is signed in."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        somebody = Visitor(desk, http)
        if clerk_token:
            assert (await somebody.enter(clerk_token))[0] == 303
        yield somebody


@asynccontextmanager
async def at_work(desk: Desk, draft: Draft) -> AsyncIterator[Visitor]:
    """Make an account and open its owner's browser, signed in."""
    _, token = await desk.hire(draft)
    async with visitor(desk, token) as somebody:
        yield somebody


def head(login: str = "nga") -> Draft:
    """Return an administrator of the whole country."""
    return Draft("Trần Thị Nga", Role.ADMINISTRATOR, "", login)
