"""A case from one volunteer to another of the team: offered, then accepted or not; it always has exactly one holder."""

from __future__ import annotations

from bot.assistance import members, post, showing
from bot.assistance import scene as words
from bot.assistance import sitting as sittings
from bot.assistance.members import Helper
from bot.assistance.pressing import button, number
from bot.assistance.scene import Row, Scene
from bot.assistance.sitting import Sitting
from bot.assistance.tables import Membership
from bot.dialogue import markup
from bot.dialogue.turn import Message
from bot.moment import Outcome

WHOM = "Chuyển {name} cho ai? Người nhận đồng ý thì hồ sơ mới sang chỗ họ, còn nguyên các bước đã làm."
NOBODY = "Đội chưa có ai khác đang hoạt động để nhận."
LEADER = "{name} (đội trưởng)"
OFFERED = "Đã hỏi <b>{name}</b>. Trong lúc chờ, hồ sơ vẫn ở chỗ anh/chị."
NOT_THERE = "Người này lúc này không nhận được. Anh/chị chọn người khác giúp."
OFFER = "Anh/chị <b>{name}</b> muốn chuyển cho anh/chị một hồ sơ: {title}. Hồ sơ đang ở: {stand}. Anh/chị nhận chứ?"
YES, NO = "Nhận", "Không nhận"
OPEN = "Mở hồ sơ này"
TOO_LATE = "Hồ sơ này không còn chờ anh/chị nữa: đã có người nhận, đã kết thúc, hoặc người chuyển đã thôi."
PAUSED = "Anh/chị đang tạm nghỉ. Bấm “Hoạt động lại” ở /hotro rồi nhận giúp."
FULL = "Anh/chị đang có {count} hồ sơ, nhiều nhất có thể. Xin kết thúc bớt rồi nhận."
TAKEN = "Từ giờ hồ sơ này ở chỗ anh/chị."
TOLD_TAKEN = "<b>{name}</b> đã nhận hồ sơ số {number} ({title}) anh/chị chuyển."
TOLD_REFUSED = "<b>{name}</b> chưa nhận được hồ sơ số {number} ({title}). Hồ sơ vẫn ở chỗ anh/chị."
REFUSED = "Vâng, tôi sẽ báo lại."
TAKEN_BACK = "Đã thôi chuyển, hồ sơ vẫn ở chỗ anh/chị."
WITHDRAWN = "Anh/chị <b>{name}</b> không cần chuyển hồ sơ nữa. Cảm ơn anh/chị."


async def choose(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    """List who may take the case over."""
    team = await members.of_team(at.moment.connection, at.helper.team)
    others = [each for each in team if members.within_reach(each, at.helper)]
    if not others:
        return showing.home(at, sitting, NOBODY)
    rows = tuple((button(markup.clip(_name(each), 40), "handto", sitting.id, each.id),) for each in others)
    said = markup.escape(WHOM.format(name=markup.lower_first(words.name(sitting))))
    return at.say(Message(said, (*rows, words.back(sitting))), sitting=sitting)


def _name(each: Helper) -> str:
    return LEADER.format(name=each.name) if each.leader else each.name


async def offer(at: Scene, sitting: Sitting, said: tuple[str, ...]) -> Outcome:
    """Ask a teammate whether they take the case over; nothing of the resident is told before they do."""
    connection = at.moment.connection
    found = await members.volunteer(connection, number(said, 2) or 0)
    if found is None or found.chat is None or not members.within_reach(found, at.helper):
        return showing.home(at, sitting, NOT_THERE)
    await _withdraw(at, sitting)
    sitting = await sittings.change(connection, sitting, offered_to=found.id)
    await post.send(connection, found.chat, Message(_asked(at, sitting, at.helper), (_ways(sitting),)))
    body = OFFERED.format(name=markup.escape(found.name))
    return at.say(Message(body, (words.back(sitting), words.to_menu())), sitting=sitting)


async def take_back(at: Scene, sitting: Sitting, _: tuple[str, ...]) -> Outcome:
    """Keep the case after all."""
    await _withdraw(at, sitting)
    sitting = await sittings.change(at.moment.connection, sitting, offered_to=None)
    return showing.home(at, sitting, TAKEN_BACK)


async def _withdraw(at: Scene, sitting: Sitting) -> None:
    """Tell whoever was asked that they need not answer."""
    asked = await members.volunteer(at.moment.connection, sitting.offered_to) if sitting.offered_to else None
    if asked and asked.chat:
        await post.send(at.moment.connection, asked.chat, Message(WITHDRAWN.format(name=markup.escape(at.helper.name))))


async def see(at: Scene, wanted: int | None) -> Outcome:
    """Show an offer again."""
    found = await sittings.offered(at.moment.connection, at.helper, wanted or 0)
    holder = await members.volunteer(at.moment.connection, found.volunteer) if found else None
    if found is None or holder is None:
        return at.say(Message(TOO_LATE, (words.to_menu(),)))
    return at.say(Message(_asked(at, found, holder), (_ways(found), words.to_menu())))


def _asked(at: Scene, sitting: Sitting, holder: Helper) -> str:
    return OFFER.format(
        name=markup.escape(holder.name),
        title=markup.escape(words.title(sitting, at.services)),
        stand=markup.escape(showing.stand(at, sitting)),
    )


def _ways(sitting: Sitting) -> Row:
    return button(YES, "handyes", sitting.id), button(NO, "handno", sitting.id)


async def accept(at: Scene, wanted: int | None) -> Outcome:
    """Take the case over, with all that was done on it."""
    connection = at.moment.connection
    found = await sittings.offered(connection, at.helper, wanted or 0)
    if found is None:
        return at.say(Message(TOO_LATE, (words.to_menu(),)))
    if at.helper.state is not Membership.ACTIVE:
        return at.say(Message(members.why_not(at.helper, PAUSED), (words.to_menu(),)))
    if len(await sittings.of(connection, at.helper)) >= sittings.MOST_OPEN:
        return at.say(Message(FULL.format(count=sittings.MOST_OPEN), (words.to_menu(),)))
    await _tell(at, found, TOLD_TAKEN)
    taken = await sittings.hand_over(connection, found, at.helper)
    return showing.home(at, taken, TAKEN)


async def refuse(at: Scene, wanted: int | None) -> Outcome:
    """Leave the case where it is."""
    connection = at.moment.connection
    found = await sittings.offered(connection, at.helper, wanted or 0)
    if found is None:
        return at.say(Message(TOO_LATE, (words.to_menu(),)))
    await _tell(at, found, TOLD_REFUSED, (button(OPEN, "sitopen", found.id),))
    await sittings.change(connection, found, offered_to=None)
    return at.say(Message(REFUSED, (words.to_menu(),)))


async def _tell(at: Scene, sitting: Sitting, said: str, *rows: Row) -> None:
    """Tell the holder what became of the offer, without the resident's name."""
    holder = await members.volunteer(at.moment.connection, sitting.volunteer)
    if holder is None or holder.chat is None:
        return
    title = markup.escape(words.title(sitting, at.services, 60))
    body = said.format(name=markup.escape(at.helper.name), number=sitting.id, title=title)
    await post.send(at.moment.connection, holder.chat, Message(body, rows))
