"""Parts of the program that run beside each other until they are asked to stop, or one of them ends."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

from bot.errors import BotError
from bot.logs import outline

_log = logging.getLogger(__name__)

Parts = dict[str, Coroutine[Any, Any, None]]
"""What must run while the program serves, by the name the log knows it by; none ends by itself."""

Tasks = dict[str, asyncio.Task[None]]


async def together(parts: Parts, stop: asyncio.Event, finish: Callable[[Tasks], Awaitable[None]]) -> None:
    """Run the parts until ``stop``, then have ``finish`` end them. Raises ``BotError`` when one ended before."""
    tasks = {name: asyncio.create_task(job, name=name) for name, job in parts.items()}
    stopped = asyncio.create_task(stop.wait())
    try:
        ended, _ = await asyncio.wait([stopped, *tasks.values()], return_when=asyncio.FIRST_COMPLETED)
    finally:
        stopped.cancel()
        await finish(tasks)
    for task in tasks.values():
        if task in ended:
            _explain(task)


def _explain(task: asyncio.Task[None]) -> None:
    """Raise what made a part of the program end."""
    error = None if task.cancelled() else task.exception()
    if isinstance(error, BotError):
        raise error
    if error:
        _log.error("%s ended: %s", task.get_name(), outline(error))
    raise BotError("Chương trình gặp lỗi bất ngờ và phải dừng: xem nhật ký phía trên, rồi chạy lại.")
