"""Staff in their own chat: what waits, a link to sign in, a notice to everybody.

Nobody else learns that this is here: they hear what they would hear to any command that there is not.
"""

from __future__ import annotations

import html
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import feedback
from bot.delivery import notice
from bot.dialogue import bulletin
from bot.dialogue.action import Action, Verb
from bot.dialogue.commands import no_such
from bot.dialogue.effect import Desk
from bot.dialogue.turn import Button, Message
from bot.errors import OfficeError
from bot.office import audit, helping, helpline, links, notices, people, questions, wishes, written
from bot.office.access import LINK, LINK_BUTTON, MOST_LINKS
from bot.office.notices import Draft
from bot.office.review import handles
from bot.office.revisions import find
from bot.office.staff import Clerk, Territory
from bot.office.tables import RevisionState, Role
from knowledge.places import Finder
from knowledge.vietnamese import fold

HELLO = "Chào {name}. Việc đang chờ anh/chị:"
NOTHING = "Chào {name}. Không có việc gì đang chờ anh/chị."
REVIEW = "chờ anh/chị duyệt"
APPROVED = "đã duyệt, chờ công bố"
RETURNED = "bản của anh/chị bị trả lại"
ASKED = "nhóm câu hỏi chưa có câu trả lời"
WISHED = "nhóm câu hỏi có người chờ được báo lại"
HELP = "người dân xin gặp cán bộ"
OPINION = "góp ý, phản ánh mới"
REPORTED = "báo cáo về cuộc trò chuyện, chờ kết luận"
SEE, ENTER, WRITE, POST, TAKE_DOWN = "Xem lại", "Xin đường dẫn vào", "Viết thông báo", "Đăng", "Gỡ thông báo này"
REPLY = "Trả lời người hỏi"
ENOUGH = "Anh/chị vừa xin đường dẫn mấy lần rồi. Xin dùng đường dẫn trước, hoặc chờ 10 phút."
LINK_CARE = "Đừng chuyển tin này cho ai: ai mở trước thì người đó vào."
HOW = (
    "Gõ một tin như sau, tôi cho anh/chị xem trước rồi mới đăng:\n\n"
    "<code>/canbo thongbao Cổng dịch vụ công bảo trì, anh/chị nộp hồ sơ sau 14 giờ.\nđến: 14:00\nnơi: Hà Nội</code>\n\n"
    "Có thể thêm dòng “từ: 8:00 25/11”. Không ghi “đến” thì hiện tới khi gỡ; không ghi “nơi” thì là {place}."
)
PREVIEW = "Người dân ở <b>{place}</b> sẽ thấy, {when}:"
FROM_NOW, FROM, UNTIL, OPEN = "từ bây giờ", "từ {at}", "đến {at}", "đến khi gỡ"
POSTED = "Đã đăng. Người dân thấy trên trang hỏi đáp, và một lần trong mỗi cuộc trò chuyện Telegram."
TAKEN_DOWN = "Đã gỡ thông báo."
UNKNOWN = (
    "Tôi chưa hiểu. Anh/chị gõ /canbo để xem việc đang chờ, /canbo vao để vào trang, /canbo thongbao để đăng, "
    "/canbo traloi để trả lời người hỏi."
)


class StaffDesk:
    """Serves whoever writes from a chat that an account names. ``address`` is our own, as staff's browsers reach it."""

    def __init__(self, places: Finder, address: str, clock: Callable[[], datetime]) -> None:
        self._places = places
        self._territory = Territory(places.gazetteer)
        self._address = address
        self._clock = clock

    async def serve(self, connection: AsyncConnection, chat: int, asked: Desk) -> None:
        """Answer in the chat, in the transaction of the turn."""
        room = await notice.hold(connection, chat)
        if room is None:
            return
        who = await people.member(connection, room.channel, room.address)
        if who is None:
            await notice.say(connection, room, no_such())
            return
        try:
            async with connection.begin_nested():
                message = await self._answer(connection, who, asked)
        except OfficeError as error:
            message = Message(html.escape(str(error), quote=False), (self._back(),))
        await notice.say(connection, room, message)

    async def _answer(self, connection: AsyncConnection, who: Clerk, asked: Desk) -> Message:
        verb, _, rest = asked.asked.partition(":") if asked.pressed else _split(asked.asked)
        match fold(verb):
            case "" | "wait":
                return await self._waiting(connection, who)
            case "vao" | "link":
                return await self._link(connection, who)
            case "write":
                return self._how(who)
            case "thongbao":
                return await self._sketch(connection, who, rest)
            case "post" if asked.pressed:
                await notices.post(connection, self._territory, who, int(rest))
                return Message(POSTED, ((_button(TAKE_DOWN, f"drop:{rest}"),), self._back()))
            case "drop" if asked.pressed:
                await notices.withdraw(connection, self._territory, who, int(rest))
                return Message(TAKEN_DOWN, (self._back(),))
            case _:
                return Message(UNKNOWN, (self._back(),))

    @staticmethod
    def _back() -> tuple[Button, ...]:
        return (_button(SEE, "wait"),)

    async def _waiting(self, connection: AsyncConnection, who: Clerk) -> Message:
        counts = [(count, words) for count, words in await self._counts(connection, who) if count]
        head = (HELLO if counts else NOTHING).format(name=html.escape(who.name, quote=False))
        body = "\n".join([head, *(f"• <b>{count}</b> {words}" for count, words in counts)])
        row = [_button(ENTER, "link")]
        if who.may(Role.PUBLISHER):
            row.append(_button(WRITE, "write"))
        rows = [tuple(row)]
        if any(words == WISHED for _, words in counts):
            rows.append((_button(REPLY, "answers"),))
        return Message(body, tuple(rows))

    async def _counts(self, connection: AsyncConnection, who: Clerk) -> list[tuple[int, str]]:
        """Return how many of each thing wait for somebody: what their role lets them see to, where they work."""
        scopes = self._territory.within(who.scope)
        states = (RevisionState.REVIEW, RevisionState.APPROVED, RevisionState.RETURNED)
        open_ = await find(connection, states, scopes=scopes, limit=1000, brief=True)
        counts: list[tuple[int, str]] = []
        if who.may(Role.PUBLISHER):
            own = [each for each in open_ if handles(who, self._places.gazetteer, each)]
            review = sum(each.state is RevisionState.REVIEW and each.author != who.id for each in own)
            ready = sum(each.state is RevisionState.APPROVED and each.scheduled_by is None for each in own)
            counts += [(review, REVIEW), (ready, APPROVED)]
        if who.may(Role.EDITOR):
            returned = sum(each.state is RevisionState.RETURNED and each.author == who.id for each in open_)
            counts += [
                (returned, RETURNED),
                (await questions.waiting_count(connection, scopes), ASKED),
                (await wishes.asked_count(connection, scopes), WISHED),
                (await helpline.waiting_count(connection, scopes), HELP),
                (await feedback.waiting(connection, scopes), OPINION),
            ]
        if who.may(Role.PUBLISHER):
            counts.append((await helping.unseen(connection, scopes), REPORTED))
        return counts

    async def _link(self, connection: AsyncConnection, who: Clerk) -> Message:
        if await links.recent(connection, who.id) >= MOST_LINKS:
            return Message(ENOUGH, (self._back(),))
        token = await links.make(connection, who.id)
        await audit.record(connection, who.id, "access.ask", f"staff {who.id}")
        url = f"{self._address}{links.PATH}{token}"
        words = LINK.format(name=html.escape(who.name, quote=False), url=html.escape(url, quote=False))
        return Message(f"{words}\n{LINK_CARE}", ((Button(LINK_BUTTON, url=url),),))

    def _how(self, who: Clerk) -> Message:
        if not who.may(Role.PUBLISHER):
            return Message(notices.NOT_ALLOWED, (self._back(),))
        return Message(HOW.format(place=html.escape(self._territory.name(who.scope), quote=False)), (self._back(),))

    async def _sketch(self, connection: AsyncConnection, who: Clerk, said: str) -> Message:
        if not said.strip():
            return self._how(who)
        draft = written.read(said, who.scope, self._territory, self._places, self._clock())
        number = await notices.sketch(connection, self._territory, who, draft)
        place = html.escape(self._territory.name(draft.scope), quote=False)
        head = PREVIEW.format(place=place, when=_when(draft))
        body = f"{head}\n\n{bulletin.message(draft.text).body}"
        return Message(body, ((_button(POST, f"post:{number}"),), self._back()))


def _split(said: str) -> tuple[str, str, str]:
    """Return the first word of what was typed after the command, and all that follows with its line ends."""
    word, *rest = said.strip().split(None, 1) or [""]
    return word, "", rest[0] if rest else ""


def _when(draft: Draft) -> str:
    starts = FROM.format(at=_plain(draft.starts)) if draft.starts else FROM_NOW
    return f"{starts} {UNTIL.format(at=_plain(draft.ends)) if draft.ends else OPEN}"


def _plain(at: datetime) -> str:
    return at.strftime("%H:%M %d/%m/%Y")


def _button(label: str, detail: str) -> Button:
    return Button(label, Action(Verb.DESK, detail=detail).payload())
