"""A receipt photographed in a real browser, with scripts and without."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.acceptance.visit import PHONE, SMALLEST, Visit
from tests.bot.channels.house import House
from tests.bot.dossiers.pictures import jpeg, sheet, symbol

CODE = "000.00.53.H48-220921-0099"
SNAP = "Chụp giấy hẹn"


@pytest.fixture
def receipt(tmp_path: Path) -> Path:
    path = tmp_path / "giay-hen.jpg"
    path.write_bytes(jpeg(sheet(symbol(f"{CODE}|001205123456", scale=14), size=(4000, 3000), angle=5)))
    return path


async def test_a_tap_takes_a_photo_and_the_code_is_read(person: Visit, receipt: Path) -> None:
    async with person.page.expect_file_chooser() as chosen:
        await person.page.get_by_text(SNAP).click()
    await (await chosen.value).set_files(receipt)
    await expect(person.page.locator(".person").last).to_contain_text("Ảnh giấy hẹn")
    answer = person.page.locator(".assistant").last
    await expect(answer).to_contain_text(CODE)
    await expect(answer).to_contain_text("21/9/2022")
    await person.page.reload()
    await expect(person.page.locator(".assistant").last).to_contain_text(CODE)
    assert "001205123456" not in await person.page.content()


async def test_something_that_is_no_photo_gets_words(person: Visit, tmp_path: Path) -> None:
    other = tmp_path / "x.jpg"
    other.write_bytes(b"hello")
    await person.page.locator("#photo").set_input_files(other)
    await expect(person.page.locator(".assistant").last).to_contain_text("không mở được ảnh này")


async def test_without_scripts_a_plain_form_does_it(browser: Browser, house: House, receipt: Path) -> None:
    context = await browser.new_context(viewport=PHONE, java_script_enabled=False)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(house.url)
    await page.get_by_text(SNAP).click()
    await page.locator("#photo").set_input_files(receipt)
    await page.get_by_role("button", name="Gửi ảnh").click()
    await expect(page.locator(".assistant").last).to_contain_text(CODE)
    await context.close()


async def test_it_fits_the_smallest_screen_and_stays_off_the_kiosk(person: Visit) -> None:
    await person.page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
    assert await person.overflow() == 0
    await person.open("/kiosk")
    await expect(person.page.get_by_text(SNAP)).to_have_count(0)


async def test_a_typed_code_is_checked(person: Visit) -> None:
    await expect(await person.says("hồ sơ 000 00 53 h48 220921 oo99")).to_contain_text(CODE)
    await expect(await person.says("H48-291201-0099")).to_contain_text("chưa tới")
    await expect(await person.says("hồ sơ báo chờ bổ sung là sao")).to_contain_text("Thời hạn tạm dừng")
