"""Questions asked in vain: kept for staff, once each, and told of later to whoever wants to be told."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.dialogue import choice, event, markup, proposal
from bot.dialogue.action import Action, Verb, digest
from bot.dialogue.effect import Missed, Vain, Wish
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply
from knowledge.matching import Match, Outcome

TELL_ME = "Báo tôi khi có câu trả lời"
TELL_ME_NOT = "Thôi, không cần báo"
WILL_TELL = (
    "Vâng. Tôi đã chuyển câu “{asked}” cho cán bộ xem. Khi có câu trả lời, tôi nhắn anh/chị ngay tại đây, một lần."
)
WILL_NOT_TELL = "Vâng, tôi sẽ không nhắn về câu này nữa."
TOO_LATE = "Câu này lâu rồi nên tôi không còn giữ. Anh/chị hỏi lại giúp, rồi bấm nút dưới câu trả lời mới."
NEWS = "Hôm trước anh/chị hỏi: “{asked}”. Nay tôi đã có câu trả lời:"

NEAR = 5
"""Procedures that came near which are kept with a question."""

LONGEST = 120
"""Characters of a question said back."""


def near(match: Match) -> tuple[str, ...]:
    """Return the codes that came near, best first."""
    named = (match.elsewhere[0],) if match.elsewhere else ()
    codes = dict.fromkeys((*named, *match.choices, *(candidate.code for candidate in match.candidates)))
    return tuple(codes)[:NEAR]


def keep(
    reply: Reply, session: Session, kind: Vain, codes: Iterable[str], *, asked: str | None = None
) -> tuple[Reply, Session]:
    """Have the question in hand kept for staff, unless it was already."""
    asked = asked or session.asked
    if not asked or asked == session.missed:
        return reply, session
    effect = Missed(asked, kind, tuple(codes)[:NEAR], session.commune)
    return replace(reply, effects=(*reply.effects, effect)), session.model_copy(update={"missed": asked})


def asked_again(said: str, code: str, reply: Reply, session: Session) -> tuple[Reply, Session]:
    """Have a further question about one side of the procedure on the screen counted."""
    effect = Missed(said, Vain.FOLLOWUP, (code,), session.commune)
    return replace(reply, effects=(*reply.effects, effect)), session


def left(before: Session, reply: Reply, after: Session, services: Services) -> tuple[Reply, Session]:
    """Have the question of an offer kept that the person left for another matter without taking any of it."""
    if not before.asked or not proposal.pending(before, services) or after.asked == before.asked:
        return reply, after
    if after.focus in before.offered or before.asked == before.missed:
        return reply, after
    opened = event.opened(after, services)
    if opened and any(step.code in before.offered for step in opened.steps()):
        return reply, after
    reply, _ = keep(reply, before, Vain.OFFER, before.offered)
    return reply, after


def button(session: Session) -> tuple[tuple[Button, ...], ...]:
    """Return the row that asks to be told, when there is a question to tell of."""
    if not session.asked:
        return ()
    return ((Button(TELL_ME, Action(Verb.WISH, digest(session.asked)).payload()),),)


def act(action: Action, session: Session, _: Services) -> tuple[Reply, Session]:
    """Do what the buttons ask: tell when there is an answer, or tell no more."""
    asked = next((each for each in (session.missed, session.asked) if each and digest(each) == action.argument), None)
    if asked is None:
        return Reply((Message(TOO_LATE),)), session
    off = action.verb is Verb.UNWISH
    if off:
        message = Message(WILL_NOT_TELL)
    else:
        words = markup.escape(WILL_TELL.format(asked=markup.clip(asked, LONGEST)))
        message = Message(words, ((Button(TELL_ME_NOT, Action(Verb.UNWISH, action.argument).payload()),),))
    return Reply((message,), effects=(Wish(asked, off),)), session


def news(asked: str, code: str, services: Services, *, published: bool = False) -> Message | None:
    """Return what to say to whoever wanted to be told; None while there is no answer.

    There is one when ``asked`` finds the procedure ``code``, or when what staff added to it was ``published``.
    """
    procedure = services.catalogue.get(code)
    if procedure is None or procedure.abolished_on is not None or not (published or _finds(asked, code, services)):
        return None
    head = markup.escape(NEWS.format(asked=markup.clip(asked, LONGEST)))
    show = Button(markup.clip(choice.everyday(procedure), choice.LABEL), Action(Verb.SHOW, code).payload())
    return Message(f"{head}\n{markup.bold(markup.title(procedure))}", ((show,),))


def _finds(asked: str, code: str, services: Services) -> bool:
    match = services.matcher.match(asked)
    found = match.choices if match.outcome is Outcome.OFFER else [each.code for each in match.candidates[:1]]
    return match.outcome is not Outcome.UNKNOWN and code in found
