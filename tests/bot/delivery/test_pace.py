from __future__ import annotations

import asyncio
from itertools import pairwise
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.delivery import pace as module
from bot.delivery.pace import Pace, Paces


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_burst_then_steady() -> None:
    clock = Clock()
    pace = Pace(1.0, 3, clock)
    waits = []
    for _ in range(5):
        waits.append(pace.wait)
        pace.take()
    assert waits == [0, 0, 0, 1, 2]
    clock.now += 10
    assert pace.idle


@given(st.lists(st.floats(0, 3), min_size=30, max_size=60))
def test_never_more_than_rate_and_burst_allow(pauses: list[float]) -> None:
    clock = Clock()
    pace = Pace(2.0, 4, clock)
    times = []
    for pause in pauses:
        clock.now += pause
        times.append(clock.now + pace.wait)
        pace.take()
    for first in range(len(times)):
        inside = [at for at in times if times[first] <= at < times[first] + 5]
        assert len(inside) <= 4 + 2 * 5


async def reserve(engine: AsyncEngine, paces: Paces, chat: int, limits: tuple[float, int] = (1000.0, 1000)) -> float:
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        return await paces.reserve(connection, chat, limits)


async def test_a_place_out_of_patience_is_not_taken(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PATIENCE_SECONDS", 200.0)
    paces = Paces(engine, "x", (1000.0, 1000))
    waits = [await reserve(engine, paces, 1, (0.0055, 1)) for _ in range(5)]  # one in 182 seconds
    assert waits[0] == 0
    assert 30 < waits[1] < 190
    assert all(wait > 200 for wait in waits[2:]), "the third is out of patience, and so are those behind it"
    assert waits[4] < 370
    assert await reserve(engine, paces, 2, (0.0055, 1)) == 0


async def test_replicas_share_the_pace_of_all_and_of_each_chat(engine: AsyncEngine) -> None:
    replicas = [Paces(engine, "x", (20.0, 2)) for _ in range(3)]
    begun = monotonic()
    waits = await asyncio.gather(*(reserve(engine, replicas[chat % 3], chat) for chat in range(12)))
    spent = monotonic() - begun
    assert sorted(waits)[-1] == pytest.approx(10 / 20 - spent, abs=spent + 0.02)
    for before, after in pairwise(sorted(waits)[2:]):
        assert after - before <= 0.05 + spent
    limits = (0.1, 1)
    chat = [await reserve(engine, replica, 99, limits) for replica in replicas[:2]]
    assert chat[1] == pytest.approx(chat[0] + 10, abs=5)


async def test_closed_for_all_replicas(engine: AsyncEngine) -> None:
    one, other = Paces(engine, "x"), Paces(engine, "x")
    async with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await one.close(connection, 700)
    assert 600 < one.closed <= 700
    assert 600 < await reserve(engine, one, 1) <= 700
    assert 600 < await reserve(engine, other, 2) <= 701


async def test_a_lost_database_is_told_to_everyone_who_waits(engine: AsyncEngine) -> None:
    paces = Paces(engine, "x")
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE paced RENAME TO gone"))
    failed = await asyncio.gather(*(paces._common() for _ in range(3)), return_exceptions=True)
    assert all(isinstance(error, SQLAlchemyError) for error in failed)
