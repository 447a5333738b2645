"""How the program is, for those who watch over it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from knowledge.catalogue import Catalogue

_WELL = frozenset({"ok", "standby", "off"})
_PATIENCE_SECONDS = 3.0


@dataclass(frozen=True)
class Health:
    """Answers ``/healthz`` (the process lives) and ``/readyz`` (it can serve: 200 or 503, with a word for each part).

    ``process`` and ``telegram`` tell the state of the two; ok, standby (another replica polls) and off are well.
    """

    engine: AsyncEngine
    catalogue: Callable[[], Catalogue]
    process: Callable[[], str]
    telegram: Callable[[], str]

    def routes(self) -> list[web.RouteDef]:
        """Return the two routes."""
        return [web.get("/healthz", self._alive), web.get("/readyz", self._ready)]

    async def _alive(self, _request: web.Request) -> web.Response:
        return _json({"status": "ok"}, 200)

    async def _ready(self, _request: web.Request) -> web.Response:
        catalogue = self.catalogue()
        words = {
            "process": self.process(),
            "database": await self._database(),
            "catalogue": "ok" if len(catalogue) else "empty",
            "telegram": self.telegram(),
        }
        well = _WELL.issuperset(words.values())
        facts = {"procedures": len(catalogue), "release": catalogue.release}
        return _json({"status": "ready" if well else "not ready", **words, **facts}, 200 if well else 503)

    async def _database(self) -> str:
        try:
            async with asyncio.timeout(_PATIENCE_SECONDS), self.engine.connect() as connection:
                await connection.execute(text("SELECT 1 FROM chat LIMIT 1"))
        except (SQLAlchemyError, OSError, TimeoutError):
            return "unreachable"
        return "ok"


def _json(body: dict[str, object], status: int) -> web.Response:
    return web.json_response(body, status=status, headers={"Cache-Control": "no-store"})
