"""A live talk: what one side writes goes to the other, nothing of either side's account with it.

We keep silent meanwhile, except for commands and buttons. Whatever would give a secret away is caught before it is
passed on or stored, in both directions. Pictures and PDF files pass after a warning, and are gone when the talk is over
(``enclosures``).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from sqlalchemy import text

from bot.assistance import enclosures, opinion, parting, requests, speech, suggesting, talks, waiting
from bot.assistance.alerts import Alerts
from bot.assistance.catching.judging import caught
from bot.assistance.catching.refusal import QUIET_WORDS, explanation
from bot.assistance.parting import Parting
from bot.assistance.pressing import button, number, pressed
from bot.assistance.speaking import Talk, speaker
from bot.assistance.tables import Side
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, TurnKind
from bot.dossiers.receipt import Outcome as Photo
from bot.moment import Flow, Moment, Outcome, added

TOO_LONG = "Tin này dài quá nên chưa chuyển được. Anh/chị chia thành vài tin ngắn giúp."
TOO_FAST = "Anh/chị nhắn hơi nhanh nên tin này chưa được chuyển. Chờ một phút rồi nhắn lại giúp."
JUST_ENDED = "Cuộc trò chuyện vừa kết thúc nên tin này không được chuyển."
ONLY_WORDS = "Ở đây tôi chỉ chuyển được chữ, ảnh và tệp. Anh/chị gõ bằng chữ giúp."
NO_FILES = "Ảnh này tôi chưa nhận được nên chưa chuyển. Anh/chị gửi lại, hoặc kể bằng chữ giúp."
NOT_PASSED = (
    "Tệp này tôi không chuyển. Tôi chỉ chuyển ảnh (JPG, PNG) và tệp PDF đến {size} MB, tên tệp không có số giấy tờ hay "
    "mã xác thực; mỗi bên nhiều nhất {most} ảnh, tệp."
)
IDENTITY = "Đây là ảnh căn cước nên tôi không chuyển, và không giữ lại. Người giúp không cần ảnh này."
ASK_FILE = (
    "Anh/chị muốn gửi {what} cho người bên kia? Xin đừng gửi ảnh căn cước, giấy tờ tùy thân, thẻ ngân hàng nếu không "
    "thật cần. Tôi không giữ lại sau khi hai bên nói chuyện xong."
)
ALBUM = "những ảnh, tệp này"
SEND_FILE, KEEP_FILE = "Gửi", "Thôi"
FILE_SENT, FILE_KEPT, NO_FILE = (
    "Đã gửi {what}.",
    "Vâng, tôi không gửi.",
    "Không còn tệp nào chờ gửi. Anh/chị gửi lại giúp.",
)
HELPING = "Anh/chị vẫn đang giúp một người. Gõ gì, tôi chuyển cho người ấy."
MOST_A_MINUTE = 30
LONGEST = 4096
"""Characters of one message; a longer one is not passed on."""

_ANEW = ("huy", "start")
_FOR_STAFF = (suggesting.OURS, opinion.AWAITING)
_CHANNEL = text("SELECT channel FROM chat WHERE id = :chat")


class Relay:
    """The flow of live talks; ``alerts`` tell officers of what is handed to them."""

    def __init__(self, alerts: Alerts) -> None:
        self._parting = Parting(alerts)
        self._acts: dict[str, Callable[[Talk], Awaitable[Outcome | None]]] = {
            "end": self._parting.end,
            "report": self._parting.report,
            "stay": self._parting.stay,
            "bar": self._parting.bar,
            "staff": self._parting.ask_leave,
            "agree": self._parting.agree,
            "refuse": self._parting.refuse,
            "file": self._send_file,
            "keep": self._keep_file,
        }

    def flow(self) -> Flow:
        """Return what looks at turns before the conversation does, and at what it answered."""
        return Flow(take=self.take, after=self.after)

    async def take(self, moment: Moment) -> Outcome | None:
        """Pass a message on, or do what a button of a talk asks for."""
        kind = moment.turn.kind
        if kind is TurnKind.ACTION:
            return await self._pressed(moment, pressed(moment.turn))
        if kind is TurnKind.COMMAND:
            return await self._parting.close(moment) if moment.turn.command == "ketthuc" else None
        request = await requests.live_of(moment.connection, moment.chat)
        side = request.side(moment.chat) if request else None
        if request is None or side is None:
            return None
        if kind is TurnKind.TEXT and _answers_us(moment.session.awaiting or "", side):
            return None
        talk = Talk(moment, request, side)
        if kind is TurnKind.TEXT:
            return await self._passed(talk)
        return await self._content(talk)

    async def after(self, moment: Moment, reply: Reply, session: Session) -> Outcome:
        """Say what goes on to who begins anew with us."""
        if moment.turn.kind is TurnKind.COMMAND and moment.turn.command in _ANEW:
            open_ = await requests.of_chat(moment.connection, moment.chat)
            talk = await requests.live_of(moment.connection, moment.chat)
            if open_ is not None:
                shown, _ = await waiting.shown(moment, open_)
                return added(reply, shown), session
            if talk is not None:
                rows = speech.buttons(talk, Side.HELPER, office=moment.services.office)
                return added(reply, Reply((Message(HELPING, rows, talk=talk.id),))), session
        return reply, session

    async def _passed(self, talk: Talk) -> Outcome:
        body, turn = talk.moment.turn.value.strip(), talk.moment.turn
        if not body:
            return talk.say(ONLY_WORDS)
        if len(body) > LONGEST:
            return talk.say(TOO_LONG)
        said, lately = await talks.recent(talk.connection, talk.request.id, talk.side)
        if lately >= MOST_A_MINUTE:
            return talk.say(TOO_FAST)
        found = caught(body, said, strangers=True)
        if found:
            await talks.say(talk.connection, talk.request.id, talk.side, speech.HELD)
            await talk.tell(Message(QUIET_WORDS, talk=talk.request.id))
            reply, session = talk.say(explanation(found, talk.side))
            return Reply(reply.messages, kept=speech.HELD, talk=talk.request.id), session
        if not await talks.touch(talk.connection, talk.request.id):
            return talk.say(JUST_ENDED)
        await talks.say(talk.connection, talk.request.id, talk.side, body)
        who = await speaker(talk.connection, talk.request, talk.side)
        await talk.tell(speech.passed(who, body, talk.request, talk.side, corrected=turn.edited))
        if turn.file:
            return await self._content(talk)
        return Reply((), talk=talk.request.id), talk.moment.session

    async def _content(self, talk: Talk) -> Outcome:
        """Ask before a photo or document goes on; anything else does not."""
        turn = talk.moment.turn
        if turn.kind is TurnKind.PHOTO and turn.value == Photo.IDENTITY:
            return talk.say(IDENTITY)
        if not turn.file:
            return talk.say(NO_FILES if turn.kind is TurnKind.PHOTO else ONLY_WORDS)
        if not await enclosures.keep(talk.connection, talk.request.id, talk.side, turn):
            size = enclosures.MOST_BYTES // 2**20
            return talk.say(NOT_PASSED.format(size=size, most=enclosures.MOST))
        return await self._ask(talk)

    async def _ask(self, talk: Talk) -> Outcome:
        """Ask whether what waits shall go; of an album, once for all that came with it."""
        number_, album = talk.request.id, talk.moment.turn.album
        waits = await enclosures.waiting(talk.connection, number_, talk.side)
        if album and [each.album for each in waits].count(album) > 1:
            return Reply((), talk=number_), talk.moment.session
        rows = ((button(SEND_FILE, "talk", "file", number_), button(KEEP_FILE, "talk", "keep", number_)),)
        return talk.say(ASK_FILE.format(what=ALBUM if album else speech.counted(waits)), rows)

    async def _send_file(self, talk: Talk) -> Outcome:
        if not await talks.touch(talk.connection, talk.request.id):
            return talk.say(JUST_ENDED)
        files = await enclosures.send(talk.connection, talk.request.id, talk.side)
        if not files:
            return talk.say(NO_FILE)
        who = await speaker(talk.connection, talk.request, talk.side)
        other = talk.request.other(talk.side)
        found = await talk.connection.execute(_CHANNEL, {"chat": other})
        channel = str(found.scalar_one_or_none())
        for file in files:
            await talks.say(talk.connection, talk.request.id, talk.side, f"({speech.sent(file)})")
            await talk.tell(speech.passed_file(who, file, talk.request, channel))
        return talk.say(FILE_SENT.format(what=speech.counted(files)))

    async def _keep_file(self, talk: Talk) -> Outcome:
        await enclosures.drop(talk.connection, talk.request.id, talk.side)
        return talk.say(FILE_KEPT)

    async def _pressed(self, moment: Moment, words: tuple[str, ...]) -> Outcome | None:
        found = number(words, 2)
        if words[:1] not in (("talk",), ("talkflag",)) or found is None:
            return None
        request = await requests.one(moment.connection, found)
        side = request.side(moment.chat) if request else None
        if request is None or side is None:
            return await self._left(moment, found) if words[1] in self._acts else None
        talk = Talk(moment, request, side)
        if words[0] == "talkflag":
            return await self._parting.flag(talk, words[1]) if words[1] in parting.REASONS else None
        act = self._acts.get(words[1])
        if act is None:
            return None
        if not request.live and words[1] not in ("report", "bar", "stay"):
            waits = request.ended_at is None and side is Side.CITIZEN
            return await waiting.shown(moment, request) if waits else talk.say(parting.OVER)
        return await act(talk)

    @staticmethod
    async def _left(moment: Moment, number_: int) -> Outcome | None:
        """Answer a button of a talk that has gone on with somebody else; None when it was never theirs."""
        if not await requests.alerted(moment.connection, number_, moment.chat):
            return None
        return Reply((Message(parting.OVER, talk=number_),)), moment.session


def _answers_us(awaiting: str, side: Side) -> bool:
    """Say whether words are for us: an answer to what a volunteer opened by a button, a complaint, an opinion.

    What citizens had open before the talk began may wait until it is over, but nobody's complaint goes to whom it is
    about.
    """
    return bool(awaiting) and (side is Side.HELPER or awaiting.startswith(_FOR_STAFF))
