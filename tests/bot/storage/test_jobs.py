from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.jobs import LOOKUPS, WATCH, Jobs, Queue, defer
from tests.patience import until


class Work:
    """Notes what was done, and how much at the same time."""

    def __init__(self) -> None:
        self.done: list[int] = []
        self.at_once = 0
        self.most = 0
        self.faults = 0
        self.seconds = 0.0

    async def do(self, number: int) -> None:
        self.at_once += 1
        self.most = max(self.most, self.at_once)
        try:
            await asyncio.sleep(self.seconds)
            if self.faults:
                self.faults -= 1
                raise ValueError
            self.done.append(number)
        finally:
            self.at_once -= 1

    async def until(self, count: int) -> None:
        await until(lambda: len(self.done) >= count)


@asynccontextmanager
async def working(url: URL, work: Work, again: bool = True) -> AsyncIterator[asyncio.Task[None]]:
    queues = {LOOKUPS: Queue(work.do, 4, again), WATCH: Queue(work.do, 4, again)}
    task = asyncio.create_task(Jobs(url, queues).run())
    yield task
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def queue(engine: AsyncEngine, *numbers: int, lock: str = "", once: bool = False) -> None:
    async with engine.begin() as connection:
        for number in numbers:
            await defer(connection, LOOKUPS, number, lock=lock or f"chat {number}", once=once)


async def left(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM procrastinate_jobs"))).scalar_one())


async def finished(engine: AsyncEngine) -> bool:
    return not await left(engine)


async def test_jobs_of_a_transaction_are_done_when_it_commits(engine: AsyncEngine, database: URL) -> None:
    async with working(database, work := Work()):
        await asyncio.sleep(0.5)
        async with engine.connect() as connection:
            await defer(connection, LOOKUPS, 1, lock="a")
            await connection.rollback()
        await queue(engine, 2, 3)
        await work.until(2)
        await until(partial(finished, engine))
    assert sorted(work.done) == [2, 3]


async def test_one_lock_is_worked_off_in_order_by_two_replicas(engine: AsyncEngine, database: URL) -> None:
    work = Work()
    work.seconds = 0.02
    await queue(engine, *range(10), lock="chat 1")
    async with working(database, work), working(database, work):
        await work.until(10)
    assert work.done == list(range(10))
    assert work.most == 1


async def test_once_is_once(engine: AsyncEngine) -> None:
    await queue(engine, 1, 1, 1, lock="known 1", once=True)
    assert await left(engine) == 1


async def test_what_fails_is_tried_again(engine: AsyncEngine, database: URL) -> None:
    work = Work()
    work.faults = 1
    await queue(engine, 1)
    async with working(database, work):
        await work.until(1)


@pytest.mark.parametrize("again", [True, False])
async def test_the_work_of_a_dead_worker_is_taken_up(engine: AsyncEngine, database: URL, again: bool) -> None:
    await queue(engine, 1, once=not again)
    async with engine.begin() as connection:
        await connection.execute(
            text("""
                WITH dead AS (
                    INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 hour') RETURNING id
                ) UPDATE procrastinate_jobs SET status = 'doing', worker_id = dead.id FROM dead
            """)
        )
    async with working(database, work := Work(), again):
        if again:
            await work.until(1)
        await until(partial(finished, engine))
    assert len(work.done) == again


async def test_lost_database_is_survived(engine: AsyncEngine, database: URL) -> None:
    async with working(database, work := Work()):
        await asyncio.sleep(0.5)
        async with engine.connect() as connection:
            await connection.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                     " AND pid <> pg_backend_pid()")
            )  # fmt: skip
        await queue(engine, 1)
        await work.until(1)
