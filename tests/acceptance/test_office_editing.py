"""A procedure changed in the console, in a real browser: written, reviewed, published, asked for, taken back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta

import pytest
from playwright.async_api import Browser, expect

from tests.acceptance.conftest import Launch, free_port
from tests.acceptance.officework import DESKTOP, PHONE, Clerk, at_work, hired
from tests.acceptance.process import BotProcess

BIRTH = "/canbo/thu-tuc/1.001193"
WEIGHED_WITHIN = 180_000
"""Milliseconds in which more than a thousand questions are asked of a change, on a machine that is busy."""


@pytest.fixture
async def bot(process: Launch, shared: str) -> BotProcess:
    started = process(PORT=str(free_port()), GATE_LIMIT="2000", DATABASE_URL=shared)
    await started.start()
    await hired(started, "Trần Thị Nga", "administrator", "nga")
    return started


@asynccontextmanager
async def working(
    browser: Browser, bot: BotProcess, link: str, viewport: dict[str, int], *, scripts: bool = True
) -> AsyncIterator[Clerk]:
    """Somebody who has come in by their link."""
    async with at_work(browser, bot.address, viewport, java_script_enabled=scripts) as clerk:
        await clerk.page.goto(link)
        await clerk.press("Đăng nhập")
        yield clerk


async def tab(clerk: Clerk, name: str) -> None:
    """Open another page of the form."""
    await clerk.page.locator(".tabs").get_by_role("button", name=name).click()
    await expect(clerk.page.locator(".tabs [aria-current]")).to_contain_text(name)


async def keep(clerk: Clerk) -> None:
    await clerk.page.locator(".bottom").get_by_role("button", name="Lưu nháp").click()


async def no_barriers(clerk: Clerk) -> None:
    assert await clerk.barriers() == [], clerk.page.url
    assert await clerk.overflow() <= 0, clerk.page.url


async def add_paper(clerk: Clerk, name: str) -> None:
    """Add a paper to a draft whose form is open."""
    await tab(clerk, "Giấy tờ")
    await clerk.page.get_by_role("button", name="+ Thêm giấy tờ").click()
    await clerk.page.locator("#documents > .item").last.get_by_label("Tên giấy tờ").fill(name)
    await keep(clerk)
    await expect(clerk.page.get_by_role("status").first).to_have_text("Đã lưu nháp.")


async def published(clerk: Clerk, *, look: bool = True) -> None:
    """Publish the approved change on the page; ``look`` for barriers, which takes scripts."""
    await clerk.page.get_by_role("link", name="Hỏi thử rồi công bố ngay").click()
    await expect(clerk.page.get_by_role("button", name="Công bố ngay")).to_be_visible(timeout=WEIGHED_WITHIN)
    if look:
        await no_barriers(clerk)
    await clerk.press("Công bố ngay")
    await expect(clerk.page.get_by_role("status")).to_contain_text("Đã công bố")


async def asked(clerk: Clerk, words: str) -> None:
    """Ask in the chat page, as often as it lets one, until an answer holds some words."""
    await clerk.open("/")
    for _ in range(20):
        await clerk.page.get_by_label("Câu hỏi của anh/chị").fill("1.001193")
        await clerk.page.get_by_role("button", name="Gửi", exact=True).click()
        await expect(clerk.page.locator("#busy")).to_be_hidden()
        if words in await clerk.page.locator("#log").inner_text():
            return
        await clerk.page.wait_for_timeout(3_000)
    pytest.fail(f"nobody is told of {words}")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_written_reviewed_published_asked_and_taken_back(
    bot: BotProcess, browser: Browser, scripts: bool
) -> None:
    an_link = await hired(bot, "Lê Văn An", "editor", "an.le")
    binh_link = await hired(bot, "Phạm Bình", "publisher", "binh")
    async with (
        working(browser, bot, an_link, PHONE, scripts=scripts) as an,
        working(browser, bot, binh_link, DESKTOP, scripts=scripts) as binh,
        at_work(browser, bot.address, PHONE) as somebody,
    ):
        await an.open("/canbo/thu-tuc")
        await an.page.get_by_label("Tìm theo tên").fill("khai sinh")
        await an.press("Tìm")
        await an.page.get_by_role("link", name="Thủ tục đăng ký khai sinh", exact=True).click()
        await an.press("Soạn bản sửa")
        await add_paper(an, "Ảnh của trẻ, cỡ 3x4")
        await an.page.get_by_role("button", name="Đưa giấy tờ 6 lên trước").click()
        await expect(an.page.locator("#documents > .item").nth(4)).to_contain_text("Ảnh của trẻ")
        await an.page.locator(".bottom").get_by_role("button", name="Xem thử").click()
        await expect(an.page.locator("main")).to_contain_text("Ảnh của trẻ, cỡ 3x4")
        await an.page.get_by_role("link", name="Bản sửa 1").click()
        await expect(an.page.locator("ins").first).to_contain_text("Ảnh của trẻ, cỡ 3x4")
        await an.page.get_by_label("Số quyết định").fill("12/QĐ-UBND")
        await an.press("Gửi duyệt")
        await expect(an.page.get_by_role("status")).to_have_text("Đã gửi duyệt.")

        await binh.open("/canbo")
        await binh.page.get_by_role("link", name="Bản sửa chờ anh/chị duyệt").click()
        await binh.page.get_by_role("link", name="Thủ tục đăng ký khai sinh").click()
        await binh.press("Duyệt")
        await published(binh, look=scripts)
        if scripts:
            await asked(somebody, "Ảnh của trẻ, cỡ 3x4")

        await binh.press("Quay lại như trước bản này")
        await expect(binh.page.get_by_role("status")).to_contain_text("Đã quay lại")
        await binh.open(BIRTH)
        await expect(binh.page.get_by_text("Người hỏi đang thấy")).to_be_visible()
        await expect(binh.page.locator("main")).not_to_contain_text("Ảnh của trẻ")


async def test_two_write_one_draft_at_once(bot: BotProcess, browser: Browser) -> None:
    an_link = await hired(bot, "Lê Văn An", "editor", "an.le")
    ha_link = await hired(bot, "Đỗ Thu Hà", "editor", "ha.do")
    async with (
        working(browser, bot, an_link, DESKTOP, scripts=False) as an,
        working(browser, bot, ha_link, PHONE, scripts=False) as ha,
    ):
        await an.open(BIRTH)
        await an.press("Soạn bản sửa")
        await ha.page.goto(an.page.url)
        await an.page.get_by_label("Tóm tắt").fill("Câu của An.")
        await an.page.get_by_label("Cơ quan thực hiện").fill("Cơ quan của An")
        await keep(an)
        await ha.page.get_by_label("Tóm tắt").fill("Câu của Hà.")
        await ha.page.get_by_label("Tên thường gọi").fill("làm giấy khai sinh\nkhai sinh cho con")
        await keep(ha)
        await expect(ha.page.locator("h1")).to_have_text("Ghép hai bản sửa")
        await expect(ha.page.locator("fieldset")).to_have_count(1)
        await expect(ha.page.locator("fieldset")).to_contain_text("Câu của An.")
        await ha.page.get_by_label("Người khác: Câu của An.").check()
        await ha.press("Ghép và lưu nháp")
        await expect(ha.page.get_by_label("Tóm tắt")).to_have_value("Câu của An.")
        await expect(ha.page.get_by_label("Cơ quan thực hiện")).to_have_value("Cơ quan của An")
        await expect(ha.page.get_by_label("Tên thường gọi")).to_have_value("làm giấy khai sinh\nkhai sinh cho con")


async def reviewed(clerk: Clerk, other: Clerk) -> None:
    """Send the change on the page of one and let it through as another, who then has it before them."""
    await clerk.press("Gửi duyệt")
    await expect(clerk.page.get_by_role("status")).to_have_text("Đã gửi duyệt.")
    await other.page.goto(clerk.page.url)
    await other.press("Duyệt")
    await expect(other.page.get_by_role("status")).to_contain_text("Đã duyệt")


async def test_two_drafts_are_joined_one_waits_for_its_day_and_a_province_is_warned(
    bot: BotProcess, browser: Browser
) -> None:
    an_link = await hired(bot, "Lê Văn An", "editor", "an.le")
    ha_link = await hired(bot, "Đỗ Thu Hà", "publisher", "ha.do")
    binh_link = await hired(bot, "Phạm Bình", "publisher", "binh")
    async with (
        working(browser, bot, an_link, DESKTOP) as an,
        working(browser, bot, ha_link, DESKTOP) as ha,
        working(browser, bot, binh_link, PHONE) as binh,
    ):
        for clerk, summary in ((an, "Câu của An."), (ha, "Câu của Hà.")):
            await clerk.open(BIRTH)
            await clerk.press("Soạn bản sửa")
            await clerk.page.get_by_label("Tóm tắt").fill(summary)
            await clerk.page.locator(".bottom").get_by_role("button", name="Xem thay đổi và gửi duyệt").click()
        await ha.press("Gửi duyệt")
        await expect(ha.page.get_by_text("Anh/chị có soạn bản này")).to_be_visible()
        await expect(ha.page.get_by_role("button", name="Duyệt", exact=True)).to_have_count(0)
        await binh.page.goto(ha.page.url)
        await binh.press("Duyệt")
        await published(binh)

        await an.press("Gửi duyệt")
        await expect(an.page.locator("main")).to_contain_text("đã có bản công bố mới hơn")
        await an.open("/canbo/ban-sua/1")
        await an.page.get_by_role("link", name="Xem và ghép hai bản").click()
        await expect(an.page.locator("fieldset")).to_contain_text("Câu của Hà.")
        await no_barriers(an)
        await an.press("Ghép và lưu nháp")
        await expect(an.page.get_by_role("status")).to_contain_text("Đã ghép")

        await ha.open(f"{BIRTH}?noi=01")
        await ha.press("Soạn bản sửa")
        await ha.page.get_by_label("Cơ quan thực hiện").fill("Trung tâm của Hà Nội")
        await ha.page.locator(".bottom").get_by_role("button", name="Xem thay đổi và gửi duyệt").click()
        await reviewed(ha, binh)
        await published(binh)

        day = date.today() + timedelta(days=3)
        await an.page.get_by_label("Ngày có hiệu lực").fill(day.isoformat())
        await reviewed(an, binh)
        await binh.press(f"Hẹn công bố ngày {day:%d/%m/%Y}")
        await expect(binh.page.get_by_role("status")).to_contain_text("Đã hẹn")
        await no_barriers(binh)
        await an.open("/canbo/phat-hanh")
        await expect(an.page.locator("section", has_text="Đã hẹn ngày (1)")).to_contain_text(f"{day:%d/%m/%Y}")
        await no_barriers(an)
        await binh.press("Bỏ hẹn")
        await expect(binh.page.get_by_role("status")).to_have_text("Đã bỏ hẹn.")
        await published(binh)

        await binh.open("/canbo")
        await binh.page.get_by_role("link", name="Bản riêng có bản gốc đã đổi").click()
        drifted = binh.page.locator("section", has_text="Bản gốc đã đổi (1)")
        await expect(drifted).to_contain_text("Thành phố Hà Nội")
        await drifted.get_by_role("link").click()
        await expect(binh.page.locator("main")).to_contain_text("Câu của An.")
        await expect(binh.page.locator("main")).to_contain_text("Trung tâm của Hà Nội")
        await no_barriers(binh)
        await binh.press("Đã xem, giữ bản riêng")
        await expect(binh.page.get_by_role("status")).to_contain_text("bản riêng vẫn giữ nguyên")
        await expect(binh.page.locator("main")).not_to_contain_text("Bản gốc đã đổi")


async def test_what_is_typed_is_kept_and_what_is_wrong_told_while_typing(bot: BotProcess, browser: Browser) -> None:
    link = await hired(bot, "Lê Văn An", "editor", "an.le")
    async with working(browser, bot, link, DESKTOP) as an:
        await an.open(BIRTH)
        await an.press("Soạn bản sửa")
        await an.page.get_by_label("Tóm tắt").fill("Ghi việc sinh của con.")
        await expect(an.page.locator("#saved")).to_contain_text("Đã lưu nháp lúc")
        await expect(an.page.locator("#side")).to_contain_text("Ghi việc sinh của con.")
        await an.page.get_by_label("Tên thủ tục").fill("")
        await expect(an.page.locator(".fault")).to_have_text("còn thiếu")
        await expect(an.page.get_by_label("Tên thủ tục")).to_have_attribute("aria-invalid", "true")
        await no_barriers(an)
        await an.page.reload()
        await expect(an.page.get_by_label("Tóm tắt")).to_have_value("Ghi việc sinh của con.")
        await expect(an.page.locator(".fault")).to_have_text("còn thiếu")
        await an.page.locator(".bottom").get_by_role("button", name="Xem thay đổi và gửi duyệt").click()
        await an.press("Gửi duyệt")
        await expect(an.page.get_by_role("alert")).to_contain_text("Tên thủ tục: còn thiếu")


async def test_questions_and_conditions_are_made_without_knowing_the_file(bot: BotProcess, browser: Browser) -> None:
    link = await hired(bot, "Lê Văn An", "editor", "an.le")
    async with working(browser, bot, link, PHONE) as an:
        await an.open(BIRTH)
        await an.press("Soạn bản sửa")
        await tab(an, "Câu hỏi tình huống")
        await an.page.get_by_role("button", name="+ Thêm câu hỏi").click()
        await an.page.get_by_label("Câu hỏi (cần có)").fill("Ai đi nộp?")
        for place, words in enumerate(("Bố mẹ", "Người khác")):
            await an.page.get_by_role("button", name="+ Thêm lựa chọn").click()
            choice = an.page.locator("#questions-0-choices > .item").nth(place)
            await choice.get_by_label("Lựa chọn (cần có)").fill(words)
        await no_barriers(an)
        await tab(an, "Giấy tờ")
        paper = an.page.locator("#documents-2")
        await paper.locator("summary").click()
        await paper.get_by_label("Điều kiện 1").select_option("Người khác")
        await keep(an)
        await no_barriers(an)
        await an.page.locator(".bottom").get_by_role("button", name="Xem thử").click()
        listed = an.page.locator("section").nth(1)
        await expect(listed).to_contain_text("Văn bản ủy quyền")
        await an.page.get_by_label("Ai đi nộp?").select_option("Bố mẹ")
        await expect(listed.locator(".bubble")).not_to_contain_text("Văn bản ủy quyền")
        await no_barriers(an)


async def test_a_commune_changes_its_own_answers_only(bot: BotProcess, browser: Browser) -> None:
    place = ("--scope", "00004")
    an_link = await hired(bot, "Lê Văn An", "editor", "an.le", *place)
    binh_link = await hired(bot, "Phạm Bình", "publisher", "binh", *place)
    async with (
        working(browser, bot, an_link, PHONE) as an,
        working(browser, bot, binh_link, PHONE) as binh,
    ):
        await an.open(BIRTH)
        await an.press("Soạn bản sửa")
        await expect(an.page.locator("main")).to_contain_text("áp dụng cho Phường Ba Đình, TP. Hà Nội")
        await an.page.get_by_label("Tóm tắt").fill("Câu của phường.")
        await an.page.locator(".bottom").get_by_role("button", name="Xem thay đổi và gửi duyệt").click()
        await an.press("Gửi duyệt")
        await binh.page.goto(an.page.url)
        await binh.press("Duyệt")
        await published(binh)
        await binh.open(BIRTH)
        await expect(binh.page.locator("main")).to_contain_text("Câu của phường.")
        await binh.open(f"{BIRTH}?noi=")
        await expect(binh.page.locator("main")).not_to_contain_text("Câu của phường.")
