"""What the matcher says about one question."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

RANKED = 10
"""Candidates that a match tells at most."""


class Outcome(StrEnum):
    """Answer outright, offer up to four named choices, or say it is not understood."""

    ANSWER = "answer"
    OFFER = "offer"
    UNKNOWN = "unknown"


class Facet(StrEnum):
    """What is asked about a procedure."""

    PAPERS = "papers"
    MONEY = "money"
    TIME = "time"
    PLACE = "place"
    ONLINE = "online"
    STEPS = "steps"
    FORM = "form"
    STATUS = "status"
    CONDITIONS = "conditions"
    LEGAL = "legal"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A procedure that may be meant; ``confidence`` is the calibrated probability that it is, 0..1."""

    code: str
    confidence: float
    features: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Match:
    """The matcher's verdict.

    ``candidates`` are ranked, best first, at most ten; with ``OFFER`` the first ``len(choices)`` are the choices.
    ``facets`` is what is asked about, in the order in which it was said. ``bare`` is true when the text names no
    procedure but only asks for a facet ("lệ phí bao nhiêu?") or points back ("thủ tục này ai được làm?"), so that it
    must be about the one shown before.
    ``ask`` is the one question that tells the choices apart, when they are variants of one procedure or when several
    things were asked at once; ``labels`` then holds what to call each choice, in the order of ``choices``.
    ``elsewhere`` names the procedure (code, official name) that seems meant but that the catalogue has no record of.
    """

    outcome: Outcome
    candidates: tuple[Candidate, ...] = ()
    choices: tuple[str, ...] = ()
    facets: tuple[Facet, ...] = ()
    bare: bool = False
    ask: str | None = None
    labels: tuple[str, ...] = ()
    elsewhere: tuple[str, str] | None = None
