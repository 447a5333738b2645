"""Gates at work: what publishing some changes would do is asked once, beside the pages that wait for the outcome."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable
from weakref import WeakKeyDictionary

from bot.errors import OfficeError
from bot.office.releases import Releases, Weighed
from knowledge.errors import KnowledgeError

_PATIENCE = 1.5
_FRESH_SECONDS = 300.0

_Asked = tuple[asyncio.Task[Weighed], float]


class Gauge:
    """Asks the gate of one ``Releases`` without keeping a page waiting for long."""

    def __init__(self) -> None:
        self._running: WeakKeyDictionary[Releases, dict[tuple[int, ...], _Asked]] = WeakKeyDictionary()

    async def ask(self, releases: Releases, revisions: Iterable[int]) -> Weighed | None:
        """Return what the gate says, or None while it is still asking; raise ``OfficeError`` when it cannot be asked.

        What it has once said of the same changes is said again at once.
        """
        key = tuple(sorted(set(revisions)))
        tasks = self._running.setdefault(releases, {})
        task, since = tasks.get(key, (None, 0.0))
        if task is None or (task.done() and time.monotonic() - since > _FRESH_SECONDS):
            task = asyncio.create_task(releases.weigh(key))
            task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())  # nobody may come for it
            tasks[key] = task, time.monotonic()
        done, _ = await asyncio.wait([task], timeout=_PATIENCE)
        if not done:
            return None
        tasks.pop(key, None)
        try:
            return task.result()
        except KnowledgeError as error:
            raise OfficeError(str(error)) from error
