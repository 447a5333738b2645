"""Dossiers as one part of the program: look-ups, followers, and the door for pushes."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any

from aiohttp.web import RouteDef
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue.services import Services
from bot.dossiers.dates import Quiet
from bot.dossiers.lookup import Afterwards, LookUps, Sources
from bot.dossiers.proof import Seals
from bot.dossiers.push import Push
from bot.dossiers.register import Register
from bot.dossiers.report import VIETNAM
from bot.dossiers.watch import Watch
from bot.storage.jobs import LOOKUPS, NEWS, WATCH, Jobs, Queue

_LOOK_UPS_AT_ONCE = 16
_CHECKS_AT_ONCE = 8


class Dossiers:
    """Answers what was asked of dossiers and looks after those that are followed."""

    def __init__(
        self,
        engine: AsyncEngine,
        seals: Seals,
        register: Register,
        sources: Sources,
        services: Callable[[], Services],
        every: timedelta,
        quiet: Quiet,
        afterwards: Afterwards | None = None,
    ) -> None:
        self._register = register
        look_ups = LookUps(engine, sources, seals, services, afterwards)
        self._watch = Watch(engine, sources, seals, services, every, quiet, afterwards)
        queues = {
            LOOKUPS: Queue(look_ups.answer, _LOOK_UPS_AT_ONCE, again=True),
            WATCH: Queue(self._watch.check, _CHECKS_AT_ONCE, again=False),
            NEWS: Queue(self._watch.check, _CHECKS_AT_ONCE, again=False),  # must not wait behind a slow portal
        }
        self._jobs = Jobs(engine.url, queues)

    def routes(self, token: str | None) -> list[RouteDef]:
        """Return what our HTTP server serves for one-stop software that has the token; nothing without one."""
        return Push(self._register, token, lambda: datetime.now(VIETNAM)).routes() if token else []

    def parts(self) -> dict[str, Coroutine[Any, Any, None]]:
        """Return what must run beside the rest while the program serves."""
        return {"following dossiers": self._watch.run(), "working off jobs": self._jobs.run()}
