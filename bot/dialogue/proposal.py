"""Offers: up to four named choices with a question above and a way out below, made again when need be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.dialogue import absence, choice, markup, welcome
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply
from knowledge.matching import Match, Outcome
from knowledge.procedure import Procedure

WHICH = "Anh/chị muốn hỏi việc nào sau đây? Bấm vào mục đúng, hoặc gõ số."
IS_IT = "Có phải anh/chị muốn hỏi việc này không?"
WHICH_CASE = "Anh/chị thuộc trường hợp nào?"
ABOUT = "Về “{title}”: {ask}"
CHOOSE = "Anh/chị chọn giúp một mục:"
UNSURE = "Không sao. Anh/chị bấm xem thử từng mục, đầu mỗi mục có nói việc đó là gì. Vẫn phân vân thì hỏi người thật."
NONE_OF_THESE = "Không phải các mục này"
NOT_THIS = "Không phải việc này"
STILL_OPEN = " (đang xem)"

MOST_CHOICES = 4
STRONG = 0.5
"""Confidence from which a special case stands before the plain one."""


def offer(
    choices: Sequence[Procedure], lead: str, session: Session, names: Sequence[str] = ()
) -> tuple[Reply, Session]:
    """Offer up to four named choices and a way out; ``names`` says what to call them, when not by their own names."""
    shown = choices[:MOST_CHOICES]
    names = tuple(names[:MOST_CHOICES]) if len(names) == len(choices) else ()
    listing, rows = choice.listed(shown, Verb.PICK, names=names)
    body = "\n".join(filter(None, (markup.escape(lead), listing)))
    way_out = NONE_OF_THESE if len(shown) > 1 else NOT_THIS
    message = Message(body, (*rows, (Button(way_out, Action(Verb.NONE).payload()),)))
    codes = tuple(procedure.code for procedure in shown)
    return Reply((message,)), session.model_copy(update={"offered": codes, "called": names, "choosing": True})


def again(lead: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Make the last offer again under another ``lead``."""
    return offer(known(session.offered, services), lead, session, session.called)


def help_choose(session: Session, services: Services) -> tuple[Reply, Session]:
    """Make the last offer again to somebody who cannot choose, with a person to ask."""
    reply, session = again(UNSURE, session, services)
    message = reply.messages[0]
    ask = (Button(welcome.ASK_PERSON, Action(Verb.PERSON).payload()),)
    return Reply((Message(message.body, (*message.buttons, ask)),)), session


def pending(session: Session, services: Services) -> bool:
    """Say whether an offer waits for an answer."""
    return session.choosing and bool(known(session.offered, services))


def found(match: Match, services: Services, rejected: Sequence[str] = ()) -> list[Procedure]:
    """Return what a match offers, the plain case before the special ones unless one of those is likely meant."""
    if match.outcome is Outcome.UNKNOWN:
        return []
    codes = match.choices if match.outcome is Outcome.OFFER else [each.code for each in match.candidates[:1]]
    choices = [each for each in known(codes, services) if each.code not in rejected]
    if not choice.siblings(choices) or match.candidates[0].confidence >= STRONG:
        return choices
    plain = next((each for each in family(choices[0], services) if each.variant is None), None)
    if plain is None or plain.code in rejected or plain.abolished_on is not None:
        return choices
    return [plain, *(each for each in choices if each != plain)][:MOST_CHOICES]


def lead(choices: Sequence[Procedure], match: Match, services: Services) -> str:
    """Return the question above an offer."""
    if not choice.siblings(choices):
        return absence.maybe(match) or match.ask or (WHICH if len(choices) > 1 else IS_IT)
    base = next((each for each in family(choices[0], services) if each.variant is None), choices[0])
    return ABOUT.format(title=markup.title(base, 90), ask=markup.lower_first(match.ask or WHICH_CASE))


def names(choices: Sequence[Procedure], match: Match) -> tuple[str, ...]:
    """Return what to call the choices by the labels of ``match``; empty when their own names are better."""
    given = dict(zip(match.choices, match.labels, strict=False))
    return choice.called(choices, [given[each.code] for each in choices if each.code in given])


def with_open(
    choices: Sequence[Procedure], names_: Sequence[str], session: Session, services: Services, *, first: bool
) -> tuple[list[Procedure], list[str]]:
    """Add the procedure in focus to an offer that may have missed the point, and return choices and their names.

    Where the offer is full, the least likely choice gives way.
    """
    open_ = services.catalogue.get(session.focus or "")
    if open_ is None or open_ in choices:
        return list(choices), list(names_)
    choices, names_ = choices[: MOST_CHOICES - 1], names_[: MOST_CHOICES - 1]
    own = choice.everyday(open_)
    named = f"{markup.clip(own, choice.LABEL - len(STILL_OPEN))}{STILL_OPEN}"
    at = 0 if first else len(choices)
    told = list(names_) or choice.labels(choices)
    return [*choices[:at], open_, *choices[at:]], [*told[:at], named, *told[at:]]


def family(procedure: Procedure, services: Services) -> list[Procedure]:
    """Return the base procedure and its variants."""
    return known(services.catalogue.families.get(procedure.family or "", ()), services)


def known(codes: Iterable[str], services: Services) -> list[Procedure]:
    """Return the procedures of those codes that the catalogue (still) has."""
    return [each for code in codes if (each := services.catalogue.get(code)) is not None]
