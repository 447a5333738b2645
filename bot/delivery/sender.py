"""What delivery asks of a channel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from bot.delivery.split import LIMIT, plain, split
from bot.dialogue.turn import Attachment

NO_FILE = "Xin lỗi, tôi chưa gửi được tệp “{name}”. Anh/chị thử lại sau giúp."

Buttons = tuple[tuple[Mapping[str, str | None], ...], ...]
"""Rows of ``{"label", "action", "url"}``, as stored."""


@dataclass(frozen=True, slots=True)
class Part:
    """One message as a channel sends it: words (``marked`` says whether they are HTML or plain), or a file."""

    text: str
    buttons: Buttons = ()
    marked: bool = True
    file: Attachment | None = None

    def plainer(self) -> Part:
        """Return what to send when this was refused: the same words as plain text, or an apology for a file."""
        if self.file:
            return Part(NO_FILE.format(name=self.file.name), marked=False)
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
    """Return the parts of a stored message: its words, the buttons under the last of them, and then its file."""
    texts = split(payload.get("body", ""), limit)
    buttons: Buttons = tuple(tuple(row) for row in payload.get("buttons", ()))
    parts = tuple(Part(text, buttons if text is texts[-1] else ()) for text in texts)
    file = payload.get("file")
    if not file:
        return parts
    return (*parts, Part("", file=Attachment(file["path"], file["name"], file.get("remote", ""))))
