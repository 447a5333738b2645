"""What we cannot answer: a procedure known by name only, a code that is gone, a question we do not understand."""

from __future__ import annotations

from bot.dialogue import choice, markup, missed, parts, welcome
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply
from bot.dialogue.upshot import Came
from knowledge.matching import Match

ELSEWHERE = (
    "Việc này có lẽ là thủ tục <b>{title}</b> (mã <code>{code}</code>).\n\n"
    "Thủ tục này tôi mới biết tên, chưa có hướng dẫn, nên không dám nói kẻo anh/chị mất công đi lại. "
    "Anh/chị tìm theo mã trên {portal}, hoặc hỏi bộ phận Một cửa của xã, phường."
)
ELSEWHERE_MAYBE = (
    "Việc này có thể là “{title}” (mã {code}), tôi chưa có hướng dẫn về thủ tục ấy. "
    "Nếu không phải, anh/chị xem có đúng việc dưới đây không:"
)
STILL_ABSENT = (
    "Về thủ tục <b>{title}</b> (mã <code>{code}</code>) tôi mới biết tên, chưa biết {what}. "
    "Anh/chị tìm theo mã trên {portal}, hoặc hỏi người thật."
)
DETAILS = "chi tiết"
NOT_THIS = "Không phải việc này"
STILL = "Xem lại: {name}"
GONE = (
    "Thủ tục mã {code} không có trong danh mục của tôi, có thể đã được thay bằng thủ tục khác. "
    "Anh/chị gõ giúp tên việc cần làm."
)
UNKNOWN = (
    "Xin lỗi, tôi chưa biết thủ tục nào hợp với câu này. Anh/chị nói rõ hơn giúp: cần làm giấy gì, cho ai, "
    "và vì sao (làm mới, bị mất, sai tên, hết hạn).\n\nVí dụ: “làm lại giấy khai sinh bị mất”."
)
UNKNOWN_AGAIN = "Xin lỗi, tôi vẫn chưa tìm được thủ tục đúng ý anh/chị."
REPHRASE = (
    "Xin lỗi anh/chị, tôi tìm chưa đúng. Anh/chị nói lại bằng lời khác giúp: cần làm giấy gì, cho ai, "
    "và vì sao (làm mới, bị mất, sai tên, hết hạn)."
)
LONGEST_NAME = 160
NAME_IN_PASSING = 90
MISSES = 2
"""Misses in a row from which the people who can help are named."""


def named(code: str, services: Services) -> tuple[str, str] | None:
    """Return code and name of a procedure that we know by name only."""
    return services.matcher.match(code).elsewhere if services.catalogue.get(code) is None else None


def elsewhere(code: str, name: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Name the procedure that seems meant and that we have no record of, where to ask, and the way back."""
    rows = ((Button(NOT_THIS, Action(Verb.REJECT, code).payload()),), *missed.button(session), *welcome.ways_on())
    open_ = services.catalogue.get(session.focus or "")
    if open_ is not None:
        back = STILL.format(name=choice.everyday(open_))
        rows = ((Button(markup.clip(back, choice.LABEL), Action(Verb.SHOW, open_.code).payload()),), *rows)
    update = {"focus": None, "offered": (), "called": (), "wanted": (), "misses": 0, "absent": code}
    reply = Reply((Message(_told(ELSEWHERE, code, name, services), rows),)).told(Came.ABSENT, code)
    return reply, session.model_copy(update=update)


def still(code: str, name: str, what: str, services: Services) -> Message:
    """Say that ``what`` is asked about a procedure we have no record of."""
    return Message(_told(STILL_ABSENT, code, name, services, what=what or DETAILS), welcome.ways_on())


def _told(words: str, code: str, name: str, services: Services, **more: str) -> str:
    portal = markup.link(parts.PORTAL, services.portal_url)
    return words.format(title=markup.escape(markup.heading(name, LONGEST_NAME)), code=code, portal=portal, **more)


def maybe(match: Match) -> str:
    """Return the words that name, above an offer, the procedure that may be meant as well; plain text."""
    if match.elsewhere is None:
        return ""
    code, name = match.elsewhere
    return ELSEWHERE_MAYBE.format(title=markup.heading(name, NAME_IN_PASSING), code=code)


def gone(code: str, session: Session) -> tuple[Reply, Session]:
    """Say that the catalogue has no such procedure."""
    message = Message(markup.escape(GONE.format(code=code)), welcome.ways_on())
    return Reply((message,)).told(Came.UNKNOWN), session.model_copy(update={"offered": (), "called": ()})


def sorry(words: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Say that we do not know; from the second time on, also who does."""
    told = missed.button(session)
    if session.misses < MISSES:
        return Reply((Message(words, (*told, *welcome.ways_on())),)), session
    body = f"{words}\n\n{welcome.person(services)}"
    return Reply((Message(body, (*told, (welcome.help_button(),), (welcome.browse_button(),))),)), session
