"""The two ends of a conversation: what a person did, and what we say back.

Nothing here knows Telegram or HTTP; channels translate. Message bodies use the small HTML that Telegram accepts
(``b i u a code blockquote``), already escaped, so that one composition serves every channel.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.dialogue.effect import Effect
from bot.dialogue.upshot import Came, Upshot


class TurnKind(StrEnum):
    """What a person did; ``UNSUPPORTED``: sent a kind of content that we cannot read."""

    TEXT = "text"
    COMMAND = "command"
    ACTION = "action"
    PHOTO = "photo"
    LOCATION = "location"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing a person did.

    ``value`` is the text typed, the argument after a command, the payload of a pressed button, or the kind of content
    we cannot read ("video", "voice", "sticker", ...). Of a photo it is the dossier codes read from it, or else the
    outcome (``bot.dossiers.receipt.Outcome``); the picture itself goes no further than the channel. Of a location it
    is "latitude,longitude" in degrees. ``command`` is without slash and bot name, lower case. ``file`` names a photo or
    document that came with it, as in ``Attachment.remote``; it is passed on to a person, and opened only when a member
    of staff sends it to be imported. ``name`` is what its sender calls a document. ``album`` names the pictures and
    documents that were sent together.
    """

    kind: TurnKind
    value: str = ""
    command: str = ""
    edited: bool = False
    file: str = ""
    name: str = ""
    album: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    """A choice under a message: an ``action`` that comes back as a Turn, or a ``url`` to open."""

    label: str
    action: str | None = None
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that goes with a message, made when it is sent. ``path`` is where our page serves it.

    ``remote``: the file is one that Telegram has, "photo:…" or "document:…" with Telegram's id of it; such a file has
    no path.
    """

    path: str
    name: str
    remote: str = ""


@dataclass(frozen=True, slots=True)
class Message:
    """One message: an HTML body of any length (delivery splits it) and rows of buttons under its last part.

    ``replaces`` asks a channel to edit the message whose button was pressed instead of sending a new one (paging).
    ``talk`` is the number of the request for help it belongs to, with which it is deleted.
    """

    body: str
    buttons: tuple[tuple[Button, ...], ...] = ()
    replaces: bool = False
    file: Attachment | None = None
    talk: int | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What we answer to one Turn: at least one message, or an effect that will answer.

    Only what was passed on to another person is left without an answer: ``kept`` stands in the conversation in place of
    the person's own words when those must not be kept; ``talk``: they belong to a request for help, as in ``Message``.
    ``toast`` is a short note for a pressed button. ``effects`` are stored with the reply and happen after it.
    ``upshots`` say what came of the turn, for the counts of the day.
    """

    messages: tuple[Message, ...]
    toast: str | None = None
    effects: tuple[Effect, ...] = ()
    kept: str | None = None
    talk: int | None = None
    upshots: tuple[Upshot, ...] = ()

    def told(self, came: Came, code: str = "") -> Reply:
        """Return the reply with what came of the turn, unless whoever made it has said that already."""
        return self if self.upshots else replace(self, upshots=(Upshot(came, code),))
