"""What delivery asks of a channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.delivery.split import LIMIT, plain, split

Buttons = tuple[tuple[Mapping[str, str | None], ...], ...]
"""Rows of ``{"label", "action", "url"}``, as stored."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message as a channel sends it. ``marked`` says whether ``text`` is HTML or plain."""

    text: str
    buttons: Buttons = ()
    marked: bool = True

    def without_marks(self) -> Part:
        """Return the same words as plain text."""
        return replace(self, text=plain(self.text), marked=False)


class Sender(Protocol):
    """A channel that messages are pushed to. Each method raises a ``DeliveryError`` when it cannot."""

    channel: str

    def limits(self, address: str) -> tuple[float, int]:
        """Return how fast one chat may be sent to: messages a second, and the longest burst."""
        ...

    async def send(self, address: str, part: Part, origin: Mapping[str, Any]) -> str:
        """Send one part and return the channel's id of it."""
        ...

    async def edit(self, address: str, part: Part, origin: Mapping[str, Any]) -> str:
        """Put the part in the place of the message the turn came from; ``Uneditable`` when that cannot be."""
        ...


def parts_of(payload: Mapping[str, Any], limit: int = LIMIT) -> tuple[Part, ...]:
    """Return the parts of a stored message; the buttons stand under the last."""
    texts = split(payload.get("body", ""), limit)
    buttons: Buttons = tuple(tuple(row) for row in payload.get("buttons", ()))
    return tuple(Part(text, buttons if text is texts[-1] else ()) for text in texts)
