"""Parts of a journey through the staff office: a clerk with a browser and an authenticator app, an eye for barriers."""

from __future__ import annotations

import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Page
from pyotp import TOTP

from tests.acceptance.process import BotProcess
from tests.patience import PATIENCE_SECONDS

PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
DESKTOP = {"width": 1280, "height": 800}
PASSWORD = "ba con mèo nằm phơi nắng"


@dataclass
class Clerk:
    """Somebody at work: their browser, their app, and everything the browser complained about."""

    context: BrowserContext
    page: Page
    base: str
    secret: str = ""
    used: int = 0
    complaints: list[str] = field(default_factory=list)

    async def open(self, path: str) -> None:
        await self.page.goto(self.base + path)

    async def press(self, name: str) -> None:
        await self.page.get_by_role("button", name=name, exact=True).click()

    async def enrol(self, link: str) -> None:
        """Come in by the link that was handed over, and set a password and an app."""
        await self.page.goto(link)
        await self.press("Đăng nhập")
        self.used = 0
        self.secret = (await self.page.locator(".secret").inner_text()).replace(" ", "")
        await self.page.get_by_label("Mật khẩu mới", exact=True).fill(PASSWORD)
        await self.page.get_by_label("Nhập lại mật khẩu mới").fill(PASSWORD)
        await self.page.get_by_label("Mã sáu số").fill(self.code())
        await self.press("Ghi lại")

    async def sign_in(self, login: str) -> None:
        await self.page.get_by_label("Tên đăng nhập").first.fill(login)
        await self.page.get_by_label("Mật khẩu").fill(PASSWORD)
        await self.page.get_by_label("Mã sáu số").fill(self.code())
        await self.press("Đăng nhập")

    def code(self) -> str:
        """Return a code that was not used yet: the one of now, else the next, which is good already."""
        maker = TOTP(self.secret)
        self.used = max(self.used + 1, maker.timecode(time.time()))
        return maker.generate_otp(self.used)

    async def barriers(self) -> list[str]:
        """Return what axe finds wrong with the page, by rule and element."""
        found = await Axe().run(self.page)
        return [f"{rule['id']}: {node['target']}" for rule in found.response["violations"] for node in rule["nodes"]]

    async def overflow(self) -> int:
        """Return by how many pixels the page is wider than the screen."""
        return int(await self.page.evaluate("() => document.documentElement.scrollWidth - innerWidth"))


@asynccontextmanager
async def at_work(browser: Browser, base: str, viewport: dict[str, int] = PHONE, **more: Any) -> AsyncIterator[Clerk]:
    """Open a browser for a clerk; in the end it must have had nothing to complain about."""
    context = await browser.new_context(viewport=viewport, **more)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE_SECONDS * 1000)
    clerk = Clerk(context, await context.new_page(), base)

    def heard(said: Any) -> None:
        if said.type in ("error", "warning") and "status of 40" not in said.text:
            clerk.complaints.append(said.text)

    clerk.page.on("console", heard)
    clerk.page.on("pageerror", lambda error: clerk.complaints.append(str(error)))
    yield clerk
    await context.close()
    assert clerk.complaints == []


def link_in(printed: str) -> str:
    """Return the link that the command line printed."""
    found = re.search(r"https?://\S+/canbo/vao/\S+", printed)
    assert found, printed
    return found.group()


async def hired(bot: BotProcess, name: str, role: str, login: str, *more: str) -> str:
    """Make an account at the keyboard and return its link."""
    code, printed = await bot.run("staff", "add", "--name", name, "--role", role, "--login", login, *more)
    assert code == 0, printed
    return link_in(printed)
