"""What a reply sets going beside its words.

The conversation only names an effect. The intake stores it in the transaction that stores the reply, so that it is
neither lost nor done twice, and a job does the work afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class LookUp:
    """Ask the sources how far a dossier is; the answer comes as a message of its own.

    ``proof`` is the last four digits of the ID or phone number given with the dossier, as the person typed them.
    """

    code: str
    proof: str | None = None


@dataclass(frozen=True, slots=True)
class Follow:
    """Tell this chat of every change of a dossier from now on."""

    code: str


@dataclass(frozen=True, slots=True)
class Unfollow:
    """Tell this chat of a dossier no more."""

    code: str


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind this chat of the dossier it is getting ready for the procedure ``code``.

    ``at`` is local time (Asia/Ho_Chi_Minh); None calls the reminder off. A chat has one reminder for each procedure.
    """

    code: str
    at: datetime | None


class Vain(StrEnum):
    """How a question was asked in vain.

    ``unknown``: not understood; ``offer``: nobody took what was offered; ``wrong``: what was shown was not it;
    ``followup``: somebody had to ask again about one side of a procedure on the screen.
    """

    UNKNOWN = "unknown"
    OFFER = "offer"
    WRONG = "wrong"
    FOLLOWUP = "followup"


@dataclass(frozen=True, slots=True)
class Missed:
    """Keep a question that was asked in vain, for staff to see; who asked is not kept.

    ``codes`` are the procedures that came near, ``commune`` is where the person lives, if they said so.
    """

    text: str
    kind: Vain
    codes: tuple[str, ...] = ()
    commune: str | None = None


@dataclass(frozen=True, slots=True)
class Wish:
    """Tell this chat, once, when ``text`` has an answer; with ``off``, it wants to be told no more."""

    text: str
    off: bool = False


@dataclass(frozen=True, slots=True)
class Unwish:
    """Tell this chat of no answer: it wants all that it asked forgotten."""


@dataclass(frozen=True, slots=True)
class Desk:
    """Do for a member of staff what they ask of us in their chat; tell anybody else that there is no such command.

    ``asked`` is what stands after the command, or with ``pressed`` what the button says.
    """

    asked: str
    pressed: bool = False


Effect = LookUp | Follow | Unfollow | Remind | Missed | Wish | Unwish | Desk
