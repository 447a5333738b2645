"""A dossier is got ready over days: on Telegram through a power cut, with a reminder; on the page in a browser."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from playwright.async_api import Browser, expect
from sqlalchemy.engine import URL

from bot.storage.engine import driver_options
from knowledge import catalogue_file
from knowledge.case import token
from tests.acceptance.botapi import BotApi, Sent
from tests.acceptance.conftest import Launch, telegram
from tests.acceptance.visit import Visit, visit
from tests.bot.channels.house import House, open_house
from tests.bot.dialogue.preparing import world
from tests.knowledge.cases import library_card

CARD = library_card()


@pytest.fixture
def card(tmp_path: Path) -> str:
    path = tmp_path / "card.json"
    path.write_text(catalogue_file.dump([CARD]), encoding="utf-8")
    return str(path)


@dataclass
class Citizen:
    """Somebody with Telegram; ``last`` is the newest message."""

    api: BotApi
    last: Sent | None = None

    async def says(self, text: str) -> Sent:
        await self.api.text(1, text)
        self.last = await self.api.reply(1, len(self.api.to(1)) + 1)
        return self.last

    async def presses(self, label: str, *, edits: bool = False) -> Sent:
        """Press a button of the newest message; what it does comes as a new message, or changes the old one."""
        message, known = self.last, len(self.api.to(1))
        assert message is not None
        versions = message.versions
        await self.api.press(message, message.actions()[label])
        if edits:
            await self.api.until(lambda: message.versions > versions)
        else:
            self.last = await self.api.reply(1, known + 1)
        assert self.last is not None
        return self.last


async def test_ticks_answers_and_reminders_survive_a_power_cut(
    api: BotApi, process: Launch, shared: str, database: URL, card: str
) -> None:
    settings = telegram(api, DATABASE_URL=shared, CATALOGUE=card)
    bot = process(**settings)
    await bot.start()
    citizen = Citizen(api)
    await citizen.says(CARD.code)
    await citizen.presses("Chuẩn bị hồ sơ")
    for choice in ("Late", "Self"):
        await citizen.presses(choice, edits=True)
    await bot.kill()
    bot = process(**settings)
    await bot.start()
    listed = await citizen.presses("Nộp trực tiếp", edits=True)
    await api.until(lambda: "☐ 3. Đơn trình bày" in listed.text)  # the kill may have an earlier change come twice
    await citizen.presses("☐ 1", edits=True)
    await citizen.presses("Nhắc tôi")
    assert "tôi sẽ nhắc" in (await citizen.presses("Sáng mai")).text
    await bot.kill()
    bring_forward(database)
    bot = process(**settings)
    await bot.start()
    told = await api.until(lambda: next((each for each in api.to(1) if "Anh/chị nhờ tôi nhắc" in each.text), None))
    assert "Đơn trình bày" in told.text
    assert "Tờ khai" not in told.text
    citizen.last = told
    assert "☑ 1. Tờ khai" in (await citizen.presses("Về danh sách")).text
    await api.text(2, f"/start c_{token(CARD, {'term': 'late', 'who': 'self', 'channel': 'in_person'})}")
    assert "Đơn trình bày" in (await api.reply(2)).text, "the link opens the same case for somebody else"
    assert await bot.stop() == 0
    assert '"level": "error"' not in bot.errors


def bring_forward(database: URL) -> None:
    with psycopg.connect(autocommit=True, **driver_options(database)) as connection:
        found = connection.execute("UPDATE reminder SET due_at = now() RETURNING payload").fetchall()
    assert found == [({"code": CARD.code},)], json.dumps(found)


@pytest.fixture
async def house(database: URL) -> AsyncIterator[House]:
    """A page that knows one card."""
    async with open_house(database, world(CARD)) as opened:
        yield opened


async def test_on_the_page_ticks_are_there_after_a_reload(person: Visit) -> None:
    await person.says(CARD.code)
    for choice in ("Chuẩn bị hồ sơ", "Late", "Self", "Nộp trực tiếp"):
        await person.taps(choice)
    await expect(person.page.get_by_text("☐ 2. Ảnh thẻ")).to_be_visible()
    shown = await person.page.locator(".assistant").count()
    tick = person.page.get_by_role("button", name="☐ 2", exact=True)
    await tick.scroll_into_view_if_needed()
    place = await person.page.evaluate("scrollY")
    await tick.click()
    await expect(person.page.get_by_text("☑ 2. Ảnh thẻ")).to_be_visible()
    await expect(person.page.get_by_role("button", name="☑ 2", exact=True)).to_be_focused()
    assert await person.page.evaluate("scrollY") == place > 0, "the next paper can be ticked without scrolling again"
    assert await person.page.locator(".assistant").count() == shown, "a tick changes the list in its place"
    assert await person.overflow() <= 0
    await person.page.reload()
    await expect(person.page.get_by_text("☑ 2. Ảnh thẻ")).to_be_visible()


async def test_shared_link_opens_on_the_page(person: Visit) -> None:
    await person.open(f"/c/{token(CARD, {'term': 'late', 'who': 'other', 'kin': 'stranger'})}")
    await expect(person.page.get_by_text("Giấy ủy quyền có chứng thực")).to_be_visible()
    await person.open("/c/nonsense")
    await expect(person.page.get_by_role("alert")).to_contain_text("không dẫn tới")


async def test_shared_link_opens_without_scripts(browser: Browser, database: URL) -> None:
    async with open_house(database, world(CARD)) as house:
        context = await browser.new_context(java_script_enabled=False)
        opened = await visit(context, house)
        await opened.open(f"/c/{token(CARD, {'term': 'late', 'who': 'self', 'channel': 'online'})}")
        await opened.page.get_by_role("button", name="Mở danh sách này").click()
        await expect(opened.page.get_by_text("Đơn trình bày")).to_be_visible()
        await context.close()
