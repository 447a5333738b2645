from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import AccountFault
from bot.office import accounts
from bot.office.accounts import Accounts, Draft
from bot.office.staff import Clerk
from bot.office.tables import Role
from tests.bot.office.desk import TERRITORY, Desk, at_work, head, open_desk, visitor
from tests.patience import until_blocked

HA_NOI, HUE = "01", "46"
BA_DINH = "00004"


@pytest.fixture
async def desk(engine: AsyncEngine) -> AsyncIterator[Desk]:
    async with open_desk(engine) as opened:
        yield opened


async def at_once(desk: Desk, *acts: tuple[Clerk | None, Clerk]) -> list[bool]:
    """Let each first one close the second one's account, all at the same moment; say who could.

    They meet at the accounts they want, which are held until all wait.
    """

    async def disable(by: Clerk | None, clerk: Clerk) -> bool:
        try:
            async with desk.engine.begin() as connection:
                await Accounts(connection, TERRITORY, by).disable(clerk.id)
        except AccountFault:
            return False
        return True

    async with desk.engine.begin() as holding:
        await holding.execute(text("SELECT id FROM staff FOR UPDATE"))
        tasks = []
        for act in acts:
            tasks.append(asyncio.create_task(disable(*act)))
            await until_blocked(desk.engine, len(tasks))
    return await asyncio.gather(*tasks)


async def local(desk: Desk, scope: str = HA_NOI) -> tuple[Clerk, str]:
    return await desk.hire(Draft("Người Hà Nội", Role.ADMINISTRATOR, scope))


@pytest.mark.parametrize(
    ("draft", "words"),
    [
        (Draft(" ", Role.VIEWER), accounts.NO_NAME),
        (Draft("x" * 81, Role.VIEWER), accounts.NO_NAME),
        (Draft("Nga", Role.VIEWER, login="a b"), accounts.BAD_LOGIN),
        (Draft("Nga", Role.VIEWER, login="trần"), accounts.BAD_LOGIN),
        (Draft("Nga", Role.VIEWER, telegram="@nga"), accounts.BAD_TELEGRAM),
        (Draft("Nga", Role.VIEWER, scope="99"), accounts.BAD_SCOPE),
        (Draft("Nga", Role.VIEWER, agency="x" * 121), accounts.BAD_AGENCY),
    ],
)
async def test_what_is_wrong_is_said_in_words(desk: Desk, draft: Draft, words: str) -> None:
    with pytest.raises(AccountFault, match=re.escape(words)):
        await desk.hire(draft)


async def test_login_belongs_to_one(desk: Desk) -> None:
    await desk.hire(head("nga.tran"))
    with pytest.raises(AccountFault, match=accounts.TAKEN):
        await desk.hire(head(" NGA.Tran "))


@pytest.mark.parametrize("scope", ["", HUE, "19753"])
async def test_scope_given_stays_within_ones_own(desk: Desk, scope: str) -> None:
    chief, _ = await local(desk)
    with pytest.raises(AccountFault, match=accounts.WIDER):
        await desk.hire(Draft("Người khác", Role.VIEWER, scope), chief)


async def test_administrator_of_a_province_sees_and_changes_only_its_staff(desk: Desk) -> None:
    chief, token = await local(desk)
    nation, _ = await desk.hire(head())
    hue, _ = await desk.hire(Draft("Người Huế", Role.VIEWER, HUE))
    ba_dinh, _ = await desk.hire(Draft("Người Ba Đình", Role.EDITOR, BA_DINH))
    async with visitor(desk, token) as browser:
        _, page = await browser.get("/canbo/tai-khoan")
        assert "Người Ba Đình" in page
        assert "Người Huế" not in page
        assert "Trần Thị Nga" not in page
        for other in (nation, hue):
            path = f"/canbo/tai-khoan/{other.id}"
            status, page = await browser.get(path)
            assert (status, accounts.NOT_YOURS in page, other.name in page) == (400, True, False)
            for act in ("/khoa", "/mo", "/ra", "/dat-lai"):
                assert (await browser.post(path + act, "/canbo/toi"))[0] == 400
            fields = {"name": "Bị đổi", "role": "viewer", "province": HA_NOI}
            assert (await browser.post(path, "/canbo/toi", **fields))[0] == 400
        fields = {"name": "Bị nâng", "role": "editor", "province": ""}
        status, page = await browser.post(f"/canbo/tai-khoan/{ba_dinh.id}", **fields)
        assert (status, accounts.WIDER in page) == (400, True)
    names = [name for (name,) in await desk.run("SELECT name FROM staff WHERE disabled IS FALSE ORDER BY id")]
    assert names == [chief.name, nation.name, hue.name, ba_dinh.name]


async def test_nobody_changes_their_own_role_or_disables_themselves(desk: Desk) -> None:
    nga, token = await desk.hire(head())
    await desk.hire(head("khac"))
    async with visitor(desk, token) as browser:
        path = f"/canbo/tai-khoan/{nga.id}"
        status, page = await browser.post(path + "/khoa", path)
        assert (status, accounts.NOT_SELF in page) == (400, True)
        status, page = await browser.post(path, name="Nga", role="viewer", province="", login="nga")
        assert (status, accounts.NOT_SELF in page) == (400, True)
        assert (await browser.post(path, name="Nga Mới", role="administrator", province="", login="nga"))[0] == 303
        assert "Nga Mới" in (await browser.get("/canbo"))[1]


async def test_last_administrator_of_the_country_stays_even_at_the_same_moment(desk: Desk) -> None:
    one, _ = await desk.hire(head())
    two, _ = await desk.hire(head("khac"))
    await local(desk)

    assert sorted(await at_once(desk, (None, one), (None, two))) == [False, True]


async def test_two_who_close_each_others_account_do_not_block_each_other(desk: Desk) -> None:
    await desk.hire(head())
    one, _ = await local(desk)
    two, _ = await local(desk)
    assert await at_once(desk, (two, one), (one, two)) == [True, True]


async def test_who_is_disabled_or_demoted_is_out_at_once(desk: Desk) -> None:
    _, token = await desk.hire(head())
    editor, theirs = await desk.hire(Draft("Người soạn", Role.EDITOR, "", "soan"))
    path = f"/canbo/tai-khoan/{editor.id}"
    async with visitor(desk, token) as nga, visitor(desk, theirs) as other:
        assert (await nga.post(path, name="Người soạn", role="viewer", province=""))[0] == 303
        assert (await other.get("/canbo"))[0] == 303
        status, page = await nga.post(path + "/dat-lai", path)
        link = page.split("/canbo/vao/")[1].split("<")[0]
        assert (await other.enter(link))[0] == 303
        assert (await nga.post(path + "/khoa", path))[0] == 303
        assert (await other.get("/canbo"))[0] == 303
        status, page = await nga.post(path + "/dat-lai", path.replace(str(editor.id), "") + str(editor.id))
        assert (status, accounts.CLOSED in page) == (400, True)
        assert (await nga.post(path + "/mo", path))[0] == 303
    acts = [act for act in await desk.trail() if act.startswith("account.")]
    assert acts == [
        "account.add", "account.add", "account.change", "account.reset", "account.disable", "account.enable"
    ]  # fmt: skip


async def test_reset_forgets_keys_and_voids_links(desk: Desk) -> None:
    clerk, old = await desk.hire(head())
    await desk.arm(clerk)
    async with desk.engine.begin() as connection:
        new = await Accounts(connection, TERRITORY, None).reset(clerk.id)
    assert await desk.run("SELECT password_hash, totp_secret, totp_step FROM staff") == [(None, None, None)]
    assert await desk.office.access.by_link(old, None, "") is None
    assert await desk.office.access.by_link(new, None, "")


async def test_form_keeps_what_was_typed_and_finds_communes_by_name(desk: Desk) -> None:
    async with at_work(desk, head()) as browser:
        fields = {"name": "Lê <b>An</b>", "role": "editor", "province": HA_NOI, "commune": "Nơi không có"}
        status, page = await browser.post("/canbo/tai-khoan", **fields)
        assert status == 400
        assert "Không thấy xã, phường nào" in page
        assert "Lê &lt;b&gt;An&lt;/b&gt;" in page
        assert "<b>An" not in page
        status, page = await browser.post("/canbo/tai-khoan", **(fields | {"commune": "ba đình"}))
        assert status == 200
        assert "https://mot.cua/canbo/vao/" in page
        assert (await browser.post("/canbo/tai-khoan", **(fields | {"role": "vua"})))[0] == 400
        assert (await browser.post("/canbo/tai-khoan", **(fields | {"province": ""})))[0] == 400
        assert await desk.run("SELECT scope FROM staff WHERE role = 'editor'") == [(BA_DINH,)]
        assert 'value="Phường Ba Đình"' in (await browser.get("/canbo/tai-khoan/2"))[1]


@pytest.mark.parametrize("number", ["0", "99999999999999999999", "-1", "x", "٣"])
async def test_accounts_nobody_has(desk: Desk, number: str) -> None:
    async with at_work(desk, head()) as browser:
        assert (await browser.get(f"/canbo/tai-khoan/{number}"))[0] in (400, 404)


def test_territory() -> None:
    assert TERRITORY.covers("", HUE)
    assert TERRITORY.covers(HA_NOI, BA_DINH)
    assert not TERRITORY.covers(HUE, BA_DINH)
    assert not TERRITORY.covers(BA_DINH, HA_NOI)
    assert not TERRITORY.covers(HA_NOI, "")
    assert TERRITORY.within("") is None
    assert BA_DINH in (TERRITORY.within(HA_NOI) or ())
    assert TERRITORY.name("") == "Cả nước"
    assert TERRITORY.name(BA_DINH) == "Phường Ba Đình, TP. Hà Nội"
    assert TERRITORY.commune(HA_NOI, "phường  BA ĐÌNH") == TERRITORY.commune(HA_NOI, BA_DINH) == BA_DINH
    assert TERRITORY.commune(HUE, BA_DINH) is None
