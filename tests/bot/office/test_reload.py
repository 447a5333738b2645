"""Every replica takes over each release, also one it was not told of, and answers from one release at a time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.office.ahead import Ahead
from bot.office.matchers import Matchers
from bot.office.reload import Live, Reload, load
from bot.office.stock import Stock
from bot.storage.notices import Notices
from knowledge.matching import Outcome
from tests.bot.dialogue.records import BIRTH
from tests.bot.office.newsroom import GROUND, opened, priced
from tests.patience import until


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Matchers know the records they are given and nothing of the rest of the country."""
    monkeypatch.setattr("knowledge.matching.matcher.load_names", list)
    monkeypatch.setattr("knowledge.matching.matcher.load_phrases", dict)


@asynccontextmanager
async def following(engine: AsyncEngine, *, listening: bool = True) -> AsyncIterator[list[Live]]:
    """A replica that follows releases; what it swapped to."""
    notices, matchers, swapped = Notices(engine.url), Matchers(), list[Live]()
    tasks = [asyncio.create_task(Reload(engine, notices, Stock(GROUND), matchers, swapped.append).run(0))]
    if listening:
        tasks.append(asyncio.create_task(notices.run()))
    try:
        yield swapped
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        matchers.close()


async def test_two_replicas_take_over_a_release_and_its_going_back(engine: AsyncEngine) -> None:
    room = opened(engine)
    async with following(engine) as one, following(engine) as two:
        release = await room.publish(await room.approved(priced(BIRTH, "Phường")))
        await until(lambda: bool(one and two))
        assert one[-1].overlay.release == two[-1].overlay.release == release
        assert one[-1].catalogue.release == two[-1].catalogue.release != GROUND.base.release
        await room.releases.rollback(None, release)
        await until(lambda: len(one) == len(two) == 2)
        assert one[-1].catalogue.release == GROUND.base.release


async def test_what_was_approved_is_ready_when_it_is_published(engine: AsyncEngine) -> None:
    room, notices, stock, matchers = opened(engine), Notices(engine.url), Stock(GROUND), Matchers()
    tasks = [asyncio.create_task(part) for part in (notices.run(), Ahead(engine, notices, stock, matchers).run())]
    try:
        said = "rước rồng con về sổ phường"
        record = {**BIRTH.model_dump(mode="json"), "names": [*BIRTH.names, said]}
        change = await room.approved(record)
        await until(lambda: bool(matchers._built))
        ready = next(iter(matchers._built.values()))
        await room.publish(change)
        live = await load(engine, stock, matchers)
        assert live.matcher is ready
        assert live.matcher.match(said).candidates[0].code == BIRTH.code
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        matchers.close()


async def test_new_names_are_found(engine: AsyncEngine) -> None:
    room = opened(engine)
    said = "rước rồng con về sổ phường"
    record = {**BIRTH.model_dump(mode="json"), "names": [*BIRTH.names, said]}
    async with following(engine) as swapped:
        await room.publish(await room.approved(record))
        await until(lambda: bool(swapped))
    found = swapped[-1].matcher.match(said)
    assert (found.outcome, found.candidates[0].code) == (Outcome.ANSWER, BIRTH.code)


async def test_what_was_missed_is_looked_for(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.office.reload._LOOK_SECONDS", 0.1)
    room = opened(engine)
    async with following(engine, listening=False) as swapped:
        await asyncio.sleep(0.3)
        await room.publish(await room.approved(priced(BIRTH, "Phường")))
        await until(lambda: bool(swapped))


async def test_a_database_that_fails_once_is_asked_again(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.office.reload._AGAIN_SECONDS", 0.05)
    failures = iter([OSError("gone"), OSError("gone")])

    async def sometimes(*given: object) -> Live:
        failure = next(failures, None)
        if failure:
            raise failure
        return await load(*given)  # type: ignore[arg-type]

    monkeypatch.setattr("bot.office.reload.load", sometimes)
    room = opened(engine)
    await room.publish(await room.approved(priced(BIRTH, "Phường")))
    async with following(engine) as swapped:
        await until(lambda: bool(swapped))


async def test_a_start_answers_from_what_stands(engine: AsyncEngine) -> None:
    room = opened(engine)
    release = await room.publish(await room.approved(priced(BIRTH, "Phường")))
    matchers = Matchers()
    live = await load(engine, Stock(GROUND), matchers)
    matchers.close()
    assert (live.overlay.release, live.catalogue.procedures[BIRTH.code].agency) == (release, "Phường")
