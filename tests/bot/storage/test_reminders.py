"""Reminders: told once, at their time, to whoever is still there."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply, Turn, TurnKind
from bot.intake import Intake
from bot.storage.reminders import Reminders, remind
from knowledge import calendar

CODE = "1.001193"
SOON, LONG_AGO = timedelta(minutes=5), timedelta(minutes=-5)


def echo(turn: Turn, session: Session) -> tuple[Reply, Session]:
    return Reply((Message(turn.value),)), session


def about(code: str, session: Session) -> Message | None:
    return Message(f"Nhắc {code}", ((Button("Về danh sách", f"case:{code}"),),))


async def chat(engine: AsyncEngine, channel: str, address: str = "1") -> int:
    await Intake(engine, echo).take(channel, address, Turn(TurnKind.TEXT, "a"))
    async with engine.connect() as connection:
        found = await connection.execute(text("SELECT id FROM chat WHERE address = :address"), {"address": address})
        return int(found.scalar_one())


async def set_for(engine: AsyncEngine, number: int, ahead: timedelta | None, code: str = CODE) -> None:
    at = None if ahead is None else calendar.local(datetime.now(calendar.VIETNAM)) + ahead
    async with engine.begin() as connection:
        await remind(connection, number, code, at)


async def told(engine: AsyncEngine) -> list[tuple[str, dict[str, Any]]]:
    async with engine.connect() as connection:
        rows = await connection.execute(text("SELECT state, payload FROM message WHERE payload->>'body' LIKE 'Nhắc%'"))
        return [(row.state, row.payload) for row in rows]


async def waiting(engine: AsyncEngine) -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(text("SELECT count(*) FROM reminder"))).scalar_one())


@pytest.mark.parametrize(("channel", "state"), [("telegram", "queued"), ("web", "sent")])
async def test_reminder_becomes_a_message_at_its_time(engine: AsyncEngine, channel: str, state: str) -> None:
    number = await chat(engine, channel)
    await set_for(engine, number, SOON)
    reminders = Reminders(engine, about)
    assert await reminders.tell_due() == 0
    await set_for(engine, number, LONG_AGO)
    assert await reminders.tell_due() == 1
    assert await reminders.tell_due() == 0
    [(found, payload)] = await told(engine)
    assert (found, payload["body"]) == (state, f"Nhắc {CODE}")
    assert payload["buttons"][0][0]["action"] == f"case:{CODE}"


async def test_a_chat_has_one_reminder_for_each_dossier(engine: AsyncEngine) -> None:
    number = await chat(engine, "web")
    for code in (CODE, CODE, "2.000815"):
        await set_for(engine, number, SOON, code)
    assert await waiting(engine) == 2
    await set_for(engine, number, None)
    assert await waiting(engine) == 1


async def test_replicas_tell_a_reminder_once(engine: AsyncEngine) -> None:
    for address in map(str, range(1, 31)):
        await set_for(engine, await chat(engine, "web", address), LONG_AGO)
    counts = await asyncio.gather(*(Reminders(engine, about).tell_due() for _ in range(4)))
    assert sum(counts) == len(await told(engine)) == 30


async def test_reminder_of_a_chat_that_is_gone_goes_with_it(engine: AsyncEngine) -> None:
    number = await chat(engine, "web")
    await set_for(engine, number, LONG_AGO)
    async with engine.begin() as connection:
        await connection.execute(text("DELETE FROM chat"))
    assert await waiting(engine) == 0
    assert await Reminders(engine, about).tell_due() == 0


async def test_blocked_chat_is_not_reminded(engine: AsyncEngine) -> None:
    number = await chat(engine, "telegram")
    await set_for(engine, number, LONG_AGO)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE chat SET blocked = true"))
    assert await Reminders(engine, about).tell_due() == 1
    assert await told(engine) == []


async def test_fault_in_composing_loses_that_reminder_only(engine: AsyncEngine) -> None:
    def fussy(code: str, session: Session) -> Message | None:
        if code == CODE:
            raise KeyError(code)
        return about(code, session)

    number = await chat(engine, "web")
    for code in (CODE, "2.000815"):
        await set_for(engine, number, LONG_AGO, code)
    assert await Reminders(engine, fussy).tell_due() == 2
    assert [payload["body"] for _, payload in await told(engine)] == ["Nhắc 2.000815"]


async def test_session_that_cannot_be_read_gets_no_reminder(engine: AsyncEngine) -> None:
    number = await chat(engine, "web")
    await set_for(engine, number, LONG_AGO)
    async with engine.begin() as connection:
        await connection.execute(text("""UPDATE chat SET session = '{"misses": "many"}'"""))
    assert await Reminders(engine, about).tell_due() == 1
    assert await told(engine) == []
