"""Long polling, our own way: Telegram is told to forget a batch of updates only when all of it is committed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine
from telegram import Bot, Update
from telegram.error import Conflict, RetryAfter, TelegramError

from bot.channels.telegram_inbox import Inbox
from bot.channels.telegram_updates import WANTED
from bot.delivery.worker import backoff
from bot.logs import outline
from bot.storage.leader import Lead, leading
from bot.storage.locks import Lock

_POLL_SECONDS = 25
_AT_ONCE = 8
_CONFLICT_SECONDS = 5.0
_log = logging.getLogger(__name__)


class Poller:
    """Asks Telegram for updates while this replica leads. ``state`` is one word for /readyz."""

    def __init__(self, bot: Bot, inbox: Inbox, engine: AsyncEngine) -> None:
        self._bot = bot
        self._inbox = inbox
        self._engine = engine
        self._offset: int | None = None
        self._failures = 0
        self._batch: asyncio.Task[None] | None = None
        self.state = "standby"

    async def run(self) -> None:
        """Poll until cancelled; ``finish`` then waits for the batch in hand."""
        while True:
            try:
                async with leading(self._engine, Lock.POLLING, self._stand_by) as lead:
                    await self._bot.delete_webhook(drop_pending_updates=False)
                    while True:
                        await self._round(lead)
            except (SQLAlchemyError, OSError) as error:
                await self._wait("database", backoff(self._failures), f"the database fails: {outline(error)}")
            except RetryAfter as error:
                await self._wait("slowed", _seconds(error), "Telegram asks us to wait")
            except Conflict:
                await self._wait("conflict", _CONFLICT_SECONDS, "another program receives this bot's updates; waiting")
            except TelegramError as error:
                await self._wait("unreachable", backoff(self._failures), f"Telegram fails: {type(error).__name__}")
            except Exception as error:  # an answer of a shape the library does not expect
                await self._wait("unreachable", backoff(self._failures), f"Telegram's answer fails: {outline(error)}")

    async def finish(self, patience: float = 4.0) -> None:
        """Let the batch in hand be committed."""
        if self._batch is not None and not self._batch.done():
            await asyncio.wait([self._batch], timeout=patience)

    async def _round(self, lead: Lead) -> None:
        """Take one batch of updates; the next round tells Telegram that it is done."""
        await lead.confirm()
        patience = _POLL_SECONDS if self.state == "ok" else 0  # after a fault, know at once whether it is over
        updates = await self._bot.get_updates(self._offset, timeout=patience, allowed_updates=WANTED, read_timeout=10.0)
        if self.state != "ok":
            _log.info("receiving updates from Telegram")
        self.state = "ok"
        if updates:
            self._batch = asyncio.create_task(self._commit(updates))
            await asyncio.shield(self._batch)
            self._offset = updates[-1].update_id + 1
        self._failures = 0

    async def _commit(self, updates: Sequence[Update]) -> None:
        """Handle all of a batch: chats side by side, one chat strictly in order."""
        chats: dict[int, list[Update]] = {}
        for update in updates:
            chat = update.effective_chat
            chats.setdefault(chat.id if chat else update.update_id, []).append(update)
        room = asyncio.Semaphore(_AT_ONCE)

        async def in_order(own: list[Update]) -> None:
            async with room:
                for update in own:
                    await self._inbox.handle(update)

        done = await asyncio.gather(*(in_order(own) for own in chats.values()), return_exceptions=True)
        for result in done:
            if isinstance(result, BaseException):
                raise result

    def _stand_by(self) -> None:
        """Another replica leads: whatever failed here before is its business now."""
        self.state = "standby"
        self._failures = 0

    async def _wait(self, state: str, seconds: float, event: str) -> None:
        """Note a fault, once for a run of the same kind, and wait."""
        if self.state != state:
            _log.warning("polling pauses: %s", event)
        self.state = state
        self._failures += 1
        await asyncio.sleep(seconds)


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()
