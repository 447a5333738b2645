"""Who may do what on the page: whose conversation it is, whether a request is our own page's, and how often."""

from __future__ import annotations

import math
import re
import secrets
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web

_ADDRESS = re.compile(r"[0-9a-f]{32}", re.ASCII)
_COOKIE = "mot_cua"
_MOST_KEYS = 20_000

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # "same-origin", not "no-referrer": the latter would make browsers send "Origin: null" with our own form.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Refusal(Exception):  # noqa: N818 - it ends in an answer, not in an error
    """A request we do not serve, with the words that say why."""

    def __init__(self, status: int, words: str, seconds: int = 0) -> None:
        self.status = status
        self.words = words
        self.seconds = seconds


class Cookie:
    """The conversation's address: 128 random bits that only this browser and we know."""

    def __init__(self, secure: bool, days: int) -> None:
        self._secure = secure
        self._seconds = days * 86_400
        self._name = f"__Host-{_COOKIE}" if secure else _COOKIE

    def read(self, request: web.Request) -> str | None:
        """Return the address a request carries, or None.

        A page opened by a link from elsewhere carries none (SameSite=Strict), which does not mean there is none: give
        out a new one only in answer to a POST of our own page.
        """
        found = request.cookies.get(self._name, "")
        return found if _ADDRESS.fullmatch(found) else None

    def write(self, response: web.StreamResponse, address: str) -> None:
        """Have the browser keep the address, out of reach of scripts and of other sites."""
        response.set_cookie(
            self._name, address, max_age=self._seconds, path="/", httponly=True, samesite="Strict", secure=self._secure
        )

    def clear(self, response: web.StreamResponse) -> None:
        """Have the browser forget the address."""
        response.del_cookie(self._name, path="/", httponly=True, samesite="Strict", secure=self._secure)

    @staticmethod
    def new() -> str:
        """Return an address nobody can guess: 128 random bits in hex."""
        return secrets.token_hex(16)


def is_ours(request: web.Request, public_url: str | None) -> bool:
    """Say whether a request that changes something comes from our own page, and not from another site's."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("Origin", "")
    if public_url and origin == _origin(public_url):
        return True
    return bool(request.host) and origin in (f"http://{request.host}", f"https://{request.host}")


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def visitor(request: web.Request, behind_proxy: bool) -> str:
    """Return the network address of the visitor, for counting only; it is never stored."""
    if behind_proxy:
        told = ",".join(request.headers.getall("X-Forwarded-For", [])).rsplit(",", 1)[-1].strip()
        if told:
            return told
    return request.remote or "?"


class Limiter:
    """So many a minute for each key, with bursts of as many: a leaky bucket in memory.

    Each process counts for itself, so that several replicas allow a little more.
    """

    def __init__(self, per_minute: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._capacity = float(per_minute)
        self._rate = per_minute / 60
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}

    def wait(self, key: str) -> int:
        """Count one and return 0, or count nothing and return the seconds to wait."""
        now = self._clock()
        level, at = self._levels.get(key, (0.0, now))
        level = max(0.0, level - (now - at) * self._rate)
        if level + 1 > self._capacity:
            return max(1, math.ceil((level + 1 - self._capacity) / self._rate))
        if len(self._levels) >= _MOST_KEYS and key not in self._levels:
            self._forget_idle(now)
        self._levels[key] = (level + 1, now)
        return 0

    def _forget_idle(self, now: float) -> None:
        full_drain = self._capacity / self._rate
        self._levels = {key: (level, at) for key, (level, at) in self._levels.items() if now - at < full_drain}
