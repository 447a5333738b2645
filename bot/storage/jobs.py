"""Work that is done after a transaction, once, by any replica: procrastinate's queue on our own database.

A job is a row that names another row by number, never a person or a dossier, and is put into the queue by the
transaction that makes the work necessary. One whose worker died is taken up again by another.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

import procrastinate
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Status
from psycopg import AsyncConnection
from psycopg_pool import AsyncConnectionPool
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection as Connection

from bot.logs import outline
from bot.storage.engine import driver_options

LOOKUPS = "lookup"
WATCH = "watch"
NEWS = "news"
_HEARTBEAT_SECONDS = 3.0
_STALLED_SECONDS = 12.0
_GRACE_SECONDS = 0.5
_POLL_SECONDS = 0.5  # nothing announces that a lock is free again
_AGAIN_SECONDS = 1.0
_log = logging.getLogger(__name__)

# Not by procrastinate's own function: it knows no ON CONFLICT, and a key that is queued already would end our
# transaction. DO UPDATE, not DO NOTHING: it keeps the waiting job from being fetched before we commit what it is for.
_DEFER = text("""
    INSERT INTO procrastinate_jobs (queue_name, task_name, lock, queueing_lock, args)
    VALUES (:queue, :queue, :lock, :once, jsonb_build_object('number', CAST(:number AS bigint)))
    ON CONFLICT (queueing_lock) WHERE status = 'todo'
    DO UPDATE SET queue_name = EXCLUDED.queue_name, task_name = EXCLUDED.task_name
""")


async def defer(connection: Connection, queue: str, number: int, *, lock: str, once: bool = False) -> None:
    """Queue the work on row ``number``; jobs of one ``lock`` are done one after the other.

    ``once``: one job waiting under the lock is enough; it moves to this queue.
    """
    values = {"queue": queue, "number": number, "lock": lock, "once": lock if once else None}
    await connection.execute(_DEFER, values)


@dataclass(frozen=True, slots=True)
class Queue:
    """How one queue is worked off: by ``work`` on the number of each row, ``at_once`` side by side.

    ``again``: a job that failed or whose worker died is tried again; if not, its own row says that work is left.
    """

    work: Callable[[int], Awaitable[None]]
    at_once: int
    again: bool


class Jobs:
    """Works off the queues of one database."""

    def __init__(self, url: URL, queues: dict[str, Queue]) -> None:
        self._url = url
        self._queues = queues

    async def run(self) -> None:
        """Work until cancelled, connecting again whenever the database is lost."""
        while True:
            try:
                await self._session()
            except* (ConnectorException, OSError) as group:
                _log.warning("working off jobs was interrupted by the database: %s", outline(group.exceptions[0]))
            await asyncio.sleep(_AGAIN_SECONDS)

    async def _session(self) -> None:
        """Work until the database is lost."""
        options = driver_options(self._url) | {"connect_timeout": 5, "application_name": "mot-cua-jobs"}
        connector = procrastinate.PsycopgConnector(
            pool_factory=_pool, kwargs=options, min_size=1, max_size=6, timeout=10
        )
        app = procrastinate.App(connector=connector)
        for name, queue in self._queues.items():
            retry = procrastinate.RetryStrategy(wait=1, linear_wait=1) if queue.again else False
            app.task(name=name, queue=name, retry=retry)(_by_number(queue.work))
        async with app.open_async(), asyncio.TaskGroup() as group:
            for name, queue in self._queues.items():
                group.create_task(_worked_off(app, name, queue.at_once))
            group.create_task(self._rescue(app))

    async def _rescue(self, app: procrastinate.App) -> None:
        """Take up again what a dead worker left."""
        while True:
            for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=_STALLED_SECONDS):
                try:
                    if job.queue in self._queues and self._queues[job.queue].again:
                        await app.job_manager.retry_job(job)
                    else:
                        await app.job_manager.finish_job(job, Status.FAILED, delete_job=True)
                except ConnectorException:
                    continue  # another replica was first
            await asyncio.sleep(_STALLED_SECONDS / 2)


def _pool(**options: Any) -> AsyncConnectionPool[Any]:
    """Return a pool that does not ask each connection whether it lives: ``run`` begins anew when one does not."""
    return AsyncConnectionPool(**options | {"check": None, "configure": _singly})


async def _singly(connection: AsyncConnection[Any]) -> None:
    await connection.set_autocommit(True)  # all of procrastinate's statements stand for themselves


def _by_number(work: Callable[[int], Awaitable[None]]) -> Callable[..., Awaitable[None]]:
    async def task(number: int) -> None:
        await work(number)

    return task


async def _worked_off(app: procrastinate.App, queue: str, at_once: int) -> None:
    await app.run_worker_async(
        queues=[queue],
        name=queue,
        concurrency=at_once,
        fetch_job_polling_interval=_POLL_SECONDS,
        delete_jobs=DeleteJobCondition.ALWAYS,
        install_signal_handlers=False,
        shutdown_graceful_timeout=_GRACE_SECONDS,
        update_heartbeat_interval=_HEARTBEAT_SECONDS,
        stalled_worker_timeout=_STALLED_SECONDS,
    )
    raise ConnectorException("the worker ended")  # by itself it ends only when it has lost the database
