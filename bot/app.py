"""The composition root: every part is made here, handed to the others, started, and stopped in order."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp.web import RouteDef

from bot import holdings
from bot.assistance import opinion
from bot.assistance.service import Assistance
from bot.channels import web as page
from bot.channels.telegram import Telegram
from bot.dialogue.services import Services
from bot.dossiers.dates import Quiet
from bot.dossiers.proof import Seals, shared_seals
from bot.dossiers.register import Register
from bot.dossiers.routing import Route, Routing
from bot.dossiers.service import Dossiers
from bot.dossiers.sources.building import usual
from bot.dossiers.sources.entries import configured
from bot.dossiers.sources.opening import opened as portals_opened
from bot.effects import Effects
from bot.errors import BotError, Impossible, StorageError
from bot.forms import Forms
from bot.health import Health
from bot.intake import Intake
from bot.logs import outline
from bot.moment import Flow, Flows
from bot.office import routes as office
from bot.office.counter import Counter
from bot.office.counting import count
from bot.office.errands import Errands
from bot.office.notices import Board
from bot.office.parcel import Parcels
from bot.office.press import Press
from bot.office.reports.reporting import Reporting
from bot.office.reports.weekly import Weekly
from bot.office.sorting import Sorting
from bot.office.staff import Territory
from bot.office.standing import Ground, Overlay
from bot.office.telegram import StaffDesk
from bot.printing.files import Files
from bot.server import Server
from bot.settings import Settings, plain
from bot.signals import obeyed
from bot.storage.embedded import EmbeddedServer
from bot.storage.engine import Database, opened
from bot.storage.feed import Feed
from bot.storage.housekeeping import keep_tidy
from bot.storage.migrate import migrate
from bot.storage.notices import Notices
from bot.storage.reminders import Reminders
from bot.voice import Voice
from knowledge import catalogue as catalogues
from knowledge.articles import Articles, load_articles
from knowledge.calendar import Calendar, load_changes
from knowledge.changes import load_outdated
from knowledge.events import load_events
from knowledge.grouping import Reading
from knowledge.occasion import Occasions
from knowledge.offices import open_directory
from knowledge.phrases import load_phrases
from knowledge.places import Finder, load_gazetteer

_RECEIVING = "receiving from Telegram"
_STOP_SECONDS = 8.5
_log = logging.getLogger(__name__)

Parts = dict[str, Coroutine[Any, Any, None]]


async def run(settings: Settings, announce: Callable[[str], None], rehearsal: tuple[str, ...] = ()) -> None:
    """Serve until SIGTERM or SIGINT. ``announce`` is told the address once a browser can open it.

    ``rehearsal`` are the codes of made-up dossiers that volunteers may practise with.
    Raises ``BotError`` or ``KnowledgeError``, with words for the person at the keyboard, when the program cannot start
    or go on.
    """
    stop = asyncio.Event()
    async with AsyncExitStack() as stack:
        with obeyed(asyncio.current_task(), stop) as started:
            app = await _start(settings, stack, rehearsal)
            announce(app.address)
            started()
            await app.serve(stop)


async def _start(settings: Settings, stack: AsyncExitStack, rehearsal: tuple[str, ...]) -> App:
    catalogue = catalogues.load(settings.catalogue)
    entries = configured(settings.sources)
    server = Server(settings.host, settings.port)
    stack.callback(server.release)
    database = await stack.enter_async_context(opened(plain(settings.database_url), settings.mot_cua_data))
    await migrate(database.engine)
    places = Finder(load_gazetteer())
    press = Press(database.engine, Ground(catalogue, places.gazetteer), settings.gate_limit)
    stack.callback(press.close)
    live = await press.live()
    services = Services(
        live.catalogue,
        live.matcher,
        settings.portal_url,
        settings.public_url or server.address,
        calendar=Calendar(changes=load_changes()),
        forms=Forms(settings.forms),
        occasions=Occasions.of(load_events(), live.catalogue),
        changes=load_outdated(),
        look_ups=True,
        quiet=Quiet.read(settings.quiet_hours),
        office=settings.office,
        provinces={province.code: province.name for province in places.gazetteer.provinces.values()},
        places=places,
        offices=await asyncio.to_thread(open_directory, settings.offices, places),
        rehearsal=rehearsal,
    )
    portals = await stack.enter_async_context(portals_opened(entries, usual()))
    services = replace(services, watched=portals.serves)
    seals = await shared_seals(database.engine, plain(settings.proof_secret))
    reading = await asyncio.to_thread(lambda: Reading(load_phrases()))
    app = App(Opened(settings, database, services, server, seals, portals, press, live.overlay, reading))
    await app.start()
    gc.collect()
    gc.freeze()  # what is there now stays: looking through all of it again would hold up questions for half a second
    stack.callback(gc.unfreeze)  # at the end, libraries complain on stderr of what they made and nobody took away
    return app


@dataclass(frozen=True, slots=True)
class Opened:
    """What is there before the parts are made."""

    settings: Settings
    database: Database
    services: Services
    server: Server
    seals: Seals
    portals: Routing
    press: Press
    overlay: Overlay
    reading: Reading


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
        tasks = {name: asyncio.create_task(job, name=name) for name, job in self._parts().items()}
        stopped = asyncio.create_task(stop.wait())
        try:
            ended, _ = await asyncio.wait([stopped, *tasks.values()], return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopped.cancel()
            await self._stop(tasks)
        for task in tasks.values():
            if task in ended:
                _explain(task)

    async def _stop(self, tasks: dict[str, asyncio.Task[None]]) -> None:
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
            parts["watching the database"] = _watch(self._database.server)
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


async def _watch(server: EmbeddedServer) -> None:
    """End the program in words when the embedded server dies: a new start repairs it."""
    misses = 0
    while misses < 2:
        await asyncio.sleep(1)
        misses = 0 if server.alive() else misses + 1
    raise StorageError(
        "PostgreSQL đi kèm đã dừng đột ngột: kiểm tra dung lượng đĩa, rồi chạy lại; dữ liệu đã ghi vẫn còn."
    )


def _explain(task: asyncio.Task[None]) -> None:
    """Raise what made a part of the program end."""
    error = None if task.cancelled() else task.exception()
    if isinstance(error, BotError):
        raise error
    if error:
        _log.error("%s ended: %s", task.get_name(), outline(error))
    raise BotError("Chương trình gặp lỗi bất ngờ và phải dừng: xem nhật ký phía trên, rồi chạy lại.")
