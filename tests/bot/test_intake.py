from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.dialogue.effect import Effect, LookUp
from bot.dialogue.session import Session
from bot.dialogue.turn import Button, Message, Reply, Turn, TurnKind
from bot.intake import Intake


def echo(turn: Turn, session: Session) -> tuple[Reply, Session]:
    button = Button("Các bước", action="steps")
    message = Message(f"{session.misses}:{turn.value}", ((button,),))
    return Reply((message,), toast="xong"), session.model_copy(update={"misses": session.misses + 1})


def said(value: str) -> Turn:
    return Turn(TurnKind.TEXT, value)


async def rows(engine: AsyncEngine) -> list[Any]:
    async with engine.connect() as connection:
        return list(await connection.execute(text("SELECT author, payload, state FROM message ORDER BY id")))


async def test_turn_is_answered_and_session_remembered(engine: AsyncEngine) -> None:
    intake = Intake(engine, echo)
    assert await intake.take("telegram", "7", said("a"), update_id=1)
    assert await intake.take("telegram", "7", said("b"), update_id=2)
    found = await rows(engine)
    assert [row.payload["body"] for row in found] == ["0:a", "1:b"]
    assert {row.state for row in found} == {"queued"}
    assert found[0].payload["buttons"] == [[{"label": "Các bước", "action": "steps", "url": None}]]


async def test_same_update_counts_once_even_at_the_same_time(engine: AsyncEngine) -> None:
    intakes = [Intake(engine, echo), Intake(engine, echo)]
    taken = await asyncio.gather(*(each.take("telegram", "7", said("a"), update_id=1) for each in intakes * 3))
    assert sorted(taken) == [False] * 5 + [True]
    assert len(await rows(engine)) == 1


async def test_turns_of_one_chat_never_overlap_across_replicas(engine: AsyncEngine) -> None:
    busy = threading.Lock()

    def careful(turn: Turn, session: Session) -> tuple[Reply, Session]:
        assert busy.acquire(blocking=False)
        try:
            return echo(turn, session)
        finally:
            busy.release()

    intakes = [Intake(engine, careful), Intake(engine, careful)]
    await asyncio.gather(*(intakes[n % 2].take("telegram", "7", said(str(n)), update_id=n) for n in range(20)))
    assert [row.payload["body"].split(":")[0] for row in await rows(engine)] == [str(n) for n in range(20)]


async def test_web_keeps_the_masked_words_before_the_answer(engine: AsyncEngine) -> None:
    await Intake(engine, echo).take("web", "abc", said("x"), said="cccd 001 090 123 456 của tôi")
    first, second = await rows(engine)
    assert (first.author, first.payload) == ("person", {"text": "cccd [số đã ẩn] của tôi"})
    assert (second.author, second.state) == ("assistant", "sent")


async def test_a_code_that_is_looked_up_stays_readable_and_its_proof_does_not(engine: AsyncEngine) -> None:
    code = "000.00.53.H48-261102-0099"

    def look_up(turn: Turn, session: Session) -> tuple[Reply, Session]:
        return Reply((), effects=(LookUp(code, "5678"),)), session

    asked: list[object] = []

    async def store(connection: AsyncConnection, chat: int, askers: Sequence[str], effects: Sequence[Effect]) -> None:
        asked.append((tuple(askers), tuple(effects)))

    words = f"{code.lower()} số cuối 5678, cccd 001090123456"
    await Intake(engine, look_up, store).receive("web", "abc", said(words), said=words, visitor="203.0.113.9")
    (row,) = await rows(engine)
    assert row.payload == {"text": f"{code.lower()} số cuối ••••, cccd [số đã ẩn]"}
    assert asked == [(("chat web abc", "visitor 203.0.113.9"), (LookUp(code, "5678"),))]


async def test_effects_are_stored_with_the_reply_or_not_at_all(engine: AsyncEngine) -> None:
    async def store(connection: AsyncConnection, chat: int, askers: Sequence[str], effects: Sequence[Effect]) -> None:
        await connection.execute(text("INSERT INTO lookup (chat_id, code) VALUES (:chat, 'x')"), {"chat": chat})
        raise OperationalError("INSERT", {}, Exception("lost"))

    def look_up(turn: Turn, session: Session) -> tuple[Reply, Session]:
        return Reply((Message("a"),), effects=(LookUp("x"),)), session

    with pytest.raises(OperationalError):
        await Intake(engine, look_up, store).take("telegram", "7", said("a"), update_id=1)
    async with engine.connect() as connection:
        for table in ("lookup", "message", "received"):
            assert (await connection.execute(text(f"SELECT count(*) FROM {table}"))).scalar_one() == 0


async def test_fault_in_the_conversation_is_apologised_for(
    engine: AsyncEngine, caplog: pytest.LogCaptureFixture
) -> None:
    def faulty(turn: Turn, session: Session) -> tuple[Reply, Session]:
        raise ValueError(turn.value)

    assert await Intake(engine, faulty).take("telegram", "7", said("bí mật"), update_id=1)
    (row,) = await rows(engine)
    assert "xin lỗi" in row.payload["body"].lower()
    assert "ValueError" in caplog.text
    assert "bí mật" not in caplog.text


@pytest.mark.parametrize("value", ["a\x00b", "\ud800", "x\udfff\x00", "\u202e\u0007"])
async def test_text_no_database_can_hold_is_still_answered(engine: AsyncEngine, value: str) -> None:
    assert await Intake(engine, echo).take("web", "abc", said(value), update_id=1, said=value)
    assert len(await rows(engine)) == 2


async def test_reply_no_database_can_hold_becomes_an_apology(engine: AsyncEngine) -> None:
    def broken(turn: Turn, session: Session) -> tuple[Reply, Session]:
        return Reply((Message("a\x00b"),)), session

    assert await Intake(engine, broken).take("telegram", "7", said("x"), update_id=1)
    (row,) = await rows(engine)
    assert "xin lỗi" in row.payload["body"].lower()


async def test_row_of_an_older_program_is_read(engine: AsyncEngine) -> None:
    intake = Intake(engine, echo)
    await intake.take("telegram", "7", said("a"))
    async with engine.begin() as connection:
        await connection.execute(text("""UPDATE chat SET session = '{"misses": "nhiều"}'"""))
    assert await intake.take("telegram", "7", said("b"))
    assert (await rows(engine))[-1].payload["body"] == "0:b"


async def test_lost_database_leaves_the_turn_uncounted(engine: AsyncEngine) -> None:
    def cut(turn: Turn, session: Session) -> tuple[Reply, Session]:
        asyncio.run_coroutine_threadsafe(_end_sessions(engine), loop).result()
        return echo(turn, session)

    loop = asyncio.get_running_loop()
    with pytest.raises(OperationalError):
        await Intake(engine, cut).take("telegram", "7", said("a"), update_id=1)
    assert await Intake(engine, echo).take("telegram", "7", said("a"), update_id=1)


async def _end_sessions(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


async def test_notices_go_before_replies_that_are_pushed_only(engine: AsyncEngine) -> None:
    def announce(reply: Reply, before: Session, after: Session) -> tuple[Reply, Session]:
        assert (before.misses, after.misses) == (0, 1)
        return Reply((Message("tin"), *reply.messages)), after.model_copy(update={"noticed": (3,)})

    intake = Intake(engine, echo, announce=announce)
    await intake.take("telegram", "7", said("a"))
    await intake.take("web", "7", said("b"))
    assert [row.payload["body"] for row in await rows(engine)] == ["tin", "0:a", "0:b"]
    async with engine.connect() as connection:
        kept = await connection.execute(text("SELECT session->'noticed' FROM chat ORDER BY id"))
        assert list(kept.scalars()) == [[3], []]
