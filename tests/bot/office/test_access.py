from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.office.access import MOST_LINKS, TRIES, Access
from bot.office.accounts import Draft
from bot.office.links import Purpose, make
from bot.office.passwords import Passwords
from bot.office.staff import Clerk
from bot.office.tables import Role
from tests.bot.office.desk import PASSWORD, QUICK, Desk, head, open_desk, visitor


@pytest.fixture
async def desk(engine: AsyncEngine) -> AsyncIterator[Desk]:
    async with open_desk(engine, telegram_bot_token="123456:ABC-def") as opened:
        yield opened


@pytest.fixture
async def nga(desk: Desk) -> tuple[Clerk, str]:
    """An administrator with a password and an app; and the app's seed."""
    clerk, _ = await desk.hire(head())
    return clerk, await desk.arm(clerk)


async def lock(desk: Desk) -> timedelta | None:
    """Return how long the only account still rests."""
    [(left,)] = await desk.run("SELECT locked_until - now() FROM staff")
    return left  # type: ignore[no-any-return]


async def test_password_and_code_let_in(desk: Desk, nga: tuple[Clerk, str]) -> None:
    clerk, seed = nga
    async with visitor(desk) as browser:
        fields = {"login": " NGA ", "password": PASSWORD, "code": desk.code(clerk, seed), "toi": "/canbo/nhat-ky"}
        assert await browser.post("/canbo/vao", **fields) == (303, "/canbo/nhat-ky")
        status, page = await browser.get("/canbo/nhat-ky")
        assert status == 200
        assert "Trần Thị Nga" in page
    assert (await desk.trail())[-1] == "access.password"


async def test_all_that_is_wrong_is_answered_alike(desk: Desk, nga: tuple[Clerk, str]) -> None:
    clerk, seed = nga
    good = desk.code(clerk, seed)
    async with visitor(desk) as browser:
        said = set()
        for login, password, code in (
            ("nobody", PASSWORD, good),
            ("nga", "sai rồi", good),
            ("nga", PASSWORD, "000000" if good != "000000" else "111111"),
            ("nga", PASSWORD, ""),
            ("", "", ""),
            ("nga' OR true --", PASSWORD, good),
            ("\x00", "\x00", "\x00"),
        ):
            status, page = await browser.post("/canbo/vao", login=login, password=password, code=code)
            assert PASSWORD not in page
            start = page.index('role="alert"')
            said.add((status, page[start : page.index("</p>", start)]))
    assert len(said) == 1
    assert said.pop()[0] == 403


async def test_code_serves_once_even_at_the_same_moment(desk: Desk, nga: tuple[Clerk, str]) -> None:
    clerk, seed = nga
    code = desk.code(clerk, seed)
    tokens = await asyncio.gather(*(desk.office.access.by_password("nga", PASSWORD, code, "") for _ in range(3)))
    assert sum(token is not None for token in tokens) == 1


async def test_neighbouring_codes_are_taken_but_no_older_one(desk: Desk, nga: tuple[Clerk, str]) -> None:
    clerk, seed = nga
    desk.clock.now += 300
    code = desk.code(clerk, seed)
    desk.clock.now += 30
    assert await desk.office.access.by_password("nga", PASSWORD, code, "")
    desk.clock.now += 300
    old = desk.code(clerk, seed)
    desk.clock.now += 90
    assert await desk.office.access.by_password("nga", PASSWORD, old, "") is None


async def test_account_rests_after_wrong_tries_and_longer_each_time(desk: Desk, nga: tuple[Clerk, str]) -> None:
    clerk, seed = nga
    for _ in range(TRIES):
        assert await lock(desk) is None
        assert await desk.office.access.by_password("nga", "sai", "", "") is None
    first = await lock(desk)
    assert first
    assert first > timedelta(minutes=4)
    assert await desk.office.access.by_password("nga", PASSWORD, desk.code(clerk, seed), "") is None
    assert (await desk.trail())[-1] == "access.rest"
    await desk.run("UPDATE staff SET locked_until = now() - interval '1 second'")
    assert await desk.office.access.by_password("nga", "sai", "", "") is None
    again = await lock(desk)
    assert again
    assert again > timedelta(minutes=9)
    await desk.run("UPDATE staff SET locked_until = now() - interval '1 second', failed_logins = 999")
    assert await desk.office.access.by_password("nga", "sai", "", "") is None
    longest = await lock(desk)
    assert longest
    assert longest <= timedelta(days=1)
    await desk.run("UPDATE staff SET locked_until = now() - interval '1 second'")
    assert await desk.office.access.by_password("nga", PASSWORD, desk.code(clerk, seed), "")
    assert await lock(desk) is None


async def test_many_tries_at_once_are_no_more_than_one_after_another(desk: Desk, nga: tuple[Clerk, str]) -> None:
    await asyncio.gather(*(desk.office.access.by_password("nga", "sai", "", "") for _ in range(12)))
    assert await desk.run("SELECT failed_logins FROM staff") == [(TRIES,)]


async def test_refusal_takes_as_long_for_a_name_nobody_has(desk: Desk, nga: tuple[Clerk, str]) -> None:
    access = Access(desk.engine, desk.office.codes, Passwords(QUICK), "", at_least=0.3)
    for login in ("nga", "nobody"):
        started = time.monotonic()
        assert await access.by_password(login, "sai", "", "") is None
        assert time.monotonic() - started >= 0.3
        started = time.monotonic()
        await access.ask_link(login, "b")
        assert time.monotonic() - started >= 0.3


async def test_disabled_account_is_not_let_in(desk: Desk, nga: tuple[Clerk, str]) -> None:
    clerk, seed = nga
    async with desk.engine.begin() as connection:
        token = await make(connection, clerk.id)
    await desk.run("UPDATE staff SET disabled = true")
    assert await desk.office.access.by_password("nga", PASSWORD, desk.code(clerk, seed), "") is None
    assert await desk.office.access.by_link(token, None, "") is None


async def test_address_may_try_so_often(engine: AsyncEngine) -> None:
    async with open_desk(engine, tries=3) as desk:
        await desk.hire(head())
        async with visitor(desk) as browser:
            fields = {"login": "nga", "password": "sai", "code": "1", "csrf": await browser.token("/canbo/vao")}
            statuses = [(await browser.send("/canbo/vao", fields))[0] for _ in range(4)]
    assert statuses == [403, 403, 403, 429]


async def test_link_asks_first_and_serves_once(desk: Desk) -> None:
    _, token = await desk.hire(head())
    path = f"/canbo/vao/{token}"
    async with visitor(desk) as browser, visitor(desk) as other:
        for _ in range(3):
            status, page = await browser.get(path)
            assert status == 200
            assert "Trần Thị Nga" in page
        assert await browser.post(path) == (303, "/canbo/toi")
        assert (await browser.get("/canbo"))[0] == 200
        assert (await other.get(path))[0] == 404
        assert (await other.post(path, "/canbo/vao"))[0] == 404
        assert (await other.get("/canbo"))[0] == 303


@pytest.mark.parametrize("token", ["x", "A" * 43, "%00", "..%2f..", "a" * 400, "ê" * 43])
async def test_links_nobody_made(desk: Desk, token: str) -> None:
    await desk.hire(head())
    async with visitor(desk) as browser:
        assert (await browser.get(f"/canbo/vao/{token}"))[0] == 404


async def test_link_is_too_old_after_ten_minutes(desk: Desk) -> None:
    clerk, _ = await desk.hire(head())
    async with desk.engine.begin() as connection:
        token = await make(connection, clerk.id)
    [(life,)] = await desk.run("SELECT expires_at - created_at FROM login_link WHERE purpose = 'sign_in'")
    assert life == timedelta(minutes=10)
    await desk.run("UPDATE login_link SET expires_at = now()")
    assert await desk.office.access.by_link(token, None, "") is None


async def test_table_of_links_opens_no_door(desk: Desk) -> None:
    _, token = await desk.hire(head())
    [(kept,)] = await desk.run("SELECT digest FROM login_link")
    assert token not in kept
    assert await desk.office.access.by_link(kept, None, "") is None


async def test_link_asked_for_goes_to_telegram_and_fits_one_browser(desk: Desk) -> None:
    clerk, _ = await desk.hire(Draft("Lê Văn <An>", Role.ADMINISTRATOR, "", "an.le", "", "4242"))
    async with visitor(desk) as browser, visitor(desk) as other:
        status, page = await browser.post("/canbo/xin-vao", "/canbo/vao", login="an.le")
        assert status == 200
        [(payload, address, state)] = await desk.run(
            "SELECT payload, address, state FROM message JOIN chat ON chat.id = chat_id WHERE channel = 'telegram'"
        )
        assert (address, state) == ("4242", "queued")
        assert "Lê Văn &lt;An&gt;" in payload["body"]
        url = payload["buttons"][0][0]["url"]
        assert url in payload["body"]
        path = url.removeprefix("https://mot.cua")
        assert (await other.get(path))[0] == 404
        assert (await other.post(path, "/canbo/vao"))[0] == 404
        assert await browser.post(path) == (303, "/canbo")
        status, unknown = await other.post("/canbo/xin-vao", "/canbo/vao", login="nobody")
        assert (status, unknown.split("<main")[1]) == (200, page.split("<main")[1])
    assert clerk.telegram == "4242"


async def test_so_many_links_in_ten_minutes(desk: Desk) -> None:
    await desk.hire(Draft("Lê Văn An", Role.VIEWER, "", "an.le", "", "4242"))
    for _ in range(MOST_LINKS + 2):
        await desk.office.access.ask_link("an.le", "browser")
    assert await desk.run("SELECT count(*) FROM message") == [(MOST_LINKS,)]


async def test_without_telegram_no_link_is_offered(engine: AsyncEngine) -> None:
    async with open_desk(engine) as desk:
        await desk.hire(head())
        async with visitor(desk) as browser:
            assert "Telegram" not in (await browser.get("/canbo/vao"))[1]
            assert (await browser.post("/canbo/xin-vao", "/canbo/vao", login="nga"))[0] == 404


def test_purposes_are_those_of_the_table() -> None:
    assert {purpose.value for purpose in Purpose} == {"sign_in", "enrol"}
