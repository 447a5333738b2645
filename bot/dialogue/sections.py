"""What the buttons under an answer open: all papers, steps, law, conditions, forms, related procedures."""

from __future__ import annotations

from bot.dialogue import card, choice, forms, markup, papers, parts
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.turn import Button, Message
from knowledge.procedure import Procedure

RELATED = "Các thủ tục liên quan đến “{title}”:"
NO_RELATED = "Hiện chưa có thủ tục nào liên quan trong danh mục của tôi."
BACK = "Về thông tin chính"


def section(verb: Verb, procedure: Procedure, services: Services) -> Message:
    """Compose the part of ``procedure`` a button asked for."""
    if verb is Verb.RELATED:
        return _related(procedure, services)
    bodies = {
        Verb.PAPERS: lambda: papers.full(procedure),
        Verb.COSTS: lambda: "\n\n".join((parts.money(procedure), parts.time(procedure), parts.place(procedure))),
        Verb.STEPS: lambda: "\n\n".join(filter(None, (parts.steps(procedure), parts.results(procedure)))),
        Verb.LEGAL: lambda: parts.legal(procedure),
        Verb.TERMS: lambda: parts.terms(procedure),
        Verb.FORMS: lambda: forms.block(procedure, services),
    }
    body = "\n\n".join((parts.heading(procedure), bodies[verb](), parts.source(procedure)))
    files = forms.buttons(procedure, services) if verb is Verb.FORMS else ()
    return Message(body, (*files, *_with_back(procedure, services, verb)))


def _with_back(procedure: Procedure, services: Services, verb: Verb) -> tuple[tuple[Button, ...], ...]:
    back = (Button(BACK, Action(Verb.SHOW, procedure.code).payload()),)
    return (back, *card.buttons(procedure, services, without=verb))


def _related(procedure: Procedure, services: Services) -> Message:
    found = services.catalogue.related(procedure.code)
    back = (Button(BACK, Action(Verb.SHOW, procedure.code).payload()),)
    if not found:
        return Message(NO_RELATED, (back,))
    body, rows = choice.listed(found)
    head = markup.escape(RELATED.format(title=markup.title(procedure, 80)))
    return Message(f"{head}\n{body}".strip(), (*rows, back))
