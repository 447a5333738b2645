"""Two volunteers press for the same request at the same moment, in two processes on one database: one has it."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance.accepting import GONE
from tests.bot.assistance.band import BA_DINH, run
from tests.patience import PATIENCE_SECONDS

ROUNDS = 200
_ROOT = Path(__file__).resolve().parents[3]


async def prepared(engine: AsyncEngine) -> None:
    """Make as many requests as rounds, two volunteers told of each, and a place where they meet."""
    await run(engine, "INSERT INTO team (name, commune) VALUES ('Đội', :commune)", commune=BA_DINH)
    await run(engine, f"INSERT INTO chat (channel, address) SELECT 'web', n FROM generate_series(1, {ROUNDS}) AS n")
    await run(engine, "INSERT INTO help_request (chat_id, commune) SELECT id, :commune FROM chat", commune=BA_DINH)
    await run(
        engine,
        "INSERT INTO chat (channel, address) "
        "SELECT 'telegram', side || id FROM help_request, unnest(ARRAY['a', 'b']) AS side",
    )
    await run(
        engine,
        "INSERT INTO volunteer (chat_id, team, name, pledged_at) "
        "SELECT chat.id, team.id, 'Lan', now() FROM chat, team WHERE channel = 'telegram'",
    )
    await run(
        engine,
        "INSERT INTO alerted (request, chat_id) SELECT h.id, chat.id FROM help_request AS h "
        "JOIN chat ON address IN ('a' || h.id, 'b' || h.id) AND channel = 'telegram'",
    )
    await run(engine, "CREATE TABLE race (request bigint PRIMARY KEY, ready integer, go_at timestamptz)")
    await run(engine, "INSERT INTO race SELECT id, 0, NULL FROM help_request")


async def test_of_two_at_once_in_two_processes_exactly_one_has_it(engine: AsyncEngine, database: URL) -> None:
    await prepared(engine)
    address = database.render_as_string(hide_password=False)
    racers = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.bot.assistance.racing", address, side, cwd=_ROOT, stderr=-1
        )
        for side in "ab"
    ]
    try:
        told = await asyncio.wait_for(asyncio.gather(*(racer.communicate() for racer in racers)), 5 * PATIENCE_SECONDS)
    finally:
        for racer in racers:
            if racer.returncode is None:
                racer.kill()
        await run(engine, "DROP TABLE race")
    assert [(racer.returncode, errors) for racer, (_, errors) in zip(racers, told, strict=True)] == [(0, b"")] * 2
    won = await run(
        engine,
        "SELECT left(chat.address, 1), count(*) FROM help_request AS h JOIN chat ON chat.id = helper_chat "
        "WHERE state = 'live' AND chat.address IN ('a' || h.id, 'b' || h.id) GROUP BY 1 ORDER BY 1",
    )
    assert sum(count for _, count in won) == ROUNDS
    assert len(won) == 2, "neither process was always first"
    answers = await run(engine, "SELECT payload->>'body' = :gone, count(*) FROM message GROUP BY 1", gone=GONE)
    assert dict(tuple(row) for row in answers) == {True: ROUNDS, False: ROUNDS}
    assert await run(engine, "SELECT count(*) FROM post") == [(ROUNDS,)]
