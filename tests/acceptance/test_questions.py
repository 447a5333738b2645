"""From a question asked in vain to its answer: asked on the page, written and reviewed by staff, told to who waits."""

from __future__ import annotations

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.acceptance.conftest import Launch, free_port
from tests.acceptance.officework import PHONE, SMALLEST, Clerk, at_work, hired
from tests.acceptance.process import BotProcess

ASKED = "nuôi chim yến trong phố có được không"
TOLD = "Nay tôi đã có bài hướng dẫn"
SEEN_TO = 180_000
"""Milliseconds in which questions are grouped, and answers told of."""


@pytest.fixture
async def bot(process: Launch) -> BotProcess:
    started = process(PORT=str(free_port()))
    await started.start()
    return started


async def says(page: Page, text: str) -> Locator:
    """Ask, and return the answer."""
    before = await page.locator(".assistant").count()
    await page.get_by_label("Câu hỏi của anh/chị").fill(text)
    await page.keyboard.press("Enter")
    await expect(page.locator(".assistant")).to_have_count(before + 1)
    return page.locator(".assistant").last


async def test_what_was_asked_in_vain_is_answered_by_an_article(bot: BotProcess, browser: Browser) -> None:
    async with (
        at_work(browser, bot.address) as person,
        at_work(browser, bot.address) as nga,
        at_work(browser, bot.address) as minh,
    ):
        await person.open("/")
        await expect((await says(person.page, ASKED)).get_by_text("Xin lỗi, tôi chưa biết")).to_be_visible()
        await person.press("Báo tôi khi có câu trả lời")
        await expect(person.page.locator(".assistant").last).to_contain_text("tôi nhắn anh/chị ngay tại đây")

        await nga.enrol(await hired(bot, "Trần Thị Nga", "administrator", "nga"))
        await minh.enrol(await hired(bot, "Lê Minh", "publisher", "minh"))
        await sees_the_group(nga)
        await write(nga)
        await pages_have_no_barriers(nga)

        await minh.open("/canbo")
        await minh.page.get_by_role("link", name="bài viết chờ duyệt").click()
        await minh.page.get_by_role("link", name="Nuôi chim yến trong phố").click()
        await minh.press("Duyệt")
        await minh.press("Công bố ngay")
        await expect(minh.page.get_by_role("status")).to_contain_text("Đã công bố")

        news = person.page.locator(".assistant").filter(has_text=TOLD)
        await expect(news).to_have_count(1, timeout=SEEN_TO)
        await expect(news).to_contain_text("Luật Chăn nuôi")
        answer = await says(person.page, "cho hỏi nuôi chim yến trong phố được không ạ")
        await expect(answer).to_contain_text("Bài hướng dẫn, không phải thủ tục")


async def sees_the_group(nga: Clerk) -> None:
    await nga.open("/canbo/cau-hoi")
    link = nga.page.get_by_role("link", name=ASKED)
    for _ in range(SEEN_TO // 2000):
        if await link.count():
            break
        await nga.page.wait_for_timeout(2000)
        await nga.page.reload()
    await link.click()
    await expect(nga.page.locator("main")).to_contain_text("1 người chờ báo")


async def write(nga: Clerk) -> None:
    """Write the article, slip once, and ask for a review."""
    await nga.page.get_by_role("link", name="Viết bài mới").click()
    page = nga.page
    await expect(page.get_by_label("Người dân hỏi thế nào")).to_have_value(ASKED)
    await page.get_by_label("Tên bài").fill("Nuôi chim yến trong phố")
    await nga.press("Lưu nháp")
    await expect(page.get_by_text("Anh/chị viết nội dung.")).to_be_visible()
    assert await nga.barriers() == []
    await page.get_by_label("Nội dung").fill("Trong nội thành **không được** nuôi chim yến, theo Luật Chăn nuôi.")
    await page.get_by_label("Nguồn", exact=True).fill("Luật Chăn nuôi 32/2018/QH14")
    await nga.press("Lưu nháp")
    await expect(page.get_by_role("heading", name="Người dân sẽ đọc")).to_be_visible()
    await nga.press("Gửi duyệt bản đã lưu")
    await expect(page.get_by_role("status")).to_contain_text("Đã gửi duyệt")


async def pages_have_no_barriers(nga: Clerk) -> None:
    for size in (SMALLEST, PHONE):
        await nga.page.set_viewport_size(size)  # type: ignore[arg-type]
        for path in ("/canbo/cau-hoi?xem=xong", "/canbo/cau-hoi/1", "/canbo/cau-hoi/hoi-lai", "/canbo/bai-viet",
                     "/canbo/bai-viet/bai/lua-dao", "/canbo/bai-viet/moi", "/canbo/bai-viet/ban/1"):  # fmt: skip
            await nga.open(path)
            assert await nga.barriers() == [], path
            assert await nga.overflow() <= 0, path
