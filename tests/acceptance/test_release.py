"""Staff publish while people ask: two replicas on one database take it over at once, and it can be taken back."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import aiohttp
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.office.standing import Ground
from bot.office.stock import Stock
from knowledge import catalogue as catalogues
from tests.acceptance.conftest import Launch
from tests.acceptance.questioning import CODE, FREE, Asker, marked, measure
from tests.bot.office.newsroom import BA_DINH, HANOI, PLACES, Newsroom, opened
from tests.patience import PATIENCE_SECONDS, until

WARD = PLACES.communes[BA_DINH]


async def ask(address: str, *said: str) -> str:
    """Say things one after the other in a new conversation; return what was answered last."""
    jar = aiohttp.CookieJar(unsafe=True)
    told: Any = None
    async with aiohttp.ClientSession(cookie_jar=jar, timeout=aiohttp.ClientTimeout(total=PATIENCE_SECONDS)) as http:
        after = 0
        for number, value in enumerate(said):
            turn = {"kind": "text", "value": value, "id": f"t{number}", "after": after}
            async with http.post(f"{address}/turn", json=turn, headers={"Origin": address}) as response:
                assert response.status == 200
                told = await response.json()
                after = told["entries"][-1]["id"]
    return json.dumps(told, ensure_ascii=False)


async def until_heard(address: str, words: str, *said: str) -> None:
    """Wait until the last answer has these words."""

    async def heard() -> bool:
        return words in await ask(address, *said)

    await until(heard)


def office(engine: AsyncEngine, catalogue: Path) -> Newsroom:
    room = opened(engine)
    ground = Ground(catalogues.load(catalogue), PLACES)
    return Newsroom(engine, ground, room.gate, type(room.releases)(engine, Stock(ground), room.gate, 0))


async def test_nobody_is_refused_or_answered_half_while_staff_publish(
    process: Launch, shared: str, engine: AsyncEngine, catalogue: Path
) -> None:
    bots = [process(name, DATABASE_URL=shared, **FREE) for name in ("one", "two")]
    await asyncio.gather(*(bot.start() for bot in bots))
    ground = Ground(catalogues.load(catalogue), PLACES)
    found = await measure(engine, ground, bots, releases=3)
    assert [asker.faults for asker in found.askers] == [[]] * 4
    assert all(asker.steady() for asker in found.askers)
    assert all(asker.heard for asker in found.askers)
    for bot in bots:
        assert "Việc của đợt 3." in await ask(bot.address, "rước rồng con về sổ đợt 3")
    assert [await bot.stop() for bot in bots] == [0, 0]


async def test_a_start_answers_from_what_was_published_and_the_keyboard_takes_it_back(
    process: Launch, shared: str, engine: AsyncEngine, catalogue: Path
) -> None:
    room = office(engine, catalogue)
    release = await room.publish(await room.approved(marked(room.ground.base.procedures[CODE], 7)))
    bot = process(DATABASE_URL=shared, **FREE)
    await bot.start()
    assert "Việc của đợt 7." in await ask(bot.address, CODE)
    code, said = await bot.run("releases", "list")
    assert (code, said.split("\t")[0]) == (0, str(release))
    code, said = await bot.run("releases", "show", str(release))
    assert code == 0
    assert "“Việc của đợt 7.”" in said
    code, said = await bot.run("releases", "rollback", str(release), "--reason", "Nhầm số")
    assert (code, f"bản phát hành {release + 1}" in said) == (0, True)
    await until_heard(bot.address, "Ghi nhận việc sinh", CODE)
    assert "đợt" not in await ask(bot.address, CODE)
    code, said = await bot.run("releases", "rollback", "99")
    assert (code, "99" in said) == (1, True)
    assert await bot.stop() == 0


async def test_a_province_is_answered_with_what_it_has_otherwise(
    process: Launch, shared: str, engine: AsyncEngine, catalogue: Path
) -> None:
    room = office(engine, catalogue)
    bot = process(DATABASE_URL=shared, **FREE)
    await bot.start()
    await room.publish(await room.approved(marked(room.ground.base.procedures[CODE], 5), scope=HANOI))
    here, elsewhere = f"/noio {WARD.full}", "/noio Phường Thuận Hóa, Huế"
    await until_heard(bot.address, "Việc của đợt 5.", here, CODE)
    assert "đợt" not in await ask(bot.address, elsewhere, CODE)
    assert "đợt" not in await ask(bot.address, CODE)


async def test_an_asker_notices_what_is_wrong() -> None:
    asker = Asker("")
    asker._note(200, {"entries": ["đợt 1", "đợt 1"]})
    asker._note(200, {"entries": ["đợt 2", "đợt 1"]})
    asker._note(503, {})
    assert len(asker.faults) == 2
    assert not asker.steady()
