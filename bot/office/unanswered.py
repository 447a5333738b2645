"""Questions asked in vain as they are kept: masked, nothing of who asked; and who wants to be told of an answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import timedelta

from pydantic import ValidationError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery import notice
from bot.dialogue.effect import Missed, Vain
from bot.dialogue.session import Session
from bot.dialogue.turn import Message
from bot.privacy import anonymous

LONGEST = 500
"""Characters kept of one question."""

LEFT_AFTER = timedelta(hours=1)
"""How long an offer waits until nobody will take it any more."""

News = Callable[[str, str, str, bool], Message | None]
"""Says what to tell about a question with a verdict ("procedure" or "article"), what answers it, and whether that was
published since; None: there is no answer yet."""

_KEEP = text("""
    INSERT INTO unanswered (text, kind, codes, commune) VALUES (:text, :kind, CAST(:codes AS jsonb), :commune)
    RETURNING id
""")
_SAME = text("SELECT max(id) FROM unanswered WHERE text = :text AND kind <> 'followup'")
_WISH = text("INSERT INTO wish (chat_id, unanswered) VALUES (:chat, :question) ON CONFLICT DO NOTHING")
_UNWISH = text("""
    DELETE FROM wish USING unanswered
    WHERE unanswered.id = wish.unanswered AND wish.chat_id = :chat AND unanswered.text = :text
""")
_UNWISH_ALL = text("DELETE FROM wish WHERE chat_id = :chat")
_LEFT = text("""
    SELECT id, session FROM chat
    WHERE last_seen < now() - :after AND last_seen > now() - 2 * :after - interval '1 day'
      AND session->'choosing' = 'true' AND session->>'asked' <> ''
      AND session->>'missed' IS DISTINCT FROM session->>'asked'
    ORDER BY id LIMIT 500 FOR UPDATE SKIP LOCKED
""")
_NOTED = text(
    "UPDATE chat SET session = session || jsonb_build_object('missed', CAST(:asked AS text)) WHERE id = :chat"
)
_SWEEP = (
    text("DELETE FROM unanswered WHERE at < now() - :days AND coalesce(verdict, '') NOT IN ('procedure', 'outside')"),
    text("UPDATE unanswered SET commune = NULL WHERE at < now() - :days AND commune IS NOT NULL"),
    text("DELETE FROM wish USING unanswered WHERE id = unanswered AND at < now() - :days"),
)
_DUE = text("""
    SELECT wish.chat_id, wish.unanswered, text, verdict, answer, EXISTS (
        SELECT FROM revision JOIN release ON release.id = revision.release
        WHERE revision.state = 'published' AND revision.subject = unanswered.verdict
          AND revision.code = unanswered.answer AND release.published_at >= unanswered.judged_at
    ) AS published
    FROM wish JOIN unanswered ON unanswered.id = wish.unanswered
    WHERE verdict IN ('procedure', 'article') AND answer IS NOT NULL
    ORDER BY wish.unanswered, wish.chat_id LIMIT 1000
""")
_FORGET = text("DELETE FROM wish WHERE chat_id = :chat AND unanswered = :question RETURNING chat_id")


async def keep(connection: AsyncConnection, missed: Missed) -> int:
    """Keep a question, without numbers and names of people, and return its number."""
    values = {
        "text": anonymous(missed.text)[:LONGEST],
        "kind": missed.kind,
        "codes": json.dumps(missed.codes),
        "commune": missed.commune,
    }
    return int((await connection.execute(_KEEP, values)).scalar_one())


async def wish(connection: AsyncConnection, chat: int, asked: str, *, off: bool = False) -> None:
    """Note that a chat wants to be told of an answer to ``asked``, or with ``off`` that it does not."""
    said = anonymous(asked)[:LONGEST]
    if off:
        await connection.execute(_UNWISH, {"chat": chat, "text": said})
        return
    question = (await connection.execute(_SAME, {"text": said})).scalar_one()
    if question is None:
        question = await keep(connection, Missed(asked, Vain.UNKNOWN))
    await connection.execute(_WISH, {"chat": chat, "question": question})


async def unwish(connection: AsyncConnection, chat: int) -> None:
    """Note that a chat wants to be told of no answer."""
    await connection.execute(_UNWISH_ALL, {"chat": chat})


async def note_left(connection: AsyncConnection, after: timedelta = LEFT_AFTER) -> int:
    """Keep the questions of people who were offered something, took nothing and went; return how many."""
    noted = 0
    for chat, remembered in (await connection.execute(_LEFT, {"after": after})).all():
        try:
            session = Session.model_validate(remembered)
        except ValidationError:
            continue
        if session.asked:
            await keep(connection, Missed(session.asked, Vain.OFFER, session.offered, session.commune))
            await connection.execute(_NOTED, {"chat": chat, "asked": session.asked})
            noted += 1
    return noted


async def sweep(connection: AsyncConnection, keep_for: timedelta) -> None:
    """Delete what is older; what staff found to be a procedure, or none of ours, stays as a labelled question."""
    for statement in _SWEEP:
        await connection.execute(statement, {"days": keep_for})


async def tell(connection: AsyncConnection, news: News) -> int:
    """Tell those who wanted to be told what has an answer now, and forget that they did; return how many were told."""
    told = 0
    composed: dict[int, Message | None] = {}
    for chat, question, *about in (await connection.execute(_DUE)).all():
        if question not in composed:
            composed[question] = await asyncio.to_thread(news, *about)
        message = composed[question]
        room = await notice.hold(connection, chat) if message else None
        if message is None or room is None:
            continue
        if (await connection.execute(_FORGET, {"chat": chat, "question": question})).first():
            await notice.say(connection, room, message)
            told += 1
    return told
