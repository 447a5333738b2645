"""What the page shows over real HTTP: procedures and cases behind links, notices, the kiosk, what leads nowhere."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy.engine import URL

from bot.channels import web, web_shown
from bot.dialogue.banner import Banner
from knowledge.places import Finder, load_gazetteer
from tests.bot.channels.browser import Browser
from tests.bot.channels.house import open_house
from tests.bot.dialogue import records


async def test_what_people_type_is_text_in_the_page(browser: Browser) -> None:
    await browser.turn("<script>alert(1)</script><b>khai</b>")
    _, page = await browser.get("/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("path", ["/p/1.001193", "/?p=1.001193", "/p/1001193"])
async def test_link_opens_a_procedure(browser: Browser, path: str) -> None:
    response, page = await browser.get(path)
    assert 'data-open="p_1' in page
    assert "Giấy chứng sinh" in page
    assert "Set-Cookie" not in response.headers


async def test_what_was_handed_to_somebody_waits_for_a_press(browser: Browser) -> None:
    response, page = await browser.get("/s/v_Ab3-5678901234567890_x")
    assert 'data-open="v_Ab3-5678901234567890_x"' in page
    assert 'value="aid:join:Ab3-5678901234567890_x"' in page
    assert "Set-Cookie" not in response.headers
    for rubbish in ("v_short", "x_Ab3-5678901234567890_x", "v_Ab3-5678901234567890%22", "v_" + "a" * 25):
        _, page = await browser.get(f"/s/{rubbish}")
        assert 'data-open=""' in page
        assert web_shown.NO_SUCH_LINK in page


async def test_link_with_rubbish_opens_the_plain_page(browser: Browser) -> None:
    _, page = await browser.get("/p/%22%3E%3Cscript%3E")
    assert 'data-open=""' in page
    assert "&gt;&lt;script" not in page


@pytest.mark.parametrize("path", ["/khong-co", "/p/1.001193/", "/assets/a/b", "/.env", "/turn", "//evil.example"])
async def test_broken_link_leads_to_the_conversation(browser: Browser, path: str) -> None:
    await browser.turn("làm khai sinh")
    response, page = await browser.get(f"{browser.house.url}{path}")
    assert response.status == 404
    assert web.NO_SUCH_PAGE in page
    assert "Giấy chứng sinh" in page
    assert "Content-Security-Policy" in response.headers


@pytest.mark.parametrize("code", ["1.00119", "x", "%0d%0aSet-Cookie:x=1", "9" * 500])
async def test_link_to_no_procedure_is_told(browser: Browser, code: str) -> None:
    response, page = await browser.get(f"/p/{code}")
    assert web_shown.NO_SUCH_LINK in page
    assert "Set-Cookie" not in response.headers


async def test_kiosk_has_no_way_out(browser: Browser) -> None:
    await browser.turn("làm khai sinh")
    _, page = await browser.get("/kiosk")
    assert "<a href" not in page
    assert "(dichvucong.gov.vn)" in page
    assert 'data-idle="' in page
    _, page = await browser.get("/")
    assert '<a href="https://dichvucong.gov.vn' in page


async def test_notices_stand_on_top_of_the_page_where_they_hold(database: URL) -> None:
    started = datetime(2026, 1, 1)
    banners = (Banner(1, "Cổng <bảo trì>", "", started), Banner(2, "Ba Đình nghỉ", "00004", started))
    known = replace(records.services(), banners=banners, places=Finder(load_gazetteer()))
    async with open_house(database, known) as house:
        browser = Browser(house)
        _, page = await browser.get("/")
        assert '<p class="banner">Cổng &lt;bảo trì&gt;</p>' in page
        assert "Ba Đình nghỉ" not in page
        assert (await browser.turn("gì đó"))["banners"] == ["Cổng <bảo trì>"]
        assert len((await browser.turn("tôi ở phường Ba Đình, Hà Nội"))["banners"]) == 2
        _, page = await browser.get("/")
        assert "Ba Đình nghỉ" in page
        await browser.session.close()


async def test_without_notices_nothing_stands_there(browser: Browser) -> None:
    _, page = await browser.get("/")
    assert 'class="banner"' not in page
    assert (await browser.turn("gì đó"))["banners"] == []
