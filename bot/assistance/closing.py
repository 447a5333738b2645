"""The end of a case at the kitchen table."""

from __future__ import annotations

from bot.assistance import scene as words
from bot.assistance import showing
from bot.assistance import sitting as sittings
from bot.assistance.pressing import button
from bot.assistance.scene import Scene
from bot.assistance.sitting import End, Sitting
from bot.dialogue import markup
from bot.dialogue.turn import Message
from bot.moment import Outcome

HOW = "Hồ sơ này kết thúc thế nào?"
ENDS = {
    End.ONLINE: "Đã nộp qua mạng",
    End.IN_PERSON: "Đi nộp trực tiếp",
    End.LATER: "Chưa xong, hẹn lại",
    End.DROPPED: "Không làm nữa",
}
ENDED = (
    "Đã kết thúc: {how}. Cảm ơn anh/chị.\n"
    "Những gì ghi về người dân sẽ bị xóa sau {days} ngày. Ảnh giấy tờ chụp bằng máy mình và tin nhắn có mã hồ sơ, "
    "anh/chị cũng xóa giúp."
)
ENDED_LATER = "Đã ghi hẹn lại. Trong {days} ngày tới, anh/chị mở lại được ở /hotro; sau đó hồ sơ bị xóa."


async def ask(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    """Ask how the case ends."""
    ways = tuple((button(label, "sitclose", sitting.id, how.value),) for how, label in ENDS.items())
    return at.say(Message(HOW, (*ways, words.back(sitting))), sitting=sitting)


async def close(at: Scene, sitting: Sitting, said: tuple[str, ...]) -> Outcome:
    """End the case, count it, and forget what this chat remembers of it."""
    how = next((each for each in ENDS if each.value == said[-1]), None)
    if how is None:
        return showing.home(at, sitting, showing.STALE)
    await sittings.end(at.moment.connection, at.helper, sitting, how)
    said_of = ENDED_LATER if how is End.LATER else ENDED
    body = said_of.format(how=markup.lower_first(ENDS[how]), days=at.days)
    session = at.moment.session.model_copy(update={"asked": None, "missed": None, "noted": {}})
    return at.say(Message(body, (words.to_menu(),)), session=session)
