"""The page of reports in the office: periods, places, files, sending; the switch for the report of the week."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator

import pytest
from openpyxl import load_workbook
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.office.accounts import Draft
from bot.office.reports.pages import NO_TELEGRAM, NOTES
from bot.office.reports.period import BAD
from bot.office.tables import Role
from tests.bot.office.desk import Desk, Visitor, head, open_desk, visitor
from tests.bot.office.ledger import BA_DINH, HANOI, HUE, fill

PAGE = "/canbo/bao-cao"
WEEK = "tu=2026-11-16&den=2026-11-22"
TOKEN = "123456:a-token-of-a-bot-that-is-not"


@pytest.fixture
async def desk(engine: AsyncEngine) -> AsyncIterator[Desk]:
    async with open_desk(engine, telegram_bot_token=TOKEN) as opened:
        await opened.hire(head())
        await fill(engine)
        yield opened


@pytest.fixture
async def clerk(desk: Desk) -> AsyncIterator[Visitor]:
    _, token = await desk.hire(Draft("Phạm Thị Hoa", Role.VIEWER, HANOI, telegram="77"))
    async with visitor(desk, token) as somebody:
        yield somebody


async def test_a_clerk_sees_the_numbers_of_their_own_place_only(desk: Desk, clerk: Visitor) -> None:
    for place, title in (
        ("", "Thành phố Hà Nội"),
        (HANOI, "Thành phố Hà Nội"),
        (HUE, "Thành phố Hà Nội"),
        (BA_DINH, "Phường Ba Đình"),
        ("gì đó", "Thành phố Hà Nội"),
    ):
        status, page = await clerk.get(f"{PAGE}?{WEEK}&noi={place}")
        assert status == 200
        assert f'<p class="soft">{title}' in page
        assert "Thành phố Huế" not in page
    assert "UBND phường Ba Đình" in page
    _, token = await desk.hire(Draft("Lê Văn Cả", Role.VIEWER, ""))
    async with visitor(desk, token) as whole:
        _, page = await whole.get(f"{PAGE}?{WEEK}")
        assert '<p class="soft">Cả nước' in page
        assert "tỉnh Thừa Thiên Huế cũ" in page
        _, page = await whole.get(f"{PAGE}?{WEEK}&noi={HUE}")
        assert '<p class="soft">Thành phố Huế' in page


async def test_tables_and_pictures_are_there_and_nothing_of_anybody(clerk: Visitor) -> None:
    _, page = await clerk.get(f"{PAGE}?{WEEK}")
    assert page.count('<svg class="chart"') >= 6
    assert page.count('role="img"') == page.count("<desc ")
    assert "75,0%" in page
    assert "chưa có số liệu" in page
    for private in ("Trần Thị Bích", "riêng của một người", "H26.1-261110"):
        assert private not in page


async def test_periods_by_name_and_by_day_and_wrong_ones(clerk: Visitor) -> None:
    for name in ("tuan", "tuan-truoc", "thang", "thang-truoc", "nam"):
        status, page = await clerk.get(f"{PAGE}?ky={name}")
        assert status == 200
        assert page.count('aria-current="page"') == 2
    for wrong in ("tu=2026-11-22&den=2026-11-21", "tu=mai", "den=2026-02-30"):
        status, page = await clerk.get(f"{PAGE}?{wrong}")
        assert (status, BAD in page) == (400, True)
        assert (await clerk.get(f"{PAGE}.xlsx?{wrong}"))[0] == 404


async def test_an_empty_period_is_told_in_words(clerk: Visitor) -> None:
    _, page = await clerk.get(f"{PAGE}?tu=2025-01-01&den=2025-01-31")
    assert "Trong kỳ này chưa có câu hỏi nào." in page
    assert "chưa có ai nhờ giúp" in page


async def test_files_are_what_the_page_shows_and_taking_them_is_noted(desk: Desk, clerk: Visitor) -> None:
    async with clerk.http.get(f"{desk.url}{PAGE}.xlsx?{WEEK}&noi={HUE}") as answer:
        book = load_workbook(io.BytesIO(await answer.read()))
        assert f'filename="bao-cao_{HANOI}_2026-11-16_2026-11-22.xlsx"' in answer.headers["Content-Disposition"]
    assert str(book["Tóm tắt"]["A1"].value).startswith("Thành phố Hà Nội, từ 16/11/2026")
    assert [row[1].value for row in book["Theo kênh"].iter_rows(min_row=5)] == [4]
    async with clerk.http.get(f"{desk.url}{PAGE}.png?{WEEK}") as answer:
        assert answer.content_type == "image/png"
        assert (await answer.read()).startswith(b"\x89PNG")
    assert (await desk.trail())[-2:] == ["report.export", "report.export"]


async def test_a_report_is_sent_to_ones_own_chat(desk: Desk, clerk: Visitor) -> None:
    fields = {"tu": "2026-11-16", "den": "2026-11-22", "noi": HUE}
    assert await clerk.post(f"{PAGE}/gui", PAGE, **fields) == (303, f"{PAGE}?note=sent")
    ((address, payload),) = await desk.run("SELECT address, payload FROM post JOIN chat ON chat.id = chat_id")
    assert address == "77"
    assert "Thành phố Hà Nội, từ 16/11/2026" in payload["body"]
    assert NOTES["sent"] in (await clerk.get(f"{PAGE}?note=sent"))[1]
    _, token = await desk.hire(Draft("Người chưa nối", Role.VIEWER, HANOI))
    async with visitor(desk, token) as other:
        status, page = await other.post(f"{PAGE}/gui", PAGE, **fields)
        assert (status, NO_TELEGRAM in page) == (400, True)


async def test_the_report_of_the_week_is_switched_on_and_off_by_oneself(desk: Desk, clerk: Visitor) -> None:
    mine = "/canbo/toi"
    for wanted, note in (("1", "weekly"), ("", "not_weekly")):
        assert await clerk.post(f"{mine}/bao-cao", mine, weekly=wanted) == (303, f"{mine}?note={note}")
        assert await desk.run("SELECT weekly FROM staff WHERE telegram = '77'") == [(wanted == "1",)]
        assert (await desk.trail())[-1] == "report.weekly"
    assert await desk.run("SELECT count(*) FROM staff WHERE weekly") == [(0,)]
