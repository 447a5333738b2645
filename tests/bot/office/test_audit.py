from __future__ import annotations

import ast
import csv
import io
import re
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot import office
from bot.office import audit
from bot.office.accounts import Draft
from bot.office.acts import ACTS, OBJECTS
from bot.office.audit import Search
from bot.office.tables import Role
from tests.bot.office.desk import Desk, head, open_desk, visitor

HA_NOI = "01"
NOTERS = {"record", "_note", "_move"}


@pytest.fixture
async def desk(engine: AsyncEngine) -> AsyncIterator[Desk]:
    async with open_desk(engine) as opened:
        yield opened


async def note(desk: Desk, act: str, subject: str = "", staff: int | None = None, **detail: object) -> None:
    async with desk.engine.begin() as connection:
        await audit.record(connection, staff, act, subject, **detail)


async def found(desk: Desk, **search: object) -> list[str]:
    async with desk.engine.connect() as connection:
        return [each.object for each in await audit.find(connection, Search(**search), 100)]  # type: ignore[arg-type]


async def test_search_by_words_anywhere_whole_days_and_place(desk: Desk) -> None:
    nga, _ = await desk.hire(head())
    local, _ = await desk.hire(Draft("Người Hà Nội", Role.EDITOR, HA_NOI))
    await note(desk, "revision.approve", "revision 12", nga.id, title="Đăng ký KHAI SINH 100%")
    await note(desk, "release.publish", "release 3", local.id)
    assert await found(desk, words="khai sinh") == ["revision 12"]
    assert await found(desk, words="100%") == ["revision 12"]
    assert await found(desk, words="_") == []
    assert await found(desk, words="hà nội") == ["release 3", f"staff {local.id}"]
    assert await found(desk, acts=["release.publish"], words="x") == ["release 3"]
    assert await found(desk, scopes=[HA_NOI]) == ["release 3"]
    assert len(await found(desk)) == 4
    await desk.run("ALTER TABLE audit DISABLE TRIGGER audit_rows")
    await desk.run("UPDATE audit SET at = '2026-03-01T23:59:59+07:00' WHERE object = 'release 3'")
    assert await found(desk, first=date(2026, 3, 1), last=date(2026, 3, 1)) == ["release 3"]
    assert await found(desk, last=date(2026, 2, 28)) == []


async def test_trail_cannot_be_changed(desk: Desk) -> None:
    await note(desk, "audit.export")
    for statement in ("UPDATE audit SET act = 'x'", "DELETE FROM audit", "TRUNCATE audit"):
        with pytest.raises(DBAPIError, match="audit trail"):
            await desk.run(statement)


async def test_page_shows_words_and_goes_back_in_time(desk: Desk) -> None:
    nga, token = await desk.hire(head())
    for number in range(60):
        await note(desk, "account.change", f"staff {number}", nga.id, name=f"<i>{number}</i>", role="editor")
    async with visitor(desk, token) as browser:
        _, page = await browser.get("/canbo/nhat-ky?" + urlencode({"tim": "Đổi tài khoản"}))
        assert page.count("<tr>") == 51
        assert "Đổi tài khoản" in page
        assert "họ tên: &lt;i&gt;59&lt;/i&gt;; quyền: người soạn" in page
        older = page.split('href="/canbo/nhat-ky?')[1].split('"')[0].replace("&amp;", "&")
        _, page = await browser.get(f"/canbo/nhat-ky?{older}")
        assert page.count("<tr>") == 11
        for bad in ("tu=2026-13-45", "den=hôm nay", "tu=%00", "den=9999-12-31", "tu=0001-01-01"):
            assert (await browser.get(f"/canbo/nhat-ky?{bad}"))[0] == 400
        for odd in ("truoc=abc", "truoc=99999999999999999999999", "tim=%00", "tim=%25_'"):
            assert (await browser.get(f"/canbo/nhat-ky?{odd}"))[0] == 200


async def test_exports_hold_no_formula_and_are_noted(desk: Desk) -> None:
    nga, token = await desk.hire(head())
    await note(desk, '=HYPERLINK("http://evil")', "@SUM(1)", nga.id, **{"=1+1": "-2\x07"})
    async with visitor(desk, token) as browser:
        async with browser.http.get(desk.url + "/canbo/nhat-ky.csv?tim=evil") as answer:
            assert "nhat-ky.csv" in answer.headers["Content-Disposition"]
            rows = list(csv.reader(io.StringIO((await answer.read()).decode("utf-8-sig"))))
        assert len(rows) == 2
        assert rows[1][3:] == ['\'=HYPERLINK("http://evil")', "'@SUM(1)", "'=1+1: -2 "]
        async with browser.http.get(desk.url + "/canbo/nhat-ky.xlsx?tim=evil") as answer:
            sheet = load_workbook(io.BytesIO(await answer.read())).active
        assert sheet
        cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row]
        assert [cell.value for cell in cells][3] == '\'=HYPERLINK("http://evil")'
        assert all(cell.data_type in ("s", "n") for cell in cells)
        assert (await browser.get("/canbo/nhat-ky.csv?tu=x"))[0] == 404
    assert (await desk.trail()).count("audit.export") == 2


async def test_administrator_of_a_province_reads_only_what_its_staff_did(desk: Desk) -> None:
    nga, _ = await desk.hire(head())
    chief, token = await desk.hire(Draft("Người Hà Nội", Role.ADMINISTRATOR, HA_NOI))
    await note(desk, "account.change", "staff 111", nga.id)
    await note(desk, "account.change", "staff 222", chief.id)
    async with visitor(desk, token) as browser:
        for path in ("/canbo/nhat-ky", "/canbo/nhat-ky.csv"):
            _, page = await browser.get(path)
            assert "222" in page
            assert "111" not in page


async def test_nothing_secret_is_noted(desk: Desk) -> None:
    clerk, token = await desk.hire(Draft("Nga", Role.ADMINISTRATOR, "", "nga", "", "4242"))
    seed = await desk.arm(clerk)
    await desk.office.access.ask_link("nga", "browser")
    kept = str(await desk.run("SELECT act, object, detail::text FROM audit"))
    for secret in (token, seed, "4242", "argon2"):
        assert secret not in kept


def noted_acts() -> set[str]:
    """Return every act that the office's source names where it notes something."""
    found = set()
    for path in Path(office.__file__).parent.glob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", getattr(call.func, "id", "")) in NOTERS:
                words = [each.value for each in call.args if isinstance(each, ast.Constant)]
                found |= {word for word in words if isinstance(word, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", word)}
    return found


def test_every_act_has_words() -> None:
    assert {"access.ask", "account.disable"} <= noted_acts()
    assert noted_acts() - set(ACTS) == set()
    assert all(said and said[0].isupper() for said in (*ACTS.values(), *OBJECTS.values()))
