"""The chat page in a real browser: ask, choose, come back, lose the line, use a keyboard, walk away from a kiosk."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.async_api import Browser, Route, expect
from sqlalchemy.engine import URL

from knowledge.places import Finder, load_gazetteer
from tests.acceptance.visit import PHONE, SMALLEST, Visit, visit
from tests.bot.channels.house import House, open_house
from tests.bot.dialogue import records
from tests.bot.dialogue.test_conversation import LINES


async def test_newcomer_is_welcomed_and_asks(person: Visit) -> None:
    await expect(person.page.get_by_text("Chào anh/chị")).to_be_visible()
    answer = await person.says("làm khai sinh")
    await expect(answer.get_by_text("Đăng ký khai sinh", exact=True)).to_be_visible()
    await expect(answer.locator("ol > li").first).to_have_text(
        "Tờ khai đăng ký khai sinh (Mẫu TP/HT-2012-TKKS): 1 bản chính"
    )
    await expect(person.page.get_by_label("Câu hỏi của anh/chị")).to_have_value("")


async def test_starter_opens_a_procedure(person: Visit) -> None:
    await expect(await person.presses("Đăng ký khai sinh")).to_contain_text("Mã thủ tục: 1.001193")


async def test_offer_is_chosen_by_button_or_number(person: Visit) -> None:
    await person.says("khai sinh")
    await expect(await person.presses("2. Có bố hoặc mẹ là người nước ngoài")).to_contain_text("2.000528")
    await person.says("khai sinh")
    await expect(await person.says("cái thứ ba")).to_contain_text("1.004884")


async def test_buttons_under_an_answer_open_its_parts(person: Visit) -> None:
    await person.says("làm khai sinh")
    await expect(await person.presses("Các bước")).to_contain_text("Nhận Giấy khai sinh.")
    await expect(await person.presses("Căn cứ pháp lý")).to_contain_text("60/2014/QH13")
    await expect(await person.presses("Không đúng thủ tục này")).to_contain_text("Xin lỗi")


async def test_browsing_turns_pages_in_place(person: Visit) -> None:
    await person.presses("Xem theo lĩnh vực")
    shown = await person.page.locator(".assistant").count()
    await person.page.get_by_role("button", name="Hộ tịch (4)").click()
    await expect(person.page.get_by_text("Hộ tịch: 4 thủ tục")).to_be_visible()
    assert await person.page.locator(".assistant").count() == shown
    await person.page.reload()
    await expect(person.page.get_by_text("Hộ tịch: 4 thủ tục")).to_be_visible()
    await expect(person.page.get_by_text("Anh/chị chọn một lĩnh vực:")).to_have_count(0)


async def test_page_loaded_again_shows_the_same_conversation(person: Visit) -> None:
    await person.says("làm khai sinh")
    await person.says("nộp ở đâu")
    structure = "() => [...document.querySelectorAll('.entry')].map(entry => entry.innerText.replace(/\\s+/g, ' '))"
    built_by_script = await person.page.evaluate(structure)
    await person.page.reload()
    assert await person.page.evaluate(structure) == built_by_script
    await expect(await person.says("lệ phí bao nhiêu")).to_contain_text("miễn phí")


async def test_link_opens_a_procedure_once(person: Visit) -> None:
    await person.open("/p/1.001193")
    await expect(person.page.get_by_text("Mã thủ tục: 1.001193")).to_have_count(1)
    await expect(person.page).to_have_url(f"{person.house.url}/")
    await person.page.reload()
    await expect(person.page.get_by_text("Mã thủ tục: 1.001193")).to_have_count(1)
    await expect(await person.says("nộp ở đâu")).to_contain_text("Ủy ban nhân dân cấp xã")


async def test_link_from_elsewhere_keeps_the_conversation(person: Visit) -> None:
    await person.says("làm khai sinh")
    await person.page.goto("data:text/html,<meta charset=utf-8><a href='" + person.house.url + "/'>vào</a>")
    await person.page.get_by_text("vào").click()
    await expect(person.page.locator(".person")).to_have_text("Anh/chị:làm khai sinh")


async def test_markup_people_type_is_shown_as_typed(person: Visit) -> None:
    await person.says("<img src=x onerror=alert(1)> <b>khai</b>")
    await expect(person.page.locator(".person")).to_contain_text("<img src=x onerror=alert(1)> <b>khai</b>")
    await person.page.reload()
    await expect(person.page.locator(".person")).to_contain_text("<img src=x onerror=alert(1)> <b>khai</b>")
    assert await person.page.locator(".entry img").count() == 0


async def test_two_pages_of_one_conversation_agree(person: Visit) -> None:
    await person.says("làm khai sinh")
    other = await visit(person.page.context, person.house)
    await other.open()
    await person.says("nộp ở đâu")
    await expect(other.page.locator(".person").last).to_contain_text("nộp ở đâu")
    await expect(other.page.locator(".assistant").last).to_contain_text("Ủy ban nhân dân cấp xã")
    assert other.complaints == []


async def test_starting_over_forgets(person: Visit) -> None:
    await person.says("làm khai sinh")
    await person.page.get_by_role("button", name="Bắt đầu lại").click()
    await expect(person.page.locator(".person")).to_have_count(0)
    await person.page.reload()
    await expect(person.page.locator(".person")).to_have_count(0)
    await expect(await person.says("lệ phí bao nhiêu")).to_contain_text("của thủ tục nào?")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_smallest_phone_never_scrolls_sideways(
    browser: Browser, house: House, tmp_path: Path, scheme: str
) -> None:
    context = await browser.new_context(viewport=SMALLEST, color_scheme=scheme, has_touch=True, is_mobile=True)  # type: ignore[arg-type]
    person = await visit(context, house)
    await person.open()
    for question in ("làm khai sinh", "khai sinh", "giấy tờ nhà", "1", "đổi bằng lái hết bao nhiêu", "x" * 300):
        await person.says(question)
        assert await person.overflow() == 0, question
    await person.presses("Xem theo lĩnh vực")
    assert await person.overflow() == 0
    small = "() => [...document.querySelectorAll('button')].filter(b => b.offsetHeight && b.offsetHeight < 44).length"
    assert await person.page.evaluate(small) == 0
    await person.page.screenshot(path=tmp_path / f"320-{scheme}.png", full_page=True)
    await context.close()
    assert person.complaints == []


async def test_keyboard_alone_is_enough(browser: Browser, house: House) -> None:
    context = await browser.new_context()
    person = await visit(context, house)
    await person.open()
    page = person.page
    await expect(page.get_by_label("Câu hỏi của anh/chị")).to_be_focused()
    await page.keyboard.type("khai sinh")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("cháu bé thuộc trường hợp nào?")).to_be_visible()
    for _ in range(4):
        await page.keyboard.press("Shift+Tab")
    focused = "() => document.activeElement.textContent"
    assert await page.evaluate(focused) == "1. Trường hợp thông thường"
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert await page.evaluate(outline) == "solid"
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("Mã thủ tục: 1.001193")).to_be_visible()
    await page.get_by_label("Câu hỏi của anh/chị").focus()
    await page.keyboard.type("dòng một")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("dòng hai")
    await expect(page.get_by_label("Câu hỏi của anh/chị")).to_have_value("dòng một\ndòng hai")
    await page.keyboard.press("Escape")
    await expect(page.get_by_label("Câu hỏi của anh/chị")).to_have_value("")
    await context.close()
    assert person.complaints == []


async def test_skip_link_leads_to_the_question(browser: Browser, house: House) -> None:
    context = await browser.new_context(has_touch=True, is_mobile=True)
    person = await visit(context, house)
    await person.open()
    await person.page.keyboard.press("Tab")
    await expect(person.page.get_by_role("link", name="Đến ô nhập câu hỏi")).to_be_focused()
    await person.page.keyboard.press("Enter")
    await expect(person.page.get_by_label("Câu hỏi của anh/chị")).to_be_focused()
    await context.close()


async def test_screen_reader_finds_its_way(person: Visit) -> None:
    await person.says("làm khai sinh")
    log = person.page.get_by_role("log")
    await expect(log).to_have_attribute("aria-live", "polite")
    await expect(log.locator(".person .unseen")).to_have_text("Anh/chị:")
    await expect(person.page.get_by_role("heading", level=1)).to_have_text("Một Cửa")
    assert await person.page.evaluate("() => document.documentElement.lang") == "vi"
    nameless = "() => [...document.querySelectorAll('button, a')].filter(e => !e.textContent.trim()).length"
    assert await person.page.evaluate(nameless) == 0


async def test_lists_hold_their_items_and_nothing_else(person: Visit) -> None:
    await person.says("làm khai sinh")
    await person.says("khai sinh")
    stray = """() => {
        const items = [...document.querySelectorAll("li")];
        const lost = items.filter(e => !e.parentElement.matches(":is(ol, ul):not([role])"));
        return lost.length + document.querySelectorAll(":is(ol, ul) > :not(li)").length;
    }"""
    assert await person.page.evaluate(stray) == 0
    await person.page.reload()
    assert await person.page.evaluate(stray) == 0


async def test_a_line_that_hangs_is_told_and_the_question_can_be_sent_again(browser: Browser, house: House) -> None:
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    await context.add_init_script(
        "{ const limit = AbortSignal.timeout;"
        "  AbortSignal.timeout = () => limit.call(AbortSignal, window.most ?? 400); }"
    )
    person = await visit(context, house)
    await person.open()
    await context.route("**/turn", lambda _route: None)
    await person._type("làm khai sinh")
    await expect(person.page.get_by_role("alert")).to_contain_text("Chưa gửi được")
    await context.unroute("**/turn")
    await person.page.evaluate("() => { window.most = 60_000 }")
    await person.page.get_by_role("button", name="Gửi lại").click()
    await expect(person.page.locator(".assistant").last).to_contain_text("Giấy chứng sinh")
    await expect(person.page.locator(".person")).to_have_count(1)
    await context.close()


async def test_words_whose_reply_got_lost_stand_there_once(browser: Browser, house: House) -> None:
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    person = await visit(context, house)
    await person.open()
    await person.says("làm khai sinh")

    async def lose(route: Route) -> None:
        await route.fetch()
        await route.abort()

    await person.page.route("**/turn", lose)
    await person._type("nộp ở đâu")
    await expect(person.page.locator(".assistant").last).to_contain_text("Ủy ban nhân dân cấp xã")
    await person.settled()
    await expect(person.page.locator(".unsent")).to_have_count(0)
    await expect(person.page.locator(".person")).to_have_text([re.compile("làm khai sinh"), re.compile("nộp ở đâu")])
    await expect(person.page.get_by_role("alert")).to_have_text("")
    await context.close()


async def test_words_that_are_refused_stay_beside_those_typed_since(browser: Browser, house: House) -> None:
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    person = await visit(context, house)
    await person.open()
    typed = asyncio.Event()

    async def refuse(route: Route) -> None:
        await typed.wait()
        await route.fulfill(status=429, json={"error": "Anh/chị gửi hơi nhanh."})

    await person.page.route("**/turn", refuse)
    await person._type("làm khai sinh")
    await person.page.get_by_label("Câu hỏi của anh/chị").fill("nộp ở đâu")
    typed.set()
    await expect(person.page.get_by_role("alert")).to_have_text("Anh/chị gửi hơi nhanh.")
    await expect(person.page.get_by_label("Câu hỏi của anh/chị")).to_have_value("nộp ở đâu")
    await person.page.unroute("**/turn")
    await person.page.get_by_role("button", name="Gửi lại").click()
    await expect(person.page.locator(".assistant").last).to_contain_text("Giấy chứng sinh")
    await context.close()


async def test_way_to_a_person_is_one_press_away(person: Visit) -> None:
    await person.says("xyz abc")
    await expect(await person.presses("Hỏi người thật")).to_contain_text("18001096")


async def test_too_many_questions_are_answered_in_words(browser: Browser, database: URL) -> None:
    async with open_house(database, web_turns_per_minute=2) as house:
        context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
        person = await visit(context, house)
        await person.open()
        await person.says("làm khai sinh")
        await person.says("nộp ở đâu")
        await person._type("lệ phí bao nhiêu")
        await expect(person.page.get_by_role("alert")).to_contain_text("Anh/chị gửi hơi nhanh")
        await expect(person.page.get_by_label("Câu hỏi của anh/chị")).to_have_value("lệ phí bao nhiêu")
        await expect(person.page.locator(".person")).to_have_count(2)
        await context.close()


async def test_lost_line_is_told_and_the_question_can_be_sent_again(browser: Browser, house: House) -> None:
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    person = await visit(context, house)
    await person.open()
    await person.says("làm khai sinh")
    await house.stop()
    await expect(person.page.get_by_role("status")).to_have_text("Mất kết nối, đang thử nối lại…")
    await person._type("nộp ở đâu")
    await expect(person.page.get_by_role("alert")).to_contain_text("Chưa gửi được")
    await house.start()
    await person.page.get_by_role("button", name="Gửi lại").click()
    await expect(person.page.locator(".assistant").last).to_contain_text("Ủy ban nhân dân cấp xã")
    await expect(person.page.get_by_role("status")).to_have_text("")
    await expect(person.page.locator(".person")).to_have_count(2)
    await context.close()


async def test_answer_missed_while_away_is_replayed(browser: Browser, house: House) -> None:
    context = await browser.new_context(viewport=PHONE)  # type: ignore[arg-type]
    person = await visit(context, house)
    await person.open()
    await person.says("làm khai sinh")
    (cookie,) = await context.cookies()
    await house.stop()
    await expect(person.page.get_by_role("status")).not_to_have_text("")
    await _said_elsewhere(house, cookie["value"], "nộp ở đâu")
    await house.start()
    await expect(person.page.locator(".assistant").last).to_contain_text("Ủy ban nhân dân cấp xã")
    await context.close()


async def _said_elsewhere(house: House, address: str, words: str) -> None:
    """Let the person say something on another device while this page has no line."""
    from bot.dialogue.turn import Turn, TurnKind

    await house.given.intake.take("web", address, Turn(TurnKind.TEXT, words), said=words)


async def test_without_scripts_a_plain_form_gets_answers(browser: Browser, house: House) -> None:
    context = await browser.new_context(java_script_enabled=False, viewport=PHONE)  # type: ignore[arg-type]
    page = await context.new_page()
    await page.goto(house.url)
    await page.get_by_label("Câu hỏi của anh/chị").fill("khai sinh")
    await page.get_by_role("button", name="Gửi", exact=True).click()
    await page.get_by_role("button", name="2. Có bố hoặc mẹ là người nước ngoài").click()
    await expect(page.locator(".assistant").last).to_contain_text("2.000528")
    await expect(page.locator(".person").last).to_be_in_viewport()
    await page.goto(f"{house.url}/p/1.000894")
    await expect(page.locator(".assistant").last).to_contain_text("Đăng ký kết hôn")
    await page.get_by_role("button", name="Bắt đầu lại").click()
    await expect(page.locator(".person")).to_have_count(0)
    await context.close()


async def test_kiosk_forgets_whoever_walks_away(browser: Browser, database: URL, tmp_path: Path) -> None:
    async with open_house(database, kiosk_idle_seconds=10) as house:
        context = await browser.new_context(viewport={"width": 1080, "height": 1600}, has_touch=True)
        person = await visit(context, house)
        await person.page.clock.install()
        await person.open("/kiosk")
        await person.page.clock.run_for(30_000)
        await expect(person.page.get_by_role("dialog")).to_have_count(0)
        await person.says("làm khai sinh")
        assert await person.page.locator(".entry a").count() == 0
        await expect(person.page.locator(".assistant").last).to_contain_text("(dichvucong.gov.vn)")
        low = "() => [...document.querySelectorAll('button')].filter(b => b.offsetHeight && b.offsetHeight < 48).length"
        assert await person.page.evaluate(low) == 0
        await person.page.clock.run_for(6_000)
        dialog = person.page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Anh/chị còn ở đây không?")
        await person.page.screenshot(path=tmp_path / "kiosk.png")
        await person.page.get_by_role("button", name="Tôi còn ở đây").click()
        await expect(dialog).to_have_count(0)
        await expect(person.page.locator(".person")).to_have_count(1)
        await person.page.clock.run_for(11_000)
        await expect(person.page.locator(".person")).to_have_count(0)
        await expect(person.page).to_have_url(f"{house.url}/kiosk")
        await expect(person.page.get_by_text("Chào anh/chị")).to_be_visible()
        assert await context.cookies() == []
        await context.close()
    assert person.complaints == []


async def test_kiosk_shows_the_next_visitor_nothing_of_an_answer_that_was_late(browser: Browser, database: URL) -> None:
    async with open_house(database, kiosk_idle_seconds=10) as house:
        context = await browser.new_context()
        person = await visit(context, house)
        await person.page.clock.install()
        await person.open("/kiosk")
        await person.says("làm khai sinh")
        await person.page.route("**/forget*", lambda route: route.abort())
        async with person.held():
            await person._type("nộp ở đâu")
            await expect(person.page.locator(".person")).to_have_count(2)
            await person.page.clock.run_for(11_000)
            await expect(person.page.locator(".person")).to_have_count(0)
        await expect(person.page.get_by_role("status")).to_have_text("Mất kết nối, đang thử nối lại…")
        await expect(person.page.locator(".entry")).to_have_count(0)
        await person._type("lệ phí bao nhiêu")
        await person.settled()
        await expect(person.page.get_by_label("Câu hỏi của anh/chị")).to_have_value("lệ phí bao nhiêu")
        await expect(person.page.locator(".entry")).to_have_count(0)
        await person.page.unroute("**/forget*")
        await person.page.clock.run_for(1_000)
        await expect(person.page.get_by_text("Chào anh/chị")).to_be_visible()
        await expect(person.page.locator(".person")).to_have_count(0)
        assert await context.cookies() == []
        await context.close()


async def test_nearest_offices_are_found_from_where_one_is(browser: Browser, database: URL) -> None:
    services = replace(records.services(LINES), places=Finder(load_gazetteer()))
    async with open_house(database, services) as house:
        here = {"latitude": 21.0285, "longitude": 105.852}
        context = await browser.new_context(viewport=PHONE, geolocation=here, permissions=["geolocation"])  # type: ignore[arg-type]
        opened = await visit(context, house)
        await opened.open()
        await expect(await opened.presses("Nơi nộp gần tôi")).to_contain_text("Phường Hoàn Kiếm")
        await expect(opened.page.locator(".person").last).to_contain_text("Vị trí của tôi")
        assert await opened.overflow() <= 0
        await opened.page.reload()
        assert "21.02" not in await opened.page.content()
        await context.clear_permissions()
        await opened.page.get_by_role("button", name="Nơi nộp gần tôi").click()
        await expect(opened.page.get_by_role("alert")).to_contain_text("gõ tên xã, phường")
        await context.close()
        assert opened.complaints == []
