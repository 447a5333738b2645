"""The start command and a browser, nothing else: what a newcomer does first."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, expect

from tests.acceptance.process import STARTED_WITHIN
from tests.acceptance.visit import PHONE
from tests.patience import PATIENCE_SECONDS


async def address(said: asyncio.StreamReader) -> str:
    """Read what the program says until its address."""
    while line := (await said.readline()).decode():
        if found := re.search(r"http://\S+", line):
            return found[0]
    raise AssertionError("the program ended without saying its address")


@asynccontextmanager
async def started(folder: Path) -> AsyncIterator[str]:
    """Run ``python -m bot`` on an empty data folder and return the address it prints."""
    known = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        cwd=Path(__file__).parents[2],
        env=known | {"MOT_CUA_DATA": str(folder), "PORT": "0", "TELEGRAM_BOT_TOKEN": "", "DATABASE_URL": ""},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        yield await asyncio.wait_for(address(process.stdout), STARTED_WITHIN)
    finally:
        if process.returncode is None:
            process.terminate()
        async with asyncio.timeout(PATIENCE_SECONDS):
            await process.wait()


async def test_newcomer_asks_for_a_birth_certificate(browser: Browser, place: Path) -> None:
    async with started(place) as address:
        page = await (await browser.new_context(viewport=PHONE)).new_page()  # type: ignore[arg-type]
        await page.goto(address)
        await page.get_by_label("Câu hỏi của anh/chị").fill("làm giấy khai sinh cho con cần giấy tờ gì")
        await page.get_by_role("button", name="Gửi", exact=True).click()
        answer = page.locator(".assistant", has_text="Mã thủ tục: 1.001193").first
        await expect(answer).to_contain_text("Giấy chứng sinh")
        await page.get_by_label("Câu hỏi của anh/chị").fill("thế lệ phí bao nhiêu?")
        await page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(page.locator(".assistant").last).to_contain_text("Lệ phí: miễn phí (đăng ký trong 60 ngày")
