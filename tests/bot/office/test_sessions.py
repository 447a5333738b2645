from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.office.accounts import Draft
from bot.office.keys import NOT_SAME, WRONG_CODE, WRONG_PRESENT
from bot.office.links import make
from bot.office.passwords import TOO_EASY, TOO_SHORT
from bot.office.tables import Role
from bot.office.totp import Codes
from tests.bot.office.desk import PASSWORD, Desk, at_work, head, open_desk, visitor

OTHER = "bốn con vịt bơi qua sông"


@pytest.fixture
async def desk(engine: AsyncEngine) -> AsyncIterator[Desk]:
    async with open_desk(engine) as opened:
        yield opened


@pytest.mark.parametrize(
    "change",
    [
        "last_seen = now() - interval '61 minutes'",
        "expires_at = now()",
        "digest = 'x'",
    ],
)
async def test_session_ends_when_idle_or_old(desk: Desk, change: str) -> None:
    async with at_work(desk, head()) as browser:
        assert (await browser.get("/canbo"))[0] == 200
        await desk.run(f"UPDATE staff_session SET {change}")
        assert await browser.get("/canbo/nhat-ky?tim=a") == (303, "/canbo/vao?toi=%2Fcanbo%2Fnhat-ky%3Ftim%3Da")


async def test_session_lasts_twelve_hours_and_is_kept_alive_by_use(desk: Desk) -> None:
    async with at_work(desk, head()) as browser:
        [(life,)] = await desk.run("SELECT expires_at - created_at FROM staff_session")
        assert life == timedelta(hours=12)
        await desk.run("UPDATE staff_session SET last_seen = now() - interval '59 minutes'")
        assert (await browser.get("/canbo"))[0] == 200
        [(idle,)] = await desk.run("SELECT now() - last_seen FROM staff_session")
        assert idle < timedelta(minutes=1)


async def test_table_of_sessions_opens_no_door(desk: Desk) -> None:
    async with at_work(desk, head()) as browser:
        [(kept, address)] = await desk.run("SELECT digest, address_hash FROM staff_session")
        assert browser.cookie("canbo") != kept
        assert "127.0.0.1" not in address


@pytest.mark.parametrize(
    ("public_url", "name", "secure"),
    [("https://mot.cua", "__Host-canbo", True), ("http://mot.cua", "canbo", False)],
)
async def test_cookies_are_strict_and_out_of_reach_of_scripts(
    engine: AsyncEngine, public_url: str, name: str, secure: bool
) -> None:
    async with open_desk(engine, public_url=public_url) as desk:
        _, token = await desk.hire(head())
        async with visitor(desk) as browser:
            path = f"/canbo/vao/{token}"
            async with browser.http.get(desk.url + path) as first:
                lax = first.cookies[f"{name}_may"]
                page = await first.text()
            # the client keeps no secure cookie of a plain connection: bring it along ourselves
            own = {"Cookie": f"{name}_may={lax.value}", "Sec-Fetch-Site": "same-origin"}
            fields = {"csrf": page.split('name="csrf" value="')[1].split('"')[0]}
            async with browser.http.post(desk.url + path, data=fields, headers=own, allow_redirects=False) as answer:
                strict = answer.cookies[name]
        assert (strict["samesite"], lax["samesite"]) == ("Strict", "Lax")
        for cookie in (strict, lax):
            assert cookie["httponly"]
            assert bool(cookie["secure"]) is secure
            assert cookie["path"] == ("/" if secure else "/canbo")
            assert not cookie["domain"]


async def test_each_sign_in_begins_a_new_session(desk: Desk) -> None:
    clerk, token = await desk.hire(head())
    seed = await desk.arm(clerk)
    async with visitor(desk) as browser:
        held = set()
        for _ in range(3):
            page = "/canbo/vao" if browser.cookie("canbo") is None else "/canbo/toi"
            fields = {"login": "nga", "password": PASSWORD, "code": desk.code(clerk, seed)}
            assert (await browser.post("/canbo/vao", page, **fields))[0] == 303
            held.add(browser.cookie("canbo"))
            desk.clock.tick()
        assert len(held) == 3
        assert await desk.run("SELECT count(*) FROM staff_session WHERE address_hash <> ''") == [(1,)]
    assert token


async def test_signing_out_here_and_everywhere(desk: Desk) -> None:
    clerk, token = await desk.hire(head())
    seed = await desk.arm(clerk)

    async def enter() -> str:
        found = await desk.office.access.by_password("nga", PASSWORD, desk.code(clerk, seed), "")
        desk.clock.tick()
        assert found
        return found

    async with visitor(desk) as one, visitor(desk) as two, visitor(desk) as three:
        for browser in (one, two, three):
            browser.hold(await enter())
            assert (await browser.get("/canbo"))[0] == 200
        assert await one.post("/canbo/ra", "/canbo") == (303, "/canbo/vao?note=out")
        assert one.cookie("canbo") is None
        assert (await two.get("/canbo"))[0] == 200
        _, page = await two.get("/canbo/toi")
        which = page.split('name="which" value="')[1].split('"')[0]
        assert await two.post("/canbo/toi/phien", "/canbo/toi", which=which) == (303, "/canbo/toi?note=closed")
        assert (await three.get("/canbo"))[0] == 303
        assert (await two.post("/canbo/ra-het", "/canbo"))[0] == 303
        assert await desk.run("SELECT count(*) FROM staff_session WHERE address_hash = ''") == [(0,)]
    assert token


async def test_nobody_signs_out_somebody_else(desk: Desk) -> None:
    _, token = await desk.hire(head())
    _, other = await desk.hire(Draft("Người khác", Role.VIEWER))
    async with visitor(desk, token) as nga, visitor(desk, other) as somebody:
        [(which,)] = await desk.run("SELECT digest FROM staff_session JOIN staff ON staff = id WHERE login = 'nga'")
        await somebody.post("/canbo/toi/phien", "/canbo/toi", which=which)
        assert (await nga.get("/canbo"))[0] == 200


async def test_first_keys_are_set_together(desk: Desk) -> None:
    clerk, token = await desk.hire(head())
    async with visitor(desk, token) as browser:
        _, page = await browser.get("/canbo/toi")
        seed = page.split('name="seed" value="')[1].split('"')[0]
        assert desk.office.codes.shown(clerk.id, seed)[:4] in page
        keys = {"seed": seed, "password": PASSWORD, "again": PASSWORD, "code": desk.code(clerk, seed)}
        before = browser.cookie("canbo")
        for wrong, words in (
            ({"code": "123"}, WRONG_CODE),
            ({"seed": "x"}, WRONG_CODE),
            ({"seed": ""}, WRONG_CODE),
            ({"again": "khác hẳn"}, NOT_SAME),
            ({"password": "ngắn", "again": "ngắn"}, TOO_SHORT),
            ({"password": "", "again": ""}, TOO_SHORT),
            ({"password": "matkhau123456", "again": "matkhau123456"}, TOO_EASY),
        ):
            status, said = await browser.post("/canbo/toi", **(keys | wrong))
            assert (status, words in said) == (400, True), wrong
        assert browser.cookie("canbo") == before
        assert await browser.post("/canbo/toi", **keys) == (303, "/canbo/toi?note=keys")
        assert browser.cookie("canbo") != before
        assert "Đã đổi." in (await browser.get("/canbo/toi?note=keys"))[1]
        assert "account.keys" in await desk.trail()
        # The code that proved the app has been used up by that.
        assert await desk.office.access.by_password("nga", PASSWORD, keys["code"], "") is None
        desk.clock.tick()
        assert await desk.office.access.by_password("nga", PASSWORD, desk.code(clerk, seed), "")


async def test_changing_keys_needs_the_present_password_and_signs_others_out(desk: Desk) -> None:
    clerk, token = await desk.hire(head())
    seed = await desk.arm(clerk)
    elsewhere = await desk.office.access.by_password("nga", PASSWORD, desk.code(clerk, seed), "")
    desk.clock.tick()
    async with desk.engine.begin() as connection:
        token = await make(connection, clerk.id)
    async with visitor(desk, token) as browser, visitor(desk) as other:
        other.hold(elsewhere or "")
        assert (await other.get("/canbo"))[0] == 200
        fields = {"password": OTHER, "again": OTHER}
        status, page = await browser.post("/canbo/toi", current="sai", **fields)
        assert (status, WRONG_PRESENT in page) == (400, True)
        assert (await browser.post("/canbo/toi", current=PASSWORD, **fields))[0] == 303
        assert (await other.get("/canbo"))[0] == 303
        assert (await browser.get("/canbo"))[0] == 200
        new = Codes.new_seed()
        fields = {"seed": new, "code": desk.code(clerk, new)}
        assert (await browser.post("/canbo/toi", current=OTHER, **fields))[0] == 303
    desk.clock.tick()
    assert await desk.office.access.by_password("nga", PASSWORD, desk.code(clerk, new), "") is None
    assert await desk.office.access.by_password("nga", OTHER, desk.code(clerk, seed), "") is None
    assert await desk.office.access.by_password("nga", OTHER, desk.code(clerk, new), "")
