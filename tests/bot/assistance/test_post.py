from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import post
from bot.assistance.post import Postman
from bot.dialogue.turn import Attachment, Button, Message
from bot.storage.notices import Notices
from tests.patience import until


async def chat(engine: AsyncEngine, address: str) -> int:
    async with engine.begin() as connection:
        made = text("INSERT INTO chat (channel, address) VALUES ('telegram', :address) RETURNING id")
        return int((await connection.execute(made, {"address": address})).scalar_one())


async def said(engine: AsyncEngine, number: int) -> list[dict[str, Any]]:
    async with engine.connect() as connection:
        rows = await connection.execute(
            text("SELECT payload FROM message WHERE chat_id = :chat ORDER BY id"), {"chat": number}
        )
        return [row.payload for row in rows]


async def heard(engine: AsyncEngine, number: int, words: str) -> bool:
    return any(each["body"] == words for each in await said(engine, number))


async def test_messages_arrive_once_and_in_order(engine: AsyncEngine) -> None:
    one, two = await chat(engine, "1"), await chat(engine, "2")
    async with engine.begin() as connection:
        for number in range(5):
            await post.send(connection, one, Message(f"a{number}"))
            await post.send(connection, two, Message(f"b{number}"))
    men = [Postman(engine, Notices(engine.url)) for _ in range(3)]
    await asyncio.gather(*(man.round() for man in men))
    assert [each["body"] for each in await said(engine, one)] == [f"a{number}" for number in range(5)]
    assert [each["body"] for each in await said(engine, two)] == [f"b{number}" for number in range(5)]
    assert await men[0].round() == 0


async def test_buttons_and_files_come_along(engine: AsyncEngine) -> None:
    one = await chat(engine, "1")
    message = Message("Tờ này", ((Button("Xong", "aid:done"), Button("Mở", url="https://example.org")),))
    async with engine.begin() as connection:
        await post.send(connection, one, message)
        await post.send(connection, one, Message("Tệp", file=Attachment("/x.pdf", "x.pdf")))
    await Postman(engine, Notices(engine.url)).round()
    first, second = await said(engine, one)
    assert first["buttons"][0][0] == {"label": "Xong", "action": "aid:done", "url": None}
    assert second["file"] == {"path": "/x.pdf", "name": "x.pdf", "remote": ""}


async def test_what_was_not_stored_is_not_said(engine: AsyncEngine) -> None:
    one = await chat(engine, "1")
    async with engine.connect() as connection:
        await post.send(connection, one, Message("chưa"))
        await connection.rollback()
    assert await Postman(engine, Notices(engine.url)).round() == 0


async def test_news_wakes_the_postman(engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "_LOOK_SECONDS", 3600)
    one = await chat(engine, "1")
    notices = Notices(engine.url)
    working = [asyncio.create_task(part) for part in (notices.run(), Postman(engine, notices).run())]
    try:
        for words in ("chào", "hỏi"):  # the second comes while it listens
            async with engine.begin() as connection:
                await post.send(connection, one, Message(words))
            await until(partial(heard, engine, one, words))
    finally:
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
