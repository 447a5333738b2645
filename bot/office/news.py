"""News from the office as citizens meet it: they ask for it by /thongbao, and stop it by one tap under any of it."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.dialogue import markup, place
from bot.dialogue.action import Action, Verb
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply, TurnKind
from bot.moment import Moment, Outcome
from bot.storage.locks import chat_key

COMMAND = "thongbao"
HEAD = "Tin từ cơ quan nhà nước"
FOOT = "Anh/chị nhận tin này vì đã bấm đăng ký. Không muốn nhận nữa thì bấm nút dưới đây."
WHAT = (
    "<b>Nhận tin của xã, phường nơi anh/chị ở</b>\n"
    "Ví dụ: lịch làm căn cước lưu động, đổi giờ làm việc, thay đổi về giấy tờ, lệ phí.\n\n"
    "Thường mỗi tháng một, hai tin, không nhắn ban đêm. Muốn thôi, anh/chị chỉ cần bấm một nút dưới tin."
)
RECEIVING = "Anh/chị đang nhận tin của <b>{place}</b>."
NATION = "tin chung cả nước"
RECEIVING_NATION = "Anh/chị đang nhận tin chung cả nước. Cho tôi biết xã, phường thì anh/chị nhận thêm tin gần nhà."
WELCOME = "Đã ghi. Từ nay có tin của <b>{place}</b>, tôi nhắn anh/chị tại đây."
WELCOME_NATION = (
    "Đã ghi. Tôi chưa biết anh/chị ở đâu nên mới chỉ gửi được tin chung cả nước.\n\n"
    "Muốn có tin gần nhà, anh/chị gõ tên xã, phường giúp, ví dụ: “yên nghĩa hà nội”."
)
STOPPED = "Đã ghi. Tôi sẽ không gửi tin như vậy nữa. Khi nào muốn nhận lại, anh/chị gõ /thongbao."
NOT_RECEIVING = "Anh/chị hiện không nhận tin nào. Muốn nhận, anh/chị gõ /thongbao."
NO_NEWS = "Hiện chưa có cơ quan nào gửi tin qua đây."
ON, OFF, MOVE, WHERE = "Nhận tin", "Thôi nhận tin", "Đổi nơi ở", "Cho biết nơi ở"

_RECEIVES = text("SELECT EXISTS (SELECT FROM subscriber WHERE chat_id = :chat)")
_ADD = text("INSERT INTO subscriber (chat_id) VALUES (:chat) ON CONFLICT DO NOTHING")
_DROP = text("DELETE FROM subscriber WHERE chat_id = :chat RETURNING chat_id")
_TRY = text("SELECT pg_try_advisory_xact_lock(:key)")
_UNSAY = text("""
    WITH waiting AS (
        DELETE FROM message USING broadcasted
        WHERE broadcasted.message_id = message.id AND broadcasted.chat_id = :chat
          AND message.chat_id = :chat AND message.state = 'queued' AND message.sent = '[]'
        RETURNING message.id
    )
    DELETE FROM broadcasted USING waiting WHERE chat_id = :chat AND message_id = waiting.id
""")


def message(words: str) -> Message:
    """Return news as people read it; ``words`` are plain text, its lines stay."""
    said = "\n".join(markup.escape(line) for line in words.strip().splitlines())
    return Message(f"{markup.bold(HEAD)}\n{said}\n\n{markup.italic(FOOT)}", ((_button(OFF, "off"),),))


async def take(moment: Moment) -> Outcome | None:
    """Answer /thongbao and its buttons."""
    turn = moment.turn
    if turn.kind is TurnKind.COMMAND and turn.command == COMMAND:
        return Reply((await _shown(moment),)), _calm(moment.session).model_copy(update={"asking": None})
    if turn.kind is not TurnKind.ACTION:
        return None
    if turn.value == _payload("on"):
        return await _begin(moment)
    if turn.value == _payload("off"):
        words = STOPPED if await stop(moment.connection, moment.chat) else NOT_RECEIVING
        return Reply((Message(words),)), _calm(moment.session)
    return None


def _calm(session: Session) -> Session:
    """Wait for nothing that was asked before."""
    return session.model_copy(update={"placing": None, "awaiting": None})


async def _shown(moment: Moment) -> Message:
    if not moment.services.office:
        return Message(NO_NEWS)
    if not (await moment.connection.execute(_RECEIVES, {"chat": moment.chat})).scalar_one():
        return Message(WHAT, ((_button(ON, "on"),),))
    home = moment.services.home
    words = RECEIVING.format(place=markup.escape(home.full)) if home else RECEIVING_NATION
    move = Button(MOVE if home else WHERE, Action(Verb.MOVE).payload())
    return Message(words, ((_button(OFF, "off"), move),))


async def _begin(moment: Moment) -> Outcome:
    if not moment.services.office:
        return Reply((Message(NO_NEWS),)), _calm(moment.session)
    await moment.connection.execute(_ADD, {"chat": moment.chat})
    stop_row = ((_button(OFF, "off"),),)
    home, session = moment.services.home, _calm(moment.session)
    if home:
        return Reply((Message(WELCOME.format(place=markup.escape(home.full)), stop_row),)), session
    if not moment.services.places.gazetteer.communes:
        return Reply((Message(RECEIVING.format(place=NATION), stop_row),)), session
    _, session = place.ask(session)
    return Reply((Message(WELCOME_NATION, stop_row),)), session


async def stop(connection: AsyncConnection, chat: int) -> bool:
    """Let a chat have no more news, what waits for it included; False when it had asked for none."""
    found = (await connection.execute(_DROP, {"chat": chat})).first()
    # what is being sent at this very moment is left alone: it may have arrived
    key = {"key": chat_key("delivery", str(chat))}
    if (await connection.execute(_TRY, key)).scalar_one():
        await connection.execute(_UNSAY, {"chat": chat})
    return found is not None


def _button(label: str, word: str) -> Button:
    return Button(label, _payload(word))


def _payload(word: str) -> str:
    return Action(Verb.AID, detail=f"news:{word}").payload()
