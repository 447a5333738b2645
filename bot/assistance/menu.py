"""What a volunteer sees first: what they have in hand, what waits for them, and the ways to everything else."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlalchemy import text

from bot.assistance import consent, showing
from bot.assistance import scene as words
from bot.assistance import sitting as sittings
from bot.assistance.members import Helper
from bot.assistance.pressing import button
from bot.assistance.scene import Row, Scene
from bot.assistance.tables import Membership
from bot.dialogue import markup
from bot.dialogue.turn import Message
from bot.moment import Outcome

MENU = "<b>Việc hỗ trợ của {name}</b>\n{team}"
NOTHING_OPEN = "Chưa có hồ sơ nào đang làm. Ngồi cạnh người dân rồi thì bấm “{new}”."
OPEN = "Hồ sơ đang làm:"
WAITING = "Đồng đội muốn chuyển cho anh/chị: {title}."
LOOK = "Xem: {title}"
ASKED = "Có {count} người ở xa đang nhờ giúp."
HELP = "Nhận giúp: {subject}"

Rows = Callable[[Helper], tuple[Row, ...]]
_ASKED = text("""
    SELECT id, subject FROM help_request JOIN alerted ON request = id AND alerted.chat_id = :chat
    WHERE state = 'waiting' AND ended_at IS NULL ORDER BY id LIMIT 5
""")


async def shown(at: Scene, more: Sequence[Rows]) -> Outcome:
    """Answer /hotro; ``more`` are the rows of the others' flows."""
    connection = at.moment.connection
    mine, handed = await sittings.of(connection, at.helper), await sittings.offers(connection, at.helper)
    free = at.helper.state is Membership.ACTIVE
    asked = (await connection.execute(_ASKED, {"chat": at.moment.chat})).all() if free else []
    blocks = [
        [MENU.format(name=markup.escape(at.helper.name), team=markup.escape(at.helper.team_name))],
        [OPEN, *(showing.line(each, at) for each in mine)] if mine else [NOTHING_OPEN.format(new=consent.NEW)],
        [WAITING.format(title=markup.escape(words.title(each, at.services, 60))) for each in handed],
        [ASKED.format(count=len(asked))] if asked else [],
    ]
    body = "\n\n".join("\n".join(block) for block in blocks if block)
    look = [LOOK.format(title=words.title(each, at.services, 30)) for each in handed]
    rows: list[Row] = [(button(showing.label(each, at), "sitopen", each.id),) for each in mine]
    rows += [(button(label, "handsee", each.id),) for label, each in zip(look, handed, strict=True)]
    rows += [(button(markup.clip(HELP.format(subject=subject), 44), "help", "take", n),) for n, subject in asked]
    rows.append((button(consent.NEW, "sitnew"),))
    rows += [row for others in more for row in others(at.helper)]
    return at.say(Message(body, tuple(rows)))
