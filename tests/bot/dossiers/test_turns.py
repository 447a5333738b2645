"""Followed dossiers are asked for within the rate of their source, behind people who wait for an answer."""

from __future__ import annotations

from datetime import timedelta
from time import monotonic

from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dossiers.dates import Quiet
from bot.dossiers.routing import Route, Routing
from bot.dossiers.watch import Watch
from tests.bot.dossiers.desk import SEALS, Desk, Told, report


async def watched(engine: AsyncEngine, wait: float) -> tuple[Desk, Told]:
    """A desk with one followed dossier that is due, and a source that has a place only after so many seconds."""
    source = Told(report())
    desk = Desk(engine, source)
    await desk.says(f"track:{report().code}")
    await desk.says(f"follow:{report().code}")
    await desk.due()
    source.asked.clear()
    routing = Routing([Route(("*",), source, turn=lambda _: wait)])
    desk.watch = Watch(engine, routing, SEALS, desk.services, timedelta(hours=1), Quiet())
    return desk, source


async def test_a_place_that_comes_soon_is_waited_for(engine: AsyncEngine) -> None:
    desk, source = await watched(engine, 0.2)
    begun = monotonic()
    await desk.check()
    assert monotonic() - begun >= 0.2
    assert source.asked == [report().code]


async def test_a_place_that_comes_late_puts_the_dossier_off_and_is_no_failure(engine: AsyncEngine) -> None:
    desk, source = await watched(engine, 90)
    await desk.check()
    assert source.asked == []
    assert await desk.numbers("SELECT failures FROM known") == [0]
