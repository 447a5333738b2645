from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from bot.intake import Intake
from bot.storage.feed import Feed
from bot.storage.notices import Notices
from tests.patience import until


def echo(turn: Turn, session: Session) -> tuple[Reply, Session]:
    return Reply((Message(turn.value),)), session


@pytest.fixture
async def notices(database: URL) -> AsyncIterator[Notices]:
    notices = Notices(database)
    running = asyncio.create_task(notices.run())
    yield notices
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)


async def listening(engine: AsyncEngine) -> None:
    """Wait until the listener is connected."""
    listeners = text("""
        SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%' AND state = 'idle'
    """)

    async def connected() -> bool:
        async with engine.connect() as connection:  # within one transaction the view never changes
            return bool((await connection.execute(listeners)).scalar_one())

    await until(connected)


async def test_history_pages_by_entry(engine: AsyncEngine, notices: Notices) -> None:
    intake, feed = Intake(engine, echo), Feed(engine, notices)
    for word in ("một", "hai", "ba"):
        await intake.take("web", "x", Turn(TurnKind.TEXT, word), said=word)
    await intake.take("web", "y", Turn(TurnKind.TEXT, "khác"), said="khác")
    entries = await feed.history("x")
    assert [(e.author, e.payload.get("text") or e.payload["body"]) for e in entries] == [
        (who, word) for word in ("một", "hai", "ba") for who in ("person", "assistant")
    ]
    assert await feed.history("x", entries[3].id) == entries[4:]
    assert await feed.history("x", limit=2) == entries[4:]
    assert await feed.history("nobody") == ()


async def test_wait_wakes_at_once(engine: AsyncEngine, notices: Notices) -> None:
    feed = Feed(engine, notices)
    await listening(engine)
    waiting = asyncio.create_task(feed.wait("x", timeout=60))
    await asyncio.sleep(0.1)
    assert not waiting.done()
    await Intake(engine, echo).take("web", "x", Turn(TurnKind.TEXT, "a"))
    assert await asyncio.wait_for(waiting, 20)


async def test_wait_sees_what_came_before_it(engine: AsyncEngine, notices: Notices) -> None:
    feed = Feed(engine, notices)
    await Intake(engine, echo).take("web", "x", Turn(TurnKind.TEXT, "a"))
    assert await feed.wait("x", 0, timeout=20)
    latest = (await feed.history("x"))[-1].id
    assert not await feed.wait("x", latest, timeout=0.1)


async def test_listening_survives_a_cut_connection(engine: AsyncEngine, notices: Notices) -> None:
    await listening(engine)
    async with engine.connect() as connection:
        await connection.execute(
            text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'")
        )
    waiting = asyncio.create_task(Feed(engine, notices).wait("x", timeout=60))
    await Intake(engine, echo).take("web", "x", Turn(TurnKind.TEXT, "a"))
    assert await asyncio.wait_for(waiting, 20)


async def test_closing_wakes_everybody(engine: AsyncEngine, notices: Notices) -> None:
    feed = Feed(engine, notices)
    waiting = asyncio.create_task(feed.wait("x", timeout=60))
    await asyncio.sleep(0.05)
    feed.close()
    assert await asyncio.wait_for(waiting, 20) is False


async def test_forgotten_chat_is_gone(engine: AsyncEngine, notices: Notices) -> None:
    feed = Feed(engine, notices)
    await Intake(engine, echo).take("web", "x", Turn(TurnKind.TEXT, "a"), said="a")
    await feed.forget("x")
    assert await feed.history("x") == ()
    async with engine.connect() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM chat"))).scalar_one() == 0
