from __future__ import annotations

import asyncio

import pytest

from bot.dossiers.sources import cache
from bot.dossiers.sources.cache import Cached
from bot.errors import SourceDown
from tests.bot.dossiers.sources.doubles import CODE, Clock, Told, report


async def test_one_request_serves_all_who_ask_at_once() -> None:
    gate = asyncio.Event()
    source = Told(report(), gate=gate)
    cached = Cached(source, 60, Clock())
    asking = [asyncio.create_task(cached.look_up(CODE)) for _ in range(20)]
    await asyncio.sleep(0)
    gate.set()
    assert set(await asyncio.gather(*asking)) == {source.answer}
    assert source.asked == 1


async def test_an_answer_is_kept_for_its_time() -> None:
    clock = Clock()
    source = Told(report())
    cached = Cached(source, 60, clock)
    await cached.look_up(CODE)
    clock.now += 59
    await cached.look_up(CODE)
    assert source.asked == 1
    clock.now += 1
    await cached.look_up(CODE)
    assert source.asked == 2


async def test_that_there_is_no_dossier_is_kept_for_a_shorter_time() -> None:
    clock = Clock()
    source = Told(None)
    cached = Cached(source, 60, clock)
    await cached.look_up(CODE)
    clock.now += 29
    assert await cached.look_up(CODE) is None
    assert source.asked == 1
    clock.now += 1
    await cached.look_up(CODE)
    assert source.asked == 2


async def test_an_error_is_not_kept() -> None:
    source = Told(SourceDown("x"))
    cached = Cached(source, 60, Clock())
    for _ in range(2):
        with pytest.raises(SourceDown):
            await cached.look_up(CODE)
    assert source.asked == 2


async def test_who_gives_up_does_not_take_the_answer_from_the_others() -> None:
    gate = asyncio.Event()
    cached = Cached(Told(report(), gate=gate), 60, Clock())
    impatient = asyncio.create_task(cached.look_up(CODE))
    patient = asyncio.create_task(cached.look_up(CODE))
    await asyncio.sleep(0)
    impatient.cancel()
    await asyncio.sleep(0)
    gate.set()
    assert await patient == report()


async def test_an_error_that_nobody_waits_for_makes_no_noise() -> None:
    gate = asyncio.Event()
    source = Told(SourceDown("x"), gate=gate)
    cached = Cached(source, 60, Clock())
    asking = asyncio.create_task(cached.look_up(CODE))
    await asyncio.sleep(0)
    asking.cancel()
    gate.set()
    await asyncio.sleep(0.01)
    source.answer = None
    assert await cached.look_up(CODE) is None


async def test_closing_ends_what_is_asked() -> None:
    cached = Cached(Told(None, gate=asyncio.Event()), 60, Clock())
    asking = asyncio.create_task(cached.look_up(CODE))
    await asyncio.sleep(0)
    await cached.close()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "_SIZE", 3)
    source = Told(None)
    cached = Cached(source, 60, Clock())
    for number in range(5):
        await cached.look_up(str(number))
    await cached.look_up("4")
    assert source.asked == 5
    await cached.look_up("0")
    assert source.asked == 6
