"""Long polling, our own way: Telegram is told to forget updates only when they and all before them are committed.

An update that takes long (a photo that comes slowly) holds up its own chat, not the others: they are polled meanwhile.
Telegram then sends again what it was not told to forget; what is in hand or done is passed over.
"""

from __future__ import annotations

import asyncio
import logging

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
_HOLD_SECONDS = 1.0
"""How long updates in hand are waited for before others are asked for."""

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
        self._taken: dict[int, asyncio.Task[None]] = {}
        self._latest: dict[int, asyncio.Task[None]] = {}
        self._room = asyncio.Semaphore(_AT_ONCE)
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
        """Let the updates in hand be committed."""
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=patience)

    @property
    def _in_hand(self) -> list[asyncio.Task[None]]:
        return [task for task in self._taken.values() if not task.done()]

    async def _round(self, lead: Lead) -> None:
        """Take updates; a later round tells Telegram that they are done."""
        await lead.confirm()
        # after a fault, know at once whether it is over
        patience = _POLL_SECONDS if self.state == "ok" and not self._in_hand else 0
        updates = await self._bot.get_updates(self._offset, timeout=patience, allowed_updates=WANTED, read_timeout=10.0)
        if self.state != "ok":
            _log.info("receiving updates from Telegram")
        self.state = "ok"
        for update in updates:
            if update.update_id not in self._taken:
                self._take(update)
        if self._in_hand:
            await asyncio.wait(self._in_hand, timeout=_HOLD_SECONDS)
        self._settle()
        self._failures = 0

    def _take(self, update: Update) -> None:
        """Begin to handle an update: chats side by side, one chat strictly in order."""
        chat = update.effective_chat.id if update.effective_chat else update.update_id
        task = asyncio.create_task(self._handle(update, self._latest.get(chat)))
        self._taken[update.update_id] = self._latest[chat] = task

    async def _handle(self, update: Update, before: asyncio.Task[None] | None) -> None:
        if before is not None:
            await asyncio.shield(before)
        await self._inbox.handle(update, self._room)

    def _settle(self) -> None:
        """Move the offset behind what is done without a gap; raise what made an update fail, which comes again then."""
        self._latest = {chat: task for chat, task in self._latest.items() if not task.done()}
        failed = [number for number, task in self._taken.items() if task.done() and _fault(task)]
        fault = _fault(self._taken[failed[0]]) if failed else None
        for number in failed:
            del self._taken[number]
        for number in sorted(self._taken):
            if not self._taken[number].done() or (failed and number > min(failed)):
                break
            del self._taken[number]
            self._offset = number + 1
        if fault is not None:
            raise fault

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


def _fault(task: asyncio.Task[None]) -> BaseException | None:
    return asyncio.CancelledError() if task.cancelled() else task.exception()


def _seconds(error: RetryAfter) -> float:
    wait = error.retry_after
    return float(wait) if isinstance(wait, int | float) else wait.total_seconds()
