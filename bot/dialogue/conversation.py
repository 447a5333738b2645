"""One turn in, one reply out. Pure and synchronous: nothing is sent, nothing is stored, nothing is remembered here."""

from __future__ import annotations

from collections.abc import Callable

from bot.dialogue import (
    article,
    beyond,
    commands,
    dossier,
    event,
    fields,
    missed,
    opening,
    place,
    preparation,
    preparing,
    question,
    sections,
    text,
    tracking,
    welcome,
)
from bot.dialogue.action import Action, Verb, parse
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from bot.dossiers.receipt import Outcome as Photo

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


def respond(turn: Turn, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer one turn: always at least one message with words in it, whatever came in."""
    reply, after = _respond(turn, session, services)
    return missed.left(session, reply, after, services)


def _respond(turn: Turn, session: Session, services: Services) -> tuple[Reply, Session]:
    services = services.at(session.commune)
    if turn.kind is TurnKind.TEXT or (turn.kind is TurnKind.COMMAND and beyond.heard(turn.value)):
        return text.answer(turn.value, session, services)
    asking = session.asking if turn.kind is TurnKind.ACTION else None
    session = session.model_copy(update={"asking": asking, "placing": None, "awaiting": None})
    match turn.kind:
        case TurnKind.COMMAND:
            return commands.answer(turn.command, turn.value, session, services)
        case TurnKind.ACTION:
            return _action(turn.value, session, services)
        case TurnKind.LOCATION:
            return place.located(turn.value, session, services)
        case TurnKind.PHOTO:
            return _photo(turn.value, session, services)
        case _:
            return _unsupported(turn.value), session


def _photo(value: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Answer a photo: the dossier codes in it as if they had been typed, else what became of it."""
    if value in set(Photo):
        return Reply((dossier.photo(Photo(value)),)), session
    return text.read(value, session, services)


_OPENS: dict[Verb, Callable[[str, Session, Services], tuple[Reply, Session]]] = {
    Verb.SHOW: opening.visit,
    Verb.PICK: opening.pick,
}


def _action(payload: str, session: Session, services: Services) -> tuple[Reply, Session]:
    action = parse(payload)
    if action is None:
        return Reply((Message(STALE, ((welcome.browse_button(),),)),), STALE_TOAST), session
    if action.verb in _BY_ITSELF:
        return _BY_ITSELF[action.verb](action, session, services)
    procedure = services.catalogue.get(action.argument)
    if procedure is None:
        reply, session = opening.show(action.argument, session, services)
        return Reply(reply.messages, STALE_TOAST), session
    if action.verb in _OPENS:
        return _OPENS[action.verb](procedure.code, session, services)
    if action.verb in preparing.ACTS:
        if procedure.abolished_on is not None:
            return opening.show(procedure.code, session, services)
        return preparing.ACTS[action.verb](procedure, action, session, services)
    offered = session.offered if procedure.code in session.offered else ()
    session = session.model_copy(
        update={"focus": procedure.code, "offered": offered, "absent": None, "choosing": False}
    )
    return Reply((sections.section(action.verb, procedure, services),)), session


def _browse(action: Action, session: Session, services: Services) -> tuple[Reply, Session]:
    if action.verb is Verb.HELP:
        message = welcome.guide(services)
    elif action.verb is Verb.PERSON:
        message = welcome.people(services)
    elif action.verb is Verb.FIELD:
        message = fields.procedures(action.argument, action.page, services)
    else:
        message = fields.overview(action.page, services, in_place=action.verb is Verb.FIELDS)
    return Reply((message,)), session


_Act = Callable[[Action, Session, Services], tuple[Reply, Session]]
_BY_ITSELF: dict[Verb, _Act] = {
    **dict.fromkeys((Verb.BROWSE, Verb.FIELDS, Verb.FIELD, Verb.HELP, Verb.PERSON), _browse),
    **dict.fromkeys((Verb.EVENT, Verb.EVENTS, Verb.BUNDLE, Verb.WHOLE), event.pressed),
    **dict.fromkeys((Verb.TRACK, Verb.FOLLOW, Verb.UNFOLLOW), tracking.act),
    **dict.fromkeys((Verb.ARTICLE, Verb.ARTICLES), article.act),
    **dict.fromkeys((Verb.WISH, Verb.UNWISH), missed.act),
    **dict.fromkeys((Verb.LIVE, Verb.MOVE, Verb.UNLIVE), place.act),
    Verb.DESK: commands.desk,
    Verb.AID: lambda _, session, __: (Reply((Message(STALE, ((welcome.browse_button(),),)),), STALE_TOAST), session),
    Verb.NONE: lambda _, session, services: question.reject(session.offered, session, services),
    Verb.OPEN: lambda action, session, services: preparation.opened(action.detail, session, services),
    Verb.REJECT: lambda action, session, services: question.reject((action.argument,), session, services),
}
"""What verbs do that need no procedure of the catalogue."""


def _unsupported(kind: str) -> Reply:
    words = UNREADABLE.format(what=KINDS.get(kind, OTHER_KIND))
    return Reply((Message(words + (NO_PAPERS if kind in PICTURES else "")),))
