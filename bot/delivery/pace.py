"""How fast we may send: a steady rate with room for short bursts."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic


class Pace:
    """Allows ``rate`` events a second after a burst of at most ``burst``."""

    def __init__(self, rate: float, burst: int, clock: Callable[[], float] = monotonic) -> None:
        self._interval = 1 / rate
        self._slack = (burst - 1) / rate
        self._clock = clock
        self._next = clock()

    @property
    def wait(self) -> float:
        """Seconds until the next free place."""
        return max(0.0, self._next - self._slack - self._clock())

    def take(self) -> None:
        """Take the next free place."""
        self._next = max(self._next, self._clock()) + self._interval

    @property
    def idle(self) -> bool:
        """True when nothing is owed: a fresh ``Pace`` would behave the same."""
        return self._next <= self._clock()


class Paces:
    """One pace for all, and one for each chat. Limits are a rate (events a second) and a burst.

    The default keeps below Telegram's thirty messages in any one second
    (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
    """

    def __init__(self, overall: tuple[float, int] = (28.0, 2), clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._overall = Pace(*overall, clock)
        self._chats: dict[int, Pace] = {}
        self._closed_until = clock()

    def reserve(self, chat: int, limits: tuple[float, int], patience: float) -> float:
        """Return the seconds to wait before one message to ``chat``, and take its place if that is within patience."""
        if len(self._chats) > 10_000:
            self._chats = {number: pace for number, pace in self._chats.items() if not pace.idle}
        own = self._chats.setdefault(chat, Pace(*limits, self._clock))
        wait = max(own.wait, self._overall.wait, self.closed)
        if wait <= patience:
            own.take()
            self._overall.take()
        return wait

    def close(self, seconds: float) -> None:
        """Let nothing through for ``seconds``."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)

    @property
    def closed(self) -> float:
        """Seconds for which nothing may pass; 0 when open."""
        return max(0.0, self._closed_until - self._clock())
