"""How fast followers are told: ``python -m tests.acceptance.broadcast [--followed N] [--changes N] [--seconds S]``.

One bot process, PostgreSQL, and a Bot API server that refuses what Telegram would. Every followed dossier has one
follower; changes are pushed over HTTP, spread over the given time. Printed are what arrived, what arrived twice, and
the time from the push to the message being stored and to its arrival.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from aiohttp import ClientSession

from bot.storage.embedded import EmbeddedServer
from bot.storage.engine import driver_options
from tests.acceptance.botapi import BotApi, RefusalError
from tests.acceptance.conftest import as_setting, free_port, telegram
from tests.acceptance.process import BotProcess
from tests.acceptance.test_dossier import TOKEN, is_news
from tests.conftest import folder_for_data

_BATCH = 20
_FIRST_CHAT = 1000
_CODE = re.compile(r"H48-251102-\d{5}")
_SEED = """
    CREATE TEMPORARY TABLE made AS
    SELECT n::text AS address, 'H48-251102-' || lpad((n - %(a)s::int)::text, 5, '0') AS code
    FROM generate_series(%(a)s::int, %(b)s::int) n;
    INSERT INTO chat (channel, address, session) SELECT 'telegram', address, '{}' FROM made;
    INSERT INTO dossier (code, report, updated_at)
    SELECT code, jsonb_build_object('code', code, 'source', 'x', 'read_at', %(at)s::text, 'status', 4),
        %(at)s::timestamptz
    FROM made;
    INSERT INTO known (code, report, version, read_at, next_at)
    SELECT code, report, 1, updated_at, now() + interval '1 day' FROM dossier;
    INSERT INTO following (chat_id, known_id, told)
    SELECT chat.id, known.id, 1 FROM made JOIN chat USING (address) JOIN known USING (code);
    ANALYZE;
"""


class Counting(BotApi):
    """Counts what it refused because it came too fast."""

    refused = 0

    def _limit_rate(self) -> None:
        try:
            super()._limit_rate()
        except RefusalError:
            self.refused += 1
            raise


def code(number: int) -> str:
    return f"H48-251102-{number:05}"


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--followed", type=int, default=20_000)
    parser.add_argument("--changes", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=60.0)
    options = parser.parse_args()
    api = Counting()
    await api.start()
    api.latency = 0.03
    with folder_for_data() as folder:
        server = EmbeddedServer(folder / "data")
        server.start()
        try:
            print(json.dumps(await run(api, server, folder / "bot", options), indent=2))
        finally:
            server.stop()
            await api.stop()


async def run(api: Counting, server: EmbeddedServer, folder: Any, options: argparse.Namespace) -> dict[str, Any]:
    folder.mkdir()
    settings = {"DATABASE_URL": as_setting(server.url), "PUSH_TOKEN": TOKEN, "QUIET_HOURS": "0-0"}
    bot = BotProcess(folder, **telegram(api, PORT=str(free_port()), **settings))
    address = await bot.start()
    try:
        async with await psycopg.AsyncConnection.connect(**driver_options(server.url)) as database:
            await seed(database, options.followed)
            for chat in range(_FIRST_CHAT, _FIRST_CHAT + options.followed):
                api.message(chat)  # from now on the server knows the chat
            begun, spent = time.monotonic(), bot.cpu_seconds()
            pushed = await push_all(address, options.changes, options.seconds)
            await api.until(lambda: len(told(api)) >= options.changes, seconds=options.changes / 20 + 120)
            lasted, spent = time.monotonic() - begun, bot.cpu_seconds() - spent
            await asyncio.sleep(1)
            stored = await stored_at(database)
    finally:
        await bot.stop()
    return figures(api, pushed, stored, lasted) | {"bot_cpu_ms_per_change": round(1000 * spent / len(pushed), 1)}


async def seed(database: psycopg.AsyncConnection[Any], followed: int) -> None:
    at = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    values = {"a": _FIRST_CHAT, "b": _FIRST_CHAT + followed - 1, "at": at}
    for statement in _SEED.split(";\n"):
        if statement.strip():
            await database.execute(statement.encode(), values if "%(" in statement else None)
    await database.commit()


async def push_all(address: str, changes: int, seconds: float) -> dict[str, float]:
    """Push the changes evenly and return when each was, as a time of day."""
    pushed: dict[str, float] = {}
    begun = time.monotonic()
    async with ClientSession(headers={"Authorization": f"Bearer {TOKEN}"}) as client:
        for start in range(0, changes, _BATCH):
            await asyncio.sleep(begun + start * seconds / changes - time.monotonic())
            codes = [code(number) for number in range(start, min(start + _BATCH, changes))]
            now = datetime.now(UTC)
            rows = [{"code": each, "status": 5, "updated_at": now.isoformat()} for each in codes]
            async with client.post(f"{address}/api/dossiers", json={"dossiers": rows}) as response:
                assert (await response.json())["changed"] == len(codes)
            pushed |= dict.fromkeys(codes, now.timestamp())
    return pushed


async def stored_at(database: psycopg.AsyncConnection[Any]) -> dict[str, float]:
    rows = await database.execute("SELECT payload->>'body', extract(epoch FROM created_at)::float FROM message")
    return {found.group(): at for body, at in await rows.fetchall() if (found := _CODE.search(body))}


def told(api: BotApi) -> set[int]:
    return {each.chat for each in api.sent if is_news(each)}


def figures(api: Counting, pushed: dict[str, float], stored: dict[str, float], lasted: float) -> dict[str, Any]:
    offset = time.time() - time.monotonic()
    news = [each for each in api.sent if is_news(each)]
    arrived = {found.group(): each.at + offset for each in news if (found := _CODE.search(each.text))}
    return {
        "changes": len(pushed),
        "told": len(arrived),
        "told_twice": len(news) - len(arrived),
        "seconds": round(lasted, 1),
        "messages_per_second": round(len(news) / lasted, 1),
        "most_in_any_second": most([each.at for each in news]),
        "refused_as_too_fast": api.refused,
        "stored_after": spread([stored[each] - at for each, at in pushed.items()]),
        "arrived_after": spread([arrived[each] - at for each, at in pushed.items()]),
    }


def most(moments: list[float]) -> int:
    """Return the most messages in any one second."""
    moments = sorted(moments)
    first, best = 0, 0
    for at, moment in enumerate(moments):
        while moment - moments[first] >= 1:
            first += 1
        best = max(best, at - first + 1)
    return best


def spread(seconds: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(seconds, n=100)
    return {"p50": round(cuts[49], 3), "p99": round(cuts[98], 3), "most": round(max(seconds), 3)}


if __name__ == "__main__":
    asyncio.run(main())
