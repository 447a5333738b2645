"""The stream of the page over real HTTP: what it brings and replays, and how many there may be."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from bot.channels import web_stream
from tests.bot.channels.browser import Browser
from tests.bot.channels.house import House
from tests.patience import PATIENCE_SECONDS


async def _events(browser: Browser, count: int, **options: Any) -> list[dict[str, Any]]:
    """Read ``count`` events of the stream."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(PATIENCE_SECONDS), browser.session.get("/events", **options) as response:
        assert response.content_type == "text/event-stream"
        async for line in response.content:
            if line.startswith(b"data: "):
                found.append(json.loads(line[6:]))
                if len(found) == count:
                    break
    return found


async def test_stream_brings_what_another_page_of_the_conversation_said(browser: Browser) -> None:
    first = await browser.turn("làm khai sinh")
    last = first["entries"][-1]["id"]
    listening = asyncio.create_task(_events(browser, 2, params={"after": last}))
    await asyncio.sleep(0.2)
    await browser.turn("nộp ở đâu")
    assert [entry["author"] for entry in await listening] == ["person", "assistant"]


async def test_stream_replays_after_the_last_event_seen(browser: Browser) -> None:
    first = await browser.turn("làm khai sinh")
    seen = first["entries"][0]["id"]
    (missed,) = await _events(browser, 1, headers={"Last-Event-ID": str(seen)}, params={"after": 0})
    assert missed == first["entries"][1]


async def test_stream_without_a_conversation_ends_at_once(browser: Browser) -> None:
    response, _ = await browser.get("/events")
    assert response.status == 204


async def test_streams_of_one_visitor_are_bounded(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_stream, "STREAMS_PER_VISITOR", 1)
    await browser.turn("làm khai sinh")
    async with browser.session.get("/events") as open_stream:
        assert open_stream.status == 200
        assert (await browser.get("/events"))[0].status == 429


async def test_streams_of_one_conversation_are_bounded_apart_from_those_of_its_neighbours(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_stream, "STREAMS_PER_CHAT", 1)
    await browser.turn("làm khai sinh")
    neighbour = Browser(house)
    await neighbour.turn("làm khai sinh")
    async with browser.session.get("/events"):
        assert (await browser.get("/events"))[0].status == 429
        async with neighbour.session.get("/events") as open_stream:
            assert open_stream.status == 200
    await neighbour.session.close()


@pytest.mark.parametrize("seen", ["garbage'; drop", "-5", "9" * 40, "1e5", ""])
async def test_stream_bears_any_last_event_id(browser: Browser, seen: str) -> None:
    await browser.turn("làm khai sinh")
    assert len(await _events(browser, 2, headers={"Last-Event-ID": seen})) == 2
