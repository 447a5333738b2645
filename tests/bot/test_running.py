"""Parts that run beside each other: when they are ended, and what is said of one that ends by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from bot.errors import BotError, StorageError
from bot.running import Tasks, together


async def goes_on() -> None:
    await asyncio.Event().wait()


async def returns() -> None:
    return


async def breaks() -> None:
    raise ValueError("lời của người dân")


async def gives_up() -> None:
    raise StorageError("Đĩa đầy.")


async def ended(tasks: Tasks) -> None:
    for task in tasks.values():
        task.cancel()
    await asyncio.wait(tasks.values())


async def test_parts_run_until_they_are_asked_to_stop() -> None:
    stop, seen = asyncio.Event(), []

    async def asks() -> None:
        stop.set()
        await goes_on()

    async def finish(tasks: Tasks) -> None:
        seen.append({name: task.done() for name, task in tasks.items()})
        await ended(tasks)

    await together({"asking": asks(), "working": goes_on()}, stop, finish)
    assert seen == [{"asking": False, "working": False}]


@pytest.mark.parametrize(("part", "words"), [(gives_up, "Đĩa đầy."), (breaks, "nhật ký"), (returns, "nhật ký")])
async def test_a_part_that_ends_by_itself_ends_all_in_words(
    part: Callable[[], Coroutine[Any, Any, None]], words: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(BotError, match=words):
        await together({"ending": part(), "working": goes_on()}, asyncio.Event(), ended)
    assert "người dân" not in caplog.text
    assert [record.args[0] for record in caplog.records if isinstance(record.args, tuple)] == (
        ["ending"] if part is breaks else []
    )
