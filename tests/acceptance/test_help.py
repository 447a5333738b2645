"""Help from afar, three people at once: a citizen on the page, volunteers on Telegram, an officer in the console."""

from __future__ import annotations

import asyncio

from playwright.async_api import Browser, FilePayload, Locator, Page, expect
from sqlalchemy import text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.assistance import accepting, asking, parting, relay, speech, waiting
from bot.assistance.catching.refusal import QUIET_WORDS
from bot.office import links
from tests.acceptance.botapi import BotApi
from tests.acceptance.conftest import Launch, as_setting, telegram
from tests.acceptance.officework import PHONE, at_work
from tests.bot.assistance.band import BA_DINH
from tests.bot.dossiers.pictures import jpeg, sheet

LAN, MINH = 7, 8
TROUBLE = "không vào được VNeID để nộp hồ sơ"


async def volunteers(connection: AsyncConnection) -> None:
    """Make a team of the two who wrote to the bot, both on duty."""
    await connection.execute(text("INSERT INTO team (name, commune) VALUES ('Đội Ba Đình', :c)"), {"c": BA_DINH})
    await connection.execute(
        text("""
            INSERT INTO volunteer (chat_id, team, name, pledged_at, on_duty_until)
            SELECT chat.id, team.id, 'số ' || address, now(), now() + interval '1 hour' FROM chat, team
        """)
    )


async def officer(connection: AsyncConnection) -> str:
    """Make an officer, and return where the link leads that lets them in."""
    made = text("INSERT INTO staff (name, role) VALUES ('Hoa', 'administrator') RETURNING id")
    number = (await connection.execute(made)).scalar_one()
    return f"{links.PATH}{await links.make(connection, number)}"


async def says(page: Page, words: str) -> None:
    await page.get_by_label("Câu hỏi của anh/chị").fill(words)
    await page.get_by_role("button", name="Gửi", exact=True).last.click()


async def presses(page: Page, label: str) -> None:
    """Press the last button of that name; its answer is whole before one presses again on the same place."""
    await page.locator("#log").get_by_role("button", name=label, exact=True).last.click()
    await expect(page.locator("#busy")).to_be_hidden()


async def shows(place: Locator, words: str) -> None:
    """Wait until words stand there."""
    await expect(place).to_contain_text(words)


async def test_asked_raced_for_talked_over_and_handed_to_an_officer(
    process: Launch, api: BotApi, browser: Browser, database: URL, engine: AsyncEngine
) -> None:
    bot = process(**telegram(api, DATABASE_URL=as_setting(database), HELP_HOURS="0-0"))
    address = await bot.start()
    for chat in (LAN, MINH):
        await api.text(chat, "/start")
        await api.reply(chat)
    async with engine.begin() as connection:
        await volunteers(connection)
        way_in = await officer(connection)
    citizen = await (await browser.new_context(viewport=PHONE)).new_page()  # type: ignore[arg-type]
    await citizen.goto(address)
    log = citizen.locator("#log")
    await says(citizen, "/nhogiup")
    await shows(log, "ở xã, phường nào?")
    await says(citizen, "phường ba đình hà nội")
    await shows(log, "Gõ một câu ngắn")
    await says(citizen, TROUBLE)
    await presses(citizen, asking.NOW)
    await presses(citizen, asking.SEND)
    await shows(log, waiting.TOLD.format(count=2))

    alerts = [await api.reply(chat, 2) for chat in (LAN, MINH)]
    assert all(TROUBLE in alert.text for alert in alerts)
    await asyncio.gather(*(api.press(alert, alert.actions()[speech.TAKE]) for alert in alerts))
    answers = [(await api.reply(chat, 3)).text for chat in (LAN, MINH)]
    assert sum(answer == accepting.GONE for answer in answers) == 1
    helper = LAN if answers[1] == accepting.GONE else MINH
    await shows(log, f"Anh/chị số {helper}, tình nguyện viên Đội Ba Đình")

    await says(citizen, "máy báo sai căn cước")
    assert (await api.reply(helper, 4)).text == "Người dân:\nmáy báo sai căn cước"
    await api.text(helper, "chị mở lại ứng dụng giúp em")
    await shows(log, "chị mở lại ứng dụng giúp em")
    await says(citizen, "mã OTP là 482913")
    await shows(log, "tôi không chuyển tin này")
    await shows(log, speech.HELD)
    assert (await api.reply(helper, 5)).text == QUIET_WORDS

    picture = FilePayload(name="a", mimeType="image/jpeg", buffer=jpeg(sheet()))
    await citizen.locator("#photo").set_input_files(picture)
    await shows(log, relay.ASK_FILE.format(what="ảnh này"))
    await presses(citizen, relay.SEND_FILE)
    assert (await api.reply(helper, 7)).extra["file"].name == "anh.jpg"
    await api.photo(helper, jpeg(sheet()))
    asked = await api.reply(helper, 8)
    await api.press(asked, asked.actions()[relay.SEND_FILE])
    assert (await api.reply(helper, 9)).text == relay.FILE_SENT.format(what="ảnh này")
    link = log.get_by_role("link", name="Tải tệp: anh.jpg")
    await shows(link, "anh.jpg")
    path = await link.get_attribute("href")
    assert (await citizen.request.get(f"{address.rstrip('/')}{path}")).status == 200

    taken = api.to(helper)[2]
    await api.press(taken, taken.actions()[speech.TO_STAFF])
    assert (await api.reply(helper, 10)).text == parting.ASKED_LEAVE
    await presses(citizen, speech.AGREE)
    assert (await api.reply(helper, 11)).text == speech.HANDED
    assert (await citizen.request.get(f"{address.rstrip('/')}{path}")).status == 404

    async with at_work(browser, address) as hoa:
        await hoa.open(way_in)
        await hoa.press("Đăng nhập")
        await hoa.open("/canbo/nho-giup")
        assert await hoa.barriers() == []
        assert await hoa.overflow() <= 0
        await hoa.page.get_by_role("button", name="Nhận giúp").click()
        await shows(hoa.page.locator("#noi-dung"), "máy báo sai căn cước")
        await shows(log, "Hoa, cán bộ bộ phận Một cửa")
        await hoa.page.get_by_label("Nhắn cho người dân").fill("mai anh/chị ra phường, em làm lại cho")
        await hoa.press("Gửi")
        await shows(log, "mai anh/chị ra phường, em làm lại cho")
        await says(citizen, "vâng, cảm ơn em")
        await shows(hoa.page.locator("#noi-dung"), "vâng, cảm ơn em")
        assert await hoa.barriers() == []
        assert await hoa.overflow() <= 0
        await hoa.press("Kết thúc")
    await shows(log, "Người giúp đã kết thúc")
    await says(citizen, "/help")
    await shows(log, "/tracuu")
    async with engine.connect() as connection:
        kept = await connection.execute(text("SELECT payload::text FROM message UNION ALL SELECT body FROM talked"))
        assert not [row for (row,) in kept if "482913" in row]
        works = await connection.execute(text("SELECT outcome FROM work"))
        assert [row for (row,) in works] == ["handed"]
    assert "482913" not in bot.errors
