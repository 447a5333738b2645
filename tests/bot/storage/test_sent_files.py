from __future__ import annotations

import pytest
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import connect
from bot.storage.sent_files import SentFiles


async def test_each_bot_has_its_own_ids(engine: AsyncEngine) -> None:
    ours, theirs = SentFiles(engine, 1), SentFiles(engine, 8_000_000_000)
    await ours.keep("abc", "first")
    await ours.keep("abc", "second")
    await theirs.keep("abc", "other")
    assert (await ours.known("abc"), await theirs.known("abc"), await ours.known("x")) == ("second", "other", None)
    await ours.forget("abc")
    assert (await ours.known("abc"), await theirs.known("abc")) == (None, "other")


async def test_database_that_cannot_be_reached_is_no_reason_to_fail(
    database: URL, caplog: pytest.LogCaptureFixture
) -> None:
    engine = connect(database.set(database="nowhere"))
    files = SentFiles(engine, 1)
    await files.keep("abc", "first")
    await files.forget("abc")
    assert await files.known("abc") is None
    assert len(caplog.records) == 3
    await engine.dispose()
