"""Choices while a person types our name in any chat: a few procedures, each with its whole answer.

The first comes also as short cards on how it is done, for a group.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.dialogue import card, howto, markup, proposal, question, welcome
from bot.dialogue.services import Services
from knowledge.matching import Outcome
from knowledge.procedure import Procedure
from knowledge.vietnamese import normalise

MOST = 8
CARDS = 3
"""Procedures that are also offered as a card."""


@dataclass(frozen=True, slots=True)
class InlineChoice:
    """One line of the list: ``id`` begins with the procedure's code, ``body`` is the message it sends (small HTML)."""

    id: str
    title: str
    description: str
    body: str


def choices(query: str, services: Services) -> tuple[InlineChoice, ...]:
    """Return what may be meant by ``query``, best first; what is asked for most when it is empty."""
    said = normalise(query)[: question.LONGEST]
    if not said:
        return _listed(welcome.popular(services, MOST), services)
    match = services.matcher.match(said)
    if match.outcome is Outcome.UNKNOWN:
        return ()
    ranked = dict.fromkeys((*match.choices, *(candidate.code for candidate in match.candidates)))
    return _listed(proposal.known(ranked, services)[:MOST], services)


def _listed(procedures: Sequence[Procedure], services: Services) -> tuple[InlineChoice, ...]:
    """Return each answer, and behind the first few of those in force a card of the same procedure."""
    found: list[InlineChoice] = []
    for place, procedure in enumerate(procedures):
        found.append(_choice(procedure, services))
        if place < CARDS and procedure.abolished_on is None:
            title = howto.TITLE.format(title=markup.title(procedure, 90))
            body = howto.card(procedure, services)
            found.append(InlineChoice(f"{procedure.code} card", title, howto.ABOUT, body))
    return tuple(found)


def _choice(procedure: Procedure, services: Services) -> InlineChoice:
    about = procedure.summary or procedure.agency or procedure.field
    body = card.card(procedure, services).body
    return InlineChoice(procedure.code, markup.title(procedure, 100), markup.clip(about, 120), body)
