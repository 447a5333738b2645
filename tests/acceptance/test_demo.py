"""The demonstration as a newcomer runs it: one command, a code, the proof, a portal that fails and comes back."""

from __future__ import annotations

import asyncio
import html
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from aiohttp import ClientSession, CookieJar

from tests.acceptance.process import STARTED_WITHIN
from tests.patience import PATIENCE_SECONDS, until

_ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Command:
    """A command of the program that runs, and the lines it has printed so far."""

    process: asyncio.subprocess.Process
    said: str = ""

    async def until(self, words: str, seconds: float = STARTED_WITHIN) -> str:
        """Read what it prints until a line with these words."""
        assert self.process.stdout
        async with asyncio.timeout(seconds):
            while words not in self.said:
                line = await self.process.stdout.readline()
                assert line, self.said
                self.said += line.decode()
        return self.said

    async def stop(self) -> int:
        """Ask it to end and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self.process.wait()


@asynccontextmanager
async def command(folder: Path, *arguments: str, **settings: str) -> AsyncIterator[Command]:
    """Run ``python -m bot`` with arguments."""
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=folder,
        env=known | {"PYTHONPATH": str(_ROOT), "PORT": "0"} | settings,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Command(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


class Visitor:
    """Somebody with a browser on the page."""

    def __init__(self, session: ClientSession, address: str) -> None:
        self._session = session
        self._address = address

    async def send(self, value: str, kind: str = "text") -> None:
        async with self._session.post(f"{self._address}/turn", json={"kind": kind, "value": value}) as response:
            assert response.status == 200

    async def top(self) -> str:
        """Return the head of the page."""
        async with self._session.get(self._address) as response:
            return (await response.text()).partition("</header>")[0]

    async def reads(self, words: str) -> str:
        """Wait until the last answer holds these words, and return it."""
        return str(await until(partial(self._last_with, words)))

    async def _last_with(self, words: str) -> str | None:
        async with self._session.get(self._address) as response:
            page = html.unescape(re.sub(r"<[^>]+>", " ", await response.text()))
        last = page.rpartition("Một Cửa:")[2]
        return last if words in " ".join(last.split()) else None


async def test_a_dossier_of_the_demonstration_is_told_and_a_failing_portal_is_survived(place: Path) -> None:
    async with (
        command(place, "demo", "--speed", "1") as demo,
        ClientSession(cookie_jar=CookieJar(unsafe=True)) as session,
    ):
        said = await demo.until("bốn số cuối")
        addresses = re.findall(r"http://127\.0\.0\.1:\d+", said)
        found = re.search(r"(\S+) \(bốn số cuối: (\d{4})\)", said)
        assert found
        session.headers["Origin"] = addresses[0]
        visitor = Visitor(session, addresses[0])
        await visitor.send(f"hồ sơ {found[1].lower()} của tôi đến đâu rồi")
        assert "MÔ PHỎNG" in await visitor.top()
        coarse = await visitor.reads("Nguồn: MÔ PHỎNG")
        assert "Đang xử lý" in coarse
        assert "Thẩm định" not in coarse
        await visitor.send(found[2])
        assert "hồ sơ bịa ra để thử" in await visitor.reads("Thẩm định")
        async with session.post(f"{addresses[1]}/faults", json={"fault": "html"}) as response:
            assert response.status == 200
        await asyncio.sleep(3.5)  # the demonstration's sources keep an answer for three seconds
        await visitor.send(f"track:{found[1]}", "action")
        stale = await visitor.reads("Lúc này chưa hỏi lại được nguồn")
        assert "Đang xử lý" in stale
        assert await demo.stop() == 0


async def test_the_simulator_is_served_until_it_is_told_to_stop(place: Path) -> None:
    async with command(place, "portal-simulator", "--port", "0", "--sources", "nguon.toml") as simulator:
        said = await simulator.until("MÔ PHỎNG: mở trình duyệt tại: ")
        address = said.rpartition(": ")[2].strip()
        async with ClientSession() as session, session.get(address) as response:
            assert "MÔ PHỎNG" in await response.text()
        assert address in (place / "nguon.toml").read_text(encoding="utf-8")
        assert await simulator.stop() == 0


async def test_sources_that_make_no_sense_are_told_before_anything_starts(place: Path) -> None:
    (place / "nguon.toml").write_text('[[source]]\nkind = "fax"\nname = "Cổng xã"\n', encoding="utf-8")
    async with command(place, "run", SOURCES="nguon.toml") as program:
        assert await program.process.wait() == 2
    assert not (place / "data").exists()


async def test_a_port_that_is_taken_is_told(place: Path) -> None:
    async with command(place, "portal-simulator", "--port", "0") as first:
        said = await first.until("MÔ PHỎNG: mở trình duyệt tại: ")
        port = said.strip().rpartition(":")[2]
        async with command(place, "portal-simulator", "--port", port) as second:
            assert await second.process.wait() == 1
