"""The webhook as Telegram, and as everybody else on the internet, calls it."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import psycopg
import pytest

from bot.channels.telegram_webhook import PATH
from tests.acceptance.botapi import BotApi, Fault
from tests.acceptance.conftest import Launch, by_webhook

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
async def http() -> aiohttp.ClientSession:  # type: ignore[misc]
    async with aiohttp.ClientSession() as session:
        yield session


async def test_only_telegram_is_heard_and_only_what_is_stored_is_confirmed(
    api: BotApi, process: Launch, shared: str, http: aiohttp.ClientSession
) -> None:
    bot = process(DATABASE_URL=shared, **by_webhook(api, WEBHOOK_SECRET="a-secret-of-our-own_1"))
    await bot.start()
    await api.until(lambda: api.webhook)
    assert api.webhook["secret"] == "a-secret-of-our-own_1"
    url, secret = bot.address + PATH, {HEADER: api.webhook["secret"]}

    async def status(data: bytes | io.BytesIO, headers: dict[str, str]) -> int:
        async with http.post(url, data=data, headers=headers) as response:
            return response.status

    update = b'{"update_id": 5, "message": %s}'
    message = b'{"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "1.001193"}'
    api.message(1)
    assert await status(update % message, {}) == 403
    assert await status(update % message, {HEADER: "wrong"}) == 403
    assert await status(update % message, {HEADER: "sai-b\u00ed-m\u1eadt".encode().decode("latin-1")}) == 403
    for broken in (b"", b"{", b"[]", b"null", b'{"update_id": "x"}', b"\xff\xfe", b"[" * 100_000):
        assert await status(broken, secret) == 400
    assert await status(io.BytesIO(b" " * (2 << 20)), secret) == 413
    assert await status(b'{"update_id": 4, "unheard_of": 1}', secret) == 200
    assert await status(update % b'{"message_id": "x"}', secret) == 200
    assert api.to(1) == []
    assert await asyncio.gather(*(status(update % message, secret) for _ in range(5))) == [200] * 5
    await api.reply(1)
    async with http.get(url) as response:
        assert response.status in {404, 405}

    name = shared.partition("?")[0].rpartition("/")[2]
    with psycopg.connect(shared.replace(f"/{name}", "/postgres"), autocommit=True) as admin:
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false".encode())
        admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
        await api.text(2, "1.001193")
        await api.until(lambda: 503 in api.deliveries)
        async with http.get(f"{bot.address}/readyz") as response:
            assert response.status == 503
            assert (await response.json())["database"] == "unreachable"
        async with http.get(f"{bot.address}/healthz") as response:
            assert response.status == 200
        assert api.to(2) == []
        admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true".encode())
    await api.reply(2)
    assert len(api.to(1)) == 1
    await asyncio.sleep(0.3)
    assert len(api.to(2)) == 1
    assert await bot.stop() == 0


async def test_change_of_mode_takes_the_webhook_away(api: BotApi, process: Launch, shared: str) -> None:
    settings = by_webhook(api)
    bot = process(DATABASE_URL=shared, **settings)
    api.faults = [Fault("setWebhook", 502)]
    await bot.start()
    await api.until(lambda: api.webhook)
    assert await bot.stop() == 0
    await api.text(1, "1.001193")
    again = process(DATABASE_URL=shared, **settings | {"TELEGRAM_MODE": "polling"})
    await again.start()
    await api.reply(1)
    assert api.webhook == {}
