from __future__ import annotations

import asyncio

from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply, Turn, TurnKind
from bot.intake import Intake
from bot.storage.housekeeping import sweep
from bot.storage.leader import leading
from bot.storage.locks import Lock, chat_key
from bot.storage.presence import mark


def echo(turn: Turn, session: Session) -> tuple[Reply, Session]:
    return Reply((Message(turn.value),)), session


async def count(engine: AsyncEngine, table: str, where: str = "true") -> int:
    async with engine.connect() as connection:
        return int((await connection.execute(text(f"SELECT count(*) FROM {table} WHERE {where}"))).scalar_one())


async def test_old_things_are_deleted_and_waiting_replies_are_not(engine: AsyncEngine) -> None:
    intake = Intake(engine, echo)
    await intake.take("web", "old", Turn(TurnKind.TEXT, "a"), said="a")
    await intake.take("telegram", "1", Turn(TurnKind.TEXT, "waiting"), update_id=1)
    async with engine.begin() as connection:
        for table, column in (("message", "created_at"), ("chat", "last_seen"), ("received", "received_at")):
            await connection.execute(text(f"UPDATE {table} SET {column} = now() - interval '31 days'"))
    await intake.take("web", "new", Turn(TurnKind.TEXT, "b"), said="b", update_id=2)
    assert await sweep(engine, 40)
    assert await count(engine, "chat") == 3
    assert await sweep(engine, 30)
    assert await count(engine, "chat", "address = 'old'") == 0
    assert await count(engine, "message") == 3
    assert await count(engine, "message", "state = 'queued'") == 1
    assert await count(engine, "received") == 1


async def test_one_who_waits_for_news_is_kept(engine: AsyncEngine) -> None:
    intake = Intake(engine, echo)
    for name in ("follows", "blocked", "silent"):
        await intake.take("telegram", name, Turn(TurnKind.TEXT, "a"))
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE message SET state = 'sent'"))
        await connection.execute(text("UPDATE chat SET last_seen = now() - interval '31 days'"))
        await connection.execute(text("UPDATE chat SET blocked = true WHERE address = 'blocked'"))
        await connection.execute(text("INSERT INTO known (code) VALUES ('H48-261102-0001'), ('H48-261102-0002')"))
        await connection.execute(text("UPDATE known SET read_at = now() - interval '31 days'"))
        await connection.execute(
            text("""
                INSERT INTO following (chat_id, known_id) SELECT chat.id, known.id FROM chat, known
                WHERE address <> 'silent' AND code LIKE '%1'
            """)
        )
    assert await sweep(engine, 30)
    assert await count(engine, "chat") == 1
    assert await count(engine, "following") == 1
    assert await count(engine, "known", "code LIKE '%1'") == await count(engine, "known") == 1


async def test_closed_and_opened_chats_are_marked_with_their_topics(engine: AsyncEngine) -> None:
    intake = Intake(engine, echo)
    for address in ("-5", "-5/7", "-55"):
        await intake.take("telegram", address, Turn(TurnKind.TEXT, "a"))
    await mark(engine, "telegram", "-5", blocked=True)
    assert await count(engine, "chat", "blocked") == 2
    await mark(engine, "telegram", "-5", blocked=False)
    assert await count(engine, "chat", "blocked") == 0


async def test_one_leads_and_the_next_follows(engine: AsyncEngine, database: URL) -> None:
    leaders: list[str] = []

    async def lead(name: str, seconds: float) -> None:
        async with leading(engine, Lock.POLLING) as own:
            leaders.append(name)
            await own.confirm()
            await asyncio.sleep(seconds)
            leaders.append(name)

    await asyncio.gather(lead("a", 0.2), lead("b", 0))
    assert leaders in (["a", "a", "b", "b"], ["b", "b", "a", "a"])


def test_keys_of_chats_are_apart() -> None:
    keys = {chat_key(purpose, *names) for purpose in ("turn", "delivery") for names in (("a", "bc"), ("ab", "c"))}
    assert len(keys) == 4
    assert all(-(2**63) <= key < 2**63 for key in keys)


async def test_one_who_asked_for_news_is_kept_but_for_a_page_nobody_opens(engine: AsyncEngine) -> None:
    intake = Intake(engine, echo)
    for channel, name in (("telegram", "kept"), ("telegram", "blocked"), ("web", "closed"), ("telegram", "silent")):
        await intake.take(channel, name, Turn(TurnKind.TEXT, "a"))
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE message SET state = 'sent'"))
        await connection.execute(text("UPDATE chat SET last_seen = now() - interval '31 days'"))
        await connection.execute(text("UPDATE chat SET blocked = true WHERE address = 'blocked'"))
        await connection.execute(text("INSERT INTO subscriber (chat_id) SELECT id FROM chat WHERE address <> 'silent'"))
    assert await sweep(engine, 30)
    assert await count(engine, "chat") == await count(engine, "chat", "address = 'kept'") == 1
