"""A leader's view of a month, in the chat: who is on duty, what waits, what was done; Excel, picture, certificates."""

from __future__ import annotations

from datetime import timedelta

from bot.assistance import commendation, leading, members, papers
from bot.assistance.commendation import decimal, per_cent
from bot.assistance.leading import Asked, Figures, Span
from bot.assistance.members import Helper
from bot.assistance.papers import Wanted
from bot.assistance.pressing import button, number, pressed
from bot.assistance.tables import Membership
from bot.assistance.teamwork import LEADERS_ONLY, TO_TEAM, who_serves
from bot.dialogue import markup
from bot.dialogue.turn import Button, Message, Reply
from bot.moment import Flow, Moment, Outcome

HEAD = "<b>Đội {team}</b>, {month}"
WAITING = "Người dân ở đây đang chờ: {open}, trong đó chờ quá lâu: {overdue}. Đang được giúp: {live}."
SUMS = (
    "Giờ trực: <b>{hours}</b>\nHồ sơ làm cùng bà con: <b>{sittings}</b>\nLượt giúp từ xa: <b>{talks}</b>\n"
    "Nộp trực tuyến: <b>{share}</b> ({online}/{filed} hồ sơ đã nộp)"
)
BY_PROCEDURE, BY_MEMBER, NOTHING = "<b>Theo thủ tục</b>", "<b>Theo người</b>", "Chưa có số liệu trong tháng này."
PERSON = "• {name}: {hours} giờ, {sittings} hồ sơ, {talks} lượt từ xa"
MORE = "• và {count} mục khác, xem trong tệp Excel"
BEFORE, AFTER = "Tháng trước", "Tháng sau"
EXCEL, PICTURE, CERTIFICATES = "Tệp Excel", "Ảnh để chia sẻ", "Giấy xác nhận"
FILES = {
    "xlsx": "Bảng {month} của đội {team}.",
    "png": "Đội {team}, {month}. Ảnh không có tên người dân nào, chia sẻ được.",
    "pdf": "Giấy xác nhận {month}, mỗi người một trang. Anh/chị in ra để lãnh đạo xã, phường ký, đóng dấu.",
}
NO_CERTIFICATE = "Chưa có số liệu {month}, nên chưa in giấy xác nhận được."

_MOST_LINES = 12


async def take(moment: Moment) -> Outcome | None:
    """Answer a leader who looks at a month of the team."""
    words = pressed(moment.turn)
    if words[:1] not in (("lead",), ("leadcert",)):
        return None
    helper = await members.volunteer_of(moment.connection, moment.chat)
    if helper is None:
        return None
    if not helper.leader:
        return Reply((Message(LEADERS_ONLY, members.rows(helper)),)), moment.session
    if helper.state is Membership.SUSPENDED:
        return Reply((Message(members.SUSPENDED, members.rows(helper)),)), moment.session
    if words[0] == "leadcert":
        return await _file(moment, helper, _span(moment, words[-1]), "pdf", number(words, 1) or 0)
    span = _span(moment, words[1] if len(words) > 1 else "")
    if words[2:] and words[2] in FILES:
        return await _file(moment, helper, span, words[2])
    return await _month(moment, helper, span)


FLOW = Flow(take=take)


def _span(moment: Moment, said: str) -> Span:
    """Return the month a button means; this month when it means none, or one that is still to come."""
    now = leading.month(moment.services.clock().date())
    asked = leading.read_month(said)
    return asked if asked and asked.first <= now.first else now


async def _month(moment: Moment, helper: Helper, span: Span) -> Outcome:
    figures = await leading.figures(moment.connection, [helper.team], span)
    lines = [HEAD.format(team=markup.escape(helper.team_name), month=span.label)]
    current = span == leading.month(moment.services.clock().date())
    if current:
        serving = await leading.on_duty(moment.connection, [helper.team])
        asked = await leading.asked(moment.connection, [helper.commune])
        lines += [who_serves(serving), _waiting(asked.get(helper.commune, Asked()))]
    lines += ["", *(_told(figures, moment) if figures.total or figures.counted else [NOTHING])]
    turning = [button(BEFORE, "lead", span.before.key)]
    if not current:
        turning.append(button(AFTER, "lead", leading.month(span.last + timedelta(days=1)).key))
    rows: list[tuple[Button, ...]] = [tuple(turning)]
    if figures.total:
        rows.append((button(EXCEL, "lead", span.key, "xlsx"), button(PICTURE, "lead", span.key, "png")))
        rows.append((button(CERTIFICATES, "lead", span.key, "pdf"),))
    return Reply((Message("\n".join(lines), (*rows, (button(TO_TEAM, "team"),))),)), moment.session


def _waiting(asked: Asked) -> str:
    return WAITING.format(open=asked.open, overdue=asked.overdue, live=asked.live)


def _told(figures: Figures, moment: Moment) -> list[str]:
    total = figures.total
    lines = [
        SUMS.format(
            hours=decimal(total.hours),
            sittings=total.sittings,
            talks=total.talks,
            share=per_cent(total.share),
            online=total.online,
            filed=total.filed,
        )
    ]
    procedures = [
        f"• {markup.escape(markup.clip(name, 70))}: {', '.join(f'{count} {words}' for count, words in outcomes)}"
        for name, outcomes in commendation.by_procedure(figures, moment.services.catalogue)
    ]
    people = [
        PERSON.format(
            name=markup.escape(each.name),
            hours=decimal(each.sum.hours),
            sittings=each.sum.sittings,
            talks=each.sum.talks,
        )
        for each in commendation.ranked(figures.members)
        if each.sum
    ]
    for head, listed in ((BY_PROCEDURE, procedures), (BY_MEMBER, people)):
        if listed:
            lines += ["", head, *_clipped(listed)]
    return lines


def _clipped(lines: list[str]) -> list[str]:
    if len(lines) <= _MOST_LINES:
        return lines
    return [*lines[:_MOST_LINES], MORE.format(count=len(lines) - _MOST_LINES)]


async def _file(moment: Moment, helper: Helper, span: Span, ending: str, member: int = 0) -> Outcome:
    figures = await leading.figures(moment.connection, [helper.team], span)
    own = figures.of(member) if member else None
    back = ((button(TO_TEAM, "team"),),)
    if not (own.sum if own else figures.total) or (member and own is None):
        return Reply((Message(NO_CERTIFICATE.format(month=span.label), back),)), moment.session
    wanted = Wanted(helper.id, span, ending, member)
    file = await papers.attachment(moment.connection, wanted, moment.services.clock().date())
    said = FILES[ending].format(month=span.label, team=markup.escape(helper.team_name))
    return Reply((Message(said, back, file=file),)), moment.session
