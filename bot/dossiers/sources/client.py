"""HTTP to one source: within its time and its rate, tried again where that is safe, left alone while it fails."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from ssl import SSLContext

from aiohttp import (
    ClientError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
)

from bot.delivery.pace import Pace
from bot.dossiers.sources.answer import Busy, Response, received
from bot.dossiers.sources.breaker import Breaker
from bot.errors import SourceDown, SourceError, SourceRefused, SourceUnreadable

_log = logging.getLogger(__name__)
_TRIES = 3
_CONNECT_SECONDS = 3.0
_ASIDE = 0.7
_BACK_OFF = 0.25


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request that may be sent twice without harm, unless ``once``.

    ``expected`` are statuses of 4xx that the caller understands; they are answers, not failures.
    """

    method: str
    url: str
    headers: Mapping[str, str]
    params: Mapping[str, str] | None = None
    body: object = None
    form: Mapping[str, str] | None = None
    expected: frozenset[int] = frozenset()
    once: bool = False


@dataclass(frozen=True, slots=True)
class Timing:
    """Where time comes from; tests bring their own."""

    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    chance: Callable[[], float] = random.random


@asynccontextmanager
async def connections() -> AsyncIterator[ClientSession]:
    """Open the pool of connections that all sources share; cookies of one never reach another, nor stay."""
    connector = TCPConnector(limit=64, limit_per_host=8, ttl_dns_cache=60)
    headers = {"Accept": "application/json", "User-Agent": "mot-cua"}
    async with ClientSession(connector=connector, cookie_jar=DummyCookieJar(), headers=headers) as session:
        yield session


class Client:
    """Asks one source, called ``name`` in the log.

    ``seconds`` bounds one exchange with all its tries, ``per_minute`` the rate of requests.
    """

    def __init__(
        self,
        session: ClientSession,
        name: str,
        seconds: float,
        per_minute: int,
        tls: SSLContext | None = None,
        timing: Timing | None = None,
    ) -> None:
        self._session = session
        self._name = name
        self._seconds = seconds
        self._tls: SSLContext | bool = tls or True
        self._timing = timing or Timing()
        self._pace = Pace(per_minute / 60, max(1, per_minute // 10), self._timing.clock)
        self._aside = Pace(_ASIDE * per_minute / 60, max(1, per_minute // 20), self._timing.clock)
        self._breaker = Breaker(self._timing.clock)
        self._resting_until = self._timing.clock()

    @property
    def clock(self) -> Callable[[], float]:
        """The clock that the source's times are measured with."""
        return self._timing.clock

    async def ask(self, request: Request) -> Response:
        """Return the answer. Raises ``SourceError``."""
        wait = self._breaker.wait()
        if wait:
            raise SourceDown("left alone after failures", wait)
        deadline = self._timing.clock() + self._seconds
        try:
            async with asyncio.timeout(self._seconds):
                response = await self._tried(request, deadline)
        except TimeoutError:
            failure = SourceDown("no answer in time")
            self._failed(failure)
            raise failure from None
        except _OurLimit:
            raise
        except SourceError as error:
            self._failed(error)
            raise
        self._breaker.succeeded()
        return response

    def turn(self, patience: float) -> float:
        """Return the seconds to wait before asking what nobody waits for; take the place if that is within patience.

        Such questions get seven tenths of the rate, so that people who wait for an answer need not queue behind them.
        """
        wait = max(self._aside.wait, self._resting_until - self._timing.clock())
        if wait <= patience:
            self._aside.take()
        return wait

    def refuse(self, error: SourceRefused) -> SourceRefused:
        """Note that the source answered but does not let us in, so that we do not knock until our name is locked."""
        self._failed(error)
        return error

    def _failed(self, error: SourceError) -> None:
        _log.warning("the source %s: %s", self._name, error)
        self._breaker.failed(hopeless=isinstance(error, SourceRefused))

    async def _tried(self, request: Request, deadline: float) -> Response:
        for attempt in range(1, _TRIES + 1):
            await self._place(deadline)
            try:
                return await self._once(request)
            except Busy as busy:
                self._resting_until = self._timing.clock() + busy.rest
                if request.once or attempt == _TRIES or self._resting_until >= deadline:
                    raise _OurLimit("asks us to wait", busy.rest) from None
            except SourceDown:
                if request.once or attempt == _TRIES:
                    raise
                await self._timing.sleep(_BACK_OFF * 2**attempt * self._timing.chance())
        raise AssertionError

    async def _place(self, deadline: float) -> None:
        """Wait for a place within the rate; raise ``SourceDown`` when none comes in time."""
        now = self._timing.clock()
        wait = max(self._pace.wait, self._resting_until - now)
        if now + wait >= deadline:
            raise _OurLimit("no place within the rate", wait)
        self._pace.take()
        if wait > 0:
            await self._timing.sleep(wait)

    async def _once(self, request: Request) -> Response:
        try:
            async with self._session.request(
                request.method,
                request.url,
                headers=request.headers,
                params=request.params,
                json=request.body,
                data=request.form,
                allow_redirects=False,
                ssl=self._tls,
                timeout=ClientTimeout(sock_connect=_CONNECT_SECONDS),
            ) as response:
                return await received(response, request.expected)
        except ClientSSLError as error:
            raise SourceDown("no secure connection") from error
        except (ClientError, OSError) as error:
            raise SourceDown(f"unreachable: {type(error).__name__}") from error
        except ValueError as error:
            raise SourceUnreadable("no HTTP") from error


class _OurLimit(SourceDown):
    """Nothing was asked, or the source is well and asks us to wait: no failure of it."""
