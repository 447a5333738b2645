"""The page over real HTTP: what it answers, remembers, refuses and protects."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from aiohttp import ClientResponse, ClientSession, ClientTimeout, CookieJar
from sqlalchemy import text
from sqlalchemy.engine import URL

from bot.channels import web, web_shown, web_stream
from bot.channels.web_turns import BAD_FORM
from bot.dialogue.banner import Banner
from bot.moment import Flow, Flows, Moment
from bot.storage.engine import connect
from knowledge.places import Finder, load_gazetteer
from tests.bot.channels.house import House, open_house
from tests.bot.dialogue import records


class Browser:
    """A visitor: a cookie jar, and requests as our own page sends them."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.session = ClientSession(house.url, cookie_jar=CookieJar(unsafe=True), timeout=ClientTimeout(10))

    async def get(self, path: str, **options: Any) -> tuple[ClientResponse, str]:
        async with self.session.get(path, **options) as response:
            return response, await response.text()

    async def post(self, path: str, **options: Any) -> tuple[ClientResponse, str]:
        headers = {"Origin": self.house.url, **options.pop("headers", {})}
        async with self.session.post(path, headers=headers, allow_redirects=False, **options) as response:
            return response, await response.text()

    async def turn(self, value: str, **more: Any) -> dict[str, Any]:
        response, body = await self.post("/turn", json={"kind": "text", "value": value, **more})
        assert response.status == 200, body
        answer: dict[str, Any] = json.loads(body)
        return answer


@pytest.fixture
async def house(database: URL) -> AsyncIterator[House]:
    async with open_house(database) as opened:
        yield opened


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    visitor = Browser(house)
    yield visitor
    await visitor.session.close()


def words(entry: dict[str, Any]) -> str:
    return " ".join(run["text"] for block in entry["blocks"] for item in block["items"] for run in item)


async def test_question_is_answered_and_kept(browser: Browser) -> None:
    answer = await browser.turn("làm khai sinh")
    assert [entry["author"] for entry in answer["entries"]] == ["person", "assistant"]
    assert "Giấy chứng sinh" in words(answer["entries"][1])
    _, page = await browser.get("/")
    assert "làm khai sinh" in page
    assert "Giấy chứng sinh" in page


async def test_only_what_is_new_is_sent(browser: Browser) -> None:
    first = await browser.turn("làm khai sinh")
    second = await browser.turn("nộp ở đâu", after=first["entries"][-1]["id"])
    assert words(second["entries"][0]) == "nộp ở đâu"
    assert len(second["entries"]) == 2


async def test_turn_sent_twice_counts_once(browser: Browser) -> None:
    await browser.turn("làm khai sinh", id="abc")
    again = await browser.turn("làm khai sinh", id="abc")
    assert len(again["entries"]) == 2


async def test_same_nonce_of_another_conversation_counts(house: House, browser: Browser) -> None:
    await browser.turn("làm khai sinh", id="abc")
    other = Browser(house)
    assert len((await other.turn("làm khai sinh", id="abc"))["entries"]) == 2
    await other.session.close()


async def test_opening_the_page_sets_no_cookie_and_a_turn_sets_a_strict_one(browser: Browser) -> None:
    response, _ = await browser.get("/")
    assert "Set-Cookie" not in response.headers
    response, _ = await browser.post("/turn", json={"kind": "text", "value": "x"})
    cookie = response.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert "Secure" not in cookie


async def test_cookie_is_secure_when_the_page_is_https(database: URL) -> None:
    async with open_house(database, public_url="https://hoi.example") as house:
        visitor = Browser(house)
        response, _ = await visitor.post(
            "/turn", json={"kind": "text", "value": "x"}, headers={"Origin": "https://hoi.example"}
        )
        await visitor.session.close()
    assert response.headers["Set-Cookie"].startswith("__Host-mot_cua=")
    assert "Secure" in response.headers["Set-Cookie"]


async def test_what_people_type_is_text_in_the_page(browser: Browser) -> None:
    await browser.turn("<script>alert(1)</script><b>khai</b>")
    _, page = await browser.get("/")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


async def test_what_came_meanwhile_is_fetched_without_scripts(browser: Browser) -> None:
    """Whoever waits for a person has no other way to see that somebody came."""
    again = '<noscript><p><a href="/">Xem tin mới</a></p></noscript>'
    assert again not in (await browser.get("/"))[1]
    await browser.turn("khai sinh")
    assert again in (await browser.get("/"))[1]


async def test_numbers_of_persons_are_not_stored(browser: Browser) -> None:
    await browser.turn("tôi là 001203004567, làm khai sinh")
    _, page = await browser.get("/")
    assert "001203004567" not in page


async def test_typed_command_is_a_command(browser: Browser) -> None:
    answer = await browser.turn("/linhvuc")
    assert words(answer["entries"][0]) == "/linhvuc"
    assert "chọn một lĩnh vực" in words(answer["entries"][1])


async def test_button_says_its_label_and_a_turned_page_takes_over(browser: Browser) -> None:
    shown = (await browser.turn("/linhvuc"))["entries"][1]
    button = shown["buttons"][0][0]
    turned = await browser.turn(button["action"], kind="action", message=shown["id"], after=shown["id"])
    (listing,) = turned["entries"]
    assert listing["replaces"] == shown["id"]
    opened = await browser.turn(
        listing["buttons"][0][0]["action"], kind="action", message=listing["id"], after=listing["id"]
    )
    assert words(opened["entries"][0]) == listing["buttons"][0][0]["label"]
    _, page = await browser.get("/")
    assert f'data-id="{shown["id"]}"' not in page


async def test_forged_button_is_answered(browser: Browser) -> None:
    answer = await browser.turn("drop:table", kind="action", message="x")
    assert "Nút này không còn dùng được" in words(answer["entries"][0])
    assert answer["toast"]


@pytest.mark.parametrize("value", ["", "😀", "\x00\u202e", "x" * 12_000, "' OR 1=1 --", "\ud800"])
async def test_bad_text_is_answered(browser: Browser, value: str) -> None:
    assert words((await browser.turn(value))["entries"][-1])


@pytest.mark.parametrize(
    "body",
    ["", "{", "[]", "1", '{"kind":"text"}', '{"kind":"x","value":"a"}', '{"kind":"text","value":1}', "[" * 99_000],
)
async def test_broken_json_is_refused_in_words(browser: Browser, body: str) -> None:
    response, answer = await browser.post("/turn", data=body, headers={"Content-Type": "application/json"})
    assert response.status == 400
    assert json.loads(answer)["error"] == BAD_FORM


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}])
@pytest.mark.parametrize("path", ["/turn", "/", "/forget"])
async def test_other_sites_are_refused(browser: Browser, path: str, headers: dict[str, str]) -> None:
    options: dict[str, Any] = {"json": {"kind": "text", "value": "x"}} if path == "/turn" else {"data": {"text": "x"}}
    response, _ = await browser.post(path, headers=headers, **options)
    assert response.status == 403


async def test_other_content_types_and_sizes_are_refused(browser: Browser) -> None:
    response, _ = await browser.post(
        "/turn", data='{"kind":"text","value":"x"}', headers={"Content-Type": "text/plain"}
    )
    assert response.status == 415
    response, _ = await browser.post("/turn", json={"kind": "text", "value": "x" * 200_000})
    assert response.status == 413


async def test_plain_form_works_without_scripts(browser: Browser) -> None:
    response, _ = await browser.post("/", data={"text": "khai sinh"})
    assert response.status == 303
    _, page = await browser.get(response.headers["Location"])
    assert "cháu bé thuộc trường hợp nào?" in page
    await browser.post("/", data={"action": "pick:2.000528", "message": "2"})
    _, page = await browser.get("/")
    assert "2. Có bố hoặc mẹ là người nước ngoài</p>" in page
    assert "Đăng ký khai sinh có yếu tố nước ngoài" in page


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


async def test_forgetting_deletes_the_stored_conversation(browser: Browser, database: URL) -> None:
    await browser.turn("làm khai sinh")
    response, _ = await browser.post("/forget")
    assert response.status == 303
    engine = connect(database)
    async with engine.connect() as connection:
        left = (
            await connection.execute(text("SELECT (SELECT count(*) FROM chat), (SELECT count(*) FROM message)"))
        ).one()
    await engine.dispose()
    assert tuple(left) == (0, 0)
    _, page = await browser.get("/")
    assert "làm khai sinh" not in page


async def test_whoever_talks_with_somebody_says_goodbye_before_forgetting(database: URL) -> None:
    heard: list[str] = []

    async def listens(moment: Moment) -> None:
        heard.append(moment.turn.command)

    async with open_house(database, flows=Flows([Flow(take=listens)], records.services)) as house:
        visitor = Browser(house)
        await visitor.turn("làm khai sinh")
        await visitor.post("/forget")
        await visitor.session.close()
    assert heard == ["", "ketthuc"]


async def test_too_many_turns_are_refused_in_words(database: URL) -> None:
    async with open_house(database, web_turns_per_minute=2) as house:
        visitor = Browser(house)
        for _ in range(2):
            await visitor.turn("làm khai sinh")
        response, body = await visitor.post("/turn", json={"kind": "text", "value": "x"})
        assert response.status == 429
        assert int(response.headers["Retry-After"]) > 0
        assert "hơi nhanh" in json.loads(body)["error"]
        response, page = await visitor.post("/", data={"text": "câu chưa gửi"})
        assert response.status == 429
        assert "hơi nhanh" in page
        assert "câu chưa gửi</textarea>" in page
        await visitor.session.close()


async def test_one_network_address_may_not_flood_with_new_conversations(database: URL) -> None:
    async with open_house(database, web_turns_per_minute_per_ip=3) as house:
        statuses = []
        for _ in range(4):
            visitor = Browser(house)
            statuses.append((await visitor.post("/turn", json={"kind": "text", "value": "x"}))[0].status)
            await visitor.session.close()
    assert statuses == [200, 200, 200, 429]


async def _events(browser: Browser, count: int, **options: Any) -> list[dict[str, Any]]:
    """Read ``count`` events of the stream."""
    found: list[dict[str, Any]] = []
    async with asyncio.timeout(20), browser.session.get("/events", **options) as response:
        assert response.content_type == "text/event-stream"
        async for line in response.content:
            if line.startswith(b"data: "):
                found.append(json.loads(line[6:]))
                if len(found) == count:
                    break
    return found


async def test_stream_brings_what_another_page_of_the_conversation_said(browser: Browser) -> None:
    first = await browser.turn("làm khai sinh")
    last = first["entries"][-1]["id"]
    listening = asyncio.create_task(_events(browser, 2, params={"after": last}))
    await asyncio.sleep(0.2)
    await browser.turn("nộp ở đâu")
    assert [entry["author"] for entry in await listening] == ["person", "assistant"]


async def test_stream_replays_after_the_last_event_seen(browser: Browser) -> None:
    first = await browser.turn("làm khai sinh")
    seen = first["entries"][0]["id"]
    (missed,) = await _events(browser, 1, headers={"Last-Event-ID": str(seen)}, params={"after": 0})
    assert missed == first["entries"][1]


async def test_stream_without_a_conversation_ends_at_once(browser: Browser) -> None:
    response, _ = await browser.get("/events")
    assert response.status == 204


async def test_streams_of_one_visitor_are_bounded(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_stream, "STREAMS_PER_VISITOR", 1)
    await browser.turn("làm khai sinh")
    async with browser.session.get("/events") as open_stream:
        assert open_stream.status == 200
        assert (await browser.get("/events"))[0].status == 429


async def test_streams_of_one_conversation_are_bounded_apart_from_those_of_its_neighbours(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_stream, "STREAMS_PER_CHAT", 1)
    await browser.turn("làm khai sinh")
    neighbour = Browser(house)
    await neighbour.turn("làm khai sinh")
    async with browser.session.get("/events"):
        assert (await browser.get("/events"))[0].status == 429
        async with neighbour.session.get("/events") as open_stream:
            assert open_stream.status == 200
    await neighbour.session.close()


@pytest.mark.parametrize("seen", ["garbage'; drop", "-5", "9" * 40, "1e5", ""])
async def test_stream_bears_any_last_event_id(browser: Browser, seen: str) -> None:
    await browser.turn("làm khai sinh")
    assert len(await _events(browser, 2, headers={"Last-Event-ID": seen})) == 2


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        ("/turn", {"data": b"abcd", "headers": {"Content-Type": "application/json", "Content-Encoding": "gzip"}}, 400),
        ("/turn", {"data": b'{"kind":"text","value":"\xff"}', "headers": {"Content-Type": "application/json"}}, 400),
        ("/turn", {"data": b"{}", "headers": {"Content-Type": "text/plain"}}, 415),
        ("/", {"data": b"text=a", "headers": {"Content-Type": f"{FORM}; charset=nonsense"}}, 400),
        ("/", {"data": b"&".join(b"a%d=1" % n for n in range(3000)), "headers": {"Content-Type": FORM}}, 400),
        ("/", {"data": b"--x\r\n\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=x"}}, 415),
    ],
)
async def test_unreadable_bodies_are_refused_in_words(
    browser: Browser, path: str, options: dict[str, Any], status: int
) -> None:
    response, body = await browser.post(path, **options)
    assert response.status == status
    assert BAD_FORM in (json.loads(body)["error"] if path == "/turn" else body)
    assert response.headers["X-Content-Type-Options"] == "nosniff"


async def test_fault_of_ours_is_told_in_words_and_protected(
    house: House, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr(house.given.intake, "receive", broken)
    response, body = await browser.post("/turn", json={"kind": "text", "value": "x"})
    assert response.status == 500
    assert json.loads(body)["error"] == web.OUT_OF_ORDER
    assert "Content-Security-Policy" in response.headers


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


async def test_every_answer_is_protected(browser: Browser) -> None:
    _, page = await browser.get("/")
    script = page.split('<script type="module" src="')[1].split('"')[0]
    answers = [
        (await browser.get(path))[0]
        for path in ("/", "/kiosk", script, "/assets/nothing.js", "/favicon.ico", "/events")
    ]
    answers += [
        (await browser.post("/turn", json={}))[0],
        (await browser.post("/turn", json={"kind": "text", "value": "x"}))[0],
    ]
    for response in answers:
        assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self'")
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "Referrer-Policy" in response.headers
        assert "Cache-Control" in response.headers
    assert "unsafe" not in answers[0].headers["Content-Security-Policy"]
    assert "immutable" in answers[2].headers["Cache-Control"]
    assert answers[0].headers["Cache-Control"] == "no-store"


async def test_kiosk_has_no_way_out(browser: Browser) -> None:
    await browser.turn("làm khai sinh")
    _, page = await browser.get("/kiosk")
    assert "<a href" not in page
    assert "(dichvucong.gov.vn)" in page
    assert 'data-idle="' in page
    _, page = await browser.get("/")
    assert '<a href="https://dichvucong.gov.vn' in page


async def test_lost_database_is_told_in_words(browser: Browser, database: URL) -> None:
    await browser.turn("làm khai sinh")
    engine = connect(database)
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE message RENAME TO gone"))
    response, body = await browser.post("/turn", json={"kind": "text", "value": "x"})
    assert response.status == 503
    assert json.loads(body)["error"] == web.OUT_OF_ORDER
    async with engine.begin() as connection:
        await connection.execute(text("ALTER TABLE gone RENAME TO message"))
    await engine.dispose()


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
