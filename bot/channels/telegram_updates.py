"""What a Telegram update means to us: a turn, a question in passing, a change of presence, or nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from telegram import CallbackQuery, ChatMember, ChatMemberUpdated, Message, Update, User
from telegram.constants import ChatType, MessageEntityType

from bot.channels.telegram_photos import picture_of
from bot.dialogue.turn import Turn, TurnKind

WANTED = ("message", "edited_message", "callback_query", "inline_query", "my_chat_member")
"""The kinds of updates we ask Telegram for."""

COMMANDS = {
    "tracuu": "Tra cứu một thủ tục",
    "linhvuc": "Xem thủ tục theo lĩnh vực",
    "sukien": "Sinh con, cưới, chuyển nhà…: cần làm những gì",
    "huongdan": "Giờ làm việc, số điện thoại, VNeID, phòng lừa đảo",
    "noio": "Ghi xã, phường của anh/chị",
    "thongbao": "Nhận tin của xã, phường",
    "nhogiup": "Nhờ người giúp qua tin nhắn",
    "gopy": "Gửi góp ý, phản ánh",
    "hoso": "Hồ sơ anh/chị đang theo dõi",
    "inra": "In tờ hướng dẫn một thủ tục (PDF)",
    "help": "Hướng dẫn sử dụng",
    "dulieu": "Xem và xóa những gì tôi giữ về anh/chị",
    "huy": "Bỏ câu đang hỏi, bắt đầu lại",
    "start": "Bắt đầu",
}
"""Our commands, in the order in which Telegram's menu shows them."""

UNNAMED = "tệp"
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,64})(?:@(\w{1,64}))?(?:\s+(.*))?", re.DOTALL)
_CONTENT = (
    "animation", "audio", "contact", "dice", "document", "game", "location", "poll", "sticker", "story",
    "venue", "video", "video_note", "voice", "invoice", "paid_media", "checklist",
)  # fmt: skip
_ACCOMPANIED = {"animation": "document", "venue": "location"}  # Telegram sends the second beside the first
_NEWS = re.compile(
    r"new_chat_|left_chat_|delete_chat_photo|(super)?group_chat_created|channel_chat_created|message_auto_delete|migrate_"
    r"|pinned_message|forum_topic_|general_forum_|video_chat_|write_access|users_shared|chat_shared|connected_website"
    r"|boost_added|chat_background|proximity_alert|giveaway|successful_payment|refunded_payment|direct_message_price"
)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A turn. ``origin`` is what a reply needs to know of it; ``callback`` the press to confirm.

    ``picture`` is a file to look for dossier codes in; when it holds any, they are the turn.
    ``file`` and ``name`` are as in ``Turn``.
    """

    address: str
    turn: Turn
    origin: dict[str, Any] = field(default_factory=dict)
    callback: str | None = None
    album: str | None = None
    picture: str | None = None
    file: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody typed our name and a few words in any chat."""

    id: str
    query: str


@dataclass(frozen=True, slots=True)
class Presence:
    """Somebody blocked us, let us in again, or a group took us out."""

    address: str
    blocked: bool


@dataclass(frozen=True, slots=True)
class Stray:
    """A press on a button that belongs to no chat we can answer in."""

    callback: str


Meaning = Incoming | Asked | Presence | Stray | None


def meaning(update: Update, me: User) -> Meaning:
    """Return what an update means to us; None: nothing."""
    if update.inline_query:
        return Asked(update.inline_query.id, update.inline_query.query)
    if update.callback_query:
        return _pressed(update.callback_query)
    if update.my_chat_member:
        return _presence(update.my_chat_member)
    message = update.message or update.edited_message
    return _said(message, me, edited=update.edited_message is not None) if message else None


def _pressed(query: CallbackQuery) -> Incoming | Stray:
    message = query.message
    if message is None:
        return Stray(query.id)
    thread = message.message_thread_id if isinstance(message, Message) and message.is_topic_message else None
    origin = {"edit": message.message_id}
    return Incoming(_address(message.chat.id, thread), Turn(TurnKind.ACTION, query.data or ""), origin, query.id)


def _presence(change: ChatMemberUpdated) -> Presence:
    gone = change.new_chat_member.status in {ChatMember.BANNED, ChatMember.LEFT}
    return Presence(str(change.chat.id), gone)


def _said(message: Message, me: User, *, edited: bool) -> Incoming | None:
    if message.chat.type == ChatType.CHANNEL or (message.via_bot and message.via_bot.id == me.id):
        return None
    if message.from_user and message.from_user.is_bot and message.sender_chat is None:
        return None
    private = message.chat.type == ChatType.PRIVATE
    picture = None if edited or not private else picture_of(message)
    turn = _words(message, me, private=private, edited=edited)
    if turn is None and private and not edited:
        turn = picture[1] if picture else _wordless(message)
    if turn is None:
        return None
    scan = picture[0] if picture and turn.kind is not TurnKind.COMMAND else None
    file = _file(message) if private and not edited and turn.kind is not TurnKind.COMMAND else ""
    origin = {} if private else {"reply_to": message.message_id}
    thread = message.message_thread_id if message.is_topic_message else None
    name = _name(message, picture=picture is not None) if file else ""
    return Incoming(_address(message.chat.id, thread), turn, origin, None, message.media_group_id, scan, file, name)


def _file(message: Message) -> str:
    """Name the photo or document of a message by Telegram's id, as ``Attachment.remote`` does; "" when it has none."""
    if message.photo:
        return f"photo:{message.photo[-1].file_id}"
    if message.document and not message.animation:
        return f"document:{message.document.file_id}"
    return ""


def _name(message: Message, *, picture: bool) -> str:
    """Return what its sender calls the document of a message; a picture may have no name."""
    if message.document is None:
        return ""
    return message.document.file_name or ("" if picture else UNNAMED)


def _words(message: Message, me: User, *, private: bool, edited: bool) -> Turn | None:
    text = message.caption if message.text is None else message.text
    if text is None:
        return None
    command = _COMMAND.fullmatch(text.strip())
    if command:
        name, to, rest = command[1].lower(), (command[2] or "").lower(), (command[3] or "").strip()
        ours = private or to == (me.username or "").lower() or (not to and name in COMMANDS)
        return Turn(TurnKind.COMMAND, rest, name, edited) if ours else None
    if not private and not _addressed(message, me):
        return None
    return Turn(TurnKind.TEXT, text if private else _without_name(text, me), edited=edited)


def _addressed(message: Message, me: User) -> bool:
    """Say whether a message in a group is meant for us: it names us, or answers us."""
    answered = message.reply_to_message
    if answered and answered.from_user and answered.from_user.id == me.id:
        return True
    named = {**message.parse_entities([MessageEntityType.MENTION]), **message.parse_caption_entities(["mention"])}
    if any(name.lower() == f"@{me.username}".lower() for name in named.values()):
        return True
    return any(entity.user and entity.user.id == me.id for entity in (*message.entities, *message.caption_entities))


def _without_name(text: str, me: User) -> str:
    return re.sub(rf"@{re.escape(me.username or '')}(?!\w)[,:]?", " ", text, flags=re.IGNORECASE).strip()


def _wordless(message: Message) -> Turn | None:
    """Return a turn that names the kind of content, or None for news about the chat itself."""
    if message.location and not message.venue:
        return Turn(TurnKind.LOCATION, f"{message.location.latitude:.5f},{message.location.longitude:.5f}")
    present = {name for name, value in message.to_dict().items() if value is not False}
    kinds = [kind for kind in _CONTENT if kind in present]
    if kinds:
        beside = {_ACCOMPANIED.get(kind) for kind in kinds}
        return Turn(TurnKind.UNSUPPORTED, next(kind for kind in kinds if kind not in beside))
    return None if any(_NEWS.match(name) for name in present) else Turn(TurnKind.UNSUPPORTED, "other")


def _address(chat: int, thread: int | None) -> str:
    """Name a chat, or one topic of a forum, the way the outbox stores it; ``target`` reads it back."""
    return str(chat) if thread is None else f"{chat}/{thread}"


def target(address: str) -> tuple[int, int | None]:
    """Return the chat and the topic an address names."""
    chat, _, thread = address.partition("/")
    return int(chat), int(thread) if thread else None
