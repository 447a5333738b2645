"""Every replica answers from the newest release: told by the database, built beside the event loop, swapped at once."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.logs import outline
from bot.office import standing
from bot.office.history import TOPIC
from bot.office.matchers import Matchers
from bot.office.standing import Overlay
from bot.office.stock import Stock
from bot.storage.notices import Notices
from knowledge.catalogue import Catalogue
from knowledge.errors import KnowledgeError
from knowledge.matching import Matcher

_LOOK_SECONDS = 30.0
_AGAIN_SECONDS = 1.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Live:
    """All that answers come from at one moment, made of one release; the office's articles are in ``overlay``."""

    overlay: Overlay
    catalogue: Catalogue
    matcher: Matcher


async def load(engine: AsyncEngine, stock: Stock, matchers: Matchers) -> Live:
    """Return what stands now. Raises ``SQLAlchemyError`` when the database does not tell."""
    async with engine.connect() as connection:
        stand = await stock.now(connection)
    return Live(stand.overlay, stand.catalogue, await matchers.of(stand.catalogue))


class Reload:
    """Watches for releases; ``swap`` is given what to answer from, on the event loop, between two questions."""

    def __init__(
        self, engine: AsyncEngine, notices: Notices, stock: Stock, matchers: Matchers, swap: Callable[[Live], None]
    ) -> None:
        self._engine = engine
        self._notices = notices
        self._stock = stock
        self._matchers = matchers
        self._swap = swap

    async def run(self, release: int) -> None:
        """Follow the releases after ``release`` until cancelled."""
        while True:
            with self._notices.waiting(TOPIC) as news:
                try:
                    release = await self._follow(release)
                except (SQLAlchemyError, OSError, KnowledgeError) as error:
                    _log.error("a release could not be taken over; trying again: %s", outline(error))
                    await asyncio.sleep(_AGAIN_SECONDS)
                    continue
                try:
                    await asyncio.wait_for(news.wait(), _LOOK_SECONDS)
                except TimeoutError:
                    continue  # news can be missed while the database is away

    async def _follow(self, release: int) -> int:
        """Swap as long as there is a newer release, and return the one now answered from."""
        while True:
            async with self._engine.connect() as connection:
                if await standing.latest(connection) == release:
                    return release
            live = await load(self._engine, self._stock, self._matchers)
            self._swap(live)
            release = live.overlay.release
            _log.info("answering from release %d (%s)", release, live.catalogue.release)
