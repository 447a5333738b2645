"""What came of a turn, as the conversation itself says it: for the counts of the day, never read out of words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Came(StrEnum):
    """What became of what a person asked or did.

    Of a question: it was ``answered`` by a procedure; something was ``offered`` or asked back; it was ``unknown``; what
    is meant is ``absent``, known by name only; it is ``outside`` of what an administration does; an ``article`` or a
    life ``event`` answers it.

    A procedure was ``opened`` from a list, an offer or a link, or was ``rejected``: it was not what was meant. A
    dossier was ``looked_up``. A case was ``begun``, its checklist ``listed``, its papers said to be ``ready``.
    """

    ANSWERED = "answered"
    OFFERED = "offered"
    UNKNOWN = "unknown"
    ABSENT = "absent"
    OUTSIDE = "outside"
    ARTICLE = "article"
    EVENT = "event"
    OPENED = "opened"
    REJECTED = "rejected"
    LOOKED_UP = "looked_up"
    BEGUN = "begun"
    LISTED = "listed"
    READY = "ready"


@dataclass(frozen=True, slots=True)
class Upshot:
    """What came of a turn; ``code`` is that of the procedure it is about, "" when it is about none."""

    came: Came
    code: str = ""
