"""Volunteers, help and opinions as the program runs them: their flows, in order, and what works beside."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import captaincy, duty, joining, members, opinion, suggesting, teamwork
from bot.assistance.accepting import FLOW as ACCEPTING
from bot.assistance.alerts import Alerts
from bot.assistance.asking import Asking
from bot.assistance.desk import Desk
from bot.assistance.enclosures import Enclosures, Fetch
from bot.assistance.learning import practice as learning
from bot.assistance.papers import Papers
from bot.assistance.post import Postman
from bot.assistance.relay import Relay
from bot.assistance.slips import Slips
from bot.dialogue.services import Services
from bot.dossiers.dates import Quiet
from bot.moment import Flow
from bot.printing.files import Find
from bot.settings import Settings
from bot.storage.notices import Notices


class Assistance:
    """Made once by the composition root; ``services`` gives what the assistant answers from at this moment.

    ``fetch`` gets files that Telegram has; None without Telegram.
    """

    def __init__(
        self,
        engine: AsyncEngine,
        notices: Notices,
        services: Callable[[], Services],
        settings: Settings,
        fetch: Fetch | None = None,
    ) -> None:
        self._engine = engine
        self._notices = notices
        self._services = services
        self._settings = settings
        opens, _, closes = settings.help_hours.partition("-")
        closed = Quiet(int(closes), int(opens))
        self.enclosures = Enclosures(engine, fetch)
        self._alerts = Alerts(engine, notices, services, closed, settings.help_minutes)

    def flows(self) -> list[Flow]:
        """Return the flows in the order in which they look at a turn: whoever is in a live talk is heard first."""
        talks = [Relay(self._alerts).flow(), ACCEPTING, Asking(self._alerts).flow()]
        desk = Desk(self._settings.aid_days, (members.rows, learning.rows))
        teams = [joining.FLOW, duty.FLOW, teamwork.FLOW, captaincy.FLOW, learning.FLOW]
        return [*talks, *teams, opinion.FLOW, suggesting.FLOW, desk.flow(), desk.last()]

    def files(self) -> list[Find]:
        """Return what finds files that are made from our tables."""
        return [
            Slips(self._engine, self._services).find,
            Papers(self._engine, self._services).find,
            self.enclosures.find,
        ]

    def parts(self) -> dict[str, Coroutine[Any, Any, None]]:
        """Return what must run while the program serves."""
        return {
            "carrying messages between chats": Postman(self._engine, self._notices).run(),
            "telling of requests for help": self._alerts.run(),
        }
