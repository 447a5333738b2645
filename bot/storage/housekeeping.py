"""Keep nothing longer than needed."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.logs import outline
from bot.storage import leftovers
from bot.storage.locks import Lock

_EVERY_SECONDS = 3600.0
_TRY = text("SELECT pg_try_advisory_xact_lock(:key)")
_OLD = "now() - make_interval(days => :days)"
_SWEEPS = (
    text(f"DELETE FROM message WHERE created_at < {_OLD} AND state <> 'queued'"),  # noqa: S608
    text(f"""
        DELETE FROM chat WHERE last_seen < {_OLD}
        AND NOT EXISTS (SELECT FROM message WHERE chat_id = chat.id AND state = 'queued')
        AND NOT EXISTS (SELECT FROM reminder WHERE chat_id = chat.id)
        AND (blocked OR NOT EXISTS (SELECT FROM following WHERE chat_id = chat.id))
        AND (blocked OR channel = 'web' OR NOT EXISTS (SELECT FROM subscriber WHERE chat_id = chat.id))
        AND NOT EXISTS (SELECT FROM volunteer WHERE chat_id = chat.id AND ended_at IS NULL)
    """),  # noqa: S608
    text(f"DELETE FROM received WHERE received_at < {_OLD}"),  # noqa: S608
    text(f"DELETE FROM telegram_file WHERE created_at < {_OLD}"),  # noqa: S608
    text("""
        DELETE FROM following USING known
        WHERE known.id = known_id AND known.report IS NULL AND since < now() - interval '40 days'
        AND COALESCE(expected < current_date - 10, true)
    """),
    text(f"DELETE FROM known WHERE read_at < {_OLD} AND NOT EXISTS (SELECT FROM following WHERE known_id = known.id)"),  # noqa: S608
    text(f"DELETE FROM dossier WHERE updated_at < {_OLD} AND report->>'status' IN ('3', '7', '10')"),  # noqa: S608
    text("DELETE FROM attempt WHERE at < now() - interval '7 days'"),
    text("DELETE FROM paced WHERE next_at < now() - interval '1 hour'"),
    text("DELETE FROM pushed WHERE at < now() - interval '2 days'"),
    text("DELETE FROM lookup WHERE asked_at < now() - interval '1 day'"),
    text("""
        UPDATE asked_rating SET kind = 'done', rating = NULL WHERE rating IS NOT NULL AND at < now() - interval '2 days'
    """),
)
_AIDED = (*leftovers.SITTINGS, *leftovers.TALKS)
_log = logging.getLogger(__name__)


async def sweep(engine: AsyncEngine, days: int, aid_days: int = 30) -> bool:
    """Delete what is older than ``days``, and what a volunteer did ``aid_days`` after its end.

    False when another replica is at it.
    """
    async with engine.begin() as connection:
        if not (await connection.execute(_TRY, {"key": int(Lock.HOUSEKEEPING)})).scalar_one():
            return False
        for statement in _SWEEPS:
            await connection.execute(statement, {"days": days})
        for statement in _AIDED:
            await connection.execute(statement, {"days": aid_days})
    return True


async def keep_tidy(engine: AsyncEngine, days: int, aid_days: int) -> None:
    """Sweep every hour until cancelled."""
    while True:
        try:
            await sweep(engine, days, aid_days)
        except (SQLAlchemyError, OSError) as error:
            _log.warning("old rows could not be deleted: %s", outline(error))
        await asyncio.sleep(_EVERY_SECONDS)
