"""The chat page served for real: HTTP, PostgreSQL, intake and feed, with a matcher that knows a few sentences."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy.engine import URL

from bot.channels.web import Web, routes
from bot.dialogue.conversation import respond
from bot.dialogue.services import Services
from bot.intake import Intake
from bot.moment import Flows
from bot.printing.files import Files
from bot.settings import Settings
from bot.storage.engine import connect
from bot.storage.feed import Feed
from bot.storage.notices import Notices
from tests.bot.dialogue import records
from tests.bot.dialogue.test_conversation import LINES


@dataclass
class House:
    """A running page; ``stop`` and ``start`` take its HTTP server away and bring it back on the same port."""

    given: Web
    port: int = 0
    runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def start(self) -> None:
        application = web.Application()
        application.add_routes(routes(self.given))
        self.runner = web.AppRunner(application, shutdown_timeout=1)
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", self.port).start()
        self.port = self.runner.addresses[0][1]

    async def stop(self) -> None:
        self.given.feed.close()
        if self.runner:
            await self.runner.cleanup()
        self.given.feed.closed = False


@asynccontextmanager
async def open_house(
    database: URL,
    services: Services | None = None,
    flows: Flows | None = None,
    enclose: Callable[[str, str, bytes], Awaitable[str]] | None = None,
    **values: object,
) -> AsyncIterator[House]:
    """Serve the page on a free port; ``values`` are settings by name."""
    settings = Settings.model_validate({"web_turns_per_minute": 1000, "web_turns_per_minute_per_ip": 1000, **values})
    known = services or records.services(LINES)
    engine = connect(database)
    notices = Notices(database)
    listening = asyncio.create_task(notices.run())
    feed = Feed(engine, notices)
    intake = Intake(engine, lambda turn, session: respond(turn, session, known), flows=flows)
    files = Files(lambda: known)
    house = House(Web(intake, feed, lambda: known, settings, files, enclose))
    await house.start()
    try:
        yield house
    finally:
        await house.stop()
        files.close()
        listening.cancel()
        await asyncio.gather(listening, return_exceptions=True)
        await engine.dispose()
