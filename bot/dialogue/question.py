"""A question: answer it, offer what may be meant, or say plainly that we do not know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.dialogue import (
    absence,
    article,
    aside,
    beyond,
    choice,
    correction,
    dossier,
    event,
    facets,
    markup,
    missed,
    opening,
    picking,
    proposal,
    sections,
    sides,
    since,
    smalltalk,
    tracking,
    welcome,
)
from bot.dialogue.action import Verb
from bot.dialogue.effect import Vain
from bot.dialogue.proposal import known
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply
from bot.dialogue.upshot import Came
from bot.privacy import HIDDEN, mask, tells_secret
from knowledge.articles import Likely
from knowledge.matching import Facet, Match, Outcome
from knowledge.procedure import Procedure

NOT_THAT = "Xin lỗi anh/chị. Vậy có phải mục này không?"
SORRY = "Xin lỗi anh/chị. {lead}"
ABOUT_THIS = "Câu này tôi chưa rõ. Anh/chị đang hỏi về “{title}” phải không?"
ABOUT_WHICH = "Anh/chị hỏi {what} của thủ tục nào? Ví dụ: “đăng ký khai sinh”."
ABOUT_WHAT = "Anh/chị đang hỏi về thủ tục nào? Ví dụ: “đăng ký khai sinh”."
NOT_CLEAR = "Câu này tôi chưa rõ. Anh/chị chọn giúp một mục, hoặc nói rõ hơn việc cần làm:"
OF_WHICH = "Anh/chị hỏi {what} của mục nào? Chọn giúp, tôi trả lời ngay:"
TOO_LONG = "Tin nhắn hơi dài nên tôi chỉ đọc một phần. Nếu chưa đúng ý, anh/chị hỏi lại bằng một câu ngắn giúp."
PRIVATE = "Tôi không lưu dãy số anh/chị vừa gửi. Tra cứu thủ tục không cần số căn cước, số điện thoại."
NOT_NEEDED = (
    "Anh/chị không cần gửi số căn cước, số điện thoại hay số giấy tờ nào; tôi cũng không lưu dãy số vừa rồi. "
    "Anh/chị chỉ cần nói việc muốn làm, ví dụ: “làm lại căn cước bị mất”."
)

ONE_TIME = (
    "Anh/chị đừng gửi hay đọc mã xác thực (OTP), mật khẩu cho ai, kể cả người xưng là cán bộ, công an, ngân hàng. Tôi "
    "không lưu dãy số vừa rồi."
)

LONGEST = 2000
"""Characters of one question that are looked at; a longer text is read at its beginning, then at its end."""

SHORT_ANSWER = 8
SHORT_QUESTION = 6
"""Words up to which a question that is not clear may still be about the procedure just shown."""

FEW = 2
"""Choices up to which "how much?" after an offer is about the procedure shown before, when that is one of them."""

SURE_OF_BASE = 0.75
"""Confidence from which the plain case is answered at once. Lower than for a bare answer: its other cases stand beside
it, and the message says that it is the plain one."""

SURE_AMONG_OFFERED = 0.7
"""Confidence that settles an offer when a short answer is read together with the question before."""

SURE_OF_ANOTHER = 0.3
"""Confidence from which a short text after an offer is about something that was not offered."""

HARDLY = 0.1
"""Confidence below which nothing is offered beside a procedure that we know by name only."""


def answer(text: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer one question in the person's own words."""
    said = correction.core(text)
    session = session.model_copy(update={"rejected": ()})
    secret = tells_secret(said)
    if HIDDEN in mask(said) and not secret and smalltalk.only_asks(mask(said).replace(HIDDEN, " ạ ")):
        return Reply((Message(NOT_NEEDED, welcome.ways_on()),)), session
    if len(said) <= LONGEST:
        reply, session = _answer(said, session, services)
    else:
        head, tail = said[:LONGEST], said[-LONGEST:]
        part = tail if services.matcher.match(head).outcome is Outcome.UNKNOWN else head
        reply, session = _answer(part, session, services)
        reply = _noted(reply, f"{markup.italic(TOO_LONG)}\n\n", "")
    reply, session = since.noted(said, _whole_event(said, reply, services), session, services)
    if secret:
        return _warned(reply), session
    return (_noted(reply, "", f"\n\n{markup.italic(PRIVATE)}") if HIDDEN in mask(said) else reply), session


def _whole_event(said: str, reply: Reply, services: Services) -> Reply:
    """Offer all of a life event to who typed its very name, where a procedure of that name was answered: "kết hôn"."""
    named = event.named(said, services) if reply.messages else None
    if named is None or any(button == named for row in reply.messages[-1].buttons for button in row):
        return reply
    *before, last = reply.messages
    at = len(last.buttons) - 1 if last.buttons else 0
    rows = (*last.buttons[:at], (named,), *last.buttons[at:])
    return replace(reply, messages=(*before, replace(last, buttons=rows)))


def _warned(reply: Reply) -> Reply:
    """Warn who pasted a one-time code, and answer below it only what was surely asked with it."""
    if not any(upshot.came in (Came.ANSWERED, Came.ARTICLE, Came.EVENT) for upshot in reply.upshots):
        return Reply((Message(ONE_TIME, welcome.ways_on()),)).told(Came.OUTSIDE)
    return replace(reply, messages=(Message(ONE_TIME), *reply.messages))


def _noted(reply: Reply, before: str, after: str) -> Reply:
    if not reply.messages:  # what is looked up now answers by itself
        return replace(reply, messages=(Message(f"{before}{after}".strip()),))
    first, *rest = reply.messages
    return replace(reply, messages=(replace(first, body=f"{before}{first.body}{after}"), *rest))


def _answer(said: str, session: Session, services: Services) -> tuple[Reply, Session]:
    match = since.match(said, services)
    noun = facets.short(said)
    asked = match.facets or noun
    sure = match.outcome is Outcome.ANSWER and not (session.focus or session.choosing)
    pointing = (
        bool(noun) or (match.bare and bool(asked)) or (not sure and (smalltalk.only_asks(said) or _leans(said, asked)))
    )
    if not pointing or proposal.pending(session, services):
        named = _named_choice(said, match, session, services)
        if named is not None:
            return _came(Came.OPENED, opening.show(named, session, services, opening.wanted(session)), named)
    likely = services.articles.read(said)
    found = _otherwise(said, match, likely, pointing, session, services)
    if found is not None:
        return found
    if Facet.STATUS in asked and match.outcome is not Outcome.ANSWER:
        if followed := tracking.again(session, services):
            return followed
        return Reply((Message(facets.status(services), welcome.ways_on()),)).told(Came.ANSWERED), session
    if pointing:
        return _follow_up(said, asked, session, services)
    leaned = correction.without_tail(said)
    if match.outcome is Outcome.UNKNOWN and leaned != said:
        match = services.matcher.match(leaned)
    if _unclear_answer(said, match, session, services):
        session = session.model_copy(update={"misses": session.misses + 1})
        return _came(Came.UNKNOWN, proposal.again(NOT_CLEAR, session, services))
    update = {"asked": mask(said)[:LONGEST], "wanted": asked or (() if session.asked else session.wanted)}
    reply, session = _judged(said, match, session.model_copy(update=update), services)
    reply = aside.with_proxy(said, reply, session, services)
    return article.beside(reply, likely, match), session


def _leans(said: str, asked: tuple[Facet, ...]) -> bool:
    """Say whether a text asks about a part or a side of something it does not name, whoever else is named in it."""
    return sides.nothing_else(said) or (bool(asked) and sides.names_no_need(said))


def _otherwise(
    said: str, match: Match, likely: Likely | None, pointing: bool, session: Session, services: Services
) -> tuple[Reply, Session] | None:
    """Answer what asks for no procedure by name: a life event, a side of what is on the screen, an article."""
    occasion = event.asked(said, services)
    if occasion is not None:
        return _came(Came.EVENT, event.show(occasion, session, services))
    if pointing and not match.facets and smalltalk.wants_person(said):
        return Reply((welcome.people(services),)), session
    told = dossier.without_code(said, services) if match.outcome is not Outcome.ANSWER else None
    if told is not None:
        return Reply((told,)).told(Came.ANSWERED), session
    beside = aside.side(said, match, session, services)
    if beside is not None:
        return beside
    if likely and article.meant(likely, match) and not (pointing and (session.focus or session.choosing)):
        return _came(Came.ARTICLE, article.answer(likely, said, match, session, services))
    warned = services.articles.get(beyond.article(said) or "") if match.outcome is not Outcome.ANSWER else None
    return _came(Came.ARTICLE, article.show(warned, session, services, said)) if warned is not None else None


def _unclear_answer(said: str, match: Match, session: Session, services: Services) -> bool:
    """Say whether a short text that means nothing to us came in answer to an offer, for the first time."""
    lost = match.outcome is Outcome.UNKNOWN and not match.elsewhere and not session.misses
    polite = not beyond.answer(said) and not smalltalk.insults(said) and not smalltalk.wants_person(said)
    return lost and polite and len(said.split()) <= SHORT_ANSWER and proposal.pending(session, services)


def _judged(said: str, match: Match, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer a question of its own as the matcher's verdict asks for."""
    if match.outcome is Outcome.ANSWER and match.candidates:
        best = match.candidates[0].code
        return _came(Came.ANSWERED, opening.show(best, session, services, opening.wanted(session)), best)
    choices = proposal.found(match, services)
    if match.elsewhere and (not choices or match.candidates[0].confidence < HARDLY):
        if beyond.answer(said) not in (None, beyond.LAW) or smalltalk.wants_person(said):
            return _unknown(said, match, session, services)
        if leaning := aside.leaning(said, match, session, services):
            return leaning
        reply, session = absence.elsewhere(*match.elsewhere, session, services)
        return missed.keep(reply, session, Vain.UNKNOWN, missed.near(match))
    if _plain_case(match, choices):
        return _came(Came.ANSWERED, opening.with_cases(choices, session, services), choices[0].code)
    if match.outcome is Outcome.OFFER and choices:
        return _came(Came.OFFERED, _offer(said, choices, match, session, services))
    return _unknown(said, match, session, services)


def _offer(
    said: str, choices: list[Procedure], match: Match, session: Session, services: Services
) -> tuple[Reply, Session]:
    lead, names = proposal.lead(choices, match, services), proposal.names(choices, match)
    if len(said.split()) <= SHORT_QUESTION and match.candidates[0].confidence < SURE_OF_BASE:
        wider, told = proposal.with_open(choices, names, session, services, first=bool(match.facets))
        if wider != choices:
            return proposal.offer(wider, absence.maybe(match) or proposal.WHICH, session, told)
    return proposal.offer(choices, lead, session, names)


def _named_choice(said: str, match: Match, session: Session, services: Services) -> str | None:
    """Return the offered code that a short answer names, by its label or together with the question before."""
    offered = known(session.offered, services)
    if not offered or len(said.split()) > SHORT_ANSWER:
        return None
    for pool in (offered, _other_cases(offered, services)):
        at = picking.named(said, pool, session.called)
        if at is not None:
            return pool[at].code
    if session.asked is None or _means_another(match, session):
        return None
    both = services.matcher.match(f"{session.asked} {said}")
    if both.outcome is Outcome.UNKNOWN or not both.candidates:
        return None
    best = both.candidates[0]
    sure = both.outcome is Outcome.ANSWER or best.confidence >= SURE_AMONG_OFFERED
    return best.code if sure and best.code in session.offered else None


def _other_cases(offered: Sequence[Procedure], services: Services) -> list[Procedure]:
    """Return the variants for which an offer of variants had no room."""
    if not choice.siblings(offered):
        return []
    cases = proposal.family(offered[0], services)
    return [each for each in cases if each not in offered and each.abolished_on is None]


def _means_another(match: Match, session: Session) -> bool:
    """Say whether a short text after an offer is a question of its own: clear, or nearer to what was not offered."""
    if match.outcome is not Outcome.OFFER or not match.candidates:
        return match.outcome is Outcome.ANSWER
    best = match.candidates[0]
    return best.code not in session.offered and best.confidence >= SURE_OF_ANOTHER


def _follow_up(said: str, asked: tuple[Facet, ...], session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer a question that names no need: about the offer that waits, else about the procedure shown last."""
    what = ", ".join(facets.WHICH[facet] for facet in asked)
    about_open = session.focus in session.offered and len(session.offered) <= FEW
    if proposal.pending(session, services) and not about_open:
        session = session.model_copy(update={"wanted": asked or session.wanted})
        lead = OF_WHICH.format(what=what) if what else proposal.CHOOSE
        return _came(Came.OFFERED, proposal.again(lead, session, services))
    on_screen = event.opened(session, services)
    if on_screen is not None:
        return _came(Came.EVENT, event.follow_up(on_screen, asked, what, session, services))
    focus = services.catalogue.get(session.focus or "")
    if focus is not None:
        papers = asked == (Facet.PAPERS,) and focus.abolished_on is None
        message = sections.section(Verb.PAPERS, focus, services) if papers else facets.answer(focus, asked, services)
        reply, session = Reply((message,)).told(Came.ANSWERED, focus.code), session.model_copy(update={"misses": 0})
        return missed.asked_again(mask(said)[:LONGEST], focus.code, reply, session) if asked else (reply, session)
    if set(asked) & {Facet.TIME, Facet.STATUS} and not session.absent and (on := tracking.again(session, services)):
        return on
    absent = absence.named(session.absent, services) if session.absent else None
    if absent is not None:
        return Reply((absence.still(*absent, what, services),)).told(Came.ABSENT, absent[0]), session
    message = Message(ABOUT_WHICH.format(what=what) if what else ABOUT_WHAT, welcome.ways_on())
    return Reply((message,)).told(Came.OFFERED), session.model_copy(update={"wanted": asked, "asked": None})


def _plain_case(match: Match, choices: Sequence[Procedure]) -> bool:
    """Say whether the choices are variants of one procedure of which the plain one is all but certainly meant."""
    if match.outcome is not Outcome.OFFER or not choice.siblings(choices) or choices[0].variant is not None:
        return False
    best = match.candidates[0]
    return best.code == choices[0].code and best.confidence >= SURE_OF_BASE


def reject(codes: Iterable[str], session: Session, services: Services) -> tuple[Reply, Session]:
    """Put ``codes`` aside for the question in hand and offer what comes next, or ask for other words."""
    codes = tuple(filter(None, codes))
    kind = Vain.OFFER if session.choosing else Vain.WRONG
    shown = codes[0] if len(codes) == 1 and kind is Vain.WRONG else ""
    reply, session = _came(Came.REJECTED, _rejected(codes, session, services), shown)
    return missed.keep(reply, session, kind, codes)


def _rejected(codes: tuple[str, ...], session: Session, services: Services) -> tuple[Reply, Session]:
    rejected = tuple(dict.fromkeys((*session.rejected, *codes)))[-20:]
    focus = None if session.focus in rejected else session.focus
    update = {"rejected": rejected, "focus": focus, "offered": (), "called": (), "absent": None}
    session = session.model_copy(update=update | {"misses": session.misses + 1})
    if session.asked and session.misses < 3:
        match = services.matcher.match(session.asked, rejected)
        found = proposal.found(match, services, rejected)
        if found:
            lead = NOT_THAT if len(found) == 1 else SORRY.format(lead=proposal.lead(found, match, services))
            return proposal.offer(found, lead, session, proposal.names(found, match))
    words = absence.REPHRASE if session.misses < absence.MISSES else absence.UNKNOWN_AGAIN
    return absence.sorry(words, session, services)


def _unknown(said: str, match: Match, session: Session, services: Services) -> tuple[Reply, Session]:
    if smalltalk.wants_person(said):
        return Reply((welcome.people(services),)), session
    outside = beyond.answer(said)
    focus = services.catalogue.get(session.focus or "")
    if match.facets and focus is not None and not outside:
        return _came(Came.OFFERED, proposal.offer([focus], ABOUT_THIS.format(title=markup.title(focus, 90)), session))
    if outside or smalltalk.insults(said):
        reply = Reply((Message(outside or smalltalk.INSULTED, welcome.ways_on()),))
        session = session.model_copy(update={"wanted": (), "absent": None, "asked": None})
        return (reply.told(Came.OUTSIDE) if outside else reply), session
    if leaning := aside.leaning(said, match, session, services):
        return leaning
    session = session.model_copy(update={"wanted": (), "absent": None})
    session = session.model_copy(update={"misses": session.misses + 1, "offered": (), "called": ()})
    reply, session = absence.sorry(
        absence.UNKNOWN if session.misses < absence.MISSES else absence.UNKNOWN_AGAIN, session, services
    )
    return missed.keep(reply.told(Came.UNKNOWN), session, Vain.UNKNOWN, missed.near(match))


def _came(came: Came, answered: tuple[Reply, Session], code: str = "") -> tuple[Reply, Session]:
    reply, session = answered
    return reply.told(came, code), session
