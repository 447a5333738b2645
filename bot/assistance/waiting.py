"""An open request as who asked sees it: what was done with it, how far it is, taking it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.assistance import ending, requests, speech
from bot.assistance.pressing import button
from bot.assistance.requests import Ending, Request
from bot.assistance.tables import Help, Side
from bot.dialogue import markup
from bot.dialogue.turn import Message, Reply
from bot.moment import Moment, Outcome
from knowledge.calendar import VIETNAM

TOLD = "Đã báo cho {count} người có thể giúp. Có người nhận, tôi báo anh/chị ngay."
NONE_ON = "Lúc này chưa ai rảnh. Có người trực là tôi báo họ ngay; {further}"
FURTHER = "sau {minutes} phút chưa có ai, tôi hỏi các xã bên."
FURTHER_STILL = "sau {minutes} phút chưa có ai, tôi hỏi các xã bên, rồi cán bộ Một cửa."
LATER = "Tôi giữ yêu cầu này. {when} tôi báo cho người có thể giúp."
CLOSED = "Bây giờ không có ai trực. Tôi giữ yêu cầu này; {when} có người, tôi báo họ ngay."
AT = "Từ {time} ngày {day}"
UNTIL_THEN = "Trong lúc chờ, anh/chị cứ hỏi tôi như thường. Gõ /nhogiup để xem, hoặc hủy."
WAITING = "Anh/chị đang chờ người giúp:\n{about}\n\n{state}"
STILL = f"Chưa có ai nhận. {speech.TOLD_AT_ONCE}"
FOR_STAFF = "Đang chờ cán bộ Một cửa nhận."
TALKING = "Anh/chị đang nhắn với người giúp. Gõ gì, tôi chuyển cho người ấy."
CANCELLED = "Đã hủy yêu cầu nhờ giúp. Cần lại, anh/chị gõ /nhogiup."
OVER = "Yêu cầu này đã kết thúc rồi."
CANCEL = "Hủy yêu cầu"
NOW = "bây giờ"
"""What stands as the wished time in a request for help at once."""


async def shown(moment: Moment, request: Request) -> Outcome:
    """Say what somebody waits for and how far it is."""
    if request.state is Help.LIVE:
        return _say(moment, TALKING, speech.buttons(request, Side.CITIZEN))
    state = _state(request, await requests.clock(moment.connection))
    body = WAITING.format(about=speech.about(moment.services, request), state=state)
    rows = ((button(CANCEL, "help", "cancel", request.id),),)
    return _say(moment, body, rows, talk=request.id)


def _state(request: Request, now: datetime) -> str:
    if request.state is Help.STAFF:
        return FOR_STAFF
    if request.opens_at > now:
        return LATER.format(when=at(request.opens_at))
    return speech.further(request.level) if request.level else STILL


def sent(now: datetime, request: Request, told: int, span: timedelta, *, office: bool) -> str:
    """Say what was done with a new request; after ``span`` it goes further, to staff in an ``office``."""
    if told:
        return TOLD.format(count=told)
    if request.opens_at > now:
        closed = request.wanted == NOW
        when = at(request.opens_at)
        return CLOSED.format(when=markup.lower_first(when)) if closed else LATER.format(when=when)
    further = FURTHER_STILL if office else FURTHER
    return NONE_ON.format(further=further.format(minutes=int(span.total_seconds() // 60)))


async def cancel(moment: Moment, which: int | None) -> Outcome:
    """Take a request back that nobody has yet."""
    request = await requests.of_chat(moment.connection, moment.chat)
    if request is None or request.id != which:
        return _say(moment, OVER)
    if request.state is Help.LIVE:
        return await shown(moment, request)
    await ending.finish(moment.connection, request, Side.CITIZEN, Ending.CANCELLED)
    return _say(moment, CANCELLED, talk=request.id)


def at(moment: datetime) -> str:
    """Say from when somebody is there, by the clocks of Vietnam."""
    here = moment.astimezone(VIETNAM)
    return AT.format(time=here.strftime("%H:%M"), day=here.strftime("%d/%m"))


def _say(moment: Moment, body: str, rows: speech.Rows = (), *, talk: int | None = None) -> Outcome:
    return Reply((Message(body, rows, talk=talk),)), moment.session
