"""What somebody types over the list of a case instead of pressing its buttons: "đủ giấy tờ rồi", "có số 2 rồi"."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.dialogue import cases, preparation, proposal, readiness
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply
from knowledge.procedure import Procedure
from knowledge.vietnamese import fold

NO_SUCH_PAPER = "Danh sách này chỉ có giấy từ số 1 đến số {count}."

_I = r"(?:(?:toi|em|minh|con|chau|bac|tui|nha toi|nha em) )?"
_END = r"(?: (?:roi|het|ca|a|nhe|nha|day|em))*"
_NUMBERS = r"(\d{1,2}(?:(?: ?, ?| va | voi | )(?:giay |so |giay so )?\d{1,2})*)"
_A_PAPER = r"(?:giay to so|giay so|to so|so|giay|muc)"
_READY = re.compile(rf"{_I}(?:da |co |chuan bi |gom )*(?:day )?du(?: (?:giay to|giay|ho so|cac giay))?{_END}")
_HAS = (
    re.compile(rf"{_I}(?:da )?(?:co|chuan bi|lay|xin|lam)(?: duoc| xong)? {_A_PAPER} {_NUMBERS}{_END}"),
    re.compile(rf"{_A_PAPER} {_NUMBERS} {_I}(?:da )?(?:co|xong|du){_END}"),
    re.compile(rf"(?:danh dau|tich|tick) (?:{_A_PAPER} )?{_NUMBERS}{_END}"),
)
_HAS_NOT = (
    re.compile(rf"{_I}(?:chua|khong|ko) co {_A_PAPER} {_NUMBERS}{_END}"),
    re.compile(rf"bo (?:danh dau|tich|tick) (?:{_A_PAPER} )?{_NUMBERS}{_END}"),
)
_REMIND = re.compile(
    rf"(?:hay |nho )?nhac (?:giup )?(?:toi|em|minh|con|bac)(?: vao)?(?: (mai|ngay mai|sang mai|tuan sau))?{_END}"
)
_DAYS = {"mai": "1", "ngay mai": "1", "sang mai": "1", "tuan sau": "7"}
_PRINT = re.compile(
    rf"(?:luu|in|tai|gui|cho)(?: toi| em| minh)?(?: ban| file| tep| ra)* (?:pdf|danh sach)(?: pdf| nay)?{_END}"
)
_PICTURE = re.compile(rf"(?:luu|gui|cho|tai)(?: toi| em| minh)? (?:anh|hinh)(?: danh sach)?{_END}")
_SHARE = re.compile(rf"chia se(?: danh sach| cho (?:con|vo|chong|nguoi nha))?(?: nay)?{_END}")
_RESTART = re.compile(rf"{_I}(?:lam|tra loi|hoi) lai tu dau{_END}")
_REDO = re.compile(rf"{_I}(?:sua|doi|chinh)(?: lai)? (?:cac )?cau tra loi(?: cuoi| truoc)?{_END}")


def _redo(procedure: Procedure, session: Session, services: Services) -> tuple[Reply, Session]:
    """Ask the last question again, below what was typed: there is no pressed button whose message it could replace."""
    reply, session = preparation.back(procedure, session, services)
    return replace(reply, messages=tuple(replace(each, replaces=False) for each in reply.messages)), session


Do = Callable[[Procedure, Session, Services], tuple[Reply, Session]]
_DOES: Mapping[re.Pattern[str], Do] = {
    _READY: readiness.ready,
    _SHARE: readiness.share,
    _RESTART: preparation.restart,
    _REDO: _redo,
    _PRINT: lambda procedure, session, _: readiness.keep(procedure, "pdf", session),
    _PICTURE: lambda procedure, session, _: readiness.keep(procedure, "png", session),
}


def typed(said: str, session: Session, services: Services) -> tuple[Reply, Session] | None:
    """Do what a text asks of the list on the screen; None when there is no such list, or it asks something else."""
    listed = session.cases[0] if session.cases else None
    procedure = services.catalogue.get(listed.code) if listed and listed.code == session.focus else None
    if listed is None or procedure is None or not listed.closed or procedure.abolished_on is not None:
        return None
    if proposal.pending(session, services):
        return None
    text = " ".join(fold(said.lower()).replace(".", " ").split()).strip(" !,;")
    for pattern, do in _DOES.items():
        if pattern.fullmatch(text):
            return do(procedure, session, services)
    if found := _REMIND.fullmatch(text):
        return readiness.remind(procedure, _DAYS.get(found[1] or "", ""), session, services)
    for patterns, has in ((_HAS_NOT, False), (_HAS, True)):
        if found := next(filter(None, (pattern.fullmatch(text) for pattern in patterns)), None):
            numbers = [int(number) for number in re.findall(r"\d+", found[1])]
            return _marked(procedure, numbers, has, session, services)
    return None


def _marked(
    procedure: Procedure, numbers: list[int], has: bool, session: Session, services: Services
) -> tuple[Reply, Session]:
    """Mark the papers of these numbers as there, or as not there yet, and show the list anew."""
    prepared, note = cases.current(procedure, session)
    keys = [item.key for item in cases.guidance_of(procedure, prepared, services).needed]
    if any(not 1 <= number <= len(keys) for number in numbers):
        return Reply((Message(NO_SUCH_PAPER.format(count=len(keys))),)), session
    named = {keys[number - 1] for number in numbers}
    others = tuple(key for key in prepared.ticked if key not in named)
    ticked = (*others, *(key for key in keys if key in named)) if has else others
    prepared = prepared.model_copy(update={"ticked": ticked})
    return readiness.show(procedure, prepared, session, services, note)
