"""Gets ready for what was approved before it is published, so that it is answered from at once when it is.

Thousands of records that came in one file take seconds to read. Every replica reads them while people still look at
what the gate says; what is published differently, or never, has cost that work and nothing else.
"""

from __future__ import annotations

import logging

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.logs import outline
from bot.office.matchers import Matchers
from bot.office.review import TOPIC
from bot.office.stock import Stock
from bot.storage.notices import Notices
from knowledge.errors import KnowledgeError

_log = logging.getLogger(__name__)


class Ahead:
    """Watches for approvals."""

    def __init__(self, engine: AsyncEngine, notices: Notices, stock: Stock, matchers: Matchers) -> None:
        self._engine = engine
        self._notices = notices
        self._stock = stock
        self._matchers = matchers

    async def run(self) -> None:
        """Get ready at each approval until cancelled."""
        while True:
            with self._notices.waiting(TOPIC) as news:
                try:
                    await self.prepare()
                except (SQLAlchemyError, OSError, KnowledgeError) as error:
                    _log.warning("what was approved could not be prepared: %s", outline(error))
                await news.wait()

    async def prepare(self) -> None:
        """Build what answers will come from once all that is approved is published."""
        stand = await self._stock.ahead(self._engine)
        if stand is not None:
            await self._matchers.of(stand.catalogue)
