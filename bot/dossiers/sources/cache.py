"""Answers kept for a short while, and one request for all who ask for the same dossier at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress

from bot.dossiers.report import Report
from bot.dossiers.sources.source import Source
from bot.errors import SourceError

_SIZE = 5_000
_LONGEST_ABSENCE = 30.0


class Cached:
    """A source that is asked once in ``seconds`` for each code; that there is no dossier holds for a shorter while.

    Errors are not kept: the client behind decides when to ask again.
    """

    def __init__(self, source: Source, seconds: float, clock: Callable[[], float]) -> None:
        self._source = source
        self._seconds = seconds
        self._clock = clock
        self._kept: dict[str, tuple[float, Report | None]] = {}
        self._running: dict[str, asyncio.Task[Report | None]] = {}

    @property
    def name(self) -> str:
        """The name that readers are told."""
        return self._source.name

    async def look_up(self, code: str) -> Report | None:
        """Return what the source says, or said a moment ago."""
        kept = self._kept.get(code)
        if kept and kept[0] > self._clock():
            return kept[1]
        task = self._running.get(code)
        if task is None:
            task = self._running[code] = asyncio.create_task(self._ask(code))
            task.add_done_callback(lambda done: self._finished(code, done))
        return await asyncio.shield(task)  # whoever gives up must not take the answer from the others

    async def close(self) -> None:
        """End what is being asked."""
        for task in tuple(self._running.values()):
            task.cancel()
            with suppress(asyncio.CancelledError, SourceError):
                await task

    async def _ask(self, code: str) -> Report | None:
        report = await self._source.look_up(code)
        seconds = self._seconds if report else min(self._seconds, _LONGEST_ABSENCE)
        if seconds > 0:
            self._keep(code, report, self._clock() + seconds)
        return report

    def _keep(self, code: str, report: Report | None, until: float) -> None:
        if len(self._kept) >= _SIZE:
            now = self._clock()
            self._kept = {known: held for known, held in self._kept.items() if held[0] > now}
        while len(self._kept) >= _SIZE:
            del self._kept[next(iter(self._kept))]
        self._kept[code] = (until, report)

    def _finished(self, code: str, task: asyncio.Task[Report | None]) -> None:
        del self._running[code]
        if not task.cancelled():
            task.exception()  # seen, also when everybody has given up waiting
