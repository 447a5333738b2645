"""What all flows together cost an ordinary citizen: most turns are none of theirs, and must not pay for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import holdings
from bot.assistance.service import Assistance
from bot.moment import Flow
from bot.office.counter import Counter
from bot.office.counting import count
from bot.office.staff import Territory
from bot.settings import Settings
from bot.storage.notices import Notices
from tests.bot.assistance import band
from tests.bot.assistance.band import Person

MOST = 2
"""Statements beside those of the bare conversation: is this a live talk, and the count of what came of the turn."""


@contextmanager
def heard(engine: AsyncEngine) -> Iterator[list[str]]:
    """Note every statement that reaches the database."""
    said: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(" ".join(statement.split()))

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield said
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


def flows(engine: AsyncEngine) -> list[Flow]:
    """Return all flows in the program's order; nobody here sends files."""
    services = band.placed()
    assistance = Assistance(engine, Notices(engine.url), lambda: services, Settings.model_validate({}))
    counter = Counter(engine, lambda: services, Territory(services.places.gazetteer))
    return [*counter.flows(), holdings.FLOW, *assistance.flows(), Flow(after=count)]


@pytest.mark.parametrize("words", ["đăng ký khai sinh", "lệ phí bao nhiêu", "cảm ơn", "qwerty zxcv", "/noio ba đình"])
async def test_an_ordinary_turn_costs_hardly_more_than_the_bare_conversation(engine: AsyncEngine, words: str) -> None:
    bare, whole = Person(engine, "bare"), Person(engine, "whole", *flows(engine))
    with heard(engine) as least:
        await bare.says(words)
    with heard(engine) as all_:
        await whole.says(words)
    assert len(least) > 0
    assert len(all_) - len(least) <= MOST, "\n".join(all_)
