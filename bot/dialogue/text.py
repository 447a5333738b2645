"""A text that somebody typed: despair, an answer, a pick, a code, an address, small talk, or a question of its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot.dialogue import (
    address,
    article,
    aside,
    beyond,
    commands,
    dossier,
    event,
    markup,
    nearness,
    opening,
    picking,
    place,
    preparation,
    proposal,
    question,
    returning,
    sides,
    smalltalk,
    ticking,
    tracking,
    welcome,
)
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.smalltalk import Talk
from bot.dialogue.turn import Button, Message, Reply
from bot.dialogue.upshot import Came
from bot.privacy import mask
from knowledge.matching import Facet, Outcome
from knowledge.vietnamese import normalise

NO_WORDS = (
    "Tôi chưa đọc được chữ nào trong tin nhắn này. Anh/chị gõ giúp việc cần làm, ví dụ: “xin giấy xác nhận độc thân”."
)
NOTHING_TO_PICK = "Hiện không có danh sách nào để chọn. Anh/chị gõ giúp việc cần làm, ví dụ: “đăng ký kết hôn”."
STILL_OPEN = "Hiện không có danh sách nào để chọn. Anh/chị đang xem “{title}”, cần hỏi thêm gì về việc này?"
SEE_AGAIN = "Xem lại"
NO_SUCH_NUMBER = "Danh sách chỉ có {count} mục, anh/chị chọn lại giúp:"

_CODE = re.compile(r"(?<![\d.])(\d)[.\s_,-]?(\d{6})(?![\d]|\.\d)", re.ASCII)
_WORD = re.compile(r"[^\W_]")
_NUMBERED = re.compile(r"\S*\d\S*")
_LETTER = re.compile(r"[^\W\d_]")


def answer(text: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer a text: despair and blows before anything else, what was asked last, then whatever it asks itself."""
    hear = beyond.heard if session.placing is None else beyond.endangered
    if heard := hear(text):
        return _consoled(heard, text, session, services)
    answered = returning.named(text, session, services) or _awaited(text, session, services)
    if answered is not None:
        return answered
    quiet = session.model_copy(update={"asking": None, "placing": None, "awaiting": None})
    reply, after = read(text, quiet, services)
    return returning.resumed(text, session, reply, after, services)


def _consoled(heard: str, text: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Say what must be said first, and below it answer what was asked as well; despair is met with no list."""
    outcome = services.matcher.match(text).outcome
    if outcome is Outcome.UNKNOWN or (outcome is Outcome.OFFER and heard == beyond.DESPAIR):
        return Reply((Message(heard),)).told(Came.OUTSIDE), session
    reply, session = question.answer(text, session, services)
    return replace(reply, messages=(Message(heard), *reply.messages)), session


def _awaited(text: str, session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Read a text as the answer to what was asked last; None when it is something else."""
    lives = place.typed(text, session, services)
    if lives is not None or not session.asking:
        return lives
    return preparation.typed(text, session, services)


def _beside(about: Reply, said: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer what was said about a dossier: its state as it was pasted, and a procedure that was asked with it."""
    pasted = dossier.pasted(said)
    if pasted is not None:
        about = replace(about, messages=(pasted, *about.messages))
    rest = " ".join(_NUMBERED.sub(" ", said).split())
    match = services.matcher.match(rest)
    if match.outcome is not Outcome.ANSWER or not set(match.facets) - {Facet.STATUS}:
        return about, session
    reply, session = question.answer(rest, session, services)
    upshots = (*about.upshots, *reply.upshots)
    messages = (*about.messages, *reply.messages)
    return replace(reply, messages=messages, effects=about.effects, upshots=upshots), session


def read(text: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer what a text asks itself, whatever was asked before."""
    said = normalise(text)
    if not _WORD.search(said):
        meant = smalltalk.gesture(text)
        return _talk(meant, session, services) if meant else (_no_words(), session)
    if services.look_ups and (found := tracking.read(text, session, services)):
        return _beside(found[0], said, found[1], services)
    if address.within(text):
        return _address(text, session, services)
    answered = ticking.typed(said, session, services) or _picking(said, session, services)
    return answered or _numbered(text, said, session, services) or _words(said, session, services)


def _picking(said: str, session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Answer a text that does nothing but pick from a list as it was shown; None when it says more.

    What was offered may have gone with a new release: the other numbers mean what they meant.
    """
    left = proposal.known(session.offered, services)
    offered = session.offered if left else ()
    at = picking.picked(said, len(offered))
    if at is not None:
        return _picked(at, session, services)
    if not offered and picking.picks(said):
        return _nothing_to_pick(session, services), session
    wanted = picking.several(said, len(offered)) if len(left) == len(offered) else None
    return opening.in_turn(wanted, session, services) if wanted else None


def _numbered(text: str, said: str, session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Answer the code of a dossier or of a procedure, also a spoilt one; None when there is none."""
    about_dossier = dossier.read(text, services)
    if about_dossier is not None and _NUMBERED.search(said):
        return _beside(Reply((about_dossier,)), said, session, services)
    if about_dossier is not None:
        return Reply((about_dossier,)), session
    code = _CODE.search(said)
    several = proposal.known(dict.fromkeys(f"{found[1]}.{found[2]}" for found in _CODE.finditer(said)), services)
    if len(several) > 1:
        reply, session = proposal.offer(several, proposal.WHICH, session)
        return reply.told(Came.OFFERED), session
    if code:
        return _code(f"{code[1]}.{code[2]}", said, session, services)
    misspelt = nearness.misspelt(said)
    if misspelt:
        return nearness.offer(misspelt, session, services)
    if not _LETTER.search(said) and mask(said) == said and not _part_of_a_code(said, services):
        return _no_words(), session
    return None


def _words(said: str, session: Session, services: Services) -> tuple[Reply, Session]:
    talk = smalltalk.kind(said)
    if talk is not None and not _asks(talk, said, session, services):
        return _talk(talk, session, services)
    return question.answer(said, session, services)


def _asks(talk: Talk, said: str, session: Session, services: Services) -> bool:
    """Say whether words of small talk are a question: the name of an article, "thế thôi à" of what is shown."""
    if talk in _MISTAKEN and article.named(said, services):
        return True
    if talk is Talk.FILLER and sides.asked(said) and aside.focus(session, services):
        return True
    return talk is Talk.BYE and not said.isascii() and bool(sides.asked(said)) and bool(aside.focus(session, services))


def _no_words() -> Reply:
    return Reply((Message(NO_WORDS, ((welcome.browse_button(),),)),))


def _address(text: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer a text with a web address: the procedure it is the page of, else what is said beside it."""
    rest, payload = address.without(text), address.linked(text)
    if commands.linked_case(payload) or commands.linked_code(payload):
        return commands.start(payload, session, services)
    code = address.procedure(text, services)
    if code is not None:
        asked = services.matcher.match(rest).facets if _WORD.search(rest) else ()
        reply, session = opening.show(code, session, services, asked)
        return reply.told(Came.ANSWERED, code), session
    if _WORD.search(rest) and services.matcher.match(rest).outcome is Outcome.ANSWER:
        return question.answer(rest, session, services)
    return Reply((address.unopened(services, beyond.SCAM),)), session


def _part_of_a_code(said: str, services: Services) -> bool:
    return services.matcher.match(said).outcome is Outcome.ANSWER


def _picked(at: int, session: Session, services: Services) -> tuple[Reply, Session]:
    if at < len(session.offered):
        return opening.pick(session.offered[at], session, services)
    offered = proposal.known(session.offered, services)
    if found := event.offering(session, services):
        return Reply((event.again(NO_SUCH_NUMBER.format(count=len(offered)), found, services),)), session
    return proposal.again(NO_SUCH_NUMBER.format(count=len(offered)), session, services)


def _nothing_to_pick(session: Session, services: Services) -> Reply:
    focus = services.catalogue.get(session.focus or "")
    if focus is None:
        return Reply((Message(NOTHING_TO_PICK, ((welcome.browse_button(),),)),))
    back = Button(SEE_AGAIN, Action(Verb.SHOW, focus.code).payload())
    return Reply((Message(markup.escape(STILL_OPEN.format(title=markup.title(focus, 90))), ((back,),)),))


def _code(code: str, said: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Open the procedure whose code was typed; a number that is none of ours, among other words, is just a number."""
    rest = _CODE.sub(" ", said)
    if services.catalogue.get(code) is None:
        if len(_WORD.findall(rest)) > 12:
            return question.answer(said, session, services)
        known = services.matcher.match(code).elsewhere
        return opening.show(code, session, services) if known else nearness.offer(code, session, services)
    if code != session.focus:
        session = session.model_copy(update={"asked": None, "rejected": ()})
    asked = services.matcher.match(rest).facets if _WORD.search(rest) else ()
    reply, session = opening.show(code, session, services, asked)
    return reply.told(Came.ANSWERED, code), session


def _talk(talk: Talk, session: Session, services: Services) -> tuple[Reply, Session]:
    if talk is Talk.HELP:
        return Reply((welcome.guide(services),)), session
    if talk is Talk.PERSON:
        return Reply((welcome.people(services),)), session
    if talk is Talk.GREETING and not session.greeted:
        return Reply((welcome.welcome(services),)), session.model_copy(update={"greeted": True})
    if talk is Talk.WRONG:
        return question.reject(_wrong(session, services), session, services)
    if talk in _GOING and (gone := _GOING[talk](session, services)):
        return gone
    if proposal.pending(session, services) and talk in _CHOOSING:
        return _CHOOSING[talk](session, services)
    buttons = welcome.ways_on() if talk in (Talk.UNSURE, Talk.INSULT) else ((welcome.browse_button(),),)
    return Reply((Message(smalltalk.ANSWERS[talk], buttons),)), session


def _wrong(session: Session, services: Services) -> tuple[str, ...]:
    """Return what is meant by "not that": the offer that waits, else what was shown last."""
    if proposal.pending(session, services):
        return session.offered
    return (session.focus or session.absent or "",)


def _yes(session: Session, services: Services) -> tuple[Reply, Session]:
    if len(session.offered) == 1:
        return opening.pick(session.offered[0], session, services)
    return proposal.again(proposal.CHOOSE, session, services)


_MISTAKEN = {Talk.FILLER, Talk.PERSON, Talk.INSULT}
"""Small talk whose words may be all there is of a question: "tổng đài", "lừa đảo"."""

_CHOOSING: dict[Talk, Callable[[Session, Services], tuple[Reply, Session]]] = {
    Talk.YES: _yes,
    Talk.NO: lambda session, services: question.reject(session.offered, session, services),
    Talk.UNSURE: proposal.help_choose,
}
_GOING: dict[Talk, Callable[[Session, Services], tuple[Reply, Session] | None]] = {
    Talk.BACK: returning.back,
    Talk.ON: returning.on,
}
