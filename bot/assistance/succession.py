"""What becomes of a volunteer's work when they go: whoever they were helping is not left alone."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import members, post
from bot.assistance.members import Helper
from bot.dialogue import markup
from bot.dialogue.turn import Message

INHERITED = "Hồ sơ đang làm dở của <b>{name}</b> nay chuyển sang anh/chị: {count} hồ sơ. Gõ /hotro để xem."
LEFT_ALONE = (
    "Tình nguyện viên đang giúp anh/chị vừa phải dừng. Tôi đang nhờ người khác giúp tiếp, anh/chị chờ giúp một lát."
)

_INHERIT = text("""
    UPDATE sitting SET volunteer = :heir, offered_to = NULL, touched_at = now()
    WHERE volunteer = :id AND (ended_at IS NULL OR outcome = 'later') RETURNING id
""")
_CLOSE = text("""
    UPDATE sitting SET ended_at = now(), outcome = 'dropped', offered_to = NULL
    WHERE volunteer = :id AND ended_at IS NULL
""")
_REFUSE = text("UPDATE sitting SET offered_to = NULL WHERE offered_to = :id")
_WAIT_AGAIN = text("""
    UPDATE help_request SET state = 'waiting', volunteer = NULL, helper_chat = NULL, taken_at = NULL,
        handover_asked_at = NULL, opens_at = now(), escalates_at = now()
    WHERE volunteer = :id AND state = 'live' AND ended_at IS NULL RETURNING chat_id
""")


async def hand_on(connection: AsyncConnection, helper: Helper) -> None:
    """Give the open sittings of who goes to a leader of the team, or close them; let who talks with them wait again.

    It must happen while they still belong.
    """
    await connection.execute(_REFUSE, {"id": helper.id})
    heir = await _heir(connection, helper)
    if heir and heir.chat:
        inherited = (await connection.execute(_INHERIT, {"id": helper.id, "heir": heir.id})).all()
        if inherited:
            said = INHERITED.format(name=markup.escape(helper.name), count=len(inherited))
            await post.send(connection, heir.chat, Message(said))
    else:
        await connection.execute(_CLOSE, {"id": helper.id})
    for (chat,) in (await connection.execute(_WAIT_AGAIN, {"id": helper.id})).all():
        await post.send(connection, chat, Message(LEFT_ALONE))


async def _heir(connection: AsyncConnection, helper: Helper) -> Helper | None:
    for each in await members.of_team(connection, helper.team):
        if each.leader and each.chat and each.id != helper.id:
            return each
    return None
