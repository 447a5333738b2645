"""Joining a team: an invitation is opened, the pledge read, a name given, and the pledge made."""

from __future__ import annotations

import re
import unicodedata

from bot.assistance import invitations, members, post
from bot.assistance.invitations import Invitation
from bot.assistance.members import Helper, Hindrance
from bot.assistance.pressing import button, pressed
from bot.assistance.scene import to_menu
from bot.dialogue import markup
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, TurnKind
from bot.moment import Flow, Moment, Outcome
from knowledge.vietnamese import fold, normalise

INVITED = "Anh/chị được mời vào đội tình nguyện <b>{team}</b>, {commune}{as_leader}."
AS_LEADER = ", làm đội trưởng"
WHAT_IT_IS = (
    "Tình nguyện viên giúp bà con làm thủ tục: ngồi cùng để nộp hồ sơ trên mạng, hoặc trả lời từ xa qua đây. "
    "Giúp lúc nào là do anh/chị chọn, nghỉ lúc nào cũng được."
)
PLEDGE = (
    "<b>Lời cam kết</b>\n"
    "1. Tôi không hỏi, không giữ mật khẩu và mã OTP của ai.\n"
    "2. Tôi không giữ ảnh giấy tờ của bà con.\n"
    "3. Tôi không nhận tiền, quà.\n"
    "4. Tôi chỉ làm hồ sơ khi bà con có mặt và đồng ý.\n"
    "5. Tôi không kể tên, chuyện riêng của bà con với ai khác."
)
ASK_NAME = "Nếu đồng ý, anh/chị gõ tên để bà con và đội trưởng nhìn thấy, ví dụ: “Ngọc Lan”."
BAD_NAME = "Tên gồm 2 đến 40 chữ cái, không có số. Anh/chị gõ lại tên giúp, ví dụ: “Ngọc Lan”."
SURE = "Bà con và đội trưởng sẽ thấy tên: <b>{name}</b>. Muốn đổi thì gõ lại tên khác.\n\n" + PLEDGE
AGREE, DECLINE = "Tôi cam kết", "Không tham gia"
JOINED = (
    "Cảm ơn anh/chị <b>{name}</b>. Từ nay anh/chị là {what} của đội <b>{team}</b>, {commune}.\n\n"
    "Khi muốn giúp bà con, gõ /hotro."
)
ON_THE_PAGE = (
    "Anh/chị đang tham gia bằng trang này, nên chỉ được báo việc khi trang đang mở; bấm “Bắt đầu lại” thì phải xin lời "
    "mời mới. Dùng Telegram thì không vướng việc ấy."
)
VOLUNTEER, LEADER = "tình nguyện viên", "đội trưởng"
DECLINED = "Không sao ạ. Khi nào muốn tham gia, anh/chị mở lại đường dẫn mời."
LOST = "Lời mời không còn trên màn hình. Anh/chị mở lại đường dẫn mời giúp."
PRIVATE_ONLY = "Anh/chị mở lời mời này trong cuộc trò chuyện riêng với tôi, không phải trong nhóm."
NEWS = "<b>{name}</b> vừa tham gia đội {team}."

WHY_NOT = {
    Hindrance.MEMBER: "Anh/chị đã ở trong đội <b>{team}</b> rồi. Gõ /hotro để bắt đầu giúp bà con.",
    Hindrance.ELSEWHERE: (
        "Anh/chị đang ở đội <b>{team}</b>. Muốn sang đội khác thì rời đội này trước: "
        "gõ /hotro, bấm “Đội của tôi”, rồi “Rời đội”."
    ),
    Hindrance.REMOVED: (
        "Anh/chị đã được đưa ra khỏi đội tình nguyện nên chưa tham gia lại được. "
        "Xin hỏi bộ phận Một cửa của xã, phường."
    ),
    Hindrance.UNKNOWN: "Lời mời này không đúng. Anh/chị xin người mời gửi lại đường dẫn.",
    Hindrance.EXPIRED: "Lời mời này đã hết hạn hoặc đã được thu hồi. Anh/chị xin người mời gửi lời mời mới.",
    Hindrance.USED_UP: "Lời mời này đã đủ người dùng. Anh/chị xin người mời gửi lời mời mới.",
    Hindrance.CLOSED: "Đội này không còn hoạt động. Anh/chị xin lời mời vào đội khác.",
}

_PLEDGING = {"cam ket", "toi cam ket", "em cam ket", "dong y", "toi dong y", "em dong y", "ok"}
_NAMING = "join:name"
_DIGEST, _NAME = "join digest", "join name"
_LONGEST, _SHORTEST = 40, 2
_BETWEEN = " .'’-"
_WORDS = re.compile(r"[^\W\d_]+(?:(?: |[.'’-] ?)[^\W\d_]+)*\.?")
_TOKEN = re.compile(r"[A-Za-z0-9_-]{16,24}", re.ASCII)


def name_of(said: str) -> str | None:
    """Return a name as it is shown; None when it is none: 2 to 40 Latin letters, in words."""
    name = markup.tidy(said)
    if not _WORDS.fullmatch(name) or len(name) > _LONGEST:
        return None
    letters = [letter for letter in name if letter not in _BETWEEN]
    if len(letters) < _SHORTEST or not all(map(_latin, letters)):
        return None
    return name


def _latin(letter: str) -> bool:
    return letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN")


async def take(moment: Moment) -> Outcome | None:
    """Answer whoever opens an invitation, gives a name, or makes the pledge."""
    turn, session = moment.turn, moment.session
    if turn.kind is TurnKind.COMMAND and turn.command == "start":
        said = turn.value.strip()
        return await _opened(moment, said.removeprefix(invitations.PREFIX)) if _invites(said) else None
    if turn.kind is TurnKind.TEXT and session.awaiting == _NAMING:
        return await _named(moment)
    match pressed(turn):
        case ("join", "no"):
            return Reply((Message(DECLINED),)), _forgotten(session)
        case ("join", token):
            return await _opened(moment, token)
        case ("pledge",):
            return await _pledged(moment)
        case _:
            return None


FLOW = Flow(take=take)


def _invites(said: str) -> bool:
    return said.startswith(invitations.PREFIX)


async def _opened(moment: Moment, token: str) -> Outcome:
    if not private(moment.channel, moment.address):
        return Reply((Message(PRIVATE_ONLY),)), moment.session
    digest = invitations.digest(token)
    invitation = await invitations.peek(moment.connection, digest) if _TOKEN.fullmatch(token) else None
    found = await members.hindrance(moment.connection, moment.chat, invitation)
    if found or invitation is None:
        return await _refused(moment, found or Hindrance.UNKNOWN)
    care = [] if moment.channel == "telegram" else [ON_THE_PAGE]
    body = "\n\n".join([_invited(invitation, moment), WHAT_IT_IS, *care, PLEDGE, ASK_NAME])
    noted = _without(moment.session) | {_DIGEST: digest}
    session = moment.session.model_copy(update={"awaiting": _NAMING, "noted": noted})
    return Reply((Message(body, ((button(DECLINE, "join", "no"),),)),)), session


def private(channel: str, address: str) -> bool:
    """Say whether one person alone reads a chat: of Telegram's, groups have negative numbers, their topics a slash."""
    return channel != "telegram" or (address.isascii() and address.isdigit())


def _invited(invitation: Invitation, moment: Moment) -> str:
    return INVITED.format(
        team=markup.escape(invitation.team_name),
        commune=place(invitation.commune, moment),
        as_leader=AS_LEADER if invitation.leader else "",
    )


def place(commune: str, moment: Moment) -> str:
    """Return the name of a commune, ready for a message."""
    known = moment.services.places.get(commune)
    return markup.escape(known.full if known else f"xã {commune}")


async def _named(moment: Moment) -> Outcome:
    session = moment.session
    if _DIGEST not in session.noted:
        return Reply((Message(LOST),)), _forgotten(session)
    if _NAME in session.noted and _pledges(moment.turn.value):
        return await _pledged(moment)
    name = name_of(moment.turn.value)
    if name is None:
        return Reply((Message(BAD_NAME, ((button(DECLINE, "join", "no"),),)),)), session
    noted = dict(session.noted) | {_NAME: name}
    buttons = ((button(AGREE, "pledge"),), (button(DECLINE, "join", "no"),))
    return Reply((Message(SURE.format(name=markup.escape(name)), buttons),)), session.model_copy(
        update={"noted": noted}
    )


def _pledges(said: str) -> bool:
    """Say whether somebody who gave a name makes the pledge in words, and gives no other name."""
    return fold(normalise(said).lower()).strip(" .!") in _PLEDGING


async def _pledged(moment: Moment) -> Outcome:
    noted = moment.session.noted
    name = name_of(noted.get(_NAME, ""))
    if name is None or _DIGEST not in noted:
        if await members.volunteer_of(moment.connection, moment.chat):
            return await _refused(moment, Hindrance.MEMBER)
        return Reply((Message(LOST),)), _forgotten(moment.session)
    joined = await members.join(moment.connection, moment.chat, noted[_DIGEST], name)
    if isinstance(joined, Hindrance):
        return await _refused(moment, joined)
    await tell_leaders(moment, joined, NEWS)
    said = JOINED.format(
        name=markup.escape(joined.name),
        what=LEADER if joined.leader else VOLUNTEER,
        team=markup.escape(joined.team_name),
        commune=place(joined.commune, moment),
    )
    return Reply((Message(said, (*members.rows(joined), to_menu())),)), _forgotten(moment.session)


async def tell_leaders(moment: Moment, helper: Helper, words: str) -> None:
    """Tell the other leaders of a team something of a member."""
    said = words.format(name=markup.escape(helper.name), team=markup.escape(helper.team_name))
    for each in await members.of_team(moment.connection, helper.team):
        if each.leader and each.chat and each.id != helper.id:
            await post.send(moment.connection, each.chat, Message(said))


async def _refused(moment: Moment, why: Hindrance) -> Outcome:
    helper = await members.volunteer_of(moment.connection, moment.chat)
    team = markup.escape(helper.team_name) if helper else ""
    buttons = members.rows(helper) if helper else ()
    return Reply((Message(WHY_NOT[why].format(team=team), buttons),)), _forgotten(moment.session)


def _forgotten(session: Session) -> Session:
    awaiting = None if session.awaiting == _NAMING else session.awaiting
    return session.model_copy(update={"awaiting": awaiting, "noted": _without(session)})


def _without(session: Session) -> dict[str, str]:
    return {key: said for key, said in session.noted.items() if key not in (_DIGEST, _NAME)}
