"""Taking a request: whoever was told of it may; the first has it, and nobody else learns more than that it is taken."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import members, post, requests, speech, talks
from bot.assistance.members import Helper
from bot.assistance.pressing import number, pressed
from bot.assistance.requests import STAFF_LEVEL, Request
from bot.assistance.tables import Help, Membership, Side
from bot.assistance.talks import Said
from bot.dialogue import markup
from bot.dialogue.turn import Message, Reply
from bot.moment import Flow, Moment, Outcome
from bot.office import audit
from bot.office.sessions import CLERK, clerk
from bot.office.staff import Clerk
from bot.office.tables import Role

GONE = "Việc này đã có người nhận, hoặc không còn cần giúp nữa. Cảm ơn anh/chị đã sẵn lòng."
BUSY = "Anh/chị đang có một việc dở trong mục nhờ giúp. Xong việc ấy rồi nhận việc khác giúp."
ENOUGH = "Hôm nay anh/chị đã nhận {most} việc. Cảm ơn anh/chị, hẹn anh/chị ngày mai."
PAUSED = "Anh/chị đang tạm nghỉ nên chưa nhận việc được. Gõ /hotro, bấm “Hoạt động lại” trước."
BEFORE = "<b>Trước đó hai bên đã nhắn:</b>\n{said}"
MOST_A_DAY = 20

_TELEGRAM = "telegram"
_MOST_SHOWN = 3000
_WHO = text(f"SELECT {CLERK} FROM staff WHERE telegram = :address AND NOT disabled")  # noqa: S608


async def take(moment: Moment) -> Outcome | None:
    """Answer a press of "Nhận giúp"; None from whoever neither volunteers nor works here."""
    words = pressed(moment.turn)
    if words[:2] != ("help", "take"):
        return None
    wanted = number(words, 2)
    request = await requests.one(moment.connection, wanted) if wanted else None
    helper = await members.volunteer_of(moment.connection, moment.chat)
    officer = await _officer(moment)
    told = request is not None and await requests.alerted(moment.connection, request.id, moment.chat)
    if helper and (
        officer is None or (told and request and request.state is Help.WAITING and request.level < STAFF_LEVEL)
    ):
        return _said(moment, await _by_volunteer(moment, helper, request if told else None))
    if officer:
        return _said(moment, await _by_officer(moment, officer, request))
    return None


FLOW = Flow(take=take)


def _said(moment: Moment, *messages: Message | tuple[Message, ...]) -> Outcome:
    flat = tuple(each for said in messages for each in (said if isinstance(said, tuple) else (said,)))
    return Reply(flat), moment.session.model_copy(update={"awaiting": None})


async def _by_volunteer(moment: Moment, helper: Helper, request: Request | None) -> Message:
    connection = moment.connection
    if request is None or request.state is not Help.WAITING:
        mine = request is not None and request.live and request.helper_chat == moment.chat
        return speech.taken(moment.services, request) if mine and request else Message(GONE)
    if helper.state is not Membership.ACTIVE:
        return Message(members.why_not(helper, PAUSED))
    if await requests.busy(connection, moment.chat):
        return Message(BUSY)
    if await requests.taken_today(connection, helper.id) >= MOST_A_DAY:
        return Message(ENOUGH.format(most=MOST_A_DAY))
    accepted = await requests.accept(connection, request.id, moment.chat, helper.id)
    if accepted is None:
        return Message(GONE)
    who = speech.WHO_VOLUNTEER.format(
        name=markup.escape(helper.name),
        team=markup.escape(helper.team_name),
        place=speech.place(moment.services, helper.commune),
    )
    await post.send(connection, accepted.chat, speech.begun(accepted, who))
    return speech.taken(moment.services, accepted)


async def _officer(moment: Moment) -> Clerk | None:
    """Return the member of staff whose chat this is, when they may help."""
    if moment.channel != _TELEGRAM or not moment.services.office:
        return None
    found = (await moment.connection.execute(_WHO, {"address": moment.address})).first()
    who = clerk(found) if found else None
    return who if who and who.may(Role.EDITOR) else None


async def _by_officer(moment: Moment, who: Clerk, request: Request | None) -> tuple[Message, ...]:
    home = moment.services.places.get(request.commune) if request else None
    if request is None or who.scope not in ("", request.commune, home.province.code if home else ""):
        return (Message(GONE),)
    if request.live and request.staff == who.id and request.helper_chat == moment.chat:
        return (speech.taken(moment.services, request),)
    if await requests.busy(moment.connection, moment.chat):
        return (Message(BUSY),)
    accepted = await requests.accept_as_staff(moment.connection, request.id, moment.chat, who.id)
    if accepted is None:
        return (Message(GONE),)
    await audit.record(moment.connection, who.id, "help.take", f"help {accepted.id}")
    await introduce(moment.connection, accepted, who, speech.place(moment.services, accepted.commune))
    earlier: list[Said] = []
    if accepted.handover_agreed_at:
        earlier = await talks.talked(moment.connection, accepted.id, accepted.asked_at)
        await audit.record(moment.connection, who.id, "help.read", f"help {accepted.id}")
    taken = speech.taken(moment.services, accepted)
    return (Message(BEFORE.format(said=_transcript(earlier)), talk=accepted.id), taken) if earlier else (taken,)


async def introduce(connection: AsyncConnection, request: Request, who: Clerk, place: str) -> None:
    """Tell the citizen which officer has their request; ``place`` is HTML."""
    words = speech.WHO_OFFICER.format(name=markup.escape(who.name), place=place)
    await post.send(connection, request.chat, speech.begun(request, words))


def _transcript(said: list[Said]) -> str:
    """Return the last of what was said, as HTML."""
    shown: list[str] = []
    for each in reversed(said):
        who = speech.CITIZEN if each.side is Side.CITIZEN else speech.VOLUNTEER_BEFORE
        shown.insert(0, f"<b>{who}:</b> {speech.lines(each.body)}")
        if sum(map(len, shown)) > _MOST_SHOWN:
            break
    return "\n".join(shown)
