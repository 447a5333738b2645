"""Going on duty and off: while on duty, a volunteer is told who asks for help; the hours are counted."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import members
from bot.assistance.members import Helper
from bot.assistance.pressing import button, pressed
from bot.assistance.scene import to_menu
from bot.assistance.tables import Membership
from bot.dialogue.turn import Button, Message, Reply
from bot.moment import Flow, Moment, Outcome

HOW_LONG = "Anh/chị trực trong bao lâu? Trong giờ trực, có người gần đây cần giúp là tôi báo anh/chị ngay."
HOURS, UNTIL_FIVE = "{hours} giờ", "Đến 17:00"
BEGUN = "Cảm ơn anh/chị. Anh/chị trực đến <b>{until}</b>. Bận việc thì bấm “Nghỉ trực” lúc nào cũng được."
ENDED = "Đã ghi nghỉ trực. Cảm ơn anh/chị."
NOT_ON = "Anh/chị đang không trực."
PAUSED = "Anh/chị đang tạm nghỉ. Bấm “Hoạt động lại” rồi mới bắt đầu trực."

_CHOICES = (2, 4)
_FIVE = 17
_LEAST = timedelta(minutes=15)
_BEGIN = text("UPDATE volunteer SET on_duty_until = now() + :span WHERE id = :id AND state = 'active' RETURNING id")
_CHANGE = text("UPDATE duty SET ended_at = now() + :span WHERE volunteer = :id AND ended_at > now() RETURNING id")
_NEW = text("INSERT INTO duty (volunteer, ended_at) VALUES (:id, now() + :span)")
_END = text("UPDATE duty SET ended_at = now() WHERE volunteer = :id AND ended_at > now()")
_OFF = text("""
    UPDATE volunteer SET on_duty_until = NULL WHERE id = :id AND on_duty_until > now() RETURNING id
""")


async def begin(connection: AsyncConnection, number: int, span: timedelta) -> bool:
    """Put a volunteer on duty for so long from now, or change how long they are; False when they are not active.

    Who is on duty already stays in the same row, so that no hour counts twice.
    """
    values = {"id": number, "span": span}
    if (await connection.execute(_BEGIN, values)).first() is None:
        return False
    if (await connection.execute(_CHANGE, values)).first() is None:
        await connection.execute(_NEW, values)
    return True


async def end(connection: AsyncConnection, number: int) -> bool:
    """Take a volunteer off duty; False when they were not on it. What was said to come is not counted."""
    await connection.execute(_END, {"id": number})
    return (await connection.execute(_OFF, {"id": number})).first() is not None


async def take(moment: Moment) -> Outcome | None:
    """Answer a volunteer who goes on duty or off."""
    words = pressed(moment.turn)
    if words[:1] != ("duty",):
        return None
    helper = await members.volunteer_of(moment.connection, moment.chat)
    if helper is None:
        return None
    if helper.state is not Membership.ACTIVE:
        return _say(moment, members.why_not(helper, PAUSED), helper)
    if words[1:] == ("off",):
        ended = await end(moment.connection, helper.id)
        return _say(moment, ENDED if ended else NOT_ON, await _now(moment, helper))
    now = moment.services.clock()
    until = _until(words[1] if len(words) > 1 else "", now)
    if until is None:
        return Reply((Message(HOW_LONG, _choices(now)),)), moment.session
    await begin(moment.connection, helper.id, until - now)
    return _say(moment, BEGUN.format(until=until.strftime("%H:%M")), await _now(moment, helper))


FLOW = Flow(take=take)


def _choices(now: datetime) -> tuple[tuple[Button, ...], ...]:
    lengths = tuple(button(HOURS.format(hours=hours), "duty", hours) for hours in _CHOICES)
    return (lengths, (button(UNTIL_FIVE, "duty", _FIVE),)) if _until(str(_FIVE), now) else (lengths,)


def _until(said: str, now: datetime) -> datetime | None:
    """Return until when a button means, in the clock's time; None when it means nothing, or not any more today."""
    if said in map(str, _CHOICES):
        return now + timedelta(hours=int(said))
    five = now.replace(hour=_FIVE, minute=0, second=0, microsecond=0)
    return five if said == str(_FIVE) and five - now >= _LEAST else None


async def _now(moment: Moment, helper: Helper) -> Helper:
    return await members.volunteer_of(moment.connection, moment.chat) or helper


def _say(moment: Moment, words: str, helper: Helper) -> Outcome:
    return Reply((Message(words, (*members.rows(helper), to_menu())),)), moment.session
