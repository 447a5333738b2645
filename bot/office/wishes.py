"""People who asked in vain and want to be told: in groups of questions that are alike, to be answered by a person."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import post
from bot.dialogue.turn import Message
from bot.errors import Impossible
from bot.office import audit
from bot.office.questions import Scopes
from bot.office.staff import Clerk

NOBODY = "Nhóm câu này không còn ai chờ trả lời. Có thể người khác vừa trả lời rồi."

_MINE = "cluster IS NOT NULL AND (CAST(:scopes AS text[]) IS NULL OR commune = ANY(:scopes))"
_ASKED = text(f"""
    SELECT cluster, mode() WITHIN GROUP (ORDER BY text) AS text, count(DISTINCT chat_id) AS people
    FROM wish JOIN unanswered ON unanswered.id = wish.unanswered
    WHERE {_MINE} AND (CAST(:one AS bigint) IS NULL OR cluster = :one)
    GROUP BY cluster ORDER BY people DESC, max(at) DESC, cluster LIMIT :limit
""")  # noqa: S608
_COUNT = text(f"""
    SELECT count(DISTINCT cluster) FROM wish JOIN unanswered ON unanswered.id = wish.unanswered WHERE {_MINE}
""")  # noqa: S608
_GRANT = text(f"""
    DELETE FROM wish USING unanswered WHERE unanswered.id = wish.unanswered AND cluster = :group AND {_MINE}
    RETURNING wish.chat_id, unanswered.text
""")  # noqa: S608


@dataclass(frozen=True, slots=True)
class Asked:
    """A group of questions; ``text`` is the one most of the ``people`` asked who wait to be told."""

    group: int
    text: str
    people: int


async def asked(connection: AsyncConnection, scopes: Scopes, *, one: int | None = None, limit: int = 5) -> list[Asked]:
    """Return groups that somebody waits for, most people first; or just ``one``."""
    values = {"scopes": scopes and list(scopes), "one": one, "limit": limit}
    return [Asked(*row) for row in await connection.execute(_ASKED, values)]


async def asked_count(connection: AsyncConnection, scopes: Scopes) -> int:
    """Return how many groups somebody waits for."""
    return int((await connection.execute(_COUNT, {"scopes": scopes and list(scopes)})).scalar_one())


async def grant(
    connection: AsyncConnection,
    clerk: Clerk,
    scopes: Scopes,
    group: int,
    said: str,
    message: Callable[[str], Message],
) -> int:
    """Tell each who waits for a group, once, what somebody answered, and forget that they wait; return how many.

    ``message`` says it to one who asked that question. Raises ``Impossible`` when nobody waits any more.
    """
    rows = await connection.execute(_GRANT, {"scopes": scopes and list(scopes), "group": group})
    people = {row.chat_id: row.text for row in rows}
    if not people:
        raise Impossible(NOBODY)
    for chat, question in people.items():
        await post.send(connection, chat, message(question))
    await audit.record(connection, clerk.id, "question.answer", f"question {group}", text=said, people=len(people))
    return len(people)
