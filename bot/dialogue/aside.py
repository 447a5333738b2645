"""Questions that lean on the procedure on the screen without naming it, and more than a part of its record answers."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.dialogue import beyond, facets, markup, missed, proposal, sides, smalltalk, welcome
from bot.dialogue.action import Action, Verb
from bot.dialogue.effect import Vain
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.sides import Side
from bot.dialogue.turn import Button, Message, Reply
from bot.dialogue.upshot import Came
from bot.privacy import mask
from knowledge.matching import Facet, Match, Outcome
from knowledge.procedure import Procedure
from knowledge.vietnamese import fold

NO_ANSWER = (
    "Câu này tôi chưa có sẵn câu trả lời. Nếu anh/chị đang hỏi về “{title}” thì các mục dưới đây có thể giúp. "
    "Hỏi việc khác thì anh/chị nói rõ tên việc."
)
PAPERS, TERMS, STEPS = "Xem đủ giấy tờ", "Điều kiện", "Các bước"

SIDE_QUESTION = 14
LEANING_QUESTION = 12
"""Words up to which a question may be about the procedure on the screen though it does not name it."""

LONGEST = 2000

_NOT = "khong|ko|hong"
_LEANS = re.compile(
    rf"\bthi (?:lam )?sao\b|\bthi the nao\b|\bduoc (?:{_NOT}|k|khong a)\W*$|\bco sao (?:{_NOT})\b|"
    rf"\b(?:bao nhieu|may (?:dong|tien|tram|trieu))\W*$|\bco (?:phai|can|bi|duoc) .*(?:{_NOT}|chua)\W*$|"
    rf"^can .* (?:{_NOT})\W*$|\b(?:{_NOT}|chua) co .* thi\b|\bphai .* (?:{_NOT})\W*$"
)


def asks(said: str, services: Services) -> bool:
    """Say whether a text that may answer what we asked is rather a question of its own."""
    likely = services.articles.read(said)
    told = sides.asked(said) or beyond.article(said) or beyond.answer(said) or smalltalk.wants_person(said)
    return (
        bool(told or facets.short(said))
        or (likely is not None and likely.sure)
        or _LEANS.search(fold(said.lower())) is not None
    )


def focus(session: Session, services: Services) -> Procedure | None:
    """Return the procedure that is on the screen and in force, unless an offer of others waits for an answer."""
    procedure = services.catalogue.get(session.focus or "")
    if procedure is None or procedure.abolished_on is not None:
        return None
    return procedure if session.focus in session.offered or not proposal.pending(session, services) else None


def side(said: str, match: Match, session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Answer a short question about a side of the procedure on the screen; None when another one is surely meant."""
    procedure = focus(session, services)
    asked = sides.told(procedure, sides.asked(said)) if procedure else ()
    if procedure is None or not asked or len(said.split()) > SIDE_QUESTION:
        return None
    if match.outcome is Outcome.ANSWER and not _means(match, procedure) and not sides.nothing_else(said):
        return None
    message = sides.answer(procedure, asked, services)
    others = tuple(facet for facet in match.facets if facet is not Facet.PAPERS)
    if others and Side.PROXY in asked:
        message = _with_proxy(facets.answer(procedure, others, services), procedure, services)
    session = session.model_copy(update={"misses": 0})
    return missed.asked_again(
        mask(said)[:LONGEST], procedure.code, Reply((message,)).told(Came.ANSWERED, procedure.code), session
    )


def with_proxy(said: str, reply: Reply, session: Session, services: Services) -> Reply:
    """Add who else may go to an answer, when that was asked together with what the procedure is."""
    procedure = focus(session, services)
    answered = any(upshot.came is Came.ANSWERED for upshot in reply.upshots)
    if procedure is None or not answered or Side.PROXY not in sides.asked(said):
        return reply
    first, *rest = reply.messages
    return replace(reply, messages=(_with_proxy(first, procedure, services), *rest))


def _with_proxy(message: Message, procedure: Procedure, services: Services) -> Message:
    return replace(message, body=f"{message.body}\n\n{sides.proxy(procedure, services)}")


def leaning(said: str, match: Match, session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Say that we do not know, and open what may tell, when the procedure on the screen seems to be meant."""
    procedure = focus(session, services)
    if procedure is None or len(said.split()) > LEANING_QUESTION:
        return None
    if not (_means(match, procedure) or _LEANS.search(fold(said.lower()))):
        return None
    has = ((Verb.PAPERS, PAPERS, procedure.documents), (Verb.TERMS, TERMS, procedure.conditions))
    parts_of_it = [Button(name, Action(verb, procedure.code).payload()) for verb, name, told in has if told]
    parts_of_it += [Button(STEPS, Action(Verb.STEPS, procedure.code).payload())] if procedure.steps else []
    words = markup.escape(NO_ANSWER.format(title=markup.title(procedure, 90)))
    message = Message(words, (*((each,) for each in parts_of_it), *missed.button(session), *welcome.ways_on()))
    session = session.model_copy(update={"misses": session.misses + 1, "offered": (), "called": (), "wanted": ()})
    return missed.keep(Reply((message,)).told(Came.UNKNOWN), session, Vain.UNKNOWN, missed.near(match))


def _means(match: Match, procedure: Procedure) -> bool:
    """Say whether the procedure is what a question is nearest to."""
    return bool(match.candidates) and match.candidates[0].code == procedure.code
