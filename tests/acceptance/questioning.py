"""People who ask two replicas all the time while staff publish: how fast replies change, and whether they are whole.

``python -m tests.acceptance.questioning [--releases N] [--pause SECONDS]`` prints what it measured on the shipped
catalogue. ``--pause``: how long somebody looks at what the gate says between approval and publication.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from aiohttp import ClientSession, ClientTimeout, CookieJar
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.office.releases import Releases
from bot.office.standing import Ground, plain
from bot.office.stock import Stock
from bot.storage.embedded import EmbeddedServer
from bot.storage.engine import connect
from knowledge import catalogue as catalogues
from knowledge.procedure import Procedure
from tests.acceptance.conftest import as_setting
from tests.acceptance.process import BotProcess
from tests.bot.office.newsroom import PLACES, Calm, Newsroom
from tests.conftest import folder_for_data
from tests.patience import PATIENCE_SECONDS

CODE = "1.001193"
FREE = {"WEB_TURNS_PER_MINUTE": "100000", "WEB_TURNS_PER_MINUTE_PER_IP": "100000"}
_MARK = re.compile(r"đợt (\d+)")
_PAUSE = 0.02


def marked(record: Procedure, number: int) -> dict[str, Any]:
    """Return a record that says in several places of which release it is, and has a name of its own."""
    papers = tuple(
        each.model_copy(update={"name": f"{each.name} đợt {number}"}) if place == 0 else each
        for place, each in enumerate(record.documents)
    )
    update = {
        "summary": f"Việc của đợt {number}.",
        "agency": f"Ủy ban nhân dân đợt {number}",
        "documents": papers,
        "names": (*record.names, f"rước rồng con về sổ đợt {number}"),
    }
    changed = plain(record.model_copy(update=update))
    assert changed
    return changed


@dataclass
class Asker:
    """One person at one replica: what each reply was marked with, when, and how long it took."""

    address: str
    question: str = CODE
    heard: list[tuple[float, int]] = field(default_factory=list)
    took: list[float] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    async def run(self) -> None:
        """Ask until cancelled."""
        jar = CookieJar(unsafe=True)
        async with ClientSession(cookie_jar=jar, timeout=ClientTimeout(total=PATIENCE_SECONDS)) as http:
            number, after = 0, 0
            while True:
                number += 1
                start = time.perf_counter()
                turn = {"kind": "text", "value": self.question, "id": f"q{number}", "after": after}
                async with http.post(f"{self.address}/turn", json=turn, headers={"Origin": self.address}) as response:
                    told = await response.json()
                    self._note(response.status, told)
                    after = told["entries"][-1]["id"] if response.status == 200 else after
                self.took.append(time.perf_counter() - start)
                await asyncio.sleep(_PAUSE)

    def _note(self, status: int, told: Any) -> None:
        marks = {int(each) for each in _MARK.findall(json.dumps(told, ensure_ascii=False))}
        if status != 200 or len(marks) > 1:
            self.faults.append(f"{status}: {sorted(marks)}")
        self.heard.append((time.perf_counter(), max(marks, default=0)))

    def first(self, number: int) -> float | None:
        """Return when a reply of that release, or of a later one, was first heard."""
        return next((moment for moment, mark in self.heard if mark >= number), None)

    def steady(self) -> bool:
        """Say whether no reply was of an older release than one before it."""
        marks = [mark for _, mark in self.heard]
        return marks == sorted(marks)


@dataclass(frozen=True)
class Measured:
    """Seconds from a publication to the first reply from it, by replica and release; and all who asked."""

    delays: list[float]
    askers: list[Asker]


async def measure(
    engine: AsyncEngine, ground: Ground, bots: Sequence[BotProcess], releases: int, pause: float = 0
) -> Measured:
    """Publish one change after the other, each ``pause`` seconds after its approval, while two people ask each replica
    all the time.
    """
    gate = Calm()
    room = Newsroom(engine, ground, gate, Releases(engine, Stock(ground), gate, 0))
    askers = [Asker(bot.address) for bot in bots for _ in range(2)]
    asking = [asyncio.create_task(asker.run()) for asker in askers]
    delays = []
    try:
        await asyncio.sleep(1)
        for number in range(1, releases + 1):
            change = await room.approved(marked(ground.base.procedures[CODE], number), CODE)
            await asyncio.sleep(pause)
            await room.publish(change)
            published = time.perf_counter()
            for replica in range(len(bots)):
                delays.append(await _heard(askers[2 * replica : 2 * replica + 2], number) - published)
            await asyncio.sleep(0.3)
    finally:
        for task in asking:
            task.cancel()
        ended = await asyncio.gather(*asking, return_exceptions=True)
    for each in ended:
        if isinstance(each, Exception):
            raise each
    return Measured(delays, askers)


async def _heard(askers: Sequence[Asker], number: int) -> float:
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (found := [moment for asker in askers if (moment := asker.first(number)) is not None]):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    return min(found)


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=20)
    parser.add_argument("--pause", type=float, default=0)
    options = parser.parse_args()
    with folder_for_data() as folder:
        server = EmbeddedServer(folder / "data")
        server.start()
        bots = [BotProcess(folder / name, DATABASE_URL=as_setting(server.url), **FREE) for name in ("one", "two")]
        engine = connect(server.url)
        try:
            for bot in bots:
                bot.folder.mkdir()
            await asyncio.gather(*(bot.start() for bot in bots))
            found = await measure(engine, Ground(catalogues.load(), PLACES), bots, options.releases, options.pause)
            print(json.dumps(_report(found), indent=2))
        finally:
            await asyncio.gather(*(bot.kill() for bot in bots))
            await engine.dispose()
            server.stop()


def _report(found: Measured) -> dict[str, Any]:
    took = [each for asker in found.askers for each in asker.took]
    cuts = statistics.quantiles(found.delays, n=100)
    return {
        "publications": len(found.delays) // 2,
        "seconds_to_new_answer": {
            "p50": round(cuts[49], 3),
            "p99": round(cuts[98], 3),
            "max": round(max(found.delays), 3),
        },
        "questions": len(took),
        "refused_or_mixed": [fault for asker in found.askers for fault in asker.faults],
        "never_back": all(asker.steady() for asker in found.askers),
        "seconds_a_question": {"p50": round(statistics.median(took), 4), "max": round(max(took), 3)},
    }


if __name__ == "__main__":
    asyncio.run(main())
