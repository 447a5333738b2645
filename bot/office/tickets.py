"""Work beside the pages as every replica knows it: who began it, how far it is, what came of it.

The work itself runs in the memory of one process (``jobs.py``). A browser may reach another one behind a balancer: that
one reads the ticket, and does over again what only reads, from the file that is kept with it for as long.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import OfficeError
from bot.logs import outline
from bot.office.jobs import FAILED, Job
from knowledge.errors import KnowledgeError

STOPPED = (
    "Máy đang làm việc này đã dừng giữa chừng. Anh/chị xem trang Bản phát hành: chưa thấy thay đổi thì làm lại giúp."
)

_PART = 2**20
_BEAT_SECONDS = 1.0
_log = logging.getLogger(__name__)

_SWEEP = text("DELETE FROM ticket WHERE seen_at < now() - interval '1 hour'")
_OPEN = text("""
    INSERT INTO ticket (key, staff, kind, name, scope, title) VALUES (:key, :staff, :kind, :name, :scope, :title)
""")
_KEEP = text("INSERT INTO ticket_file (ticket, part, body) VALUES (:ticket, :part, :body)")
_READ = text("""
    SELECT key, kind, name, scope, title, share, done, fault, place, seen_at < now() - interval '20 seconds' AS silent
    FROM ticket WHERE key = :key AND staff = :staff
""")
_FETCH = text("SELECT body FROM ticket_file WHERE ticket = :ticket AND part = :part")
_BEAT = text("UPDATE ticket SET share = :share, seen_at = now() WHERE key = :key")
_END = text("""
    UPDATE ticket SET share = 1, done = true, fault = :fault, place = :place, seen_at = now() WHERE key = :key
""")
_USE = text("DELETE FROM ticket WHERE key = :key")


class Kind(StrEnum):
    """What the work is: ``READ`` a file brought in, ``MAKE`` one to take out, ``WRITE`` something into the database."""

    READ = "read"
    MAKE = "make"
    WRITE = "write"


@dataclass(frozen=True, slots=True)
class Ticket:
    """Some work as its row tells it.

    ``name``: the file's; ``place``: the page where it ended; ``silent``: nobody has said for long that it goes on.
    """

    key: str
    kind: Kind
    name: str
    scope: str
    title: str
    share: float = 0.0
    done: bool = False
    fault: str | None = None
    place: str | None = None
    silent: bool = False


async def begin(engine: AsyncEngine, staff: int, ticket: Ticket, file: Path | None = None) -> None:
    """Keep a ticket, and its file when the work needs one; what nobody has asked about for an hour goes."""
    async with engine.begin() as connection:
        await sweep(connection)
        values = {"key": ticket.key, "staff": staff, "kind": ticket.kind, "name": ticket.name, "scope": ticket.scope}
        await connection.execute(_OPEN, values | {"title": ticket.title})
        part = 0
        while file and (body := await asyncio.to_thread(_part, file, part)):
            await connection.execute(_KEEP, {"ticket": ticket.key, "part": part, "body": body})
            part += 1


async def sweep(connection: AsyncConnection) -> None:
    """Forget what nobody has worked on for an hour."""
    await connection.execute(_SWEEP)


async def read(engine: AsyncEngine, key: str, staff: int) -> Ticket | None:
    """Return somebody's ticket; None when there is none, or its outcome was used."""
    async with engine.connect() as connection:
        row = (await connection.execute(_READ, {"key": key, "staff": staff})).mappings().one_or_none()
    return Ticket(**{**row, "kind": Kind(row["kind"])}) if row else None


async def fetch(engine: AsyncEngine, key: str, path: Path) -> None:
    """Put the file of a ticket where ``path`` says."""
    part = 0
    while True:
        async with engine.connect() as connection:
            body = (await connection.execute(_FETCH, {"ticket": key, "part": part})).scalar_one_or_none()
        if body is None:
            return
        await asyncio.to_thread(_append, path, bytes(body))
        part += 1


async def use(connection: AsyncConnection, key: str) -> bool:
    """Use up what came of some work, in the transaction that does something with it; False when it is used already."""
    return bool((await connection.execute(_USE, {"key": key})).rowcount)


def told_of(engine: AsyncEngine, work: Callable[[Job], Awaitable[Any]]) -> Callable[[Job], Awaitable[Any]]:
    """Return work that keeps its ticket up to date."""

    async def noted(job: Job) -> Any:
        over = asyncio.Event()
        beat = asyncio.create_task(_beat(engine, job, over))
        fault: str | None = FAILED
        value: Any = None
        try:
            value = await work(job)
            fault = None
        except (OfficeError, KnowledgeError) as error:
            fault = str(error)
            raise
        finally:
            over.set()
            await beat
            await _say(engine, _END, key=job.key, fault=fault, place=value if isinstance(value, str) else None)
        return value

    return noted


async def _beat(engine: AsyncEngine, job: Job, over: asyncio.Event) -> None:
    """Say now and then how far some work is, until it is over."""
    while not over.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(over.wait(), _BEAT_SECONDS)
        if not over.is_set():
            await _say(engine, _BEAT, key=job.key, share=job.share)


async def _say(engine: AsyncEngine, statement: Any, **values: object) -> None:
    """Bring a ticket up to date; when the database is away the work goes on without."""
    try:
        async with engine.begin() as connection:
            await connection.execute(statement, values)
    except SQLAlchemyError as error:
        _log.warning("a ticket of the office could not be kept up to date: %s", outline(error))


def _part(file: Path, part: int) -> bytes:
    with file.open("rb") as opened:
        opened.seek(part * _PART)
        return opened.read(_PART)


def _append(path: Path, body: bytes) -> None:
    with path.open("ab") as file:
        file.write(body)
