"""The page over real HTTP: what it answers, remembers, refuses and protects."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.engine import URL

from bot.channels import web
from bot.channels.web_turns import BAD_FORM
from bot.dialogue.effect import LookUp
from bot.dialogue.turn import Reply, Turn, TurnKind
from bot.moment import Flow, Flows, Moment, Outcome
from bot.storage.engine import connect
from tests.bot.channels.browser import Browser, words
from tests.bot.channels.house import House, open_house
from tests.bot.dialogue import records
from tests.patience import PATIENCE_SECONDS, until


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


async def test_without_scripts_an_answer_that_comes_a_little_later_is_waited_for(
    database: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "_ANSWER_SECONDS", PATIENCE_SECONDS)

    async def looks(moment: Moment) -> Outcome | None:
        looking = Reply((), effects=(LookUp("H48-261102-0001"),))
        return (looking, moment.session) if moment.turn.value == "tra cứu" else None

    async with open_house(database, flows=Flows([Flow(take=looks)], records.services)) as house:
        visitor = Browser(house)
        await visitor.turn("làm khai sinh")
        address = next(each.value for each in visitor.session.cookie_jar)
        posting = asyncio.create_task(visitor.post("/", data={"text": "tra cứu"}))

        async def asked() -> bool:
            newest = await house.given.feed.history(address, limit=1)
            return newest[-1].payload.get("text") == "tra cứu"

        await until(asked)
        assert not posting.done()
        await house.given.intake.take("web", address, Turn(TurnKind.TEXT, "nộp ở đâu"))
        response, _ = await posting
        assert response.status == 303
        await visitor.session.close()


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
