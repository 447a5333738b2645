"""Notices of the office to everybody: the portal is down until 14:00, closed for Tết."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Banner:
    """A notice from ``starts_at`` until ``ends_at`` (None: until it is withdrawn), both local time of Vietnam.

    ``scope``: "" the whole country, two digits a province, five digits a commune.
    """

    id: int
    text: str
    scope: str
    starts_at: datetime
    ends_at: datetime | None = None

    def is_on(self, now: datetime) -> bool:
        """Say whether it is shown at a moment."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)


def standing(banners: Iterable[Banner], now: datetime, *scopes: str) -> tuple[Banner, ...]:
    """Return the notices that are on for the whole country, or for one of these scopes, newest first."""
    found = [each for each in banners if each.scope in ("", *scopes) and each.is_on(now)]
    return tuple(sorted(found, key=lambda each: each.starts_at, reverse=True))
