"""All that publishing needs, made once: what lies below, matchers, gate, releases, and what watches over them."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.office.ahead import Ahead
from bot.office.due import Due
from bot.office.gate import Gate
from bot.office.matchers import Matchers
from bot.office.releases import Releases
from bot.office.reload import Live, Reload, load
from bot.office.standing import Ground
from bot.office.stock import Stock
from bot.storage.notices import Notices


class Press:
    """Publishing on one database. ``limit`` is how many labelled questions a release may break.

    Raises ``QuestionSetError`` when the questions that ship are spoilt.
    """

    def __init__(self, engine: AsyncEngine, ground: Ground, limit: int) -> None:
        self.ground = ground
        self.stock = Stock(ground)
        self._engine = engine
        self._matchers = Matchers()
        self._gate = Gate(self._matchers)
        self.releases = Releases(engine, self.stock, self._gate, limit)

    async def live(self) -> Live:
        """Return what stands now, to answer from."""
        return await load(self._engine, self.stock, self._matchers)

    def parts(
        self, notices: Notices, release: int, swap: Callable[[Live], None]
    ) -> dict[str, Coroutine[Any, Any, None]]:
        """Return what must run while the program serves: it answers from ``release`` until ``swap`` gives another."""
        reload = Reload(self._engine, notices, self.stock, self._matchers, swap)
        return {
            "following releases": reload.run(release),
            "preparing what was approved": Ahead(self._engine, notices, self.stock, self._matchers).run(),
            "publishing on the day": Due(self._engine, self.releases).run(),
        }

    def close(self) -> None:
        """Build and weigh nothing more."""
        self._gate.close()
        self._matchers.close()
