"""News to those who asked for it: written, looked at, sent from some hour on at some pace, rested, stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import notice
from bot.dialogue.turn import Message
from bot.errors import Impossible, Outdated
from bot.office import audit, news
from bot.office.reach import report
from bot.office.staff import Clerk, Territory
from bot.office.tables import BroadcastState as State
from knowledge.calendar import VIETNAM, local

LONGEST = 1000
PACES = {60: "60 tin mỗi phút", 300: "300 tin mỗi phút", 900: "900 tin mỗi phút (nhanh nhất)"}
"""The faster ones leave Telegram's limit of thirty messages a second to answers, too."""

NO_TEXT = "Anh/chị viết nội dung tin."
LONG_TEXT = "Tin dài quá {most} chữ cái. Anh/chị viết gọn lại, người dân đọc trên điện thoại."
NO_PACE = "Anh/chị chọn giúp tốc độ gửi."
PAST = "Giờ hẹn gửi đã qua."
NOT_ALLOWED = "Cần quyền duyệt và công bố để gửi tin."
GONE = "Không thấy tin này."
CHANGED = "Có người vừa sửa tin này. Anh/chị xem lại bản mới rồi hãy gửi."
NOT_DRAFT = "Tin này không còn là bản nháp nên không sửa được nữa."
NOT_NOW = "Tin này không còn ở bước đó. Anh/chị xem lại trạng thái bên dưới."
NOBODY = "Chưa có ai ở địa bàn này đăng ký nhận tin."
NO_CHAT = "Tài khoản của anh/chị chưa nối với Telegram, hoặc anh/chị chưa nhắn cho trợ lý lần nào."
TRIAL = "<i>Gửi thử, chỉ anh/chị thấy tin này.</i>"

_COLUMNS = "id, text, scope, state, per_minute, starts_at, finished_at, version, author"
_ADD = text("""
    INSERT INTO broadcast (text, scope, per_minute, author) VALUES (:text, :scope, :pace, :author) RETURNING id
""")
_WRITE = text("""
    UPDATE broadcast SET text = :text, scope = :scope, per_minute = :pace, version = version + 1
    WHERE id = :id AND state = 'draft' AND version = :version RETURNING id
""")
_DROP = text("DELETE FROM broadcast WHERE id = :id AND state = 'draft' RETURNING id")
_GET = text(f"SELECT {_COLUMNS} FROM broadcast WHERE id = :id")  # noqa: S608
_HELD = text(f"SELECT {_COLUMNS} FROM broadcast WHERE id = :id FOR UPDATE")  # noqa: S608
_LISTED = text(f"""
    SELECT {_COLUMNS} FROM broadcast
    WHERE CAST(:scopes AS text[]) IS NULL OR scope = '' OR scope = ANY(:scopes) ORDER BY id DESC LIMIT 100
""")  # noqa: S608
_START = text("""
    UPDATE broadcast SET state = 'sending', starts_at = coalesce(:at, now()), version = version + 1 WHERE id = :id
""")
_MOVE = text("""
    UPDATE broadcast SET state = :state, version = version + 1,
        finished_at = CASE WHEN :over THEN now() ELSE finished_at END
    WHERE id = :id
""")
_UNQUEUE = text("""
    WITH waiting AS (
        DELETE FROM message USING broadcasted
        WHERE broadcasted.message_id = message.id AND broadcasted.broadcast = :id
          AND message.state = 'queued' AND message.sent = '[]'
        RETURNING message.id
    )
    DELETE FROM broadcasted USING waiting WHERE broadcast = :id AND message_id = waiting.id
""")

_CHAT = text("SELECT id FROM chat WHERE channel = 'telegram' AND address = :address")


@dataclass(frozen=True, slots=True)
class Draft:
    """News as somebody writes it; ``pace`` is how many are sent a minute."""

    text: str
    scope: str
    pace: int


@dataclass(frozen=True, slots=True)
class Broadcast:
    """News as staff see it; ``version`` grows with each act."""

    id: int
    text: str
    scope: str
    state: State
    per_minute: int
    starts_at: datetime | None
    finished_at: datetime | None
    version: int
    author: int | None


async def write(
    connection: AsyncConnection,
    territory: Territory,
    clerk: Clerk,
    draft: Draft,
    number: int | None = None,
    version: int = 0,
) -> int:
    """Keep a draft, a new one or (``number``) a change of the ``version`` they saw, and return its number.

    Raises ``OfficeError`` when it is not theirs to do, has a fault, or somebody else changed it.
    """
    territory.let_publish(clerk, draft.scope, NOT_ALLOWED)
    _check(draft)
    values: dict[str, Any] = {"text": draft.text.strip(), "scope": draft.scope, "pace": draft.pace}
    if number is None:
        number = int((await connection.execute(_ADD, values | {"author": clerk.id})).scalar_one())
    else:
        held = await _held(connection, territory, clerk, number)
        if held.state is not State.DRAFT:
            raise Impossible(NOT_DRAFT)
        if (await connection.execute(_WRITE, values | {"id": number, "version": version})).first() is None:
            raise Outdated(CHANGED)
    await audit.record(connection, clerk.id, "broadcast.write", f"broadcast {number}", text=draft.text.strip())
    return number


async def drop(connection: AsyncConnection, territory: Territory, clerk: Clerk, number: int) -> None:
    """Throw a draft away; raise ``OfficeError`` when it is none any more, or not theirs."""
    await _held(connection, territory, clerk, number)
    if (await connection.execute(_DROP, {"id": number})).first() is None:
        raise Impossible(NOT_DRAFT)
    await audit.record(connection, clerk.id, "broadcast.drop", f"broadcast {number}")


async def start(
    connection: AsyncConnection, territory: Territory, clerk: Clerk, number: int, version: int, at: datetime | None
) -> None:
    """Have the ``version`` they saw sent from ``at`` on (local time of Vietnam; None: from now on).

    Raises ``OfficeError`` when that is over, nobody would get it, it was changed since, or is not theirs to do.
    """
    held = await _held(connection, territory, clerk, number)
    if held.state is not State.DRAFT:
        raise Impossible(NOT_NOW)
    if held.version != version:
        raise Outdated(CHANGED)
    if at is not None and at <= local(datetime.now(VIETNAM)):
        raise Impossible(PAST)
    if not (found := await report(connection, territory, held.id, held.scope)).waiting:
        raise Impossible(NOBODY)
    moment = at.replace(tzinfo=VIETNAM) if at else None
    await connection.execute(_START, {"id": number, "at": moment})
    said = {"text": held.text, "scope": held.scope, "people": found.waiting}
    await audit.record(connection, clerk.id, "broadcast.start", f"broadcast {number}", **said)


async def pause(connection: AsyncConnection, territory: Territory, clerk: Clerk, number: int) -> None:
    """Let it rest: nobody is written to any more until it goes on."""
    await _turned(connection, territory, clerk, number, {State.SENDING: State.PAUSED}, "pause")


async def resume(connection: AsyncConnection, territory: Territory, clerk: Clerk, number: int) -> None:
    """Let it go on."""
    await _turned(connection, territory, clerk, number, {State.PAUSED: State.SENDING}, "resume")


async def stop(connection: AsyncConnection, territory: Territory, clerk: Clerk, number: int) -> None:
    """End it for good; what waits in the queue is not sent either."""
    ends = {State.SENDING: State.STOPPED, State.PAUSED: State.STOPPED}
    await _turned(connection, territory, clerk, number, ends, "stop")
    await connection.execute(_UNQUEUE, {"id": number})


async def _turned(
    connection: AsyncConnection,
    territory: Territory,
    clerk: Clerk,
    number: int,
    ways: Mapping[State, State],
    act: str,
) -> None:
    held = await _held(connection, territory, clerk, number)
    if held.state not in ways:
        raise Impossible(NOT_NOW)
    state = ways[held.state]
    await connection.execute(_MOVE, {"id": number, "state": state, "over": state is State.STOPPED})
    await audit.record(connection, clerk.id, f"broadcast.{act}", f"broadcast {number}")


async def try_out(connection: AsyncConnection, territory: Territory, clerk: Clerk, number: int) -> None:
    """Send a draft to the chat of whoever asks; raise ``OfficeError`` when they have none."""
    held = await _held(connection, territory, clerk, number)
    chat = None
    if clerk.telegram:
        chat = (await connection.execute(_CHAT, {"address": clerk.telegram})).scalar_one_or_none()
    room = await notice.hold(connection, chat) if chat is not None else None
    if room is None:
        raise Impossible(NO_CHAT)
    said = news.message(held.text)
    await notice.say(connection, room, Message(f"{TRIAL}\n\n{said.body}", said.buttons))
    await audit.record(connection, clerk.id, "broadcast.try", f"broadcast {number}")


async def listed(connection: AsyncConnection, territory: Territory, clerk: Clerk) -> list[Broadcast]:
    """Return the latest news of the clerk's part of the country and of the whole country, newest first."""
    scopes = territory.within(clerk.scope)
    values = {"scopes": None if scopes is None else list(scopes)}
    return [_of(row) for row in (await connection.execute(_LISTED, values)).all()]


async def get(connection: AsyncConnection, territory: Territory, clerk: Clerk, number: int) -> Broadcast | None:
    """Return one news that the clerk may see."""
    row = (await connection.execute(_GET, {"id": number})).first()
    found = _of(row) if row else None
    seen = found is not None and (found.scope == "" or territory.covers(clerk.scope, found.scope))
    return found if seen else None


async def _held(connection: AsyncConnection, territory: Territory, clerk: Clerk, number: int) -> Broadcast:
    row = (await connection.execute(_HELD, {"id": number})).first()
    if row is None:
        raise Impossible(GONE)
    held = _of(row)
    territory.let_publish(clerk, held.scope, NOT_ALLOWED)
    return held


def _of(row: Any) -> Broadcast:
    number, words, scope, state, *rest = row
    return Broadcast(number, words, scope, State(state), *rest)


def _check(draft: Draft) -> None:
    if not draft.text.strip():
        raise Impossible(NO_TEXT)
    if len(draft.text.strip()) > LONGEST:
        raise Impossible(LONG_TEXT.format(most=LONGEST))
    if draft.pace not in PACES:
        raise Impossible(NO_PACE)
