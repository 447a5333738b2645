"""What people thought, as rows: asked at most once of one thing, kept without who it was.

While somebody is still answering, ``asked_rating`` knows which row is theirs; with the last answer, or two days later,
that is forgotten.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance.tables import Rated

CRITERIA = ("access", "conditions", "procedure", "conduct", "result", "feedback")
"""The six criteria of the districts' surveys, in their order."""

LEVELS = range(1, 5)
"""From very content to not content."""

_ASK = text("""
    INSERT INTO asked_rating (chat_id, about, kind, procedure, commune)
    SELECT :chat, :about, :kind, :procedure,
        coalesce(CAST(:commune AS text), (SELECT session->>'commune' FROM chat WHERE id = :chat))
    WHERE NOT EXISTS (SELECT FROM asked_rating WHERE chat_id = :chat AND (
        about = 'never' OR (:kind = 'answer' AND starts_with(about, 'answer.') AND at > now() - interval '1 day')
    ))
    ON CONFLICT DO NOTHING RETURNING about
""")
_STOP = text("""
    INSERT INTO asked_rating (chat_id, about, kind) VALUES (:chat, 'never', 'never') ON CONFLICT DO NOTHING
""")
_ASKED = text("""
    SELECT kind, procedure, commune, rating FROM asked_rating
    WHERE chat_id = :chat AND about = :about AND kind NOT IN ('done', 'never') FOR UPDATE
""")
_ADD = text("""
    INSERT INTO rating (day, kind, procedure, commune, level)
    VALUES ((now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, :kind, :procedure, :commune, :level) RETURNING id
""")
_MINE = text("UPDATE asked_rating SET rating = :rating WHERE chat_id = :chat AND about = :about")
_LEVEL = text("UPDATE rating SET level = :level WHERE id = :rating")
_CRITERION = text("""
    UPDATE rating SET criteria = criteria || jsonb_build_object(CAST(:name AS text), CAST(:level AS int))
    WHERE id = :rating
""")
_WORDS = text("UPDATE rating SET words = :words WHERE id = :rating")
_FINISH = text("""
    UPDATE asked_rating SET kind = 'done', rating = NULL WHERE chat_id = :chat AND about = :about AND rating IS NOT NULL
""")
_FOLLOWERS = text("""
    SELECT following.chat_id FROM following
    JOIN known ON known.id = known_id JOIN chat ON chat.id = chat_id JOIN sitting ON sitting.id = :sitting
    WHERE known.code = :dossier AND NOT starts_with(chat.address, '-') AND NOT sitting.chats @> to_jsonb(chat_id)
    ORDER BY chat_id
""")
_FOUND = text("""
    SELECT kind, commune, criterion, level, count(*) AS times FROM (
        SELECT kind, commune, day, NULL AS criterion, level FROM rating
        UNION ALL
        SELECT kind, commune, day, key, value::int FROM rating, jsonb_each_text(criteria)
    ) AS said
    WHERE day BETWEEN :since AND :until AND (CAST(:scopes AS text[]) IS NULL OR commune = ANY(:scopes))
    GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4
""")


@dataclass(frozen=True, slots=True)
class Thing:
    """What somebody is asked about. ``about`` names it: letters, digits, dots, at most 24."""

    about: str
    kind: Rated
    procedure: str | None = None
    commune: str | None = None


@dataclass(frozen=True, slots=True)
class Satisfaction:
    """How many gave a level; ``criterion`` None: to the whole. ``commune`` None: nobody said where."""

    kind: str
    commune: str | None
    criterion: str | None
    level: int
    times: int


async def ask(connection: AsyncConnection, chat: int, thing: Thing) -> bool:
    """Say whether this chat is to be asked of a thing now, and note that it was.

    Never twice of one thing, of answers once a day, and not at all once somebody asked not to be.
    """
    values = {"about": thing.about, "kind": thing.kind, "procedure": thing.procedure, "commune": thing.commune}
    return (await connection.execute(_ASK, values | {"chat": chat})).first() is not None


async def stop(connection: AsyncConnection, chat: int) -> None:
    """Never ask this chat again."""
    await connection.execute(_STOP, {"chat": chat})


async def rate(connection: AsyncConnection, chat: int, about: str, level: int) -> str | None:
    """Take a level, or another one than before; return the kind of thing, None when it was not asked or is over."""
    asked = await _asked(connection, chat, about)
    if asked is None:
        return None
    if asked.rating is not None:
        await connection.execute(_LEVEL, {"rating": asked.rating, "level": level})
        return str(asked.kind)
    values = {"kind": asked.kind, "procedure": asked.procedure, "commune": asked.commune, "level": level}
    number = (await connection.execute(_ADD, values)).scalar_one()
    await connection.execute(_MINE, {"chat": chat, "about": about, "rating": number})
    return str(asked.kind)


async def judge(connection: AsyncConnection, chat: int, about: str, criterion: str, level: int) -> bool:
    """Take the level of one criterion; False when there is no rating of theirs to add it to."""
    asked = await _asked(connection, chat, about)
    if asked is None or asked.rating is None:
        return False
    await connection.execute(_CRITERION, {"rating": asked.rating, "name": criterion, "level": level})
    return True


async def say(connection: AsyncConnection, chat: int, about: str, words: str) -> bool:
    """Take words, masked already; False when there is no rating of theirs to add them to."""
    asked = await _asked(connection, chat, about)
    if asked is None or asked.rating is None:
        return False
    await connection.execute(_WORDS, {"rating": asked.rating, "words": words})
    return True


async def finish(connection: AsyncConnection, chat: int, about: str) -> None:
    """Forget whose rating it was."""
    await connection.execute(_FINISH, {"chat": chat, "about": about})


async def followers(connection: AsyncConnection, sitting: int, dossier: str) -> list[int]:
    """Return the chats, groups aside, that follow a dossier and are none of the volunteers' who had the case."""
    values = {"sitting": sitting, "dossier": dossier}
    return [int(chat) for (chat,) in await connection.execute(_FOLLOWERS, values)]


async def satisfaction(
    connection: AsyncConnection, since: date, until: date, scopes: Sequence[str] | None
) -> list[Satisfaction]:
    """Return what was thought from one day to another, both included; ``scopes`` None: in the whole country."""
    values = {"since": since, "until": until, "scopes": None if scopes is None else list(scopes)}
    return [Satisfaction(*row) for row in await connection.execute(_FOUND, values)]


async def _asked(connection: AsyncConnection, chat: int, about: str) -> Any:
    return (await connection.execute(_ASKED, {"chat": chat, "about": about})).first()
