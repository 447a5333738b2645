"""One's own team, in the chat: resting and leaving for everybody; inviting, removing and the month for its leaders."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import ending, invitations, leading, members, papers, post, succession
from bot.assistance.commendation import decimal
from bot.assistance.invitations import Terms
from bot.assistance.joining import LEADER, VOLUNTEER, place, tell_leaders
from bot.assistance.leading import Member, OnDuty
from bot.assistance.members import Helper
from bot.assistance.pressing import button, number, pressed
from bot.assistance.scene import to_menu
from bot.assistance.tables import Membership
from bot.dialogue import markup
from bot.dialogue.turn import Button, Message, Reply
from bot.errors import Impossible
from bot.moment import Flow, Moment, Outcome
from knowledge.calendar import local

HEAD = "<b>Đội {team}</b>, {commune}\n{count} thành viên. {leaders}"
LEADERS, NO_LEADER = "Đội trưởng: {names}.", "Đội chưa có đội trưởng."
ON_DUTY, NOBODY = "Đang trực: {names}.", "Lúc này chưa có ai trực."
MINE = "<b>{month} của anh/chị</b>\n{done}"
DONE = "Trực {hours} giờ, làm {sittings} hồ sơ cùng bà con, giúp từ xa {talks} lượt."
INVITE, PEOPLE, MONTH, REST, LEAVE = "Mời thêm người", "Thành viên", "Bảng tháng", "Tạm nghỉ", "Rời đội"
RESTING = "Đã ghi tạm nghỉ. Từ giờ tôi không báo việc cho anh/chị. Khi nào giúp tiếp, bấm “Hoạt động lại”."
BACK_AGAIN = "Mừng anh/chị trở lại. Bấm “Bắt đầu trực” khi sẵn sàng."
SURE_LEAVE = "Anh/chị chắc chắn muốn rời đội <b>{team}</b>? {after}"
TO_LEADER = "Hồ sơ đang làm dở sẽ chuyển cho đội trưởng."
TO_NOBODY = (
    "Đội không còn đội trưởng nào khác nên hồ sơ anh/chị đang làm dở sẽ bị đóng lại. Muốn có người làm tiếp thì "
    "anh/chị chuyển cho đồng đội trước."
)
STAY = "Ở lại"
HAS_LEFT = "Anh/chị đã rời đội {team}. Cảm ơn anh/chị đã giúp bà con."
LEFT_NEWS = "<b>{name}</b> đã rời đội {team}."
LEADERS_ONLY = "Việc này dành cho đội trưởng."

HOW_MANY = "Mời mấy người? Lời mời dùng được trong {days} ngày."
SO_MANY = "{count} người"
INVITATION = (
    "Lời mời vào đội <b>{team}</b>, cho {count} người, đến hết ngày {until}. "
    "Anh/chị gửi đường dẫn cho đúng người muốn mời, hoặc cho quét mã trong ảnh:\n{links}"
)
REVOKE, REVOKED, TOO_LATE = "Thu hồi lời mời", "Đã thu hồi lời mời này.", "Lời mời này đã hết dùng được từ trước."

LISTED = "<b>Thành viên đội {team}</b>{page}"
PAGE = ", trang {page}/{pages}"
EARLIER, LATER, TO_TEAM, TO_PEOPLE = "Trang trước", "Trang sau", "Về đội", "Về danh sách"
STATES = {Membership.PAUSED: ", tạm nghỉ", Membership.SUSPENDED: ", cán bộ cho tạm nghỉ"}
DUTY = "đang trực"
ONE = "<b>{name}</b>, {what}{state}\n{during}: {done}"
CERTIFICATE, REMOVE = "Giấy xác nhận", "Đưa ra khỏi đội"
SURE_REMOVE = "Đưa <b>{name}</b> ra khỏi đội? Hồ sơ đang làm dở của bạn ấy sẽ chuyển cho đội trưởng."
NO = "Thôi"
HAS_REMOVED = "Đã đưa {name} ra khỏi đội."
NOT_THERE = "Người này không còn trong đội."
NOT_LEADERS = "Đội trưởng khác thì chỉ cán bộ Một cửa mới đưa ra khỏi đội được."
YOU_ARE_OUT = (
    "Anh/chị không còn ở trong đội {team}. Cảm ơn anh/chị đã giúp bà con. "
    "Có gì chưa rõ, xin hỏi đội trưởng hoặc bộ phận Một cửa của xã, phường."
)

YOU_REST = (
    "Cán bộ cho anh/chị tạm nghỉ việc hỗ trợ bà con. Đang nhắn với ai từ xa thì tôi nhờ người khác giúp tiếp. "
    "Cần hỏi lại, anh/chị gặp bộ phận Một cửa."
)
YOU_HELP_AGAIN = "Cán bộ đã để anh/chị giúp bà con trở lại. Gõ /hotro, bấm “Bắt đầu trực” khi sẵn sàng."

DAYS = 7
_SIZES = (1, 5, 20)
_SHOWN = 10


async def take(moment: Moment) -> Outcome | None:
    """Answer a volunteer who asks about the team, or a leader who looks after it."""
    words = pressed(moment.turn)
    if words[:1] != ("team",):
        return None
    helper = await members.volunteer_of(moment.connection, moment.chat)
    if helper is None:
        return None
    match words[1:]:
        case ("pause" | "resume" as how,):
            return await _rest(moment, helper, paused=how == "pause")
        case ("leave",):
            after = TO_LEADER if await succession.heir(moment.connection, helper) else TO_NOBODY
            sure = SURE_LEAVE.format(team=markup.escape(helper.team_name), after=after)
            return _say(moment, sure, ((button(LEAVE, "team", "gone"), button(STAY, "team")),))
        case ("gone",):
            return await _leave(moment, helper)
        case ("invite" | "revoke" | "people" | "one" | "remove" | "removed", *_):
            return await _lead(moment, helper, words)
        case _:
            return await _overview(moment, helper)


FLOW = Flow(take=take)


async def _overview(moment: Moment, helper: Helper) -> Outcome:
    people = await members.of_team(moment.connection, helper.team)
    leaders = ", ".join(markup.escape(each.name) for each in people if each.leader)
    head = HEAD.format(
        team=markup.escape(helper.team_name),
        commune=place(helper.commune, moment),
        count=len(people),
        leaders=LEADERS.format(names=leaders) if leaders else NO_LEADER,
    )
    span = leading.month(moment.services.clock().date())
    own = (await leading.figures(moment.connection, [helper.team], span)).of(helper.id)
    mine = MINE.format(month=markup.capital(span.label), done=done(own)) if own else ""
    serving = who_serves(await leading.on_duty(moment.connection, [helper.team]))
    rows: list[tuple[Button, ...]] = []
    if helper.leader and helper.state is not Membership.SUSPENDED:
        rows += [(button(INVITE, "team", "invite"), button(PEOPLE, "team", "people")), (button(MONTH, "lead"),)]
    rest = {
        Membership.ACTIVE: (button(REST, "team", "pause"),),
        Membership.PAUSED: (button(members.GO_ON, "team", "resume"),),
    }
    rows += [(*rest.get(helper.state, ()), button(LEAVE, "team", "leave")), to_menu()]
    return _say(moment, "\n".join([head, serving, "", mine]), tuple(rows))


def who_serves(serving: list[OnDuty]) -> str:
    """Say who is on duty now, and until when."""
    if not serving:
        return NOBODY
    return ON_DUTY.format(names=", ".join(f"{markup.escape(each.name)} (đến {_time(each.until)})" for each in serving))


def _time(at: datetime) -> str:
    return local(at).strftime("%H:%M")


def done(member: Member) -> str:
    """Say what somebody did."""
    sum_ = member.sum
    return DONE.format(hours=decimal(sum_.hours), sittings=sum_.sittings, talks=sum_.talks)


async def _rest(moment: Moment, helper: Helper, *, paused: bool) -> Outcome:
    done_ = await members.rest(moment.connection, helper.id, paused=paused)
    now = await members.volunteer_of(moment.connection, moment.chat) or helper
    words = (RESTING if paused else BACK_AGAIN) if done_ else members.SUSPENDED
    return _say(moment, words, (*members.rows(now), to_menu()))


async def _leave(moment: Moment, helper: Helper) -> Outcome:
    await succession.hand_on(moment.connection, helper)
    await tell_leaders(moment, helper, LEFT_NEWS)
    await members.part(moment.connection, helper.id, removed=False)
    session = moment.session.model_copy(update={"sitting": None, "awaiting": None, "noted": {}})
    return Reply((Message(HAS_LEFT.format(team=markup.escape(helper.team_name))),)), session


async def _lead(moment: Moment, helper: Helper, words: tuple[str, ...]) -> Outcome:
    if not helper.leader:
        return _say(moment, LEADERS_ONLY, members.rows(helper))
    if helper.state is Membership.SUSPENDED:
        return _say(moment, members.SUSPENDED, members.rows(helper))
    which = number(words, 2)
    match words[1]:
        case "invite":
            return await _invite(moment, helper, which)
        case "revoke":
            done_ = await invitations.revoke(moment.connection, helper.team, words[-1])
            return _say(moment, REVOKED if done_ else TOO_LATE, (_to_team(),))
        case "people":
            return await _people(moment, helper, which or 0)
        case act:
            found = await members.volunteer(moment.connection, which or 0)
            if found is None or found.team != helper.team:
                return _say(moment, NOT_THERE, (_to_people(),))
            return await _about(moment, found, act)


async def _invite(moment: Moment, helper: Helper, count: int | None) -> Outcome:
    if count not in _SIZES:
        sizes = tuple(button(SO_MANY.format(count=each), "team", "invite", each) for each in _SIZES)
        return _say(moment, HOW_MANY.format(days=DAYS), (sizes, _to_team()))
    try:
        token = await invitations.make(moment.connection, helper.team, Terms(count, DAYS), volunteer=helper.id)
    except Impossible as fault:
        return _say(moment, markup.escape(str(fault)), (_to_team(),))
    links = papers.links(f"{invitations.PREFIX}{token}", moment.services)
    body = INVITATION.format(
        team=markup.escape(helper.team_name),
        count=count,
        until=(moment.services.clock() + timedelta(days=DAYS)).strftime("%d/%m/%Y"),
        links="\n".join(f"{markup.escape(each.caption)}: {markup.link(each.url, each.url)}" for each in links),
    )
    revoke = button(REVOKE, "team", "revoke", invitations.handle(token))
    message = Message(body, ((revoke,), _to_team()), file=papers.invitation(token))
    return Reply((message,)), moment.session


async def _people(moment: Moment, helper: Helper, page: int) -> Outcome:
    people = await members.of_team(moment.connection, helper.team)
    pages = max(1, -(-len(people) // _SHOWN))
    page = min(page, pages - 1)
    shown = people[page * _SHOWN : (page + 1) * _SHOWN]
    at = PAGE.format(page=page + 1, pages=pages) if pages > 1 else ""
    head = LISTED.format(team=markup.escape(helper.team_name), page=at)
    lines = [f"• {markup.escape(each.name)}, {_what(each)}{_state(each)}" for each in shown]
    labels = [button(markup.clip(each.name, 24), "team", "one", each.id) for each in shown]
    rows = [tuple(labels[at : at + 2]) for at in range(0, len(labels), 2)]
    turning = [button(EARLIER, "team", "people", page - 1)] if page else []
    if page + 1 < pages:
        turning.append(button(LATER, "team", "people", page + 1))
    rows += [tuple(turning)] if turning else []
    return _say(moment, "\n".join([head, *lines]), (*rows, _to_team()))


async def _about(moment: Moment, found: Helper, act: str) -> Outcome:
    name = markup.escape(found.name)
    if act == "one":
        return await _card(moment, found)
    if found.leader:
        return _say(moment, NOT_LEADERS, (_to_people(),))
    if act == "remove":
        ways = (button(REMOVE, "team", "removed", found.id), button(NO, "team", "one", found.id))
        return _say(moment, SURE_REMOVE.format(name=name), (ways,))
    await dismiss(moment.connection, found)
    return _say(moment, HAS_REMOVED.format(name=name), (_to_people(),))


async def dismiss(connection: AsyncConnection, found: Helper) -> None:
    """Take somebody out of their team and tell them."""
    await succession.hand_on(connection, found)
    await members.part(connection, found.id, removed=True)
    if found.chat:
        said = YOU_ARE_OUT.format(team=markup.escape(found.team_name))
        await post.send(connection, found.chat, Message(said))


async def suspend(connection: AsyncConnection, found: Helper) -> bool:
    """Let somebody rest until staff end it and tell them; whoever they talk with by now waits for somebody else.

    False when staff let them rest already.
    """
    if not await members.suspend(connection, found.id):
        return False
    for request in await ending.forsake(connection, found.id):
        await post.send(connection, request.chat, Message(succession.LEFT_ALONE, talk=request.id))
    if found.chat:
        await post.send(connection, found.chat, Message(YOU_REST))
    return True


async def restore(connection: AsyncConnection, found: Helper) -> bool:
    """Let somebody help again whom staff let rest, and tell them; False when staff did not."""
    if not await members.restore(connection, found.id):
        return False
    if found.chat:
        await post.send(connection, found.chat, Message(YOU_HELP_AGAIN))
    return True


async def _card(moment: Moment, found: Helper) -> Outcome:
    span = leading.month(moment.services.clock().date())
    own = (await leading.figures(moment.connection, [found.team], span)).of(found.id)
    body = ONE.format(
        name=markup.escape(found.name),
        what=_what(found),
        state=_state(found),
        during=markup.capital(span.label),
        done=markup.lower_first(done(own)) if own else "",
    )
    rows = [] if found.leader else [(button(REMOVE, "team", "remove", found.id),)]
    if own and own.sum:
        rows.insert(0, (button(CERTIFICATE, "leadcert", found.id, span.key),))
    return _say(moment, body, (*rows, _to_people()))


def _what(helper: Helper) -> str:
    return LEADER if helper.leader else VOLUNTEER


def _state(helper: Helper) -> str:
    return STATES.get(helper.state, f", {DUTY}" if helper.on_duty else "")


def _to_team() -> tuple[Button, ...]:
    return (button(TO_TEAM, "team"),)


def _to_people() -> tuple[Button, ...]:
    return (button(TO_PEOPLE, "team", "people"),)


def _say(moment: Moment, body: str, rows: tuple[tuple[Button, ...], ...]) -> Outcome:
    return Reply((Message(body.strip(), rows),)), moment.session
