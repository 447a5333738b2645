"""The pages of the articles: written by one, reviewed by another, published."""

from __future__ import annotations

import html
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.services import Services
from bot.office import article_form, article_pages
from bot.office.accounts import Draft
from bot.office.forms import Form
from bot.office.library import read_article
from bot.office.tables import RevisionState, Role
from tests.bot.dialogue.records import BIRTH, services
from tests.bot.dialogue.test_article import ARTICLES, HOURS
from tests.bot.office.desk import Desk, Visitor, at_work
from tests.bot.office.test_question_pages import ask, verdicts

TODAY = date(2026, 11, 22)
FIELDS = {
    "title": "Chợ hoa xuân",
    "body": "Mở từ **23 tháng Chạp**.\n\n- Gửi xe ở đình",
    "phrases": "chợ hoa tết mở khi nào\nmấy giờ chợ hoa đóng cửa\n\nchợ hoa tết mở khi nào",
    "procedures": f"{BIRTH.code}",
    "source": "Thông báo số 12 của phường",
    "url": "https://phuong.gov.vn/tb12",
    "read_on": "2026-11-20",
}
MINE = "/canbo/bai-viet/ban"


@pytest.fixture
def known() -> Services:
    return replace(services(), articles=ARTICLES)


@pytest.fixture
def account() -> Draft:
    return Draft("Lê Soạn", Role.EDITOR)


@pytest.fixture
async def second(desk: Desk) -> AsyncIterator[Visitor]:
    async with at_work(desk, Draft("Vũ Duyệt", Role.PUBLISHER)) as somebody:
        yield somebody


async def act(somebody: Visitor, desk: Desk, act: str, **fields: str) -> tuple[int, str]:
    """Do something with the last change, at the version it has now."""
    (row,) = await desk.run("SELECT id, version FROM revision ORDER BY id DESC LIMIT 1")
    path = f"{MINE}/{row.id}"
    values = {"csrf": await somebody.token("/canbo/toi"), "version": str(row.version)} | fields
    return await somebody.send(path + act, values)


async def test_an_article_is_written_reviewed_by_another_and_published(
    desk: Desk, clerk: Visitor, second: Visitor
) -> None:
    status, place = await clerk.post("/canbo/bai-viet/moi", **FIELDS)
    assert (status, place) == (303, f"{MINE}/1?note=saved")
    _, page = await clerk.get(f"{MINE}/1")
    assert "<b>23 tháng Chạp</b>" in page
    assert "<li>Gửi xe ở đình</li>" in "".join(line.strip() for line in page.splitlines())
    assert (await act(clerk, desk, "/gui"))[0] == 303
    assert article_pages.WAITING[RevisionState.REVIEW] in (await second.get("/canbo"))[1]
    assert (await act(second, desk, "/duyet"))[0] == 303
    assert await act(second, desk, "/cong-bo") == (303, "/canbo/bai-viet?note=published")
    (row,) = await desk.run("SELECT subject, code, state, record FROM revision")
    assert (row.subject, row.code, row.state) == ("article", "cho-hoa-xuan", "published")
    assert row.record["phrases"] == ["chợ hoa tết mở khi nào", "mấy giờ chợ hoa đóng cửa"]
    (release,) = await desk.run("SELECT summary FROM release")
    assert release.summary == "Bài viết: Chợ hoa xuân"
    trail = await desk.trail()
    assert trail[-5:] == [
        "revision.begin", "revision.submit", "revision.approve", "release.publish", "revision.publish",
    ]  # fmt: skip


async def test_nobody_reviews_what_they_wrote(desk: Desk, second: Visitor) -> None:
    await second.post("/canbo/bai-viet/moi", **FIELDS)
    await act(second, desk, "/gui")
    assert (await act(second, desk, "/duyet"))[0] == 403
    assert (await act(second, desk, "/cong-bo"))[0] == 400


async def test_an_editor_neither_approves_nor_publishes(desk: Desk, clerk: Visitor) -> None:
    await clerk.post("/canbo/bai-viet/moi", **FIELDS)
    for name in ("/duyet", "/cong-bo", "/tra"):
        assert (await act(clerk, desk, name))[0] == 403


async def test_a_draft_keeps_what_is_not_right_yet_and_says_so_at_the_field(desk: Desk, clerk: Visitor) -> None:
    await clerk.post("/canbo/bai-viet/moi", **FIELDS | {"body": "", "procedures": "1.1", "read_on": "2030-01-01"})
    _, page = await clerk.get(f"{MINE}/1")
    said = html.unescape(page)
    for words in (article_form.NO_BODY, article_form.BAD_CODE.format(code="1.1"), article_form.BAD_DAY):
        assert words in said
    assert 'aria-describedby="body-help body-wrong"' in page
    status, page = await act(clerk, desk, "/gui")
    assert (status, article_form.NO_BODY in page) == (400, True)
    assert (await act(clerk, desk, "", **FIELDS))[0] == 303
    assert (await act(clerk, desk, "/gui"))[0] == 303


async def test_what_somebody_changed_meanwhile_is_not_overwritten(desk: Desk, clerk: Visitor) -> None:
    await clerk.post("/canbo/bai-viet/moi", **FIELDS)
    await act(clerk, desk, "", **FIELDS)
    status, page = await act(clerk, desk, "", **FIELDS | {"version": "1"})
    assert (status, "vừa sửa" in page) == (409, True)
    assert (await act(clerk, desk, "", **FIELDS | {"version": "x"}))[0] == 409


async def test_an_article_that_ships_is_changed_with_its_differences_shown(desk: Desk, clerk: Visitor) -> None:
    path = f"/canbo/bai-viet/bai/{HOURS.id}"
    assert HOURS.title in (await clerk.get(path))[1]
    status, place = await clerk.post(f"{path}/sua", path)
    assert (status, place) == (303, f"{MINE}/1")
    await act(clerk, desk, "", **FIELDS | {"title": "Giờ mở cửa"})
    _, page = await clerk.get(place)
    assert '<td class="asis">Giờ làm việc</td><td class="asis">Giờ mở cửa</td>' in page
    (row,) = await desk.run("SELECT code FROM revision")
    assert row.code == HOURS.id


async def test_an_article_can_be_proposed_to_go(desk: Desk, clerk: Visitor, second: Visitor) -> None:
    path = f"/canbo/bai-viet/bai/{HOURS.id}"
    await clerk.post(f"{path}/bo", path)
    (row,) = await desk.run("SELECT effect, record FROM revision")
    assert (row.effect, row.record) == ("removed", None)
    assert (await clerk.get(f"{MINE}/1"))[0] == 200


async def test_a_change_is_returned_with_a_reason_and_let_go(desk: Desk, clerk: Visitor, second: Visitor) -> None:
    await clerk.post("/canbo/bai-viet/moi", **FIELDS)
    await act(clerk, desk, "/gui")
    assert (await act(second, desk, "/tra"))[0] == 400
    assert (await act(second, desk, "/tra", note="Thiếu giờ mở cửa"))[0] == 303
    assert "Thiếu giờ mở cửa" in (await clerk.get(f"{MINE}/1"))[1]
    assert (await act(clerk, desk, "/rut"))[0] == 303
    assert [row.state for row in await desk.run("SELECT state FROM revision")] == ["withdrawn"]


async def test_two_articles_never_have_one_name(desk: Desk, clerk: Visitor) -> None:
    await clerk.post("/canbo/bai-viet/moi", **FIELDS)
    for title in (FIELDS["title"], HOURS.title):
        status, page = await clerk.post("/canbo/bai-viet/moi", **FIELDS | {"title": title})
        assert (status, article_pages.TAKEN in page) == (400, True)
    assert len(await desk.run("SELECT id FROM revision")) == 1


async def test_an_article_begun_from_a_group_answers_it(desk: Desk, clerk: Visitor) -> None:
    group = await ask(desk, "chợ hoa tết năm nay họp ở đâu", "chợ hoa tết năm nay họp ở đâu")
    _, page = await clerk.get(f"/canbo/bai-viet/moi?cau={group}")
    assert "chợ hoa tết năm nay họp ở đâu" in page
    await clerk.post("/canbo/bai-viet/moi", **FIELDS | {"cau": str(group)})
    assert await verdicts(desk) == [("article", "cho-hoa-xuan")] * 2
    assert "Đã có bài viết: Chợ hoa xuân (chưa công bố)" in (await clerk.get(f"/canbo/cau-hoi/{group}"))[1]


async def test_a_title_without_letters_is_refused(desk: Desk, clerk: Visitor) -> None:
    status, page = await clerk.post("/canbo/bai-viet/moi", **FIELDS | {"title": "123"})
    assert (status, article_form.BAD_TITLE in page) == (400, True)


async def test_staff_of_a_commune_write_for_it(desk: Desk) -> None:
    async with at_work(desk, Draft("Ở phường", Role.EDITOR, "00004")) as local:
        await local.post("/canbo/bai-viet/moi", **FIELDS)
        assert [row.scope for row in await desk.run("SELECT scope FROM revision")] == ["00004"]
    async with at_work(desk, Draft("Ở nơi khác", Role.EDITOR, "79")) as other:
        assert (await other.get(f"{MINE}/1"))[0] == 404


async def test_nothing_written_becomes_markup_of_the_page(desk: Desk, clerk: Visitor) -> None:
    evil = "<script>alert(1)</script>"
    await clerk.post("/canbo/bai-viet/moi", **FIELDS | {"title": f"Bài {evil}", "body": evil, "phrases": evil})
    for path in (f"{MINE}/1", "/canbo/bai-viet"):
        assert "<script>alert" not in (await clerk.get(path))[1]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Giờ làm việc", "gio-lam-viec"),
        ("VNeID: mức 2?", "vneid-muc-2"),
        ("5 bước nộp qua mạng", "buoc-nop-qua-mang"),
        ("24/7: 1 cửa", "cua"),
        ("123", ""),
        ("", ""),
        ("x" * 90, "x" * 40),
    ],
)
def test_a_name_is_made_of_the_title(title: str, name: str) -> None:
    assert article_form.slug(title) == name


@given(st.dictionaries(st.sampled_from([*FIELDS, "verified", "note"]), st.text(max_size=200)))
def test_whatever_is_sent_is_a_record_or_has_faults(fields: dict[str, str]) -> None:
    record = article_form.record(Form(tuple(fields.items())), "ten-bai")
    if not article_form.faults(record, {BIRTH.code: BIRTH}, TODAY):
        assert read_article(record, "ten-bai") is not None
