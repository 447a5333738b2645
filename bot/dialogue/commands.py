"""Commands that the conversation answers by itself, that of staff, and one we do not know.

They are /start, /help, /tracuu, /linhvuc, /sukien, /huongdan, /chuanbi, /noio, /inra, /huy.
"""

from __future__ import annotations

import re

from bot.dialogue import (
    article,
    event,
    fields,
    leaflet,
    link,
    opening,
    place,
    preparation,
    question,
    readiness,
    welcome,
)
from bot.dialogue.action import Action
from bot.dialogue.effect import Desk, Unwish
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply
from knowledge.case import token_code

ASK = "Anh/chị cần tra thủ tục gì? Cứ gõ việc cần làm, ví dụ: “đăng ký kết hôn”."
FORGOTTEN = (
    "Tôi đã quên những gì anh/chị hỏi, và sẽ không nhắn lại về câu nào đã hẹn báo. "
    "Mình bắt đầu lại: anh/chị cần làm giấy tờ gì?"
)
KEPT = " Danh sách giấy tờ đang chuẩn bị thì vẫn còn, gõ /chuanbi để xem."
NO_SUCH = (
    "Tôi không có lệnh này. Các lệnh tôi biết: /tracuu, /linhvuc, /sukien, /huongdan, /chuanbi, /noio, /nhogiup, "
    "/gopy, /hoso, /inra, /dulieu, /huy, /thongbao, /help. Hoặc anh/chị cứ gõ điều cần hỏi."
)

_DEEP_LINK = re.compile(r"p[_-]?(\d)[._-]?(\d{6})", re.ASCII)


def answer(  # noqa: C901 - one flat choice
    command: str, argument: str, session: Session, services: Services
) -> tuple[Reply, Session]:
    """Answer a command, with what was written after it; one we do not know is told so."""
    match command:
        case "start":
            return start(argument, session, services)
        case "help" | "trogiup":
            return _say(welcome.guide(services), session)
        case "tracuu":
            if argument.strip():
                return question.answer(argument, session, services)
            return _say(Message(ASK, ((welcome.browse_button(),),)), session)
        case "chuanbi":
            return _say(readiness.mine(session, services), session)
        case "inra":
            return leaflet.answer(argument, session, services)
        case "sukien":
            return event.command(argument, session, services)
        case "huongdan":
            return _say(article.listed(services), session)
        case "noio":
            return place.command(argument, session, services)
        case "linhvuc":
            return _say(fields.overview(0, services), session)
        case "huy":
            kept = Session(cases=session.cases)
            said = FORGOTTEN + (KEPT if session.cases else "")
            return Reply((Message(said, ((welcome.browse_button(),),)),), effects=(Unwish(),)), kept
        case "canbo" if services.office:
            return Reply((), effects=(Desk(argument),)), session
        case _:
            return _say(no_such(), session)


def desk(action: Action, session: Session, services: Services) -> tuple[Reply, Session]:
    """Do what a button of staff asks for."""
    if not services.office:
        return _say(no_such(), session)
    return Reply((), effects=(Desk(action.detail, pressed=True),)), session


def no_such() -> Message:
    """Return what is said to a command that we do not know."""
    return Message(NO_SUCH, ((welcome.browse_button(),),))


def start(argument: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Open the procedure a deep link names (``p_1_001193``), else welcome the person."""
    if linked_case(argument):
        return preparation.opened(argument.strip().removeprefix(link.PREFIX), session, services)
    code = linked_code(argument)
    if code is not None:
        return opening.visit(code, session, services)
    return _say(welcome.welcome(services), session.model_copy(update={"greeted": True}))


def linked_code(argument: str) -> str | None:
    """Return the code a deep link's payload names: ``p_1_001193``, ``p_1.001193`` or ``p_1001193``."""
    found = _DEEP_LINK.fullmatch(argument.strip())
    return f"{found[1]}.{found[2]}" if found else None


def linked_case(argument: str) -> bool:
    """Say whether a deep link's payload carries a case: ``c_1001193_0a1b_01-``."""
    text = argument.strip()
    return text.startswith(link.PREFIX) and token_code(text.removeprefix(link.PREFIX)) is not None


def _say(message: Message, session: Session) -> tuple[Reply, Session]:
    return Reply((message,)), session
