"""How fast we may send: a steady rate with room for short bursts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import monotonic

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

PATIENCE_SECONDS = 2.0
"""A place farther off than this is not taken: who wants it gives the chat back meanwhile."""

_TAKE = text("""
    INSERT INTO paced AS p (name, next_at) VALUES (:name, clock_timestamp() + make_interval(secs => :step))
    ON CONFLICT (name) DO UPDATE
        SET next_at = GREATEST(p.next_at, clock_timestamp()) + make_interval(secs => :step)
        WHERE p.next_at <= clock_timestamp() + make_interval(secs => :limit)
    RETURNING EXTRACT(EPOCH FROM p.next_at - clock_timestamp())::float
""")
_AHEAD = text("""
    SELECT GREATEST(EXTRACT(EPOCH FROM next_at - clock_timestamp()), 0)::float FROM paced WHERE name = :name
""")
_CLOSE = text("""
    INSERT INTO paced AS p (name, next_at) VALUES (:name, clock_timestamp() + make_interval(secs => :seconds))
    ON CONFLICT (name) DO UPDATE
        SET next_at = GREATEST(p.next_at, clock_timestamp() + make_interval(secs => :seconds))
""")


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
    """One pace for all and one for each chat, kept in the database: all replicas together keep the limits.

    Limits are a rate (events a second) and a burst. The default keeps below Telegram's thirty messages in any one
    second (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Those who wait at the same
    moment take their places together, so that a full queue does not cost a statement for each message.
    """

    def __init__(self, engine: AsyncEngine, channel: str, overall: tuple[float, int] = (28.0, 2)) -> None:
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._channel = channel
        self._overall = overall
        self._closed_until = monotonic()
        self._waiting: list[asyncio.Future[float]] = []
        self._taking: asyncio.Task[None] | None = None

    async def reserve(self, connection: AsyncConnection, chat: int, limits: tuple[float, int]) -> float:
        """Return the seconds to wait before one message to ``chat``; its place is taken if that is within patience.

        ``connection`` is the one that holds the chat's queue. Raises ``SQLAlchemyError``.
        """
        if self.closed > PATIENCE_SECONDS:
            return self.closed
        (own,) = await _take(connection, f"chat {chat}", limits, 1)
        if own > PATIENCE_SECONDS:
            return own
        return max(own, await self._common(), self.closed)

    async def _common(self) -> float:
        """Wait for a place among all messages, and return the seconds until it."""
        place: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        if self._taking is None or self._taking.done():
            self._taking = asyncio.create_task(self._hand_out())
        return await place

    async def _hand_out(self) -> None:
        """Take places for all who wait, until nobody does."""
        while self._waiting:
            served, self._waiting = self._waiting, []
            try:
                async with self._engine.connect() as connection:
                    waits = await _take(connection, self._channel, self._overall, len(served))
            except (SQLAlchemyError, OSError) as error:
                for place in filter(_awaited, served):
                    place.set_exception(error)
                continue
            for place, wait in zip(served, waits, strict=True):
                if _awaited(place):
                    place.set_result(wait)

    async def close(self, connection: AsyncConnection, seconds: float) -> None:
        """Let nothing through for ``seconds``, in any replica."""
        self._closed_until = max(self._closed_until, monotonic() + seconds)
        await connection.execute(_CLOSE, {"name": self._channel, "seconds": seconds})

    @property
    def closed(self) -> float:
        """Seconds for which nothing may pass, as far as this process knows; 0 when open."""
        return max(0.0, self._closed_until - monotonic())


def _awaited(place: asyncio.Future[float]) -> bool:
    return not place.done()


async def _take(connection: AsyncConnection, name: str, limits: tuple[float, int], count: int) -> list[float]:
    """Take ``count`` places and return the seconds until each; none is taken when the first is out of patience."""
    rate, burst = limits
    slack = (burst - 1) / rate
    values = {"name": name, "step": count / rate, "limit": slack + PATIENCE_SECONDS}
    ahead = (await connection.execute(_TAKE, values)).scalar_one_or_none()
    if ahead is None:
        ahead = (await connection.execute(_AHEAD, {"name": name})).scalar_one() + count / rate
    return [max(0.0, ahead - (count - place) / rate - slack) for place in range(count)]
