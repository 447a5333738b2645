"""Sends what waits in the outbox, as fast as the channel allows."""

from __future__ import annotations

import asyncio
import logging
import random
from dataclasses import replace
from time import monotonic

from sqlalchemy.exc import SQLAlchemyError

from bot.delivery.outbox import Held, Outbox, Queued
from bot.delivery.pace import PATIENCE_SECONDS, Paces
from bot.delivery.sender import Part, Sender, parts_of
from bot.errors import DeliveryError, Gone, Moved, Refused, SlowDown, Uneditable, Unreachable
from bot.logs import outline
from bot.storage.notices import Notices
from bot.storage.tables import State

_AT_ONCE = 8
_LOOK_SECONDS = 5.0
_REST_SECONDS = 0.5
_GATHER_SECONDS = 0.02  # under load, news comes faster than the outbox need be read
_REMEMBERED = 10_000
MAX_ATTEMPTS = 12
_log = logging.getLogger(__name__)


def backoff(attempts: int) -> float:
    """Return the seconds to wait after ``attempts`` failures: doubling to five minutes, with jitter."""
    return min(300.0, 2.0 ** min(attempts, 12) / 2) * random.uniform(0.5, 1.0)  # noqa: S311


class Worker:
    """Delivers for one channel. Several workers on one database share the work."""

    def __init__(self, outbox: Outbox, sender: Sender, notices: Notices, paces: Paces) -> None:
        self._outbox = outbox
        self._sender = sender
        self._notices = notices
        self._paces = paces
        self._busy: dict[int, asyncio.Task[None]] = {}
        self._resting: dict[int, float] = {}
        self._accepted: dict[tuple[int, int], str] = {}
        self._stopping = False
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Deliver until ``stop``."""
        with self._notices.waiting(self._sender.channel) as self._changed:
            while not self._stopping:
                await asyncio.sleep(_GATHER_SECONDS)
                self._changed.clear()
                wait = await self._start_due()
                try:
                    async with asyncio.timeout(wait):
                        await self._changed.wait()
                except TimeoutError:
                    pass

    async def stop(self, patience: float = 4.0) -> None:
        """Start nothing new and let the parts in hand arrive; after ``patience`` seconds cut them off."""
        self._stopping = True
        self._changed.set()
        if not self._busy:
            return
        _, late = await asyncio.wait(list(self._busy.values()), timeout=patience)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _start_due(self) -> float:
        """Start a task for each chat that is due and return the seconds after which to look again."""
        now = monotonic()
        self._resting = {chat: until for chat, until in self._resting.items() if until > now}
        wait = min([_LOOK_SECONDS, *(until - now for until in self._resting.values())])
        free = _AT_ONCE - len(self._busy)
        if free <= 0 or self._paces.closed:
            return min(wait, self._paces.closed or wait)
        try:
            for chat, seconds in await self._outbox.due({*self._busy, *self._resting}, free):
                if seconds > 0:
                    wait = min(wait, seconds)
                else:
                    self._busy[chat] = asyncio.create_task(self._serve(chat))
        except (SQLAlchemyError, OSError) as error:
            _log.warning("the outbox cannot be read: %s", outline(error))
            return 1.0
        return wait

    async def _serve(self, chat: int) -> None:
        """Send all that is due to one chat, in order."""
        try:
            async with self._outbox.held(chat) as held:
                if held is None:
                    self._resting[chat] = monotonic() + _REST_SECONDS
                while held and not self._stopping and (message := await held.head()):
                    if not await self._deliver(held, message):
                        break
        except (SQLAlchemyError, OSError) as error:
            self._resting[chat] = monotonic() + _REST_SECONDS
            _log.warning("delivery was interrupted by the database: %s", outline(error))
        except Exception as error:
            self._resting[chat] = monotonic() + 10 * _REST_SECONDS
            _log.error("delivery failed: %s", outline(error))
        finally:
            del self._busy[chat]
            self._changed.set()

    async def _deliver(self, held: Held, message: Queued) -> bool:
        """Send the rest of one message; False when the chat must wait."""
        if message.blocked:
            await held.block()
            return True
        parts = parts_of(message.payload)
        if len(message.sent) >= len(parts):
            await held.finish(message.id, State.SENT)
            return True
        for number in range(len(message.sent), len(parts)):
            if (message.id, number) not in self._accepted:
                if not await self._may_send(held, message):
                    return False
                try:
                    remote = await self._send(message, parts[number], number)
                except DeliveryError as error:
                    return await self._cope(held, message, error)
                except Exception as error:
                    _log.error("sending failed: %s", outline(error))
                    return await self._cope(held, message, Unreachable(type(error).__name__))
                self._accept(message.id, number, remote)
            await held.sent(message.id, self._accepted[message.id, number], last=number == len(parts) - 1)
            del self._accepted[message.id, number]
            if self._stopping:
                return False
        return True

    def _accept(self, message: int, number: int, remote: str) -> None:
        """Remember a part that arrived until that is recorded: a database that is full must not have it sent again."""
        self._accepted[message, number] = remote
        while len(self._accepted) > _REMEMBERED:
            del self._accepted[next(iter(self._accepted))]

    async def _may_send(self, held: Held, message: Queued) -> bool:
        """Wait for our turn; when that is far off, give the chat back until then."""
        wait = await self._paces.reserve(held.connection, held.chat, self._sender.limits(message.address))
        if wait > PATIENCE_SECONDS:
            await held.postpone(message.id, wait, message.attempts)
            return False
        await asyncio.sleep(wait)
        return not self._stopping

    async def _send(self, message: Queued, part: Part, number: int) -> str:
        origin = message.payload.get("origin", {})
        if number == 0 and message.payload.get("replaces"):
            try:
                return await self._sender.edit(message.address, part, origin)
            except (Uneditable, Refused):
                pass
        try:
            return await self._sender.send(message.address, part, origin)
        except Refused as error:
            _log.warning("a message was refused (%s); sending it plainer", error)
            plainer = replace(part, buttons=()) if error.buttons else part.plainer()
            return await self._sender.send(message.address, plainer, origin)

    async def _cope(self, held: Held, message: Queued, error: DeliveryError) -> bool:
        """Deal with a part that did not arrive; True when the chat's next message may go."""
        if isinstance(error, SlowDown):
            await self._paces.close(held.connection, error.seconds)
            await held.postpone(message.id, error.seconds, message.attempts)
            _log.warning("the channel asks us to wait %g s", error.seconds)
            return False
        if isinstance(error, Unreachable) and message.attempts + 1 < MAX_ATTEMPTS:
            await held.postpone(message.id, backoff(message.attempts), message.attempts + 1)
            return False
        if isinstance(error, Gone):
            await held.block()
            return True
        if isinstance(error, Moved) and error.address != message.address:
            await held.move(error.address)
            return True
        _log.error("message %d is given up: %s", message.id, error)
        await held.finish(message.id, State.FAILED)
        return True
