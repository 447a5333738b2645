"""How a talk comes to its end, and what is done then: both are told, the volunteer's work is counted."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import members, opinion, post, requests, speech, talks, work
from bot.assistance.ratings import Thing
from bot.assistance.requests import Ending, Request
from bot.assistance.tables import Rated, Side
from bot.dialogue.turn import Message

_FLAG = text("""
    INSERT INTO flag (request, side, reason) SELECT :id, :side, :reason
    WHERE NOT EXISTS (SELECT FROM flag WHERE request = :id AND side = :side) RETURNING id
""")
_BAR = text("INSERT INTO barred (chat_id, volunteer) VALUES (:chat, :volunteer) ON CONFLICT DO NOTHING")


async def finish(connection: AsyncConnection, request: Request, by: Side | None, outcome: Ending) -> Request | None:
    """End a talk or a request, and tell the other side; None when it was over already.

    Whoever ends it is told by the reply to what they did. ``by`` None: nobody did, so both are told.
    """
    ended = await requests.end(connection, request.id, by, outcome)
    if ended is None:
        return None
    if ended.taken_at is None:
        return ended
    if ended.staff is None:
        await count(connection, ended, outcome)
    if by is not Side.CITIZEN:
        words = speech.WENT_SILENT if by is None else speech.ENDED_BY_HELPER
        await post.send(connection, ended.chat, Message(words, speech.after(ended), talk=ended.id))
    if by is not Side.HELPER and ended.helper_chat:
        words = speech.HELPER_SILENT if by is None else speech.ENDED_BY_CITIZEN
        await post.send(connection, ended.helper_chat, Message(words, speech.after(ended), talk=ended.id))
    if outcome is Ending.DONE:
        thing = Thing(f"help.{ended.id}", Rated.HELP, ended.procedure, ended.commune)
        await opinion.after_help(connection, ended.chat, thing)
    return ended


async def count(connection: AsyncConnection, request: Request, outcome: Ending) -> None:
    """Count a talk for the volunteer who has it."""
    helper = await members.volunteer(connection, request.volunteer) if request.volunteer else None
    if helper is not None:
        spent = await talks.minutes(connection, request.id)
        await work.note(connection, helper, "talk", request.procedure, outcome, None, spent)


async def report(connection: AsyncConnection, request: Request, side: Side, reason: str) -> bool:
    """Let staff read a talk, end it, and keep the two apart; False when this side reported it before."""
    values = {"id": request.id, "side": side, "reason": reason}
    if (await connection.execute(_FLAG, values)).first() is None:
        return False
    await bar(connection, request)
    await finish(connection, request, side, Ending.REPORTED)
    return True


async def bar(connection: AsyncConnection, request: Request) -> None:
    """Never bring a citizen and a volunteer together again."""
    if request.staff is None and request.volunteer:
        await connection.execute(_BAR, {"chat": request.chat, "volunteer": request.volunteer})


async def forsake(connection: AsyncConnection, volunteer: int) -> list[Request]:
    """Let the talks of a volunteer who goes wait for somebody else; return them as they wait now."""
    held = await requests.held_by(connection, volunteer)
    waiting = [await requests.put_back(connection, each.id) for each in held]
    return [each for each in waiting if each]
