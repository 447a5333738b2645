"""The kitchen table in real browsers: two volunteers and a resident, three pages, one case."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace
from functools import partial
from io import BytesIO

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, expect
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine
from zxingcpp import read_barcodes

from bot.assistance import members
from bot.assistance.desk import Desk
from bot.assistance.post import Postman
from bot.assistance.slips import Slips
from bot.channels.web import Web
from bot.dialogue import conversation
from bot.effects import Effects
from bot.intake import Intake
from bot.moment import Flows
from bot.printing.files import Files
from bot.settings import Settings
from bot.storage.engine import connect
from bot.storage.feed import Feed
from bot.storage.notices import Notices
from tests.acceptance.visit import PHONE, visit
from tests.bot.assistance import band, table
from tests.bot.assistance.table import ASKED, CODE
from tests.bot.channels.house import House
from tests.bot.dossiers.desk import SEALS

OUTSIDE = "https://mot.cua"


@pytest.fixture
async def house(database: URL) -> AsyncIterator[House]:
    """The page as it is served, with the flow of sittings, and messages carried between chats."""
    known = replace(table.services(), page_url=OUTSIDE, bot_username="")
    engine, notices = connect(database), Notices(database)
    desk = Desk(30, (members.rows,))
    intake = Intake(
        engine,
        partial(conversation.respond, services=known),
        Effects(SEALS).store,
        flows=Flows((desk.flow(), desk.last()), lambda: known),
    )
    files = Files(lambda: known, Slips(engine, lambda: known).find)
    settings = Settings.model_validate({"web_turns_per_minute": 1000, "web_turns_per_minute_per_ip": 1000})
    house = House(Web(intake, Feed(engine, notices), lambda: known, settings, files))
    working = [asyncio.create_task(part) for part in (notices.run(), Postman(engine, notices).run())]
    await house.start()
    try:
        yield house
    finally:
        await house.stop()
        files.close()
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)
        await engine.dispose()


@pytest.fixture
async def engine_of(database: URL) -> AsyncIterator[AsyncEngine]:
    engine = connect(database)
    yield engine
    await engine.dispose()


async def says(page: Page, words: str) -> None:
    await page.get_by_label("Câu hỏi của anh/chị").fill(words)
    await page.get_by_role("button", name="Gửi", exact=True).click()


async def presses(page: Page, label: str, then: str) -> None:
    """Press the last button of that name, and wait until the last answer says something and is whole."""
    await page.get_by_role("button", name=label, exact=True).last.click()
    await expect(page.locator(".assistant").last).to_contain_text(then)
    await expect(page.locator("#busy")).to_be_hidden()  # until then, a press on the same place is a second tap


async def enlisted(page: Page, engine: AsyncEngine, team: int, name: str) -> None:
    """Make whoever sits before this page, and nobody else so far, a volunteer."""
    answers = await page.locator(".assistant").count()
    await says(page, "chào")
    await expect(page.locator(".assistant")).to_have_count(answers + 1)
    await band.run(
        engine,
        "INSERT INTO volunteer (chat_id, team, name, pledged_at) SELECT id, :team, :name, now() FROM chat "
        "WHERE id NOT IN (SELECT chat_id FROM volunteer)",
        team=team,
        name=name,
    )


async def test_two_volunteers_and_a_resident(browser: Browser, house: House, engine_of: AsyncEngine) -> None:
    async with engine_of.begin() as connection:
        team = await band.team(connection)
    async with AsyncExitStack() as stack:
        pages = []
        for _ in range(3):
            context = await browser.new_context(viewport=PHONE, reduced_motion="reduce")  # type: ignore[arg-type]
            stack.push_async_callback(context.close)
            pages.append(await visit(context, house))
        lan, minh, resident = (each.page for each in pages)
        for page, name in ((lan, "Lan"), (minh, "Minh")):
            await page.goto(house.url)
            await enlisted(page, engine_of, team, name)
        await _filed(lan)
        await _handed_over(lan, minh)
        link = await _scanned(minh, house)
        await resident.goto(link.replace(OUTSIDE, house.url))
        await expect(resident.locator(".assistant").last).to_contain_text("Từ nay có tin mới")
        await presses(minh, "Xong: đã nộp qua mạng", "Đã kết thúc")
        assert [each.complaints for each in pages] == [[], [], []]
        assert await pages[0].overflow() <= 0
    assert await band.run(engine_of, "SELECT name, outcome FROM work JOIN volunteer ON volunteer.id = volunteer") == [
        ("Minh", "online")
    ]


async def _filed(lan: Page) -> None:
    """From consent to the code, the boxes ticked in place."""
    await says(lan, "/hotro")
    await presses(lan, "Mở việc mới", "đồng ý")
    await presses(lan, "Người dân đồng ý", "tên gọi")
    await says(lan, "Hòa")
    await expect(lan.locator(".assistant").last).to_contain_text("cần làm thủ tục gì")
    await says(lan, ASKED)
    await presses(lan, "Làm thủ tục này", "Giấy chứng sinh")
    await presses(lan, "Có", "cách nào")
    await presses(lan, "Nộp qua mạng", "đã có 0/2")
    await presses(lan, "☐ 1", "đã có 1/2")
    await expect(lan.locator(".person")).to_have_count(7)  # answers and ticks change the message they stand under
    await presses(lan, "Hướng dẫn nộp qua mạng", "Bước 1/7")
    for step in range(2, 8):
        await presses(lan, "Xong", f"Bước {step}/7")
    await says(lan, f"mã là {CODE}")
    await expect(lan.locator(".assistant").last).to_contain_text(CODE)
    assert CODE not in await lan.locator(".person").last.inner_text()


async def _handed_over(lan: Page, minh: Page) -> None:
    await presses(lan, "Về hồ sơ của Hòa", "đã có mã hồ sơ")
    await presses(lan, "Chuyển đồng đội", "cho ai")
    await presses(lan, "Minh", "Trong lúc chờ")
    await expect(minh.locator(".assistant").last).to_contain_text("muốn chuyển cho anh/chị")
    await presses(minh, "Nhận", "Hồ sơ của Hòa")
    await expect(lan.locator(".assistant").last).to_contain_text("đã nhận")


async def _scanned(minh: Page, house: House) -> str:
    """Return where the QR code leads that stands on the volunteer's screen; the slip can be fetched as well."""
    await presses(minh, "Mã QR theo dõi", "quét mã QR")
    picture = await minh.request.get(await _file(minh, house))
    (found,) = read_barcodes(Image.open(BytesIO(await picture.body())).convert("L"))
    await presses(minh, "In phiếu cho người dân", "Phiếu cho người dân")
    slip = await minh.request.get(await _file(minh, house))
    assert slip.headers["content-type"] == "application/pdf"
    assert slip.headers["cache-control"] == "no-store"
    await presses(minh, "Về hồ sơ của Hòa", "đã có mã hồ sơ")
    await presses(minh, "Mã QR theo dõi", "quét mã QR")
    return str(found.text)


async def _file(page: Page, house: House) -> str:
    link = page.locator(".assistant").last.locator("a[href^='/slip/']")
    return house.url + str(await link.get_attribute("href"))
