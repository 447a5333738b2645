"""The commands: /start, /help, /tracuu, /linhvuc, /huy, and one we do not know."""

from __future__ import annotations

import re

from bot.dialogue import fields, opening, question, welcome
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply

ASK = "Anh/chị cần tra thủ tục gì? Cứ gõ việc cần làm, ví dụ: “đăng ký kết hôn”."
FORGOTTEN = "Tôi đã quên những gì anh/chị vừa hỏi. Mình bắt đầu lại: anh/chị cần làm giấy tờ gì?"
NO_SUCH = "Tôi không có lệnh này. Các lệnh tôi biết: /tracuu, /linhvuc, /huy, /help. Hoặc anh/chị cứ gõ điều cần hỏi."

_DEEP_LINK = re.compile(r"p[_-]?(\d)[._-]?(\d{6})", re.ASCII)


def answer(command: str, argument: str, session: Session, services: Services) -> tuple[Reply, Session]:
    match command:
        case "start":
            return start(argument, session, services)
        case "help" | "trogiup":
            return _say(welcome.guide(services), session)
        case "tracuu":
            if argument.strip():
                return question.answer(argument, session, services)
            return _say(Message(ASK, ((welcome.browse_button(),),)), session)
        case "linhvuc":
            return _say(fields.overview(0, services), session)
        case "huy":
            return _say(Message(FORGOTTEN, ((welcome.browse_button(),),)), Session())
        case _:
            return _say(Message(NO_SUCH, ((welcome.browse_button(),),)), session)


def start(argument: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Open the procedure a deep link names (``p_1_001193``), else welcome the person."""
    code = linked_code(argument)
    if code is not None:
        return opening.visit(code, session, services)
    return _say(welcome.welcome(services), session.model_copy(update={"greeted": True}))


def linked_code(argument: str) -> str | None:
    """Return the code a deep link's payload names: ``p_1_001193``, ``p_1.001193`` or ``p_1001193``."""
    found = _DEEP_LINK.fullmatch(argument.strip())
    return f"{found[1]}.{found[2]}" if found else None


def _say(message: Message, session: Session) -> tuple[Reply, Session]:
    return Reply((message,)), session
