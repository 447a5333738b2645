"""What the program says while it works, and two of it on one database."""

from __future__ import annotations

import asyncio
import json

import aiohttp
import psycopg

from tests.acceptance.botapi import BotApi
from tests.acceptance.conftest import Launch, telegram
from tests.acceptance.process import BotProcess
from tests.patience import PATIENCE_SECONDS, until


async def test_secrets_stay_out_of_the_log(api: BotApi, process: Launch, shared: str) -> None:
    bot = process(DATABASE_URL=shared, LOG_LEVEL="DEBUG", **telegram(api))
    await bot.start()
    await api.text(1, "số cccd của tôi là 001090123456, gọi 0912345678")
    await api.reply(1)
    assert await bot.stop() == 0
    assert bot.errors
    for secret in (api.token, api.token.split(":")[1], "001090123456", "0912345678", "cccd"):
        assert secret not in bot.errors
    for line in bot.errors.splitlines():
        assert {"time", "level", "logger", "event"} <= set(json.loads(line))


async def telegram_state(bot: BotProcess) -> str:
    async with aiohttp.ClientSession() as http, http.get(f"{bot.address}/readyz") as response:
        assert response.status == 200
        return str((await response.json())["telegram"])


async def states(bots: list[BotProcess]) -> dict[str, BotProcess] | None:
    """Return the two by what they say of Telegram, once one leads and the other stands by."""
    told = {await telegram_state(bot): bot for bot in bots}
    return told if set(told) == {"ok", "standby"} else None


async def nothing_on_its_way(database: str) -> bool:
    """Say whether all that has arrived is noted as sent, which it is a moment later."""
    async with await psycopg.AsyncConnection.connect(database) as connection:
        queued = await connection.execute("SELECT count(*) FROM message WHERE state = 'queued'")
        return await queued.fetchall() == [(0,)]


async def test_two_replicas_share_the_work(api: BotApi, process: Launch, shared: str) -> None:
    bots = [process(name, DATABASE_URL=shared, **telegram(api)) for name in ("one", "two")]
    await asyncio.gather(*(bot.start() for bot in bots))
    for chat in range(1, 21):
        await api.text(chat, "1.001193")
    for chat in range(1, 21):
        await api.reply(chat)
    told = await until(lambda: states(bots))
    await until(lambda: nothing_on_its_way(shared))
    await told["ok"].kill()
    await api.text(30, "1.001193")
    await api.reply(30)
    assert all(len(api.to(chat)) == 1 for chat in (*range(1, 21), 30))
    assert await telegram_state(told["standby"]) == "ok"
    assert "conflict" not in told["standby"].errors
    assert await told["standby"].stop() == 0


async def test_page_hears_what_is_said_on_the_other_replica(process: Launch, shared: str) -> None:
    one, two = (process(name, DATABASE_URL=shared) for name in ("one", "two"))
    await asyncio.gather(one.start(), two.start())
    turn = {"kind": "text", "value": "1.001193", "id": "a", "after": 0}
    jar = aiohttp.CookieJar(unsafe=True)  # keeps the cookie of a bare address, as browsers do
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=PATIENCE_SECONDS)) as http:
        async with http.post(f"{one.address}/turn", json=turn, headers={"Origin": one.address}) as response:
            last = (await response.json())["entries"][-1]["id"]
        async with http.post(f"{two.address}/turn", json=turn, headers={"Origin": two.address}) as response:
            assert (await response.json())["entries"][-1]["id"] == last, "a turn counts once on all replicas"
        async with http.get(f"{two.address}/events", params={"after": last}) as stream:
            again = {**turn, "id": "b"}
            async with http.post(f"{one.address}/turn", json=again, headers={"Origin": one.address}) as response:
                assert response.status == 200
            async for line in stream.content:
                if line.startswith(b"id: "):
                    assert int(line[4:]) > last
                    break
    assert [await one.stop(), await two.stop()] == [0, 0]
