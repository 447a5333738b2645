"""What is there before the parts are made: the catalogue in force, the database, the portals, the lists we read."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace

from bot.dialogue.services import Services
from bot.dossiers.dates import Quiet
from bot.dossiers.proof import Seals, shared_seals
from bot.dossiers.routing import Routing
from bot.dossiers.sources.building import usual
from bot.dossiers.sources.entries import configured
from bot.dossiers.sources.opening import opened as opened_portals
from bot.forms import Forms
from bot.office.press import Press
from bot.office.standing import Ground, Overlay
from bot.server import Server
from bot.settings import Settings, plain
from bot.storage.engine import Database
from bot.storage.engine import opened as opened_database
from bot.storage.migrate import migrate
from knowledge import catalogue as catalogues
from knowledge.calendar import Calendar, load_changes
from knowledge.changes import load_outdated
from knowledge.events import load_events
from knowledge.grouping import Reading
from knowledge.occasion import Occasions
from knowledge.offices import open_directory
from knowledge.phrases import load_phrases
from knowledge.places import Finder, load_gazetteer


@dataclass(frozen=True, slots=True)
class Opened:
    """What the parts of one running instance are made of."""

    settings: Settings
    database: Database
    services: Services
    server: Server
    seals: Seals
    portals: Routing
    press: Press
    overlay: Overlay
    reading: Reading


async def open_up(settings: Settings, stack: AsyncExitStack, rehearsal: tuple[str, ...] = ()) -> Opened:
    """Open all that the parts stand on; ``stack`` closes it. ``rehearsal``: see ``bot.app.run``.

    Raises ``BotError`` or ``KnowledgeError``, in words, when something cannot be opened or read.
    """
    catalogue = catalogues.load(settings.catalogue)
    entries = configured(settings.sources)
    server = Server(settings.host, settings.port)
    stack.callback(server.release)
    database = await stack.enter_async_context(opened_database(plain(settings.database_url), settings.mot_cua_data))
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
    portals = await stack.enter_async_context(opened_portals(entries, usual()))
    services = replace(services, watched=portals.serves)
    seals = await shared_seals(database.engine, plain(settings.proof_secret))
    reading = await asyncio.to_thread(lambda: Reading(load_phrases()))
    return Opened(settings, database, services, server, seals, portals, press, live.overlay, reading)
