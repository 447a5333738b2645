"""A live talk: what one side writes goes to the other, nothing of either side's account with it.

We keep silent meanwhile, except for commands and buttons. Whatever would give a secret away is caught before it is
passed on or stored, in both directions. Photos and documents go by Telegram's name for them, after a warning; we never
have them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import ending, members, post, requests, speech
from bot.assistance.alerts import Alerts
from bot.assistance.catching import QUIET_WORDS, caught, explanation
from bot.assistance.pressing import button, number, pressed
from bot.assistance.requests import Ending, Request
from bot.assistance.tables import Side
from bot.dialogue.turn import Message, Reply, TurnKind
from bot.dossiers.receipt import Outcome as Photo
from bot.moment import Flow, Moment, Outcome

TOO_LONG = "Tin này dài quá nên chưa chuyển được. Anh/chị chia thành vài tin ngắn giúp."
TOO_FAST = "Anh/chị nhắn hơi nhanh nên tin này chưa được chuyển. Chờ một phút rồi nhắn lại giúp."
JUST_ENDED = "Cuộc trò chuyện vừa kết thúc nên tin này không được chuyển."
ONLY_WORDS = "Ở đây tôi chỉ chuyển được chữ, ảnh và tệp. Anh/chị gõ bằng chữ giúp."
NO_FILES = "Ảnh và tệp chưa chuyển được tới người bên kia. Anh/chị kể bằng chữ giúp."
IDENTITY = "Đây là ảnh căn cước nên tôi không chuyển, và không giữ lại. Người giúp không cần ảnh này."
ASK_FILE = (
    "Anh/chị muốn gửi {what} này cho người bên kia? Trong ảnh, tệp có thể có số giấy tờ, tên, địa chỉ. "
    "Tôi không xem và không giữ lại. Có nhiều ảnh thì gửi từng ảnh một."
)
SEND_FILE, KEEP_FILE = "Gửi", "Thôi"
FILE_SENT, FILE_KEPT, NO_FILE = "Đã gửi.", "Vâng, tôi không gửi.", "Không còn tệp nào chờ gửi. Anh/chị gửi lại giúp."
ASK_REASON = "Anh/chị báo cáo vì điều gì? Cuộc trò chuyện sẽ dừng ngay, và người phụ trách sẽ đọc lại những gì đã nhắn."
REASONS = {
    "otp": "Hỏi mật khẩu, mã OTP",
    "money": "Đòi tiền, mời mua bán",
    "rude": "Lời lẽ không hay",
    "false": "Mạo danh, chỉ dẫn sai",
    "other": "Lý do khác",
}
STAY = "Thôi, không báo cáo"
REPORTED = "Cảm ơn anh/chị đã báo. Người phụ trách sẽ xem, và hai bên không gặp lại nhau nữa."
REPORTED_BEFORE = "Anh/chị đã báo cáo cuộc trò chuyện này rồi. Người phụ trách đang xem."
STAYED = "Vâng. Anh/chị nhắn tiếp, tôi chuyển như trước."
STAYED_AFTER = "Vâng."
BARRED = "Vâng. Lần sau tôi không để hai bên gặp nhau nữa."
OVER = "Cuộc trò chuyện này đã kết thúc rồi."
ASKED_LEAVE = "Tôi đang hỏi ý người dân. Họ đồng ý thì cán bộ nhận tiếp; trong lúc chờ, hai bên cứ nhắn như thường."
GIVEN = (
    "Vâng, tôi đã báo cán bộ Một cửa. Có người nhận, tôi báo anh/chị ngay; gõ /nhogiup để xem đến đâu. "
    "Trong lúc chờ, anh/chị cứ hỏi tôi như thường."
)
NOT_GIVEN = "Vâng, vẫn là người đang giúp anh/chị."
CANCELLED = "Đã hủy yêu cầu nhờ giúp."

MOST_A_MINUTE = 30
LONGEST = 4096
"""Characters of one message; a longer one is not passed on."""

_FILE = "talkfile"
_CHANNEL = text("SELECT channel FROM chat WHERE id = :chat")
_NAME = text("SELECT name FROM staff WHERE id = :id")


@dataclass(frozen=True, slots=True)
class _Talk:
    """A request as one of its two sides sees it, at one turn."""

    moment: Moment
    request: Request
    side: Side

    @property
    def connection(self) -> AsyncConnection:
        return self.moment.connection

    def say(self, words: str, rows: speech.Rows = (), **session: Any) -> Outcome:
        reply = Reply((Message(words, rows, talk=self.request.id),), talk=self.request.id)
        return reply, self.moment.session.model_copy(update=session)

    async def tell(self, message: Message) -> None:
        """Say something to the other side, where that has a chat."""
        chat = self.request.other(self.side)
        if chat is not None:
            await post.send(self.connection, chat, message)

    def rows(self) -> speech.Rows:
        return speech.buttons(self.request, self.side, office=self.moment.services.office)


async def speaker(connection: AsyncConnection, request: Request, side: Side) -> str:
    """Return how whoever is on a side is called above their words, as plain text."""
    if side is Side.CITIZEN:
        return speech.CITIZEN
    if request.staff is not None:
        name = (await connection.execute(_NAME, {"id": request.staff})).scalar_one_or_none()
        return speech.OFFICER.format(name=name or "")
    helper = await members.volunteer(connection, request.volunteer) if request.volunteer else None
    return speech.VOLUNTEER.format(name=f"Anh/chị {helper.name}") if helper else speech.VOLUNTEER_BEFORE


class Relay:
    """The flow of live talks; ``alerts`` tell officers of what is handed to them."""

    def __init__(self, alerts: Alerts) -> None:
        self._alerts = alerts
        self._acts: dict[str, Callable[[_Talk], Awaitable[Outcome | None]]] = {
            "end": self._end,
            "report": self._report,
            "stay": self._stay,
            "bar": self._bar,
            "staff": self._ask_leave,
            "agree": self._agree,
            "refuse": self._refuse,
            "file": self._send_file,
            "keep": self._keep_file,
        }

    def flow(self) -> Flow:
        return Flow(take=self.take)

    async def take(self, moment: Moment) -> Outcome | None:
        """Pass a message on, or do what a button of a talk asks for."""
        kind = moment.turn.kind
        if kind is TurnKind.ACTION:
            return await self._pressed(moment, pressed(moment.turn))
        if kind is TurnKind.COMMAND:
            return await self._close(moment) if moment.turn.command == "ketthuc" else None
        request = await requests.live_of(moment.connection, moment.chat)
        side = request.side(moment.chat) if request else None
        if request is None or side is None:
            return None
        if side is Side.HELPER and kind is TurnKind.TEXT and moment.session.awaiting:
            return None  # they answer what they opened themselves meanwhile, by a button
        talk = _Talk(moment, request, side)
        if kind is TurnKind.TEXT:
            return await self._passed(talk)
        return await self._content(talk)

    async def _passed(self, talk: _Talk) -> Outcome:
        body, turn = talk.moment.turn.value.strip(), talk.moment.turn
        if not body:
            return talk.say(ONLY_WORDS)
        if len(body) > LONGEST:
            return talk.say(TOO_LONG)
        said, lately = await requests.recent(talk.connection, talk.request.id, talk.side)
        if lately >= MOST_A_MINUTE:
            return talk.say(TOO_FAST)
        found = caught(body, said)
        if found:
            await talk.tell(Message(QUIET_WORDS, talk=talk.request.id))
            reply, session = talk.say(explanation(found, talk.side))
            return Reply(reply.messages, kept=speech.HELD, talk=talk.request.id), session
        if not await requests.touch(talk.connection, talk.request.id):
            return talk.say(JUST_ENDED)
        await requests.say(talk.connection, talk.request.id, talk.side, body)
        who = await speaker(talk.connection, talk.request, talk.side)
        await talk.tell(speech.passed(who, body, talk.request, corrected=turn.edited))
        if turn.file:
            return await self._content(talk)
        return Reply((), talk=talk.request.id), talk.moment.session

    async def _content(self, talk: _Talk) -> Outcome:
        """Ask before a photo or document goes on; anything else does not."""
        turn = talk.moment.turn
        if turn.kind is TurnKind.PHOTO and turn.value == Photo.IDENTITY:
            return talk.say(IDENTITY)
        if not turn.file:
            return talk.say(NO_FILES if turn.kind is TurnKind.PHOTO else ONLY_WORDS)
        if not await self._takes_files(talk):
            return talk.say(NO_FILES)
        number_ = talk.request.id
        rows = ((button(SEND_FILE, "talk", "file", number_), button(KEEP_FILE, "talk", "keep", number_)),)
        what = "ảnh" if turn.file.startswith("photo") else "tệp"
        return talk.say(ASK_FILE.format(what=what), rows, noted={**talk.moment.session.noted, _FILE: turn.file})

    async def _takes_files(self, talk: _Talk) -> bool:
        """Say whether the other side writes by the channel the file came by: its name means nothing elsewhere."""
        other = talk.request.other(talk.side)
        if other is None:
            return False
        channel = (await talk.connection.execute(_CHANNEL, {"chat": other})).scalar_one_or_none()
        return channel == talk.moment.channel

    async def _send_file(self, talk: _Talk) -> Outcome:
        remote, noted = self._file(talk)
        if not remote:
            return talk.say(NO_FILE)
        if not await self._takes_files(talk) or not await requests.touch(talk.connection, talk.request.id):
            return talk.say(JUST_ENDED, noted=noted)
        who = await speaker(talk.connection, talk.request, talk.side)
        await requests.say(talk.connection, talk.request.id, talk.side, f"({speech.sent(remote)})")
        await talk.tell(speech.passed_file(who, remote, talk.request))
        return talk.say(FILE_SENT, noted=noted)

    async def _keep_file(self, talk: _Talk) -> Outcome:
        return talk.say(FILE_KEPT, noted=self._file(talk)[1])

    @staticmethod
    def _file(talk: _Talk) -> tuple[str, dict[str, str]]:
        noted = dict(talk.moment.session.noted)
        return noted.pop(_FILE, ""), noted

    async def _close(self, moment: Moment) -> Outcome | None:
        """Answer /ketthuc: end the talk, or take back the request that waits."""
        request = await requests.live_of(moment.connection, moment.chat)
        if request is not None and (side := request.side(moment.chat)):
            return await self._end(_Talk(moment, request, side))
        request = await requests.of_chat(moment.connection, moment.chat)
        if request is None:
            return None
        await ending.finish(moment.connection, request, Side.CITIZEN, Ending.CANCELLED)
        return _Talk(moment, request, Side.CITIZEN).say(CANCELLED)

    async def _pressed(self, moment: Moment, words: tuple[str, ...]) -> Outcome | None:
        found = number(words, 2)
        if words[:1] not in (("talk",), ("talkflag",)) or found is None:
            return None
        request = await requests.one(moment.connection, found)
        side = request.side(moment.chat) if request else None
        if request is None or side is None:
            return None
        talk = _Talk(moment, request, side)
        if words[0] == "talkflag":
            return await self._flag(talk, words[1]) if words[1] in REASONS else None
        act = self._acts.get(words[1])
        if act is None:
            return None
        if not request.live and words[1] not in ("report", "bar", "stay"):
            return talk.say(OVER)
        return await act(talk)

    async def _end(self, talk: _Talk) -> Outcome:
        ended = await ending.finish(talk.connection, talk.request, talk.side, Ending.DONE)
        _, noted = self._file(talk)
        if ended is None:
            return talk.say(OVER, noted=noted)
        return talk.say(speech.ENDED, speech.after(ended), noted=noted)

    async def _report(self, talk: _Talk) -> Outcome:
        number_ = talk.request.id
        rows = tuple((button(label, "talkflag", name, number_),) for name, label in REASONS.items())
        return talk.say(ASK_REASON, (*rows, (button(STAY, "talk", "stay", number_),)))

    async def _flag(self, talk: _Talk, reason: str) -> Outcome:
        done = await ending.report(talk.connection, talk.request, talk.side, reason)
        return talk.say(REPORTED if done else REPORTED_BEFORE)

    async def _stay(self, talk: _Talk) -> Outcome:
        return talk.say(STAYED, talk.rows()) if talk.request.live else talk.say(STAYED_AFTER)

    async def _bar(self, talk: _Talk) -> Outcome:
        await ending.bar(talk.connection, talk.request)
        if talk.request.live:
            await ending.finish(talk.connection, talk.request, talk.side, Ending.DONE)
        return talk.say(BARRED)

    async def _ask_leave(self, talk: _Talk) -> Outcome | None:
        if talk.side is not Side.HELPER or not talk.moment.services.office:
            return None
        if not await requests.ask_handover(talk.connection, talk.request.id):
            return talk.say(OVER)
        number_ = talk.request.id
        rows = ((button(speech.AGREE, "talk", "agree", number_), button(speech.REFUSE, "talk", "refuse", number_)),)
        who = await speaker(talk.connection, talk.request, Side.HELPER)
        await talk.tell(Message(speech.ASK_LEAVE.format(name=speech.lines(who)), rows, talk=number_))
        return talk.say(ASKED_LEAVE)

    async def _agree(self, talk: _Talk) -> Outcome | None:
        if talk.side is not Side.CITIZEN:
            return None
        given = await requests.agree_handover(talk.connection, talk.request.id)
        if given is None:
            return talk.say(OVER)
        await ending.count(talk.connection, given, Ending.HANDED)
        await talk.tell(Message(speech.HANDED, talk=given.id))
        await self._alerts.tell(talk.connection, given)
        return talk.say(GIVEN)

    async def _refuse(self, talk: _Talk) -> Outcome | None:
        if talk.side is not Side.CITIZEN:
            return None
        if await requests.refuse_handover(talk.connection, talk.request.id):
            await talk.tell(Message(speech.NOT_HANDED, talk=talk.request.id))
        return talk.say(NOT_GIVEN)
