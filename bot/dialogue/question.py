"""A question: answer it, offer what may be meant, or say plainly that we do not know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.dialogue import choice, facets, markup, parts, smalltalk, welcome
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply
from bot.privacy import mask
from knowledge.matching import Facet, Match, Outcome
from knowledge.procedure import Procedure
from knowledge.vietnamese import normalise

WHICH = "Anh/chị muốn hỏi việc nào sau đây? Bấm vào mục đúng, hoặc gõ số."
WHICH_CASE = "Anh/chị thuộc trường hợp nào?"
ABOUT = "Về “{title}”: {ask}"
NOT_THAT = "Xin lỗi anh/chị. Vậy có phải mục này không?"
SORRY = "Xin lỗi anh/chị. {lead}"
NONE_OF_THESE = "Không phải các mục này"
OTHER_CASES = "Đây là trường hợp thông thường. Trường hợp khác, anh/chị bấm vào mục có số ở dưới."
ABOUT_THIS = "Câu này tôi chưa rõ. Anh/chị đang hỏi về “{title}” phải không?"
ABOUT_WHICH = "Anh/chị hỏi {what} của thủ tục nào? Ví dụ: “đăng ký khai sinh”."
UNKNOWN = (
    "Xin lỗi, tôi chưa biết thủ tục nào hợp với câu này. Anh/chị nói rõ hơn giúp: cần làm giấy gì, cho ai, "
    "và vì sao (làm mới, bị mất, sai tên, hết hạn).\n\nVí dụ: “làm lại giấy khai sinh bị mất”."
)
UNKNOWN_AGAIN = "Xin lỗi, tôi vẫn chưa tìm được thủ tục đúng ý anh/chị."
REPHRASE = (
    "Xin lỗi anh/chị, tôi tìm chưa đúng. Anh/chị nói lại bằng lời khác giúp: cần làm giấy gì, cho ai, "
    "và vì sao (làm mới, bị mất, sai tên, hết hạn)."
)
TOO_LONG = "Tin nhắn hơi dài nên tôi chỉ đọc một phần. Nếu chưa đúng ý, anh/chị hỏi lại bằng một câu ngắn giúp."
GONE = (
    "Thủ tục mã {code} không có trong danh mục của tôi, có thể đã được thay bằng thủ tục khác. "
    "Anh/chị gõ giúp tên việc cần làm."
)

ELSEWHERE = (
    "Việc này có lẽ là thủ tục <b>{title}</b> (mã {code}). Tôi chưa có thông tin đã đọc kỹ về thủ tục này nên "
    "không hướng dẫn, kẻo anh/chị mất công đi lại. Anh/chị tìm theo mã trên {portal}, "
    "hoặc hỏi bộ phận Một cửa của xã, phường."
)
ELSEWHERE_MAYBE = "Nếu là “{title}” (mã {code}) thì tôi chưa có thông tin về thủ tục ấy."

LONGEST = 2000
"""Characters of one question that are looked at; a longer text is read at its beginning, then at its end."""

LONGEST_NAME = 160
MOST_CHOICES = 4
SHORT_ANSWER = 8
SURE_OF_BASE = 0.75
"""Confidence from which the plain case is answered at once. Lower than for a bare answer: its other cases stand beside
it, and the message says that it is the plain one."""

SURE_AMONG_OFFERED = 0.7
"""Confidence that settles an offer when a short answer is read together with the question before."""


def answer(text: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer one question in the person's own words."""
    said = normalise(text)
    session = session.model_copy(update={"rejected": ()})
    if len(said) <= LONGEST:
        return _answer(said, session, services)
    head, tail = said[:LONGEST], said[-LONGEST:]
    part = tail if services.matcher.match(head).outcome is Outcome.UNKNOWN else head
    reply, session = _answer(part, session, services)
    first, *rest = reply.messages
    note = Message(f"{markup.italic(TOO_LONG)}\n\n{first.body}", first.buttons, first.replaces)
    return Reply((note, *rest), reply.toast), session


def _answer(said: str, session: Session, services: Services) -> tuple[Reply, Session]:
    named = _named_choice(said, session, services)
    if named is not None:
        return show(named, session, services, _wanted(session))
    match = services.matcher.match(said)
    asked = match.facets
    if Facet.STATUS in asked and match.outcome is not Outcome.ANSWER:
        return Reply((Message(facets.status(services), ((welcome.browse_button(),),)),)), session
    if (match.bare and asked) or (session.focus in services.catalogue.procedures and smalltalk.only_asks(said)):
        return _follow_up(asked, session, services)
    session = session.model_copy(update={"asked": mask(said)[:LONGEST], "wanted": asked or session.wanted})
    if match.outcome is Outcome.ANSWER and match.candidates:
        return show(match.candidates[0].code, session, services, _wanted(session))
    found = _choices(match, services)
    if _plain_case(match, found):
        return _show_with_cases(found, session, services)
    if match.outcome is Outcome.OFFER and found:
        return offer(found, _lead(found, match, services), session)
    if match.elsewhere:
        return _elsewhere(*match.elsewhere, session, services)
    return _unknown(said, asked, session, services)


def _elsewhere(code: str, name: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Name the procedure that seems meant and that we have no record of, and say where to ask."""
    portal = markup.link(parts.PORTAL, services.portal_url)
    body = ELSEWHERE.format(title=markup.escape(markup.clip(name, LONGEST_NAME)), code=code, portal=portal)
    update = {"focus": None, "offered": (), "misses": 0}
    return Reply((Message(body, ((welcome.browse_button(),),)),)), session.model_copy(update=update)


def _named_choice(said: str, session: Session, services: Services) -> str | None:
    """Return the offered code that a short answer names, by its label or together with the question before."""
    offered = known(session.offered, services)
    if not offered or len(said.split()) > SHORT_ANSWER:
        return None
    at = choice.named(said, offered)
    if at is not None:
        return offered[at].code
    if session.asked is None or services.matcher.match(said).outcome is Outcome.ANSWER:
        return None
    both = services.matcher.match(f"{session.asked} {said}")
    if both.outcome is Outcome.UNKNOWN or not both.candidates:
        return None
    best = both.candidates[0]
    sure = both.outcome is Outcome.ANSWER or best.confidence >= SURE_AMONG_OFFERED
    return best.code if sure and best.code in session.offered else None


def _follow_up(asked: tuple[Facet, ...], session: Session, services: Services) -> tuple[Reply, Session]:
    focus = services.catalogue.get(session.focus or "")
    if focus is not None:
        return Reply((facets.answer(focus, asked, services),)), session.model_copy(update={"misses": 0})
    what = ", ".join(facets.WHICH[facet] for facet in asked)
    message = Message(ABOUT_WHICH.format(what=what), ((welcome.browse_button(),),))
    return Reply((message,)), session.model_copy(update={"wanted": asked})


def show(code: str, session: Session, services: Services, asked: tuple[Facet, ...] = ()) -> tuple[Reply, Session]:
    """Show one procedure, what was asked about it first; say so when the catalogue has it no longer."""
    procedure = services.catalogue.get(code)
    if procedure is None:
        elsewhere = services.matcher.match(code).elsewhere
        if elsewhere:
            return _elsewhere(*elsewhere, session, services)
        message = Message(markup.escape(GONE.format(code=code)), ((welcome.browse_button(),),))
        return Reply((message,)), session.model_copy(update={"offered": ()})
    update = {"focus": code, "offered": (), "wanted": (), "misses": 0}
    return Reply((facets.answer(procedure, asked, services),)), session.model_copy(update=update)


def _plain_case(match: Match, choices: Sequence[Procedure]) -> bool:
    """Say whether the choices are variants of one procedure of which the plain one is all but certainly meant."""
    if match.outcome is not Outcome.OFFER or not choice.siblings(choices) or choices[0].variant is not None:
        return False
    best = match.candidates[0]
    return best.code == choices[0].code and best.confidence >= SURE_OF_BASE


def _show_with_cases(choices: Sequence[Procedure], session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer with the plain case and name the others beside it; the plain one counts as the first choice."""
    shown = choices[:MOST_CHOICES]
    reply, session = show(shown[0].code, session, services, _wanted(session))
    answered = reply.messages[-1]
    _, rows = choice.listed(shown[1:], Verb.PICK, start=2, by_variant=True)
    *parts_of_it, wrong = answered.buttons
    message = Message(f"{answered.body}\n\n{OTHER_CASES}", (*parts_of_it, *rows, wrong))
    codes = tuple(procedure.code for procedure in shown)
    return Reply((message,)), session.model_copy(update={"offered": codes})


def visit(code: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Show a procedure the person chose without a question (a list, a link, a code): the old question is over."""
    if code != session.focus:
        session = session.model_copy(update={"asked": None, "rejected": ()})
    return show(code, session, services)


def pick(code: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Show an offered procedure, with what was asked before the offer first."""
    return show(code, session, services, _wanted(session) if code in session.offered else ())


def offer(choices: Sequence[Procedure], lead: str, session: Session) -> tuple[Reply, Session]:
    """Offer up to four named choices and a way out."""
    shown = choices[:MOST_CHOICES]
    listing, rows = choice.listed(shown, Verb.PICK)
    body = "\n".join(filter(None, (markup.escape(lead), listing)))
    message = Message(body, (*rows, (Button(NONE_OF_THESE, Action(Verb.NONE).payload()),)))
    codes = tuple(procedure.code for procedure in shown)
    return Reply((message,)), session.model_copy(update={"offered": codes})


def reject(codes: Iterable[str], session: Session, services: Services) -> tuple[Reply, Session]:
    """Put ``codes`` aside for the question in hand and offer what comes next, or ask for other words."""
    rejected = tuple(dict.fromkeys((*session.rejected, *filter(None, codes))))[-20:]
    focus = None if session.focus in rejected else session.focus
    session = session.model_copy(
        update={"rejected": rejected, "focus": focus, "offered": (), "misses": session.misses + 1}
    )
    if session.asked and session.misses < 3:
        match = services.matcher.match(session.asked, rejected)
        found = [procedure for procedure in _choices(match, services) if procedure.code not in rejected]
        if found:
            lead = NOT_THAT if len(found) == 1 else SORRY.format(lead=_lead(found, match, services))
            return offer(found, lead, session)
    return _sorry(REPHRASE if session.misses < 2 else UNKNOWN_AGAIN, session, services)


def _unknown(said: str, asked: tuple[Facet, ...], session: Session, services: Services) -> tuple[Reply, Session]:
    focus = services.catalogue.get(session.focus or "")
    if asked and focus is not None:
        reply, session = offer([focus], ABOUT_THIS.format(title=markup.title(focus, 90)), session)
        return reply, session
    for is_so, talk in ((smalltalk.off_topic, smalltalk.OFF_TOPIC), (smalltalk.insults, smalltalk.INSULTED)):
        if is_so(said):
            return Reply((Message(talk, ((welcome.browse_button(),),)),)), session
    session = session.model_copy(update={"misses": session.misses + 1, "offered": ()})
    return _sorry(UNKNOWN if session.misses < 2 else UNKNOWN_AGAIN, session, services)


def _sorry(words: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Say that we do not know; from the second time on, also who does."""
    again = session.misses >= 2
    body = f"{words}\n\n{welcome.person(services)}" if again else words
    return Reply((Message(body, ((welcome.browse_button(),),)),)), session


def known(codes: Iterable[str], services: Services) -> list[Procedure]:
    """Return the procedures of those codes that the catalogue (still) has."""
    return [found for code in codes if (found := services.catalogue.get(code)) is not None]


def _lead(choices: Sequence[Procedure], match: Match, services: Services) -> str:
    if not choice.siblings(choices):
        return "\n".join(filter(None, (match.ask or WHICH, _maybe_elsewhere(match))))
    family = known(services.catalogue.families.get(choices[0].family or "", ()), services)
    base = next((procedure for procedure in family if procedure.variant is None), choices[0])
    ask = match.ask or WHICH_CASE
    return ABOUT.format(title=markup.title(base, 90), ask=markup.lower_first(ask))


def _maybe_elsewhere(match: Match) -> str:
    if match.elsewhere is None:
        return ""
    code, name = match.elsewhere
    return ELSEWHERE_MAYBE.format(title=markup.clip(name, LONGEST_NAME), code=code)


def _choices(match: Match, services: Services) -> list[Procedure]:
    if match.outcome is Outcome.UNKNOWN:
        return []
    codes = match.choices if match.outcome is Outcome.OFFER else (c.code for c in match.candidates[:1])
    return known(codes, services)


def _wanted(session: Session) -> tuple[Facet, ...]:
    known_facets = {str(facet) for facet in Facet}
    return tuple(Facet(name) for name in session.wanted if name in known_facets)
