"""What a source gives us at the door and wants to see with each question: a session or a token."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

_MARGIN = 30.0


class Ticket:
    """Asked for once by whoever needs it first, while the others wait; asked for again when it has expired.

    ``issue`` returns the ticket and for how many seconds it is good, None when nobody said.
    """

    def __init__(self, issue: Callable[[], Awaitable[tuple[str, float | None]]], clock: Callable[[], float]) -> None:
        self._issue = issue
        self._clock = clock
        self._lock = asyncio.Lock()
        self._held: str | None = None
        self._issued = 0.0
        self._ends: float | None = None

    @property
    def age(self) -> float:
        """Seconds since the ticket was issued."""
        return self._clock() - self._issued

    async def current(self) -> str:
        """Return a ticket that is good as far as we know."""
        if self._held is None or (self._ends is not None and self._clock() >= self._ends):
            return await self.instead_of(self._held)
        return self._held

    async def instead_of(self, old: str | None) -> str:
        """Return another ticket than ``old``, which the source takes no more."""
        async with self._lock:
            if self._held is None or self._held == old:
                self._held = None
                self._held, seconds = await self._issue()
                self._issued = self._clock()
                self._ends = None if seconds is None else self._issued + max(seconds - _MARGIN, seconds / 2)
            return self._held
