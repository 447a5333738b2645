"""The staff office as its users meet it, in a real browser: the first administrator, a colleague, a lost telephone."""

from __future__ import annotations

import pytest
from aiohttp import ClientSession
from playwright.async_api import Browser, expect

from tests.acceptance.botapi import BotApi
from tests.acceptance.conftest import Launch, free_port, telegram
from tests.acceptance.officework import DESKTOP, PASSWORD, PHONE, SMALLEST, Clerk, at_work, hired, link_in
from tests.acceptance.process import BotProcess

PAGES = (
    "/canbo",
    "/canbo/gop-y",
    "/canbo/tai-khoan",
    "/canbo/tai-khoan/1",
    "/canbo/nhat-ky",
    "/canbo/toi",
    "/canbo/khong-co",
)


@pytest.fixture
async def bot(process: Launch, shared: str) -> BotProcess:
    started = process(PORT=str(free_port()), DATABASE_URL=shared)
    await started.start()
    return started


async def first(bot: BotProcess) -> str:
    """Make the first administrator at the keyboard and return their link."""
    link = await hired(bot, "Trần Thị Nga", "administrator", "nga")
    assert link.startswith(bot.address)
    return link


async def test_from_the_command_line_to_a_colleague_and_a_lost_telephone(bot: BotProcess, browser: Browser) -> None:
    async with at_work(browser, bot.address) as nga, at_work(browser, bot.address, DESKTOP) as an:
        await nga.open("/canbo")
        await expect(nga.page.get_by_text("python -m bot staff add")).to_be_visible()
        await nga.enrol(await first(bot))
        await expect(nga.page.get_by_role("status")).to_contain_text("Đã đổi")
        await nga.press("Đăng xuất")
        await nga.open("/canbo/nhat-ky")
        await nga.sign_in("nga")
        await expect(nga.page.get_by_role("heading", level=1)).to_have_text("Nhật ký")

        await nga.page.get_by_role("link", name="Tài khoản", exact=True).click()
        await nga.page.get_by_label("Họ tên").fill("Lê Văn An")
        await nga.page.get_by_label("Tên đăng nhập").fill("an.le")
        await nga.page.get_by_label("Quyền").select_option("Người soạn")
        await nga.page.get_by_label("Tỉnh, thành phố phụ trách").select_option("Thành phố Hà Nội")
        await nga.page.get_by_label("Xã, phường phụ trách").fill("Ba Đình")
        await nga.press("Thêm và lấy đường dẫn vào")
        link = await nga.page.locator("code").inner_text()

        await an.enrol(link)
        await an.open("/canbo")
        await expect(an.page.locator("main")).to_contain_text("Người soạn, Phường Ba Đình, TP. Hà Nội")
        await expect(an.page.get_by_role("navigation").get_by_role("link", name="Nhật ký")).to_have_count(0)
        await an.open("/canbo/tai-khoan")
        await expect(an.page.get_by_text("không có quyền làm việc này")).to_be_visible()

        await nga.open("/canbo/tai-khoan")
        await nga.page.get_by_role("link", name="Lê Văn An").click()
        await nga.press("Đặt lại cách đăng nhập")
        again = await nga.page.locator("code").inner_text()
        await an.open("/canbo")
        await expect(an.page).to_have_url(f"{bot.address}/canbo/vao")
        await an.sign_in("an.le")
        await expect(an.page.get_by_role("alert")).to_contain_text("Chưa vào được")
        await an.enrol(again)
        await expect(an.page.get_by_role("status")).to_be_visible()

        await nga.open("/canbo/nhat-ky")
        await nga.page.get_by_label("Tìm").fill("đặt lại")
        await nga.press("Tìm")
        await expect(nga.page.locator("tbody tr")).to_have_count(1)
        await expect(nga.page.locator("tbody tr")).to_contain_text("Trần Thị Nga")


async def test_pages_have_no_barriers_and_fit_the_screen(bot: BotProcess, browser: Browser) -> None:
    link = await first(bot)
    async with at_work(browser, bot.address, SMALLEST) as nga:
        await nga.page.goto(link)
        assert await nga.barriers() == []
        await nga.enrol(link)
        for scheme in ("light", "dark"):
            await nga.page.emulate_media(color_scheme=scheme)
            for path in PAGES:
                await fits(nga, path)
        await nga.press("Đăng xuất")
        await fits(nga, "/canbo/vao")
        await nga.page.get_by_label("Tên đăng nhập").fill("nga")
        await nga.page.get_by_label("Mật khẩu").fill(PASSWORD)
        await nga.page.get_by_label("Mã sáu số").fill("000000")
        await nga.press("Đăng nhập")
        await expect(nga.page.get_by_role("alert")).to_be_visible()
        assert await nga.barriers() == []


async def fits(nga: Clerk, path: str) -> None:
    await nga.open(path)
    assert await nga.barriers() == [], path
    assert await nga.overflow() <= 0, path


async def test_keyboard_is_enough(bot: BotProcess, browser: Browser) -> None:
    async with at_work(browser, bot.address, PHONE) as nga:
        await nga.enrol(await first(bot))
        await nga.press("Đăng xuất")
        await expect(nga.page.get_by_role("button", name="Đăng xuất")).to_have_count(0)
        await nga.page.wait_for_load_state()
        await nga.page.keyboard.press("Tab")
        await expect(nga.page.get_by_role("link", name="Đến nội dung chính")).to_be_focused()
        await nga.page.keyboard.press("Enter")
        await nga.page.keyboard.press("Tab")
        for typed in ("nga", PASSWORD, nga.code()):
            await nga.page.keyboard.insert_text(typed)
            await nga.page.keyboard.press("Tab")
        await nga.page.keyboard.press("Enter")
        await expect(nga.page.get_by_role("heading", level=1)).to_have_text("Việc đang chờ")


async def test_command_line_lists_resets_and_keeps_the_last_administrator(bot: BotProcess) -> None:
    await first(bot)
    assert await bot.run("staff", "disable", "nga") == (
        1,
        "Lỗi: Đây là người quản trị cả nước cuối cùng còn làm việc, nên phải giữ lại.\n",
    )
    code, printed = await bot.run("staff", "list")
    assert printed == "1\tTrần Thị Nga\tnga\tQuản trị\tCả nước\tđang dùng\n"
    code, printed = await bot.run("staff", "reset", "nga")
    assert code == 0
    assert link_in(printed).startswith(bot.address)
    assert "nga" not in bot.errors


async def test_link_comes_by_telegram(process: Launch, shared: str, api: BotApi, browser: Browser) -> None:
    bot = process(**telegram(api, PORT=str(free_port()), DATABASE_URL=shared))
    await bot.start()
    await api.text(1, "/start")
    await api.reply(1)
    add = ("staff", "add", "--name", "Trần Thị Nga", "--role", "administrator", "--login", "nga", "--telegram", "1")
    assert (await bot.run(*add))[0] == 0
    async with at_work(browser, bot.address) as nga, at_work(browser, bot.address) as somebody:
        await nga.open("/canbo")
        await nga.page.locator("#asked").fill("nga")
        await nga.press("Gửi đường dẫn cho tôi")
        await expect(nga.page.get_by_role("heading", level=1)).to_have_text("Mở Telegram")
        link = await api.until(lambda: next((each.text for each in api.to(1) if "/canbo/vao/" in each.text), None))
        assert await nga.barriers() == []
        await somebody.page.goto(link_in(link))
        await expect(somebody.page.get_by_role("heading", level=1)).to_have_text("Đường dẫn đã hết hạn")
        await nga.page.goto(link_in(link))
        await nga.press("Đăng nhập")
        await expect(nga.page.get_by_role("heading", level=1)).to_have_text("Việc đang chờ")
    assert link_in(link).rpartition("/")[2] not in bot.errors


async def test_office_can_be_left_out(process: Launch, shared: str) -> None:
    bot = process(PORT=str(free_port()), OFFICE="false", DATABASE_URL=shared)
    await bot.start()
    await first(bot)
    async with ClientSession() as http, http.get(bot.address + "/canbo") as answer:
        assert answer.status == 404
        assert "Một Cửa" in await answer.text()
