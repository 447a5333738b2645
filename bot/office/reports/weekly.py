"""The report of the week: on Monday at eight, once, to the chat of staff and to those of staff who want it.

That a week was reported is a row, written in the transaction that leaves the messages: a killed program has left both
or neither, and of two replicas the second finds the row. The messages then go the way of all messages between chats.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import post
from bot.dialogue.turn import Message
from bot.errors import BotError
from bot.logs import outline
from bot.office.access import chat_of
from bot.office.reports.period import Period, week_of
from bot.office.reports.reporting import Reporting
from bot.office.reports.said import message
from bot.office.staff import NATION
from bot.storage.locks import Lock

AT = time(8, 0)

_LOOK_SECONDS = 60.0
_LOCK = text("SELECT pg_try_advisory_xact_lock(:key)")
_SENT = text("SELECT EXISTS (SELECT FROM weekly WHERE week = :week)")
_BEGAN = text("SELECT EXISTS (SELECT FROM tally WHERE day < :week)")
_NOTE = text("INSERT INTO weekly (week) VALUES (:week)")
_WANT = text("""
    SELECT DISTINCT telegram, scope FROM staff
    WHERE weekly AND NOT disabled AND telegram IS NOT NULL ORDER BY telegram, scope
""")
_log = logging.getLogger(__name__)


class Weekly:
    """Sends the report of last week. ``staff_chat`` is the address of the chat of staff, if there is one."""

    def __init__(self, reporting: Reporting, staff_chat: str | None) -> None:
        self._reporting = reporting
        self._staff_chat = staff_chat

    async def run(self) -> None:
        """Look every minute whether a week is to be reported, until cancelled."""
        while True:
            try:
                await self.send()
            except (SQLAlchemyError, OSError, BotError) as error:
                _log.warning("the report of the week could not be sent: %s", outline(error))
            await asyncio.sleep(_LOOK_SECONDS)

    async def send(self) -> int | None:
        """Send the report of last week when it is time; return to how many chats, None when there was nothing to do.

        A week that was missed on its Monday is reported on the first day the program runs; an older one no more.
        A new installation has no week behind it to report.
        """
        now = self._reporting.clock()
        week = week_of(now.date()).first
        if now < datetime.combine(week, AT):
            return None
        async with self._reporting.engine.connect() as connection:
            if (await connection.execute(_SENT, {"week": week})).scalar_one():
                return None
            wanted = await self._wanted(connection)
            began = (await connection.execute(_BEGAN, {"week": week})).scalar_one()
        made = await self._made(week_of(week - timedelta(days=1)), wanted) if began else {}
        async with self._reporting.engine.begin() as connection:
            if not (await connection.execute(_LOCK, {"key": int(Lock.REPORTING)})).scalar_one():
                return None
            if (await connection.execute(_SENT, {"week": week})).scalar_one():
                return None
            await connection.execute(_NOTE, {"week": week})
            return await self._leave(connection, wanted, made) if began else None

    async def _wanted(self, connection: AsyncConnection) -> list[tuple[str, str]]:
        """Return the address and the place of each who wants a report."""
        wanted = [(str(address), str(scope)) for address, scope in await connection.execute(_WANT)]
        if self._staff_chat:
            wanted.insert(0, (self._staff_chat, NATION))
        return list(dict.fromkeys(wanted))

    async def _made(self, period: Period, wanted: Sequence[tuple[str, str]]) -> dict[str, Message]:
        """Return the message of each place, made once, while no connection is held."""
        scopes = dict.fromkeys(scope for _, scope in wanted)
        return {scope: message(await self._reporting.make(period, scope), scope) for scope in scopes}

    @staticmethod
    async def _leave(
        connection: AsyncConnection, wanted: Sequence[tuple[str, str]], made: Mapping[str, Message]
    ) -> int:
        """Leave the messages for all who want them."""
        for address, scope in wanted:
            await post.send(connection, await chat_of(connection, address), made[scope])
        return len(wanted)
