"""The composition root: every part is made here, handed to the others, started, and stopped in order."""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from aiohttp.web import RouteDef

from bot import holdings
from bot.assistance import opinion
from bot.assistance.service import Assistance
from bot.channels import web as page
from bot.channels.telegram import Telegram
from bot.dialogue import article, bulletin, conversation, inline, missed, readiness
from bot.dialogue.banner import Banner
from bot.dialogue.inline import InlineChoice
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn
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
from bot.office import library
from bot.office import routes as office
from bot.office.counter import Counter
from bot.office.counting import count
from bot.office.errands import Errands
from bot.office.notices import Board
from bot.office.parcel import Parcels
from bot.office.press import Press
from bot.office.reload import Live
from bot.office.reports.reporting import Reporting
from bot.office.reports.weekly import Weekly
from bot.office.sorting import Sorting
from bot.office.staff import Territory
from bot.office.standing import Ground, Overlay
from bot.office.tables import Subject
from bot.office.telegram import StaffDesk
from bot.printing.files import Files
from bot.server import Server
from bot.settings import Settings
from bot.signals import obeyed
from bot.storage.embedded import EmbeddedServer
from bot.storage.engine import Database, opened
from bot.storage.feed import Feed
from bot.storage.housekeeping import keep_tidy
from bot.storage.migrate import migrate
from bot.storage.notices import Notices
from bot.storage.reminders import Reminders
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


class Conversation:
    """The dialogue with its services bound; Telegram tells our name there only after the start."""

    def __init__(self, services: Services, shipped: Articles, overlay: Overlay) -> None:
        self._shipped = shipped
        self._services = replace(services, articles=library.laid(shipped, overlay))

    @property
    def services(self) -> Services:
        """The services, with our name on Telegram once that is known."""
        return self._services

    def named(self, username: str) -> None:
        """Note our user name on Telegram."""
        self._services = replace(self._services, bot_username=username)

    def publish(self, live: Live) -> None:
        """Answer from another release, from the next turn on."""
        known = self._services
        occasions = known.occasions.knowing(live.catalogue)
        articles = library.laid(self._shipped, live.overlay)
        self._services = replace(
            known, catalogue=live.catalogue, matcher=live.matcher, occasions=occasions, articles=articles
        )
        gc.freeze()  # as at the start: records and an index are nothing for the collector to look through

    def respond(self, turn: Turn, session: Session) -> tuple[Reply, Session]:
        """Answer one turn."""
        return conversation.respond(turn, session, self._services)

    def reminder(self, code: str, session: Session) -> Message | None:
        """Return what to say when a reminder of one dossier is due."""
        return readiness.reminder(code, session, self._services.at(session.commune))

    def news(self, asked: str, verdict: str, answer: str, published: bool) -> Message | None:
        """Return what to say of a question asked in vain that may have an answer now."""
        if verdict == Subject.ARTICLE:
            return article.news(asked, answer, self._services)
        return missed.news(asked, answer, self._services, published=published)

    def post(self, banners: tuple[Banner, ...]) -> None:
        """Show these notices, from the next turn on."""
        self._services = replace(self._services, banners=banners)

    def announce(self, reply: Reply, before: Session, after: Session) -> tuple[Reply, Session]:
        """Put notices that a chat was not told yet in front of a reply."""
        return bulletin.announced(reply, before, after, self._services)

    def choices(self, query: str) -> tuple[InlineChoice, ...]:
        """Return what inline mode offers."""
        return inline.choices(query, self._services.at(None))


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
    url = settings.database_url.get_secret_value() if settings.database_url else None
    database = await stack.enter_async_context(opened(url, settings.mot_cua_data))
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
    secret = settings.proof_secret.get_secret_value() if settings.proof_secret else None
    seals = await shared_seals(database.engine, secret)
    reading = await asyncio.to_thread(lambda: Reading(load_phrases()))
    app = App(settings, database, services, server, seals, portals, press, live.overlay, reading)
    await app.start()
    gc.collect()
    gc.freeze()  # what is there now stays: looking through all of it again would hold up questions for half a second
    stack.callback(gc.unfreeze)  # at the end, libraries complain on stderr of what they made and nobody took away
    return app


class App:
    """One running instance."""

    def __init__(
        self,
        settings: Settings,
        database: Database,
        services: Services,
        server: Server,
        seals: Seals,
        portals: Routing,
        press: Press,
        overlay: Overlay,
        reading: Reading,
    ) -> None:
        self._settings = settings
        self._database = database
        self._services = services
        self._server = server
        self._press = press
        self._release = overlay.release
        self._stopping = False
        self._talk = Conversation(services, Articles(load_articles(), reading), overlay)
        self._sorting = Sorting(database.engine, reading)
        self._notices = Notices(database.engine.url)
        self._feed = Feed(database.engine, self._notices)
        self._assistance = Assistance(
            database.engine,
            self._notices,
            lambda: self._talk.services,
            settings,
            self._content if settings.telegram_bot_token else None,
        )
        self._reporting = Reporting(
            database.engine,
            Territory(services.places.gazetteer),
            lambda: self._talk.services.catalogue,
            services.clock,
        )
        self._files = Files(lambda: self._talk.services, *self._assistance.files(), self._reporting.picture)
        self._counter = Counter(
            database.engine, lambda: self._talk.services, Territory(services.places.gazetteer), self._parcels()
        )
        self._intake = Intake(
            database.engine,
            self._talk.respond,
            self._effects(seals).store,
            announce=self._talk.announce,
            flows=Flows(self._flows(), lambda: self._talk.services),
        )
        register = Register(database.engine, seals)
        self._dossiers = Dossiers(
            database.engine,
            seals,
            register,
            Routing([Route(("*", "BHXH"), register), *portals.routes]),
            lambda: self._talk.services,
            timedelta(minutes=settings.follow_minutes),
            services.quiet,
            opinion.after_result,
        )
        self._telegram: Telegram | None = None
        if settings.telegram_bot_token:
            self._telegram = Telegram(
                settings,
                database.engine,
                self._notices,
                self._intake,
                self._files,
                self._talk.choices,
                self._talk.named,
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
            lambda: self._talk.services,
            self._settings,
            self._files,
            self._assistance.enclosures.take,
        )
        telegram = self._telegram.routes() if self._telegram else []
        token = self._settings.push_token.get_secret_value() if self._settings.push_token else None
        await self._server.start(
            [
                *self._health().routes(),
                *self._dossiers.routes(token),
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
        given = settings.office_secret.get_secret_value() if settings.office_secret else None
        secret = await office.shared_secret(self._database.engine, given)
        gazetteer = self._services.places.gazetteer
        address = settings.public_url or self._server.address
        return office.opened(
            self._database.engine, lambda: self._talk.services, gazetteer, settings, secret, address, self._press
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
            "reminding": Reminders(engine, self._talk.reminder).run(),
            "seeing to questions asked in vain": self._errands().run(),
            "posting notices": Board(engine, self._notices, self._talk.post).run(),
            **self._dossiers.parts(),
            **self._assistance.parts(),
            **self._counter.parts(),
            **self._press.parts(self._notices, self._release, self._talk.publish),
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
        address = self._settings.public_url or self._server.address
        return Effects(seals, StaffDesk(self._services.places, address, self._services.clock).serve)

    def _parcels(self) -> Parcels | None:
        if not self._settings.office or not self._settings.telegram_bot_token:
            return None
        address = self._settings.public_url or self._server.address
        territory = Territory(self._services.places.gazetteer)
        return Parcels(self._database.engine, self._press, territory, self._fetched, address)

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
        return Errands(self._database.engine, self._sorting, self._talk.news, keep_for)

    def _health(self) -> Health:
        return Health(
            self._database.engine,
            lambda: self._talk.services.catalogue,
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
