"""Requests for help as rows: who asks for what, who has it, how it ended.

The states are ``bot.assistance.tables.Help``. A talk has ended when ``taken_at`` and ``ended_at`` are both set: that is
the row to ask about afterwards ("help <id>"); ``outcome`` then is an ``Ending``. A request that nobody ever took ends
with ``taken_at`` empty. Times are the database's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.assistance import enclosures
from bot.assistance.tables import Help, Side
from knowledge.calendar import VIETNAM

STAFF_LEVEL = 2
"""The level of a request from which staff are told of it."""


class Ending(StrEnum):
    """How a request ended; ``HANDED`` is only a volunteer's part of it, which goes on with an officer."""

    DONE = "done"
    CANCELLED = "cancelled"
    SILENT = "silent"
    EXPIRED = "expired"
    REPORTED = "reported"
    HANDED = "handed"


@dataclass(frozen=True, slots=True)
class Request:
    """What is read of a row of ``bot.assistance.tables.HelpRequest``. ``chat`` is who asks."""

    id: int
    chat: int
    commune: str
    subject: str
    procedure: str | None
    wanted: str | None
    state: Help
    level: int
    opens_at: datetime
    volunteer: int | None
    staff: int | None
    helper_chat: int | None
    handover_agreed_at: datetime | None
    asked_at: datetime
    taken_at: datetime | None
    ended_at: datetime | None
    outcome: str | None

    def side(self, chat: int) -> Side | None:
        """Return on which side of it a chat is; None: on neither."""
        if chat == self.chat:
            return Side.CITIZEN
        return Side.HELPER if chat == self.helper_chat else None

    def other(self, side: Side) -> int | None:
        """Return the chat of the other side; None for an officer in the console."""
        return self.helper_chat if side is Side.CITIZEN else self.chat

    @property
    def live(self) -> bool:
        """Whether both sides talk now."""
        return self.state is Help.LIVE and self.ended_at is None


COLUMNS = (
    "id, chat_id, commune, subject, procedure, wanted, state, level, opens_at, volunteer, staff, "
    "helper_chat, handover_agreed_at, asked_at, taken_at, ended_at, outcome"
)
"""The columns ``read`` reads, in its order."""

_FIND = f"SELECT {COLUMNS} FROM help_request WHERE"  # noqa: S608
_OF_CHAT = text(f"{_FIND} chat_id = :chat AND ended_at IS NULL")
_LIVE_OF = text(f"{_FIND} (chat_id = :chat OR helper_chat = :chat) AND ended_at IS NULL AND state = 'live'")
_ONE = text(f"{_FIND} id = :id")
_BUSY = text("SELECT FROM help_request WHERE (chat_id = :chat OR helper_chat = :chat) AND ended_at IS NULL")
_ADD = text(f"""
    INSERT INTO help_request (chat_id, commune, subject, procedure, wanted, opens_at)
    VALUES (:chat, :commune, :subject, :procedure, :wanted, greatest(now(), CAST(:opens_at AS timestamptz)))
    ON CONFLICT DO NOTHING RETURNING {COLUMNS}
""")  # noqa: S608
_ASKED = text("SELECT count(*) FROM help_request WHERE chat_id = :chat AND asked_at > now() - interval '1 day'")
_TAKEN = text("SELECT count(*) FROM help_request WHERE volunteer = :volunteer AND taken_at > now() - interval '1 day'")
_ALERTED = text("SELECT FROM alerted WHERE request = :id AND chat_id = :chat")
_ACCEPT = text(f"""
    UPDATE help_request SET state = 'live', volunteer = :volunteer, helper_chat = :chat, taken_at = now(),
        last_said_at = now(), escalates_at = NULL
    WHERE id = :id AND state = 'waiting' AND chat_id <> :chat
    AND EXISTS (SELECT FROM alerted WHERE request = :id AND alerted.chat_id = :chat)
    AND NOT EXISTS (SELECT FROM barred WHERE barred.chat_id = help_request.chat_id AND barred.volunteer = :volunteer)
    RETURNING {COLUMNS}
""")  # noqa: S608
_ACCEPT_AS_STAFF = text(f"""
    UPDATE help_request SET state = 'live', staff = :staff, helper_chat = :chat, taken_at = now(), last_said_at = now(),
        nudged_at = NULL, escalates_at = NULL
    WHERE id = :id AND state IN ('waiting', 'staff') AND chat_id IS DISTINCT FROM CAST(:chat AS bigint)
    RETURNING {COLUMNS}
""")  # noqa: S608
_NOTE_ALERTED = text("INSERT INTO alerted (request, chat_id) VALUES (:id, :chat) ON CONFLICT DO NOTHING")
_END = text(f"""
    UPDATE help_request SET state = 'ended', ended_at = now(), ended_by = :by, outcome = :outcome, escalates_at = NULL
    WHERE id = :id AND ended_at IS NULL RETURNING {COLUMNS}
""")  # noqa: S608
_OF_VOLUNTEER = text(f"{_FIND} volunteer = :volunteer AND staff IS NULL AND state = 'live' AND ended_at IS NULL")
_PUT_BACK = text(f"""
    UPDATE help_request SET state = 'waiting', volunteer = NULL, helper_chat = NULL, taken_at = NULL, level = 0,
        opens_at = now(), escalates_at = now(), handover_asked_at = NULL, nudged_at = NULL
    WHERE id = :id AND state = 'live' AND staff IS NULL AND ended_at IS NULL RETURNING {COLUMNS}
""")  # noqa: S608
_TALKING = text("""
    SELECT FROM help_request JOIN chat ON chat.id IN (chat_id, helper_chat)
    WHERE chat.channel = :channel AND chat.address = :address AND state = 'live' AND ended_at IS NULL
""")
_FORGET_ALERTED = text("DELETE FROM alerted WHERE request = :id")


async def clock(connection: AsyncConnection) -> datetime:
    """Return the database's time, in Vietnam's zone."""
    moment: datetime = (await connection.execute(text("SELECT now()"))).scalar_one()
    return moment.astimezone(VIETNAM)


async def of_chat(connection: AsyncConnection, chat: int) -> Request | None:
    """Return the request that a chat has open, waiting or live."""
    return _request((await connection.execute(_OF_CHAT, {"chat": chat})).first())


async def live_of(connection: AsyncConnection, chat: int) -> Request | None:
    """Return the talk in which a chat is now, on either side."""
    return _request((await connection.execute(_LIVE_OF, {"chat": chat})).first())


async def talking(engine: AsyncEngine, channel: str, address: str) -> bool:
    """Say whether a chat talks with somebody at this moment, before a turn of it is taken."""
    async with engine.connect() as connection:
        return (await connection.execute(_TALKING, {"channel": channel, "address": address})).first() is not None


async def one(connection: AsyncConnection, number: int) -> Request | None:
    """Return a request by number."""
    return _request((await connection.execute(_ONE, {"id": number})).first())


async def busy(connection: AsyncConnection, chat: int) -> bool:
    """Say whether a chat asks for help or gives it at this moment."""
    return (await connection.execute(_BUSY, {"chat": chat})).first() is not None


async def add(
    connection: AsyncConnection,
    chat: int,
    commune: str,
    subject: str,
    procedure: str | None,
    wanted: str | None,
    opens_at: datetime | None,
) -> Request | None:
    """Store a request; None when the chat has one already. ``opens_at`` None: somebody may be told at once."""
    values = {"chat": chat, "commune": commune, "subject": subject, "procedure": procedure, "wanted": wanted}
    return _request((await connection.execute(_ADD, values | {"opens_at": opens_at})).first())


async def asked_today(connection: AsyncConnection, chat: int) -> int:
    """Return how many requests a chat made within a day."""
    return int((await connection.execute(_ASKED, {"chat": chat})).scalar_one())


async def taken_today(connection: AsyncConnection, volunteer: int) -> int:
    """Return how many requests a volunteer took within a day."""
    return int((await connection.execute(_TAKEN, {"volunteer": volunteer})).scalar_one())


async def alerted(connection: AsyncConnection, number: int, chat: int) -> bool:
    """Say whether a chat was told of a request."""
    return (await connection.execute(_ALERTED, {"id": number, "chat": chat})).first() is not None


async def accept(connection: AsyncConnection, number: int, chat: int, volunteer: int) -> Request | None:
    """Give a waiting request to a volunteer who was told of it; None when somebody else has it, or it is over.

    Of any number who try at once, on any replica, exactly one gets it: the others wait for the row and find it taken.
    """
    values = {"id": number, "chat": chat, "volunteer": volunteer}
    return _request((await connection.execute(_ACCEPT, values)).first())


async def accept_as_staff(connection: AsyncConnection, number: int, chat: int | None, staff: int) -> Request | None:
    """Give a request that waits to an officer; ``chat`` is where they write, None for the console."""
    row = (await connection.execute(_ACCEPT_AS_STAFF, {"id": number, "chat": chat, "staff": staff})).first()
    if row is not None and chat is not None:
        await connection.execute(_NOTE_ALERTED, {"id": number, "chat": chat})
    return _request(row)


async def end(connection: AsyncConnection, number: int, by: Side | None, outcome: Ending) -> Request | None:
    """End a request; None when it was over already. Files of its talk are gone with it."""
    row = _request((await connection.execute(_END, {"id": number, "by": by, "outcome": outcome})).first())
    await enclosures.forget(connection, number)
    return row


async def held_by(connection: AsyncConnection, volunteer: int) -> list[Request]:
    """Return the talks that a volunteer has now."""
    rows = await connection.execute(_OF_VOLUNTEER, {"volunteer": volunteer})
    return [each for row in rows if (each := _request(row))]


async def put_back(connection: AsyncConnection, number: int) -> Request | None:
    """Let a volunteer's talk wait for somebody else; everybody on duty is told anew. Its files go to nobody else."""
    await connection.execute(_FORGET_ALERTED, {"id": number})
    waiting = _request((await connection.execute(_PUT_BACK, {"id": number})).first())
    await enclosures.forget(connection, number)
    return waiting


def read(rows: Sequence[Any]) -> list[Request]:
    """Read rows of ``COLUMNS``."""
    return [each for row in rows if (each := _request(row))]


def _request(row: Any) -> Request | None:
    if row is None:
        return None
    values = list(row)
    values[6] = Help(values[6])
    return Request(*values)
