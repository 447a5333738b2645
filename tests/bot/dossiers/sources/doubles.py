"""Time that a test moves, and sources and clients that answer what a test tells them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from bot.dossiers.report import VIETNAM, Report
from bot.dossiers.sources.answer import Response
from bot.dossiers.sources.building import Reader
from bot.dossiers.sources.client import Client, Request
from bot.dossiers.status import Status
from bot.errors import SourceError, SourceRefused

CODE = "000.99.99.H48-261115-1234"
NOW = datetime(2026, 11, 22, 15, tzinfo=VIETNAM)
_OFFICIAL = {status.official: status for status in Status}
READER = Reader(_OFFICIAL.get, lambda: NOW)


class Clock:
    """Stands still until told; sleeping moves it."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds
        await asyncio.sleep(0)


class Told:
    """A source that says what it is told to say, after ``gate`` opens."""

    def __init__(
        self, answer: Report | SourceError | None, name: str = "nguồn", gate: asyncio.Event | None = None
    ) -> None:
        self.answer = answer
        self.gate = gate
        self.asked = 0
        self._name = name

    @property
    def name(self) -> str:
        return self._name

    async def look_up(self, code: str) -> Report | None:
        self.asked += 1
        if self.gate:
            await self.gate.wait()
        if isinstance(self.answer, SourceError):
            raise self.answer
        return self.answer


class Answering(Client):
    """A client without a network: ``answer`` is called with each request and returns the JSON that comes back."""

    def __init__(self, answer: Callable[[Request], Any], clock: Clock | None = None) -> None:
        self._answer = answer
        self._moved = clock or Clock()
        self.refused = 0

    @property
    def clock(self) -> Callable[[], float]:
        return self._moved

    async def ask(self, request: Request) -> Response:
        data = self._answer(request)
        return data if isinstance(data, Response) else Response(200, data)

    def refuse(self, error: SourceRefused) -> SourceRefused:
        self.refused += 1
        return error


def report(source: str = "nguồn", hours: float = -5, **more: Any) -> Report:
    """A report whose dossier was received so many hours from now."""
    given: dict[str, Any] = {"code": CODE, "source": source, "read_at": NOW, "received": NOW + timedelta(hours=hours)}
    return Report(**(given | more))
