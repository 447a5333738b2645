"""The files Telegram has already: which of its ids stands for which content, for one bot.

This only spares uploads, so a database that cannot be reached is no reason not to send: it is logged, and that is all.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.logs import outline

_KNOWN = text("SELECT file_id FROM telegram_file WHERE digest = :digest AND bot = :bot")
_KEEP = text("""
    INSERT INTO telegram_file (digest, bot, file_id) VALUES (:digest, :bot, :file_id)
    ON CONFLICT (digest, bot) DO UPDATE SET file_id = excluded.file_id, created_at = now()
""")
_FORGET = text("DELETE FROM telegram_file WHERE digest = :digest AND bot = :bot")
_log = logging.getLogger(__name__)


class SentFiles:
    """What one bot (by its number) has sent. ``digest`` is the SHA-256 of a file's content, in hex."""

    def __init__(self, engine: AsyncEngine, bot: int) -> None:
        self._engine = engine
        self._bot = bot

    async def known(self, digest: str) -> str | None:
        """Return the id under which Telegram has the file, or None."""
        found: str | None = None
        with _forgiven():
            async with self._engine.connect() as connection:
                found = await connection.scalar(_KNOWN, {"digest": digest, "bot": self._bot})
        return found

    async def keep(self, digest: str, file_id: str) -> None:
        """Note the id that Telegram gave a file."""
        with _forgiven():
            async with self._engine.begin() as connection:
                await connection.execute(_KEEP, {"digest": digest, "bot": self._bot, "file_id": file_id})

    async def forget(self, digest: str) -> None:
        """Forget an id that Telegram does not accept any more."""
        with _forgiven():
            async with self._engine.begin() as connection:
                await connection.execute(_FORGET, {"digest": digest, "bot": self._bot})


@contextmanager
def _forgiven() -> Iterator[None]:
    try:
        yield
    except (SQLAlchemyError, OSError) as error:
        _log.warning("the files Telegram has could not be looked up or noted: %s", outline(error))
