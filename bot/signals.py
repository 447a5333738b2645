"""SIGTERM and SIGINT as a wish to end."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def obeyed(main: asyncio.Task[Any] | None, stop: asyncio.Event) -> Iterator[Callable[[], None]]:
    """Turn signals into ``stop``; before the yielded function is called they give up the start, ``main``, as well."""
    loop = asyncio.get_running_loop()
    starting = True

    def told() -> None:
        stop.set()
        if starting and main:
            main.cancel()

    def started() -> None:
        nonlocal starting
        starting = False

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, told)
    yield started
