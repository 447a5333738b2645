"""One turn in, one reply out. Pure and synchronous: nothing is sent, nothing is stored, nothing is remembered here."""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.dialogue import choice, commands, fields, question, sections, smalltalk, welcome
from bot.dialogue.action import Action, Verb, parse
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.smalltalk import Talk
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from knowledge.vietnamese import normalise

NO_WORDS = (
    "Tôi chưa đọc được chữ nào trong tin nhắn này. Anh/chị gõ giúp việc cần làm, ví dụ: “xin giấy xác nhận độc thân”."
)
NOTHING_TO_PICK = "Hiện không có danh sách nào để chọn. Anh/chị gõ giúp việc cần làm, ví dụ: “đăng ký kết hôn”."
NO_SUCH_NUMBER = "Danh sách chỉ có {count} mục, anh/chị chọn lại giúp:"
STALE = "Nút này không còn dùng được vì danh mục đã thay đổi. Anh/chị gõ lại điều cần hỏi giúp."
STALE_TOAST = "Nút này đã cũ"
UNREADABLE = "Xin lỗi, tôi chưa xem được {what}. Anh/chị gõ bằng chữ giúp, ví dụ: “đăng ký tạm trú cần giấy tờ gì”."
NO_PAPERS = "\n\n<i>Xin đừng gửi ảnh giấy tờ tùy thân lên đây.</i>"
KINDS = {
    "photo": "ảnh", "voice": "tin nhắn thoại", "audio": "tệp âm thanh", "video": "video", "video_note": "video",
    "sticker": "nhãn dán", "animation": "ảnh động", "document": "tệp đính kèm", "location": "vị trí",
    "venue": "vị trí", "contact": "danh thiếp", "poll": "bình chọn", "dice": "trò xúc xắc", "story": "tin",
}  # fmt: skip
OTHER_KIND = "nội dung này"
PICTURES = {"photo", "document", "contact"}

_CODE = re.compile(r"(?<![\d.])(\d)[.\s_,-]?(\d{6})(?![\d]|\.\d)", re.ASCII)
_WORD = re.compile(r"[^\W_]")
_NUMBER = re.compile(r"\W*\d{1,2}\W*")


def respond(turn: Turn, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer one turn: always at least one message with words in it, whatever came in."""
    match turn.kind:
        case TurnKind.TEXT:
            return _text(turn.value, session, services)
        case TurnKind.COMMAND:
            return commands.answer(turn.command, turn.value, session, services)
        case TurnKind.ACTION:
            return _action(turn.value, session, services)
        case TurnKind.UNSUPPORTED:
            return _unsupported(turn.value), session


def _text(text: str, session: Session, services: Services) -> tuple[Reply, Session]:
    said = normalise(text)
    if not _WORD.search(said):
        return Reply((Message(NO_WORDS, ((welcome.browse_button(),),)),)), session
    offered = question.known(session.offered, services)
    at = choice.picked(said, len(offered))
    if at is not None:
        return _picked(at, session, services)
    if not offered and _NUMBER.fullmatch(said):
        return Reply((Message(NOTHING_TO_PICK, ((welcome.browse_button(),),)),)), session
    code = _CODE.search(said)
    if code:
        return _code(f"{code[1]}.{code[2]}", said, session, services)
    talk = smalltalk.kind(said)
    if talk is not None:
        return _talk(talk, session, services)
    return question.answer(said, session, services)


def _picked(at: int, session: Session, services: Services) -> tuple[Reply, Session]:
    offered = question.known(session.offered, services)
    if at < len(offered):
        return question.pick(offered[at].code, session, services)
    return question.offer(offered, NO_SUCH_NUMBER.format(count=len(offered)), session)


def _code(code: str, said: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Open the procedure whose code was typed; a number that is none of ours, among other words, is just a number."""
    rest = _CODE.sub(" ", said)
    if services.catalogue.get(code) is None:
        if len(_WORD.findall(rest)) > 12:
            return question.answer(said, session, services)
        return question.show(code, session, services)
    if code != session.focus:
        session = session.model_copy(update={"asked": None, "rejected": ()})
    asked = services.matcher.match(rest).facets if _WORD.search(rest) else ()
    return question.show(code, session, services, asked)


def _talk(talk: Talk, session: Session, services: Services) -> tuple[Reply, Session]:
    if talk is Talk.HELP:
        return Reply((welcome.guide(services),)), session
    if talk is Talk.GREETING and not session.greeted:
        return Reply((welcome.welcome(services),)), session.model_copy(update={"greeted": True})
    if talk is Talk.YES and len(session.offered) == 1:
        return question.pick(session.offered[0], session, services)
    if talk is Talk.WRONG or (talk is Talk.NO and session.offered):
        shown_first = session.focus is not None and session.focus in session.offered
        wrong = (session.focus or "",) if shown_first or not session.offered else session.offered
        return question.reject(wrong, session, services)
    return Reply((Message(smalltalk.ANSWERS[talk], ((welcome.browse_button(),),)),)), session


_OPENS: dict[Verb, Callable[[str, Session, Services], tuple[Reply, Session]]] = {
    Verb.SHOW: question.visit,
    Verb.PICK: question.pick,
}


def _action(payload: str, session: Session, services: Services) -> tuple[Reply, Session]:
    action = parse(payload)
    if action is None:
        return Reply((Message(STALE, ((welcome.browse_button(),),)),), STALE_TOAST), session
    if action.verb in (Verb.BROWSE, Verb.FIELDS, Verb.FIELD, Verb.HELP):
        return Reply((_browse(action, services),)), session
    if action.verb is Verb.NONE:
        return question.reject(session.offered, session, services)
    procedure = services.catalogue.get(action.argument)
    if procedure is None:
        reply, session = question.show(action.argument, session, services)
        return Reply(reply.messages, STALE_TOAST), session
    if action.verb is Verb.REJECT:
        return question.reject((procedure.code,), session, services)
    if action.verb in _OPENS:
        return _OPENS[action.verb](procedure.code, session, services)
    session = session.model_copy(update={"focus": procedure.code})
    return Reply((sections.section(action.verb, procedure, services),)), session


def _browse(action: Action, services: Services) -> Message:
    if action.verb is Verb.HELP:
        return welcome.guide(services)
    if action.verb is Verb.FIELD:
        return fields.procedures(action.argument, action.page, services)
    return fields.overview(action.page, services, in_place=action.verb is Verb.FIELDS)


def _unsupported(kind: str) -> Reply:
    words = UNREADABLE.format(what=KINDS.get(kind, OTHER_KIND))
    return Reply((Message(words + (NO_PAPERS if kind in PICTURES else "")),))
