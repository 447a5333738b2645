"""The two cookies of the office: one that names a session, one that names a browser before anybody signed in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from aiohttp import web

from bot.office import csrf
from bot.office.sessions import LONGEST

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Cookie:
    """A cookie of 256 random bits.

    ``lax``: browsers bring it along when somebody follows a link from elsewhere to us. The session is strict: it comes
    with what our own pages ask for, and nothing else.
    """

    name: str
    seconds: int
    secure: bool
    lax: bool = False

    @property
    def _full(self) -> str:
        return f"__Host-{self.name}" if self.secure else self.name

    @property
    def _path(self) -> str:
        return "/" if self.secure else "/canbo"

    @property
    def _site(self) -> Literal["Lax", "Strict"]:
        return "Lax" if self.lax else "Strict"

    def read(self, request: web.Request) -> str | None:
        """Return what the browser holds, or None."""
        found = request.cookies.get(self._full)
        return found if csrf.plausible(found) else None

    def write(self, response: web.StreamResponse, value: str) -> None:
        """Give the browser a value to hold."""
        response.set_cookie(
            self._full, value, max_age=self.seconds, path=self._path, httponly=True, samesite=self._site,
            secure=self.secure,
        )  # fmt: skip

    def clear(self, response: web.StreamResponse) -> None:
        """Let the browser forget."""
        response.del_cookie(self._full, path=self._path, httponly=True, samesite=self._site, secure=self.secure)


def session_cookie(secure: bool) -> Cookie:
    """Return the cookie that names a session."""
    return Cookie("canbo", int(LONGEST.total_seconds()), secure)


def browser_cookie(secure: bool) -> Cookie:
    """Return the cookie that names a browser: the forms before sign-in and one-time links are bound to it."""
    return Cookie("canbo_may", _DAY, secure, lax=True)
