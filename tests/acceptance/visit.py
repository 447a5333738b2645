"""The chat page open in a real browser: what a visitor types, presses and sees."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from playwright.async_api import BrowserContext, Locator, Page, Route, expect

from tests.bot.channels.house import House
from tests.patience import PATIENCE_SECONDS

PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 568}


@dataclass
class Visit:
    """One open page, and everything the browser complained about."""

    page: Page
    house: House
    complaints: list[str] = field(default_factory=list)

    async def open(self, path: str = "/") -> None:
        await self.page.goto(self.house.url + path)

    async def says(self, text: str) -> Locator:
        """Type a question, send it, and return the answer to it."""
        return await self._answer(lambda: self._type(text))

    async def presses(self, label: str, *, settled: bool = True) -> Locator:
        """Press the last button of that name and return the answer; ``settled``: once the page knows it is whole."""
        return await self._answer(self.page.get_by_role("button", name=label, exact=True).last.click, settled)

    async def taps(self, label: str) -> None:
        """Press the last button of that name, whose answer may come in its place, and wait until that is whole."""
        await self.page.get_by_role("button", name=label, exact=True).last.click()
        await self.settled()

    async def settled(self) -> None:
        """Wait until everything said so far has its reply; the stream may have shown the answer before."""
        await expect(self.page.locator("#busy")).to_be_hidden()

    async def _type(self, text: str) -> None:
        await self.page.get_by_label("Câu hỏi của anh/chị").fill(text)
        await self.page.get_by_role("button", name="Gửi", exact=True).click()

    async def _answer(self, act: Callable[[], Awaitable[None]], settled: bool = True) -> Locator:
        answers = self.page.locator(".assistant")
        before = await answers.count()
        await act()
        if settled:
            await self.settled()
        await expect(answers).to_have_count(before + 1)
        return answers.last

    @asynccontextmanager
    async def held(self) -> AsyncIterator[asyncio.Event]:
        """Let turns reach the assistant at once, but their replies only when the event is set: the stream is faster."""
        release = asyncio.Event()

        async def hold(route: Route) -> None:
            response = await route.fetch()
            await release.wait()
            await route.fulfill(response=response)

        await self.page.route("**/turn", hold)
        try:
            yield release
        finally:
            release.set()
            await self.settled()
            await self.page.unroute("**/turn")

    async def overflow(self) -> int:
        """Return by how many pixels the page is wider than the screen."""
        return int(await self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth"))


def chromium() -> str:
    """Return where Debian's Chromium is; skip without one, or fail where a browser is required."""
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    reason = "no Chromium on this machine (apt-get install chromium, or set CHROMIUM to its path)"
    if os.environ.get("REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


async def visit(context: BrowserContext, house: House) -> Visit:
    page = await context.new_page()
    page.set_default_timeout(PATIENCE_SECONDS * 1000)
    visit = Visit(page, house)
    page.on("console", lambda said: visit.complaints.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: visit.complaints.append(str(error)))
    return visit
