"""The composition root: every part is made here, handed to the others, started, and stopped in order."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable
from contextlib import AsyncExitStack
from datetime import timedelta
from pathlib import Path

from aiohttp.web import RouteDef

from bot import holdings, running
from bot.assistance import opinion
from bot.assistance.service import Assistance
from bot.channels import web as page
from bot.channels.telegram import Telegram
from bot.dialogue.services import Services
from bot.dossiers.proof import Seals
from bot.dossiers.register import Register
from bot.dossiers.routing import Route, Routing
from bot.dossiers.service import Dossiers
from bot.effects import Effects
from bot.errors import Impossible
from bot.health import Health
from bot.intake import Intake
from bot.moment import Flow, Flows
from bot.office import routes as office
from bot.office.counter import Counter
from bot.office.counting import count
from bot.office.errands import Errands
from bot.office.notices import Board
from bot.office.parcel import Parcels
from bot.office.reports.reporting import Reporting
from bot.office.reports.weekly import Weekly
from bot.office.sorting import Sorting
from bot.office.staff import Territory
from bot.office.telegram import StaffDesk
from bot.opening import Opened, open_up
from bot.printing.files import Files
from bot.running import Parts, Tasks
from bot.settings import Settings, plain
from bot.signals import obeyed
from bot.storage.embedded import watch
from bot.storage.feed import Feed
from bot.storage.housekeeping import keep_tidy
from bot.storage.notices import Notices
from bot.storage.reminders import Reminders
from bot.voice import Voice
from knowledge.articles import Articles, load_articles

_RECEIVING = "receiving from Telegram"
_STOP_SECONDS = 8.5
_log = logging.getLogger(__name__)


async def run(settings: Settings, announce: Callable[[str], None], rehearsal: tuple[str, ...] = ()) -> None:
    """Serve until SIGTERM or SIGINT. ``announce`` is told the address once a browser can open it.

    ``rehearsal`` are the codes of made-up dossiers that volunteers may practise with.
    Raises ``BotError`` or ``KnowledgeError``, with words for the person at the keyboard, when the program cannot start
    or go on.
    """
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        with obeyed(asyncio.current_task(), stop) as started:
            app = App(await open_up(settings, stack, rehearsal))
            await app.start()
            _settle(stack)
            announce(app.address)
            started()
            await app.serve(stop)


def _settle(stack: AsyncExitStack) -> None:
    """Keep what is there now out of the search for garbage, which would hold up questions for half a second."""
    gc.collect()
    gc.freeze()
    stack.callback(gc.unfreeze)  # at the end, libraries complain on stderr of what they made and nobody took away


class App:
    """One running instance."""

    def __init__(self, given: Opened) -> None:
        self._settings = given.settings
        self._database = given.database
        self._services = given.services
        self._server = given.server
        self._press = given.press
        self._release = given.overlay.release
        self._stopping = False
        engine = given.database.engine
        self._territory = Territory(given.services.places.gazetteer)
        self._voice = Voice(given.services, Articles(load_articles(), given.reading), given.overlay)
        self._sorting = Sorting(engine, given.reading)
        self._notices = Notices(engine.url)
        self._feed = Feed(engine, self._notices)
        content = self._content if given.settings.telegram_bot_token else None
        self._assistance = Assistance(engine, self._notices, self._known, given.settings, content)
        self._reporting = Reporting(engine, self._territory, lambda: self._known().catalogue, given.services.clock)
        self._files = Files(self._known, *self._assistance.files(), self._reporting.picture)
        self._counter = Counter(engine, self._known, self._territory, self._parcels())
        self._intake = Intake(
            engine,
            self._voice.respond,
            self._effects(given.seals).store,
            announce=self._voice.announce,
            flows=Flows(self._flows(), self._known),
        )
        self._dossiers = self._dossiers_from(given.seals, given.portals)
        self._telegram = self._telegram_if_wanted()

    def _known(self) -> Services:
        """Return what we answer from now."""
        return self._voice.services

    def _dossiers_from(self, seals: Seals, portals: Routing) -> Dossiers:
        engine = self._database.engine
        register = Register(engine, seals)
        return Dossiers(
            engine,
            seals,
            register,
            Routing([Route(("*", "BHXH"), register), *portals.routes]),
            self._known,
            timedelta(minutes=self._settings.follow_minutes),
            self._services.quiet,
            opinion.after_result,
        )

    def _telegram_if_wanted(self) -> Telegram | None:
        if not self._settings.telegram_bot_token:
            return None
        return Telegram(
            self._settings,
            self._database.engine,
            self._notices,
            self._intake,
            self._files,
            self._voice.choices,
            self._voice.named,
        )

    @property
    def address(self) -> str:
        """The address a browser on this machine opens."""
        return self._server.address

    async def start(self) -> None:
        """Sign in to Telegram and open for visitors."""
        if self._telegram:
            await self._telegram.sign_in()
        web = page.Web(
            self._intake,
            self._feed,
            self._known,
            self._settings,
            self._files,
            self._assistance.enclosures.take,
        )
        telegram = self._telegram.routes() if self._telegram else []
        await self._server.start(
            [
                *self._health().routes(),
                *self._dossiers.routes(plain(self._settings.push_token)),
                *telegram,
                *(await self._office()),
                *page.routes(web),
            ]
        )

    async def _office(self) -> list[RouteDef]:
        """Return the routes of the staff office."""
        settings = self._settings
        if not settings.office:
            return []
        secret = await office.shared_secret(self._database.engine, plain(settings.office_secret))
        gazetteer = self._services.places.gazetteer
        return office.opened(
            self._database.engine, self._known, gazetteer, settings, secret, self._services.page_url, self._press
        )

    async def serve(self, stop: asyncio.Event) -> None:
        """Work until ``stop``, then finish what is in hand. Raises ``BotError`` when a part cannot go on."""
        await running.together(self._parts(), stop, self._stop)

    async def _stop(self, tasks: Tasks) -> None:
        _log.info("stopping")
        self._stopping = True
        self._feed.close()
        try:
            async with asyncio.timeout(_STOP_SECONDS):
                if self._telegram and _RECEIVING in tasks:
                    tasks[_RECEIVING].cancel()
                    await asyncio.gather(self._telegram.stop(), self._server.stop())
                    await self._telegram.close()
                else:
                    await self._server.stop()
        except TimeoutError:
            _log.warning("some work did not finish in time; it goes on at the next start")
        self._files.close()
        for task in tasks.values():
            task.cancel()
        await asyncio.wait(tasks.values(), timeout=1)

    def _flows(self) -> list[Flow]:
        """Return what looks at a turn beside the conversation; what is counted is the whole answer."""
        return [*self._counter.flows(), holdings.FLOW, *self._assistance.flows(), Flow(after=count)]

    def _parts(self) -> Parts:
        """Return what must run beside each other while the program serves."""
        engine = self._database.engine
        parts: Parts = {
            "listening to the database": self._notices.run(),
            "housekeeping": keep_tidy(engine, self._settings.retention_days, self._settings.aid_days),
            "reminding": Reminders(engine, self._voice.reminder).run(),
            "seeing to questions asked in vain": self._errands().run(),
            "posting notices": Board(engine, self._notices, self._voice.post).run(),
            **self._dossiers.parts(),
            **self._assistance.parts(),
            **self._counter.parts(),
            **self._press.parts(self._notices, self._release, self._voice.publish),
        }
        if self._database.server:
            parts["watching the database"] = watch(self._database.server)
        if self._telegram:
            parts[_RECEIVING] = self._telegram.receive()
            parts["sending to Telegram"] = self._telegram.send()
            if self._settings.office:
                parts["reporting the week"] = Weekly(self._reporting, self._settings.staff_chat).run()
        return parts

    def _effects(self, seals: Seals) -> Effects:
        if not self._settings.office:
            return Effects(seals)
        known = self._services
        return Effects(seals, StaffDesk(known.places, known.page_url, known.clock).serve)

    def _parcels(self) -> Parcels | None:
        if not self._settings.office or not self._settings.telegram_bot_token:
            return None
        return Parcels(self._database.engine, self._press, self._territory, self._fetched, self._services.page_url)

    async def _fetched(self, file: str, path: Path, most: int) -> None:
        """Have Telegram, which is made after whatever takes turns, put a file where ``path`` says."""
        if self._telegram:
            await self._telegram.fetch(file, path, most)

    async def _content(self, file: str, most: int) -> bytes:
        """Have Telegram fetch a file for a reader on the page."""
        if self._telegram is None:
            raise Impossible
        return await self._telegram.content(file, most)

    def _errands(self) -> Errands:
        keep_for = timedelta(days=self._settings.retention_days)
        return Errands(self._database.engine, self._sorting, self._voice.news, keep_for)

    def _health(self) -> Health:
        return Health(
            self._database.engine,
            lambda: self._known().catalogue,
            process=lambda: "stopping" if self._stopping else "ok",
            telegram=lambda: self._telegram.state if self._telegram else "off",
        )
