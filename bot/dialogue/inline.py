"""Choices while a person types our name in any chat: a few procedures, each with its whole answer."""

from __future__ import annotations

from dataclasses import dataclass

from bot.dialogue import card, markup, proposal, question, welcome
from bot.dialogue.services import Services
from knowledge.matching import Outcome
from knowledge.procedure import Procedure
from knowledge.vietnamese import normalise

MOST = 8


@dataclass(frozen=True, slots=True)
class InlineChoice:
    """One line of the list: ``id`` is the procedure's code, ``body`` the message it sends (small HTML)."""

    id: str
    title: str
    description: str
    body: str


def choices(query: str, services: Services) -> tuple[InlineChoice, ...]:
    """Return what may be meant by ``query``, best first; what is asked for most when it is empty."""
    said = normalise(query)[: question.LONGEST]
    if not said:
        return tuple(_choice(procedure, services) for procedure in welcome.popular(services, MOST))
    match = services.matcher.match(said)
    if match.outcome is Outcome.UNKNOWN:
        return ()
    ranked = dict.fromkeys((*match.choices, *(candidate.code for candidate in match.candidates)))
    return tuple(_choice(procedure, services) for procedure in proposal.known(ranked, services)[:MOST])


def _choice(procedure: Procedure, services: Services) -> InlineChoice:
    about = procedure.summary or procedure.agency or procedure.field
    body = card.card(procedure, services).body
    return InlineChoice(procedure.code, markup.title(procedure, 100), markup.clip(about, 120), body)
