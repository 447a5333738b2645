"""The office in people's chats: its flows before the conversation, and what works beside."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue.services import Services
from bot.moment import Flow
from bot.office import news
from bot.office.answering import Answering
from bot.office.broadcasting import Broadcasting
from bot.office.parcel import Parcels
from bot.office.staff import Territory


class Counter:
    """Made once by the composition root; ``services`` gives what the assistant answers from at this moment.

    ``parcels`` takes files that staff send, where there is a channel that brings them.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        services: Callable[[], Services],
        territory: Territory,
        parcels: Parcels | None = None,
    ) -> None:
        self._engine = engine
        self._services = services
        self._territory = territory
        self._parcels = parcels

    def flows(self) -> list[Flow]:
        """Return the flows in the order in which they look at a turn."""
        flows = [Flow(take=news.take), Flow(take=Answering(self._territory).take, official=True)]
        return [*flows, Flow(take=self._parcels.take)] if self._parcels else flows

    def parts(self) -> dict[str, Coroutine[Any, Any, None]]:
        """Return what must run while the program serves."""
        return {"sending news": Broadcasting(self._engine, self._services, self._territory).run()}
