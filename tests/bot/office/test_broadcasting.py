"""News on its way to those who asked for it: each once, whatever dies meanwhile; paced, by day, where they live."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue.services import Services
from bot.dossiers.dates import Quiet
from bot.office import broadcasting, news
from bot.office.broadcasting import Broadcasting
from bot.storage.locks import chat_key
from tests.bot.dialogue import records
from tests.bot.office.desk import TERRITORY

NOON = datetime(2026, 11, 23, 12)


def by_day(now: datetime = NOON) -> Callable[[], Services]:
    services = replace(records.services(), clock=lambda: now, quiet=Quiet(21, 7))
    return lambda: services


def sending(engine: AsyncEngine, now: datetime = NOON) -> Broadcasting:
    return Broadcasting(engine, by_day(now), TERRITORY)


async def run(engine: AsyncEngine, statement: str, **values: object) -> Any:
    async with engine.begin() as connection:
        result = await connection.execute(text(statement), values)
        return result.all() if result.returns_rows else None


async def people(engine: AsyncEngine, count: int, *, channel: str = "telegram", commune: str | None = None) -> None:
    """Let so many chats more ask for news."""
    session = f'{{"commune": "{commune}"}}' if commune else "{}"
    await run(
        engine,
        """
        WITH made AS (
            INSERT INTO chat (channel, address, session)
            SELECT :channel, 'p' || n || :session, CAST(:session AS jsonb) FROM generate_series(1, :count) n
            RETURNING id
        )
        INSERT INTO subscriber (chat_id) SELECT id FROM made
        """,
        channel=channel,
        session=session,
        count=count,
    )


async def news_of(engine: AsyncEngine, scope: str = "", pace: int = 900, starts: str = "now()") -> int:
    """Have news sent, at a pace of so many a minute."""
    rows = await run(
        engine,
        f"""
        INSERT INTO broadcast (text, scope, state, per_minute, starts_at)
        VALUES ('Làm căn cước <lưu động>', :scope, 'sending', :pace, {starts}) RETURNING id
        """,
        scope=scope,
        pace=pace,
    )
    return int(rows[0][0])


async def to_the_end(engine: AsyncEngine, now: datetime = NOON) -> int:
    part, told = sending(engine, now), 0
    while found := await part.once():
        told += found
    await part.once()
    return told


async def state(engine: AsyncEngine, number: int) -> str:
    return str((await run(engine, "SELECT state FROM broadcast WHERE id = :id", id=number))[0][0])


@pytest.mark.parametrize("seed", [7, 8])
async def test_each_gets_one_however_often_the_sender_dies(
    engine: AsyncEngine, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two senders side by side; tasks are cancelled and connections cut, between transactions and inside of them."""
    chance = random.Random(seed)
    await people(engine, 460)
    await people(engine, 40, channel="web")
    number = await news_of(engine, pace=1_000_000)
    monkeypatch.setattr(broadcasting, "_LEAST_BACKLOG", 1_000_000)
    monkeypatch.setattr(broadcasting, "EVERY_SECONDS", 0.0003)  # five at a step
    deaths = before = tries = 0
    while deaths < 25 or not before:
        tries += 1
        tasks = [asyncio.create_task(_forever(sending(engine))) for _ in range(2)]
        await asyncio.sleep(chance.uniform(0, 0.001 * max(25, tries)))  # longer where the machine is busy
        if chance.random() < 0.5:
            await run(
                engine,
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()",
            )
        deaths += sum(not task.done() for task in tasks)
        await _killed(tasks)
        (before,) = (await run(engine, "SELECT count(*) FROM broadcasted"))[0]
    await to_the_end(engine)
    assert await state(engine, number) == "done"
    told = await run(engine, "SELECT chat_id, count(*) FROM message GROUP BY chat_id HAVING count(*) <> 1")
    assert told == []
    assert await run(engine, "SELECT count(*) FROM message") == [(500,)]
    assert await run(
        engine,
        "SELECT count(*) FROM broadcasted JOIN message ON message.id = message_id AND message.chat_id = "
        "broadcasted.chat_id JOIN chat ON chat.id = message.chat_id "
        "WHERE (message.state = 'queued') = (channel = 'telegram')",
    ) == [(500,)]


async def _killed(tasks: list[asyncio.Task[None]]) -> None:
    """Cancel them; one whose connection was cut at that moment hears of that instead, and has to be told again."""
    while alive := [task for task in tasks if not task.done()]:
        for task in alive:
            task.cancel()
        await asyncio.wait(alive, timeout=0.2)


async def _forever(part: Broadcasting) -> None:
    while True:
        with suppress(SQLAlchemyError, OSError):
            await part.once()
        await asyncio.sleep(0)


async def test_it_goes_to_those_of_the_place_who_asked_and_let_us_write(engine: AsyncEngine) -> None:
    await people(engine, 3)
    await people(engine, 4, commune="00004")
    await people(engine, 5, commune="00008")
    await people(engine, 6, commune="19753")
    await run(
        engine, "INSERT INTO chat (channel, address, session) VALUES ('telegram', 'x', '{\"commune\": \"00004\"}')"
    )
    await run(engine, "UPDATE chat SET blocked = true WHERE id = (SELECT min(id) FROM chat WHERE session <> '{}')")
    for scope, count in (("00004", 3), ("01", 8), ("", 17)):
        number = await news_of(engine, scope)
        assert (scope, await to_the_end(engine)) == (scope, count)
        assert await state(engine, number) == "done"
    bodies = {payload["body"] for (payload,) in await run(engine, "SELECT payload FROM message")}
    assert bodies == {news.message("Làm căn cước <lưu động>").body}
    assert "&lt;lưu động&gt;" in bodies.pop()


async def test_nobody_is_written_to_at_night_before_its_hour_or_while_it_rests(engine: AsyncEngine) -> None:
    await people(engine, 2)
    number = await news_of(engine)
    assert await to_the_end(engine, NOON.replace(hour=23)) == 0
    assert await to_the_end(engine, NOON.replace(hour=6)) == 0
    waits = [("paused", "now()"), ("stopped", "now()"), ("draft", "now()"), ("sending", "now() + interval '1 hour'")]
    for change, starts in waits:
        await run(engine, f"UPDATE broadcast SET state = '{change}', starts_at = {starts}")
        assert await to_the_end(engine) == 0, change
    await run(engine, "UPDATE broadcast SET state = 'sending', starts_at = now()")
    assert await to_the_end(engine) == 2
    assert await state(engine, number) == "done"


async def test_the_pace_is_kept_over_a_minute_and_in_each_step(engine: AsyncEngine) -> None:
    await people(engine, 100)
    await news_of(engine, pace=60)
    part = sending(engine)
    assert [await part.once() for _ in range(3)] == [2, 2, 2]
    assert 6 + await to_the_end(engine) == 30, "more wait in the queue than may"
    await run(engine, "UPDATE message SET state = 'sent'")
    assert await to_the_end(engine) == 30
    await run(engine, "UPDATE message SET state = 'sent'")
    assert await to_the_end(engine) == 0, "sixty in this minute already"
    await run(engine, "UPDATE broadcasted SET at = at - interval '61 seconds'")
    assert await to_the_end(engine) == 30


async def test_a_page_whose_turn_is_being_stored_comes_later(engine: AsyncEngine) -> None:
    await people(engine, 2, channel="web")
    number = await news_of(engine)
    part = sending(engine)
    (address,) = (await run(engine, "SELECT address FROM chat ORDER BY id LIMIT 1"))[0]
    async with engine.begin() as connection:
        key = {"key": chat_key("turn", "web", address)}
        await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), key)
        assert [await part.once(), await part.once()] == [1, 0]
        assert await state(engine, number) == "sending"
    assert [await part.once(), await part.once()] == [1, 0]
    assert await state(engine, number) == "done"


async def test_who_goes_while_they_are_picked_gets_nothing_and_holds_nobody_up(engine: AsyncEngine) -> None:
    await people(engine, 2)
    number = await news_of(engine)
    (going,) = (await run(engine, "SELECT min(chat_id) FROM subscriber"))[0]
    async with engine.begin() as connection:
        assert await news.stop(connection, going)
        part = sending(engine)
        assert [await part.once(), await part.once()] == [1, 0]
        assert await state(engine, number) == "sending"
    await to_the_end(engine)
    assert await state(engine, number) == "done"
    assert await run(engine, "SELECT count(*) FROM message WHERE chat_id = :chat", chat=going) == [(0,)]


async def test_who_stops_has_what_waits_taken_back(engine: AsyncEngine) -> None:
    await people(engine, 2)
    await news_of(engine)
    await to_the_end(engine)
    (going,) = (await run(engine, "SELECT min(chat_id) FROM subscriber"))[0]
    async with engine.begin() as connection:
        assert await news.stop(connection, going)
        assert not await news.stop(connection, going)
    assert await run(engine, "SELECT count(*) FROM message WHERE chat_id = :chat", chat=going) == [(0,)]
    assert await run(engine, "SELECT count(*), count(message_id) FROM broadcasted") == [(1, 1)]
