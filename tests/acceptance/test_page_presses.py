"""Buttons of the chat page pressed quickly, twice, or while a reply is on its way: each wish counts, once."""

from __future__ import annotations

import re

from playwright.async_api import expect

from tests.acceptance.visit import Visit

TAP = """(button, { at, detail }) => {
    const down = new PointerEvent("pointerdown", { bubbles: true, clientX: 100, clientY: 100 });
    Object.defineProperty(down, "timeStamp", { value: at });
    button.dispatchEvent(down);
    button.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, detail }));
}"""
"""Press a button at one place of the screen, ``at`` so many milliseconds, as the first or second click of two."""


async def test_impatient_presses_count_once(person: Visit) -> None:
    await person.says("khai sinh")
    button = person.page.get_by_role("button", name="2. Có bố hoặc mẹ là người nước ngoài")
    async with person.held():
        await button.dblclick()
        await expect(person.page.locator(".assistant").last).to_contain_text("2.000528")
    await expect(person.page.locator(".person")).to_have_count(2)


async def test_a_double_tap_on_a_fast_line_counts_once(person: Visit) -> None:
    await person.says("khai sinh")
    await person.page.clock.install()
    button = person.page.get_by_role("button", name="2. Có bố hoặc mẹ là người nước ngoài")
    await person.presses("2. Có bố hoặc mẹ là người nước ngoài")
    await button.click()
    await person.page.clock.run_for(1_000)
    await button.click()
    await person.settled()
    await expect(person.page.locator(".person")).to_have_count(3)


async def test_press_counts_while_the_reply_to_the_one_before_is_on_its_way(person: Visit) -> None:
    await person.says("làm khai sinh")
    async with person.held() as release:
        await person.presses("Các bước", settled=False)
        await person.page.get_by_role("button", name="Căn cứ pháp lý", exact=True).last.press("Enter")
        release.set()
        await expect(person.page.locator(".assistant").last).to_contain_text("60/2014/QH13")
    await expect(person.page.locator(".person")).to_have_count(3)


async def test_papers_ticked_quickly_are_all_ticked(person: Visit) -> None:
    await person.says("1.000894")
    await person.presses("Chuẩn bị hồ sơ")
    shown = await person.page.locator(".assistant").count()
    async with person.held() as release:
        for label in ("☐ 1", "☐ 2"):
            await person.page.get_by_role("button", name=label, exact=True).click()
        release.set()
        for label in ("☑ 1", "☑ 2"):
            await expect(person.page.get_by_role("button", name=label, exact=True)).to_be_visible()
    assert await person.page.locator(".assistant").count() == shown


async def test_first_words_said_quickly_begin_one_conversation(person: Visit) -> None:
    async with person.held() as release:
        await person._type("làm khai sinh")
        await person._type("nộp ở đâu")
        release.set()
        await expect(person.page.locator(".assistant").last).to_contain_text("Ủy ban nhân dân cấp xã")
    await person.page.reload()
    await expect(person.page.locator(".person")).to_have_text([re.compile("làm khai sinh"), re.compile("nộp ở đâu")])


async def test_second_click_of_two_hits_nothing_that_came_under_it(person: Visit) -> None:
    await person.says("làm khai sinh")
    first, other = (person.page.get_by_role("button", name=name, exact=True) for name in ("Các bước", "Điều kiện"))
    await first.last.evaluate(TAP, {"at": 1_000, "detail": 1})
    await expect(person.page.locator(".assistant").last).to_contain_text("Nhận Giấy khai sinh.")
    await person.settled()
    await other.last.evaluate(TAP, {"at": 1_200, "detail": 2})
    await person.settled()
    await expect(person.page.locator(".person")).to_have_count(2)
    await other.last.evaluate(TAP, {"at": 3_000, "detail": 2})
    await expect(person.page.locator(".person")).to_have_count(3)
