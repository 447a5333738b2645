"""The printed leaflet in the chat: a button under an answer, and the command /inra."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.dialogue import markup, opening, question
from bot.dialogue.action import Action, Verb
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Attachment, Button, Message, Reply
from knowledge.matching import Outcome
from knowledge.procedure import Procedure

GIVEN = "Tờ hướng dẫn “{title}”, khổ {size}. Anh/chị in ra, hoặc gửi cho người thân được."
FILE = "Tờ hướng dẫn {code}.pdf"
OTHER_SIZE = "Lấy khổ {size}"
BACK = "Về thông tin chính"
ASK = "Anh/chị cần in tờ hướng dẫn của thủ tục nào? Gõ tên việc sau lệnh, ví dụ: /inra đăng ký kết hôn."

SMALL, LARGE = "a5", "a4"
_PATH = re.compile(r"/leaflet/(\d\.\d{6})\.pdf(?:\?size=(a4|a5))?", re.ASCII)
_CODE = re.compile(r"(\d)\.?(\d{6})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the path of a leaflet names."""

    code: str
    size: str


def path(code: str, size: str = SMALL) -> str:
    """Return the path of a procedure's leaflet."""
    return f"/leaflet/{code}.pdf?size={size}"


def read(path: str) -> Wanted | None:
    """Read a path that ``path`` made; None when it is none."""
    found = _PATH.fullmatch(path)
    return Wanted(found[1], found[2] or LARGE) if found else None


def file_name(procedure: Procedure) -> str:
    """Return what the file is called."""
    return FILE.format(code=procedure.code)


def message(procedure: Procedure, size: str = "") -> Message:
    """Give the leaflet as a file, small unless asked otherwise."""
    size = size or SMALL
    other = LARGE if size == SMALL else SMALL
    buttons = (
        Button(OTHER_SIZE.format(size=other.upper()), Action(Verb.LEAFLET, procedure.code, detail=other).payload()),
        Button(BACK, Action(Verb.SHOW, procedure.code).payload()),
    )
    body = markup.escape(GIVEN.format(title=markup.title(procedure, 110), size=size.upper()))
    return Message(body, (buttons,), file=Attachment(path(procedure.code, size), file_name(procedure)))


def answer(argument: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer /inra: the leaflet of the code or words given, else of what is in hand."""
    wanted = argument.strip()
    code = _meant(wanted, services) if wanted else session.focus or ""
    procedure = services.catalogue.get(code)
    if procedure is None:
        return question.answer(wanted, session, services) if wanted else (Reply((Message(ASK),)), session)
    if procedure.abolished_on is not None:
        return opening.show(code, session, services)
    return given(procedure, SMALL, session)


def given(procedure: Procedure, size: str, session: Session) -> tuple[Reply, Session]:
    """Give the leaflet, and let follow-up questions be about its procedure."""
    update = {"focus": procedure.code, "absent": None, "choosing": False}
    return Reply((message(procedure, size),)), session.model_copy(update=update)


def _meant(wanted: str, services: Services) -> str:
    found = _CODE.fullmatch(wanted)
    if found:
        return f"{found[1]}.{found[2]}"
    match = services.matcher.match(wanted)
    return match.candidates[0].code if match.outcome is Outcome.ANSWER and match.candidates else ""
