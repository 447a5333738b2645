"""Who is told of a request for help, and when it goes further: the commune, the communes around, then staff.

It is told in the turn that makes it, and gone through every few seconds by one replica: volunteers who come on duty
later are told then, and what nobody takes goes further. Nobody is told twice.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.assistance import enclosures, ending, post, requests, speech
from bot.assistance.requests import STAFF_LEVEL, Ending, Request
from bot.assistance.tables import Help, Side
from bot.dialogue.services import Services
from bot.dialogue.turn import Message
from bot.dossiers.dates import Quiet
from bot.logs import outline
from bot.storage.locks import Lock
from bot.storage.notices import ANNOUNCE, Notices
from knowledge.places import Commune
from knowledge.places.distance import distance_km

TOPIC = "help"
AROUND = 5
"""How many communes around, of those with somebody on duty, are told of a request."""

_EVERY_SECONDS = 10.0
_FREE = """
    volunteer.state = 'active' AND volunteer.on_duty_until > now() AND team.closed_at IS NULL AND NOT chat.blocked
    AND chat.id <> :asker
    AND NOT EXISTS (SELECT FROM barred WHERE barred.chat_id = :asker AND barred.volunteer = volunteer.id)
    AND NOT EXISTS (
        SELECT FROM help_request AS h WHERE h.ended_at IS NULL AND (h.helper_chat = chat.id OR h.chat_id = chat.id)
    )
"""
_VOLUNTEERS = "FROM volunteer JOIN team ON team.id = volunteer.team JOIN chat ON chat.id = volunteer.chat_id"
_ON_DUTY = text(f"SELECT DISTINCT team.commune {_VOLUNTEERS} WHERE {_FREE}")
_TELL = text(f"""
    INSERT INTO alerted (request, chat_id) SELECT :id, chat.id {_VOLUNTEERS}
    WHERE {_FREE} AND team.commune = ANY(:communes)
    ON CONFLICT DO NOTHING RETURNING chat_id
""")
_OFFICERS = """
    FROM staff JOIN chat ON chat.channel = 'telegram' AND chat.address = staff.telegram
    WHERE NOT staff.disabled AND staff.role <> 'viewer' AND NOT chat.blocked AND chat.id <> :asker
    AND staff.scope = ANY(:scopes)
"""
_OFFICERS_NEAR = text(f"SELECT {_OFFICERS} LIMIT 1")
_TELL_OFFICERS = text(f"""
    INSERT INTO alerted (request, chat_id) SELECT DISTINCT CAST(:id AS bigint), chat.id {_OFFICERS}
    ON CONFLICT DO NOTHING RETURNING chat_id
""")
_ANYBODY = text("""
    SELECT EXISTS (
        SELECT FROM volunteer JOIN team ON team.id = volunteer.team
        WHERE state IN ('active', 'paused') AND team.closed_at IS NULL AND team.commune = ANY(:communes)
    ) OR (:office AND EXISTS (
        SELECT FROM staff WHERE NOT disabled AND role <> 'viewer' AND scope = ANY(:scopes)
    ))
""")
_POSTPONE = text("UPDATE help_request SET opens_at = :opens_at WHERE id = :id")
_BEGIN = text("UPDATE help_request SET escalates_at = :next WHERE id = :id AND escalates_at IS NULL")
_OPENING = text(f"""
    UPDATE help_request SET escalates_at = :next
    WHERE state = 'waiting' AND ended_at IS NULL AND opens_at <= now() AND escalates_at IS NULL AND level < :top
    AND taken_at IS NULL RETURNING {requests.COLUMNS}
""")  # noqa: S608
_RISE = text("""
    UPDATE help_request AS h SET level = level + 1, escalates_at = CASE WHEN level + 1 < :top THEN :next END
    FROM (
        SELECT id, escalates_at > opens_at AS waited FROM help_request
        WHERE state = 'waiting' AND ended_at IS NULL AND opens_at <= now() AND escalates_at <= now() AND level < :top
        FOR UPDATE
    ) AS due WHERE h.id = due.id RETURNING h.id, h.chat_id, h.level, due.waited
""")
_WAITING = text(f"""
    SELECT {requests.COLUMNS} FROM help_request
    WHERE ended_at IS NULL AND (state = 'staff' OR (state = 'waiting' AND opens_at <= now()))
    ORDER BY id LIMIT 500
""")  # noqa: S608
_NUDGE = text(f"""
    UPDATE help_request SET nudged_at = now() WHERE state = 'live' AND ended_at IS NULL AND nudged_at IS NULL
    AND coalesce(last_said_at, taken_at) < now() - interval '2 hours' RETURNING {requests.COLUMNS}
""")  # noqa: S608
_SILENT = text(f"""
    SELECT {requests.COLUMNS} FROM help_request WHERE state = 'live' AND ended_at IS NULL AND nudged_at IS NOT NULL
    AND coalesce(last_said_at, taken_at) < now() - interval '4 hours'
""")  # noqa: S608
_FORGOTTEN = text(f"""
    SELECT {requests.COLUMNS} FROM help_request WHERE state IN ('waiting', 'staff') AND ended_at IS NULL
    AND greatest(opens_at, handover_agreed_at) < now() - interval '3 days'
""")  # noqa: S608
_OFFICER_GONE = text("""
    UPDATE help_request SET state = 'staff', staff = NULL, helper_chat = NULL, nudged_at = NULL, level = 2
    WHERE state = 'live' AND ended_at IS NULL
    AND EXISTS (SELECT FROM staff WHERE staff.id = help_request.staff AND staff.disabled)
    RETURNING id, chat_id
""")
_HELPER_AWAY = text("""
    SELECT h.volunteer FROM help_request AS h JOIN chat ON chat.id = h.helper_chat
    WHERE h.state = 'live' AND h.ended_at IS NULL AND h.staff IS NULL AND chat.blocked
""")
_CITIZEN_AWAY = text(f"""
    SELECT {", ".join(f"h.{name}" for name in requests.COLUMNS.split(", "))}
    FROM help_request AS h JOIN chat ON chat.id = h.chat_id WHERE h.ended_at IS NULL AND chat.blocked
""")  # noqa: S608
_TRY = text("SELECT pg_try_advisory_xact_lock(:key)")
_LATE = timedelta(minutes=5)
_log = logging.getLogger(__name__)


class Alerts:
    """Tells people of requests.

    ``closed`` are the hours in which nobody need be there; after ``minutes`` a request goes further.
    """

    def __init__(
        self, engine: AsyncEngine, notices: Notices, services: Callable[[], Services], closed: Quiet, minutes: int
    ) -> None:
        self._engine = engine
        self._notices = notices
        self._services = services
        self._closed = closed
        self._span = timedelta(minutes=minutes)

    @property
    def span(self) -> timedelta:
        """How long a request waits before it goes further."""
        return self._span

    def opens(self, now: datetime) -> datetime:
        """Return when somebody may be told of a request made ``now``: at once, or at the next opening."""
        return self._closed.until(now) or now

    async def anybody(self, connection: AsyncConnection, commune: Commune) -> bool:
        """Say whether there is anybody at all who could help somebody of a commune, on duty or not."""
        around = [*self._services().places.gazetteer.of_province(commune.province.code)]
        scopes = [commune.code, commune.province.code, ""]
        values = {"communes": around, "scopes": scopes, "office": self._services().office}
        return bool((await connection.execute(_ANYBODY, values)).scalar_one())

    async def begin(self, connection: AsyncConnection, request: Request) -> int:
        """Tell of a new request and return how many were told.

        It waits for its own time, if it has one; and when nobody is on duty in hours that are closed, for the opening.
        """
        await connection.execute(ANNOUNCE, {"topic": TOPIC})
        now = await requests.clock(connection)
        if request.opens_at > now:
            return 0
        told = await self.tell(connection, request)
        if not told and self.opens(now) > now:
            await connection.execute(_POSTPONE, {"id": request.id, "opens_at": self.opens(now)})
        else:
            await connection.execute(_BEGIN, {"id": request.id, "next": self._next(now)})
        return told

    async def tell(self, connection: AsyncConnection, request: Request, *, open_: bool = True) -> int:
        """Tell whoever may have a request and was not told yet; return how many."""
        told = 0
        services = self._services()
        if request.state is Help.WAITING:
            communes = await self._communes(connection, request)
            values = {"id": request.id, "asker": request.chat, "communes": communes}
            found = (await connection.execute(_TELL, values)).all()
            message = speech.alert(services, request)
            for (chat,) in found:
                await post.send(connection, chat, message)
            told += len(found)
        if request.level >= STAFF_LEVEL and services.office and open_:
            told += await self._tell_officers(connection, request)
        return told

    async def _communes(self, connection: AsyncConnection, request: Request) -> list[str]:
        """Return whose volunteers are told: those of the commune; if nobody is there or came, of the nearest around."""
        rows = await connection.execute(_ON_DUTY, {"asker": request.chat})
        on_duty = {commune for (commune,) in rows}
        if request.level == 0 and request.commune in on_duty:
            return [request.commune]
        places = self._services().places
        home = places.get(request.commune)
        if home is None:
            return [request.commune]
        found = [each for code in on_duty if (each := places.get(code)) and each.province == home.province]
        found.sort(
            key=lambda each: (distance_km(home.latitude, home.longitude, each.latitude, each.longitude), each.code)
        )
        return [request.commune, *(each.code for each in found if each.code != home.code)][: AROUND + 1]

    async def _tell_officers(self, connection: AsyncConnection, request: Request) -> int:
        """Tell officers of the commune and the province; those of the whole country when there are none."""
        home = self._services().places.get(request.commune)
        scopes = [request.commune, *([home.province.code] if home else [])]
        values = {"id": request.id, "asker": request.chat, "scopes": scopes}
        if (await connection.execute(_OFFICERS_NEAR, values)).first() is None:
            values["scopes"] = [""]
        found = (await connection.execute(_TELL_OFFICERS, values)).all()
        message = speech.alert(self._services(), request, speech.FOR_STAFF)
        for (chat,) in found:
            await post.send(connection, chat, message)
        return len(found)

    def _next(self, now: datetime) -> datetime:
        """Return when a request that is told now goes further: not in hours in which nobody is told."""
        return self.opens(now + self._span)

    async def run(self) -> None:
        """Go through the requests, each time there is news, and every few seconds, until cancelled."""
        with self._notices.waiting(TOPIC) as news:
            while True:
                news.clear()
                try:
                    await self.round()
                except (SQLAlchemyError, OSError) as error:
                    _log.warning("requests for help could not be gone through: %s", outline(error))
                with suppress(TimeoutError):
                    await asyncio.wait_for(news.wait(), _EVERY_SECONDS)

    async def round(self) -> None:
        """Go through all requests once; nothing when another replica is at it."""
        async with self._engine.begin() as connection:
            if (await connection.execute(_TRY, {"key": int(Lock.HELPING)})).scalar_one():
                await self._see_to_absence(connection)
                await self._see_to_silence(connection)
                await self._raise(connection)

    async def _raise(self, connection: AsyncConnection) -> None:
        now = await requests.clock(connection)
        open_ = self.opens(now) <= now
        top = STAFF_LEVEL if self._services().office else STAFF_LEVEL - 1
        if open_:
            values = {"next": self._next(now), "top": top}
            for request in requests.read((await connection.execute(_OPENING, values)).all()):
                if request.opens_at - request.asked_at > _LATE:
                    await post.send(connection, request.chat, Message(speech.OPENED_NOW, talk=request.id))
            for number, chat, level, waited in (await connection.execute(_RISE, values)).all():
                if waited:
                    await post.send(connection, chat, Message(speech.further(level), talk=number))
        for request in requests.read((await connection.execute(_WAITING)).all()):
            await self.tell(connection, request, open_=open_)

    async def _see_to_absence(self, connection: AsyncConnection) -> None:
        """Look for somebody else where the helper went away or shut us out; end what a citizen left behind."""
        for request in requests.read((await connection.execute(_CITIZEN_AWAY)).all()):
            await ending.finish(connection, request, Side.CITIZEN, Ending.CANCELLED)
        for number, chat in (await connection.execute(_OFFICER_GONE)).all():
            await enclosures.forget(connection, number)
            await post.send(connection, chat, Message(speech.OFFICER_LEFT, talk=number))
        for (volunteer,) in (await connection.execute(_HELPER_AWAY)).all():
            for request in await ending.forsake(connection, volunteer):
                await post.send(connection, request.chat, Message(speech.HELPER_AWAY, talk=request.id))

    async def _see_to_silence(self, connection: AsyncConnection) -> None:
        """Ask in talks that went silent whether they go on, end those that did not, and let go of what nobody takes."""
        for request in requests.read((await connection.execute(_NUDGE)).all()):
            for side, chat in ((Side.CITIZEN, request.chat), (Side.HELPER, request.helper_chat)):
                if chat:
                    rows = speech.buttons(request, side)
                    await post.send(connection, chat, Message(speech.NUDGE, rows, talk=request.id))
        for request in requests.read((await connection.execute(_SILENT)).all()):
            await ending.finish(connection, request, None, Ending.SILENT)
        for request in requests.read((await connection.execute(_FORGOTTEN)).all()):
            if await requests.end(connection, request.id, None, Ending.EXPIRED):
                await post.send(connection, request.chat, Message(speech.EXPIRED, talk=request.id))
