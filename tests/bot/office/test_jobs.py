"""Work beside the pages: one at a time for each of us, told in words when it fails, forgotten in the end."""

from __future__ import annotations

import asyncio

import pytest

from bot.errors import Impossible
from bot.office.jobs import FAILED, Job, Jobs
from knowledge.errors import ExchangeError

NGA, AN = 1, 2


async def done(job: Job) -> Job:
    assert job.task
    await job.task
    return job


async def test_what_comes_of_it_is_for_who_began_it() -> None:
    jobs = Jobs()

    async def work(job: Job) -> str:
        job.told(0.5)
        return f"half done at {job.share}"

    job = await done(jobs.start(NGA, "Đọc", work))
    assert (job.done, job.value, job.share) == (True, "half done at 0.5", 1.0)
    assert jobs.get(job.key, NGA) is job
    assert jobs.get(job.key, AN) is None


async def test_one_at_a_time_for_each() -> None:
    jobs, gate = Jobs(), asyncio.Event()

    async def work(_job: Job) -> None:
        await gate.wait()

    first = jobs.start(NGA, "Đọc", work)
    with pytest.raises(Impossible):
        jobs.start(NGA, "Đọc nữa", work)
    other = jobs.start(AN, "Đọc", work)
    gate.set()
    await asyncio.gather(done(first), done(other))
    await done(jobs.start(NGA, "Đọc nữa", work))


async def test_a_refusal_is_told_and_a_fault_is_not() -> None:
    jobs = Jobs()

    async def refused(_job: Job) -> None:
        raise ExchangeError("tệp hỏng")

    async def broken(_job: Job) -> None:
        raise RuntimeError("secret words of somebody")

    assert (await done(jobs.start(NGA, "Đọc", refused))).fault == "tệp hỏng"
    assert (await done(jobs.start(NGA, "Đọc", broken))).fault == FAILED


async def test_the_oldest_are_forgotten_and_closed() -> None:
    jobs, closed = Jobs(), []

    async def work(_job: Job) -> None:
        return None

    first = await done(jobs.start(NGA, "Đọc", work, lambda: closed.append("first")))
    for _ in range(20):
        await done(jobs.start(NGA, "Đọc", work))
    assert closed == ["first"]
    assert jobs.get(first.key, NGA) is None
