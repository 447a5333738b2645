"""Whom news reaches: who is to be sent it yet, what became of what was sent, how often people of a place hear of us."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.office.staff import Territory

WAITING = """
    FROM subscriber JOIN chat ON chat.id = subscriber.chat_id
    WHERE (CAST(:communes AS text[]) IS NULL OR chat.session->>'commune' = ANY(CAST(:communes AS text[])))
      AND NOT EXISTS (SELECT FROM broadcasted WHERE broadcast = :id AND broadcasted.chat_id = subscriber.chat_id)
"""
"""Who is to be sent news ``:id`` yet, in ``:communes`` (null: everywhere); chats that block us stand among them."""

_LEFT = text(
    f"SELECT count(*) FILTER (WHERE NOT blocked) AS waiting, count(*) FILTER (WHERE blocked) AS shut {WAITING}"
)
_ARRIVED = text("""
    SELECT count(*) FILTER (WHERE message.state = 'queued') AS queued,
           count(*) FILTER (WHERE message.state = 'sent') AS sent,
           count(*) FILTER (WHERE message.state = 'failed' AND NOT chat.blocked) AS failed,
           count(*) FILTER (WHERE message.state = 'failed' AND chat.blocked) AS shut,
           count(*) FILTER (WHERE message.id IS NULL) AS forgotten
    FROM broadcasted JOIN chat ON chat.id = broadcasted.chat_id LEFT JOIN message ON message.id = message_id
    WHERE broadcast = :id
""")
_LATELY = text("""
    SELECT count(*) FROM broadcast
    WHERE id <> :id AND state NOT IN ('draft', 'stopped') AND starts_at > now() - interval '30 days'
      AND scope = ANY(:scopes)
""")


@dataclass(frozen=True, slots=True)
class Report:
    """How many chats wait to be written to, and what became of the others.

    ``blocked``: of those who shut us out; ``forgotten``: the message was deleted with old ones.
    """

    waiting: int
    sent: int
    failed: int
    blocked: int
    forgotten: int


async def report(
    connection: AsyncConnection, territory: Territory, number: int, scope: str, *, over: bool = False
) -> Report:
    """Count whom the news ``number`` for ``scope`` reached, and whom not yet: nobody any more when it is ``over``."""
    left = (await connection.execute(_LEFT, {"id": number, "communes": communes(territory, scope)})).one()
    come = (await connection.execute(_ARRIVED, {"id": number})).one()
    waiting, shut = (0, 0) if over else (left.waiting, left.shut)
    return Report(waiting + come.queued, come.sent, come.failed, come.shut + shut, come.forgotten)


async def lately(connection: AsyncConnection, territory: Territory, number: int, scope: str) -> int:
    """Return how many news besides ``number`` people of a place were sent in thirty days."""
    province, commune = territory.split(scope)
    scopes = ["", province, scope] if commune else ["", scope]
    return int((await connection.execute(_LATELY, {"id": number, "scopes": scopes})).scalar_one())


def communes(territory: Territory, scope: str) -> list[str] | None:
    """Return the scopes that news for ``scope`` reaches, None for all."""
    found = territory.within(scope)
    return None if found is None else list(found)
