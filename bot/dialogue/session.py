"""What a conversation must remember between two turns, small enough for one database row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from pydantic import BaseModel, ConfigDict, Field


class Prepared(BaseModel):
    """One dossier a person is getting ready: what was answered about the case, and which papers are there."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    code: str
    digest: str = ""
    """What the record asked when the case was begun (``knowledge.case.digest``)."""

    papers: str = ""
    """Which papers the record named when the case was last looked at (``knowledge.case.papers_digest``)."""

    answers: Mapping[str, str] = Field(default_factory=dict)
    closed: bool = False
    """Whether the person wants the list now, with the remaining questions left open."""

    ticked: tuple[str, ...] = ()
    """Keys of the papers the person has (``knowledge.guidance.paper_key``)."""

    copies: int = Field(1, ge=1, le=99)
    remind_on: date | None = None


class Session(BaseModel):
    """State of one chat. Unknown keys are dropped, so an older row never breaks a newer program."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    focus: str | None = None
    """Code of the procedure shown last; follow-up questions are about it."""

    asked: str | None = None
    """The question in hand, already masked of personal data: what "not this one" looks up again."""

    offered: tuple[str, ...] = ()
    """Codes offered last, in order, so that "2" or "cái thứ hai" picks one."""

    choosing: bool = False
    """Whether what was offered still waits for an answer; false once one of it was shown."""

    called: tuple[str, ...] = ()
    """What each of the codes offered was called, when that is not its own name; empty or as long as ``offered``."""

    absent: str | None = None
    """Code of the procedure known by name only that the last answer was about, so that follow-ups are not lost."""

    rejected: tuple[str, ...] = ()
    """Codes the person said were not what they meant, for the question in hand."""

    missed: str | None = None
    """The question asked in vain last, masked: kept for staff once, and what "tell me" is about."""

    wanted: tuple[str, ...] = ()
    """Facets asked about before it was clear which procedure is meant; the pick is answered with them first."""

    misses: int = 0
    """Not-understood answers in a row."""

    answers: int = 0
    """Questions answered in the life of this chat; counted up to three."""

    cases: tuple[Prepared, ...] = ()
    """Dossiers in preparation, the latest touched first."""

    asking: str | None = None
    """Code of the case whose question was asked last and may be answered by typing."""

    dossier: str | None = None
    """Code of the dossier asked for last: four digits typed next are its proof."""

    event: str | None = None
    """Id of the life event shown last; it is on the screen while its steps are what is offered."""

    told: tuple[str, ...] = ()
    """Ids of what changed that the person was told in this conversation."""

    commune: str | None = None
    """Code of the commune the person lives in, once they said so."""

    placing: tuple[str, ...] | None = None
    """Codes of the communes offered last, while we wait to hear where the person lives; None when we do not."""

    noticed: tuple[int, ...] = ()
    """Numbers of the notices that were shown in this chat."""

    awaiting: str | None = None
    """What a flow with tables behind it waits to be told by typing ("request:subject"); a command ends the waiting."""

    noted: Mapping[str, str] = Field(default_factory=dict)
    """What such a flow was told so far, before it is a row."""

    sitting: int | None = None
    """Number of the case at the kitchen table that is on a volunteer's screen."""

    greeted: bool = False
