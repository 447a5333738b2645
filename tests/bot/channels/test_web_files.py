from __future__ import annotations

import aiohttp
import pytest
from sqlalchemy.engine import URL

from bot.channels.web_files import disposition
from bot.errors import PrintingError
from bot.printing.files import Files
from tests.bot.channels.house import open_house
from tests.bot.printing import reading


def browser_of(url: str) -> aiohttp.ClientSession:
    return aiohttp.ClientSession(url, cookie_jar=aiohttp.CookieJar(unsafe=True))


async def test_leaflet_is_served_and_kept_by_its_content(database: URL) -> None:
    async with open_house(database) as house, browser_of(house.url) as browser:
        async with browser.get("/leaflet/1.001193.pdf?size=a5") as response:
            body, headers = await response.read(), response.headers
        assert (response.status, response.content_type) == (200, "application/pdf")
        assert reading.sizes(body) == [(148, 210)]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "filename*=UTF-8''T%E1%BB%9D%20h" in headers["Content-Disposition"]
        async with browser.get("/leaflet/1.001193.pdf?size=a5", headers={"If-None-Match": headers["ETag"]}) as again:
            assert (again.status, await again.read()) == (304, b"")
        async with browser.get("/leaflet/1.001193.pdf") as other:
            assert reading.sizes(await other.read()) == [(210, 297)]


@pytest.mark.parametrize(
    "path",
    [
        "/leaflet/9.999999.pdf", "/leaflet/1.001193.pdf?size=a3", "/leaflet/..%2f..%2fetc%2fpasswd", "/leaflet/x",
        "/leaflet/1.000001.pdf", "/checklist/1001193_0000_0.pdf", "/checklist/x.png", "/forms/1.001193/..%2f..",
        "/forms/x/y",
    ],
)  # fmt: skip
async def test_no_such_file(database: URL, path: str) -> None:
    async with (
        open_house(database) as house,
        browser_of(house.url) as browser,
        browser.get(path) as response,
    ):
        assert response.status == 404
        assert "Không có tệp này" in await response.text()


async def test_too_fast_and_too_busy(database: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    async def busy(*_: object) -> None:
        raise PrintingError("Đang bận.")

    async with (
        open_house(database, web_turns_per_minute_per_ip=3) as house,
        browser_of(house.url) as browser,
    ):
        async with browser.get("/leaflet/1.001193.pdf") as first:
            assert first.status == 200
        monkeypatch.setattr(Files, "get", busy)
        async with browser.get("/leaflet/1.001193.pdf") as second:
            assert (second.status, await second.text()) == (503, "Đang bận.")
        await browser.get("/leaflet/1.001193.pdf")
        async with browser.get("/leaflet/1.001193.pdf") as fourth:
            assert fourth.status == 429
            assert fourth.headers["Retry-After"]


async def test_page_offers_the_file_below_the_message(database: URL) -> None:
    async with open_house(database) as house, browser_of(house.url) as browser:
        sent = {"kind": "command", "command": "inra", "value": "1.001193", "id": "1"}
        async with browser.post("/turn", json=sent, headers={"Origin": house.url}) as response:
            (entry,) = (each for each in (await response.json())["entries"] if each["author"] == "assistant")
        assert entry["file"] == {"label": "Tờ hướng dẫn 1.001193.pdf", "href": "/leaflet/1.001193.pdf?size=a5"}
        async with browser.get("/") as page:
            assert 'href="/leaflet/1.001193.pdf?size=a5" download>Tải tệp: Tờ hướng dẫn' in await page.text()
        async with browser.get("/kiosk") as kiosk:
            shown = await kiosk.text()
            assert "/leaflet/" not in shown
            assert "trên điện thoại của anh/chị để tải tệp “Tờ hướng dẫn 1.001193.pdf”" in shown


def test_names_in_any_letters() -> None:
    assert disposition('a"b\r\n\\.pdf') == "attachment; filename=\"a_b___.pdf\"; filename*=UTF-8''a%22b%0D%0A%5C.pdf"
