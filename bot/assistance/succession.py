"""What becomes of a volunteer's work when they go: whoever they were helping is not left alone."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import ending, members, post
from bot.assistance import sitting as sittings
from bot.assistance.members import Helper
from bot.assistance.sitting import End, Sitting
from bot.assistance.tables import Membership
from bot.dialogue import markup
from bot.dialogue.turn import Message

INHERITED = "Hồ sơ đang làm dở của <b>{name}</b> nay chuyển sang anh/chị: {count} hồ sơ. Gõ /hotro để xem."
LEFT_ALONE = (
    "Tình nguyện viên đang giúp anh/chị vừa phải dừng. Tôi đang nhờ người khác giúp tiếp, anh/chị chờ giúp một lát."
)

_HELD = text("SELECT id FROM sitting WHERE volunteer = :id AND (ended_at IS NULL OR outcome = 'later') ORDER BY id")
_REFUSE = text("UPDATE sitting SET offered_to = NULL WHERE offered_to = :id")


async def hand_on(connection: AsyncConnection, helper: Helper, *, team_ends: bool = False) -> None:
    """Give the cases of who goes to a leader of the team, or close them; let who talks with them wait for others.

    It must happen while they still belong. ``team_ends``: nobody is left to go on.
    """
    await connection.execute(_REFUSE, {"id": helper.id})
    new = None if team_ends else await heir(connection, helper)
    inherited = 0
    for (number,) in (await connection.execute(_HELD, {"id": helper.id})).all():
        inherited += await _passed(connection, helper, number, new)
    if new and new.chat and inherited:
        said = INHERITED.format(name=markup.escape(helper.name), count=inherited)
        await post.send(connection, new.chat, Message(said))
    for request in await ending.forsake(connection, helper.id):
        await post.send(connection, request.chat, Message(LEFT_ALONE, talk=request.id))


async def _passed(connection: AsyncConnection, helper: Helper, number: int, heir: Helper | None) -> bool:
    """Pass one case on; False when it was closed, or was put off and nobody takes it up."""
    open_ = await sittings.held(connection, helper, number)
    found = open_ or await sittings.put_off(connection, helper, number)
    if found and heir:
        await sittings.hand_over(connection, found, heir)
        return True
    if open_:
        await sittings.end(connection, helper, open_, _how(open_))
    return False


def _how(sitting: Sitting) -> End:
    """Return how a case ended that nobody can ask about any more: with a dossier's code it was handed in."""
    if not sitting.dossier:
        return End.DROPPED
    return End.ONLINE if sitting.online else End.IN_PERSON


async def heir(connection: AsyncConnection, helper: Helper) -> Helper | None:
    """Return the leader who gets the cases of who goes, one who is active if there is; None when there is no other."""
    team = await members.of_team(connection, helper.team)
    others = (each for each in team if each.leader and each.chat and each.id != helper.id)
    leaders = [each for each in others if each.state is not Membership.SUSPENDED]
    return next((each for each in leaders if each.state is Membership.ACTIVE), next(iter(leaders), None))
