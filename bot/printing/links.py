"""Where the QR codes of a printed page lead: to our page and to our bot, opened at one place."""

from __future__ import annotations

from dataclasses import dataclass, replace
from ipaddress import ip_address
from urllib.parse import urlsplit

WEB = "Trang hỏi đáp"
BOT = "Telegram"


@dataclass(frozen=True, slots=True)
class Link:
    """A QR code: what it opens, in words, and the address; ``typed`` is what to type instead, when that is bearable."""

    caption: str
    url: str
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Doors:
    """The ways in that a reader of a sheet has. ``page_url`` is our page, ``bot`` a Telegram name without @."""

    page_url: str = ""
    bot: str = ""

    def procedure(self, code: str) -> tuple[Link, ...]:
        """Return the links that open one procedure."""
        return tuple(
            replace(link, typed=_typed(link.url)) for link in self._links(f"/p/{code}", f"p_{code.replace('.', '_')}")
        )

    def case(self, token: str) -> tuple[Link, ...]:
        """Return the links that open the case of a token (``knowledge.case.token``)."""
        return self._links(f"/c/{token}", f"c_{token}")

    def handed(self, payload: str) -> tuple[Link, ...]:
        """Return the links that open what was handed to somebody: ``v_<token>`` an invitation, and the like."""
        return self._links(f"/s/{payload}", payload)

    def _links(self, path: str, payload: str) -> tuple[Link, ...]:
        web = (Link(WEB, f"{self.page_url}{path}"),) if reachable(self.page_url) else ()
        telegram = (Link(BOT, f"https://t.me/{self.bot}?start={payload}"),) if self.bot else ()
        return (*web, *telegram)


def _typed(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.netloc}{parts.path}"


def reachable(url: str) -> bool:
    """Say whether other people's phones can open this address; one of this machine alone is of no use on paper."""
    host = urlsplit(url).hostname
    if not host or host == "localhost":
        return False
    try:
        return not ip_address(host).is_loopback
    except ValueError:
        return True
