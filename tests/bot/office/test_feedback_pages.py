"""Suggestions and complaints in the console: who sees which, who sees to them, and what their authors hear."""

from __future__ import annotations

import pytest

from bot.assistance import feedback
from bot.assistance.feedback import Kind
from bot.office import feedback_pages
from bot.office.accounts import Draft as Account
from bot.office.feedback_pages import PATH
from bot.office.tables import Role
from tests.bot.assistance import band
from tests.bot.assistance.band import BA_DINH
from tests.bot.office.desk import Desk, Visitor, at_work, visitor

HANOI, DA_NANG = "01", "48"


@pytest.fixture
def account() -> Account:
    return Account("Phạm Thị Hoa", Role.EDITOR, BA_DINH)


async def sent(desk: Desk, words: str, commune: str | None = BA_DINH) -> tuple[int, str]:
    """Let somebody send something; return its number and code."""
    async with desk.engine.begin() as connection:
        chat = await band.chat(connection, "7")
        code = await feedback.add(connection, chat, Kind.COMPLAINT, words, commune)
    ((number,),) = await desk.run("SELECT id FROM feedback WHERE code = :code", code=code)
    return int(number), code


async def told(desk: Desk) -> list[str]:
    return [row.payload["body"] for row in await desk.run("SELECT payload FROM post ORDER BY id")]


async def test_one_is_taken_answered_and_told_once(desk: Desk, clerk: Visitor) -> None:
    number, code = await sent(desk, "Chờ <lâu> quá")
    _, first = await clerk.get("/canbo")
    assert feedback_pages.WAITING in first
    _, page = await clerk.get(PATH)
    for words in ("Chờ &lt;lâu&gt; quá", code, "Phản ánh", "Phường Ba Đình", "mới"):
        assert words in page
    one = f"{PATH}/{number}"
    assert await clerk.post(f"{one}/nhan", one) == (303, f"{one}?note=taken")
    status, page = await clerk.post(f"{one}/nhan", one)
    assert status == 400
    assert feedback_pages.NO_LONGER_NEW in page
    assert await clerk.post(f"{one}/tra-loi", one, answer="Xin lỗi <anh/chị>,\nđã thêm quầy.") == (
        303,
        f"{one}?note=answered",
    )
    (body,) = await told(desk)
    assert code in body
    assert "Xin lỗi &lt;anh/chị&gt;,\nđã thêm quầy." in body
    status, page = await clerk.post(f"{one}/tra-loi", one, answer="lần nữa")
    assert status == 400
    assert feedback_pages.MOVED_ON in page
    assert len(await told(desk)) == 1
    assert await desk.run("SELECT chat_id, state FROM feedback") == [(None, "answered")]
    assert await clerk.post(f"{one}/khep", one) == (303, f"{one}?note=closed")
    _, page = await clerk.get(f"{one}?note=closed")
    assert "đã khép lại" in page
    assert '<form class="sheet"' not in page
    _, page = await clerk.get(f"{PATH}?xem=khep")
    assert code in page
    acts = [act for act in await desk.trail() if act.startswith("feedback")]
    assert acts == ["feedback.take", "feedback.answer", "feedback.close"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("", feedback_pages.NO_ANSWER),
        ("a" * 2001, "2000"),
        ("Mã của anh là 482913", feedback_pages.HIDE),
    ],
)
async def test_what_is_wrong_is_told_and_what_was_typed_is_kept(
    desk: Desk, clerk: Visitor, answer: str, words: str
) -> None:
    number, _ = await sent(desk, "Chờ lâu quá")
    status, page = await clerk.post(f"{PATH}/{number}/tra-loi", f"{PATH}/{number}", answer=answer)
    assert status == 400
    assert words in page
    assert answer in page
    assert await told(desk) == []
    assert await desk.run("SELECT state FROM feedback") == [("new",)]


async def test_an_answer_may_name_a_number_to_call(desk: Desk, clerk: Visitor) -> None:
    number, _ = await sent(desk, "Gọi không ai nghe")
    answer = "Anh/chị gọi số 024 3823 4567 giúp."
    assert (await clerk.post(f"{PATH}/{number}/tra-loi", f"{PATH}/{number}", answer=answer))[0] == 303


async def test_closing_without_an_answer_tells_nobody(desk: Desk, clerk: Visitor) -> None:
    number, _ = await sent(desk, "abc abc abc abc")
    assert (await clerk.post(f"{PATH}/{number}/khep", f"{PATH}/{number}"))[0] == 303
    assert (await clerk.post(f"{PATH}/{number}/khep", f"{PATH}/{number}"))[0] == 400
    assert await told(desk) == []


async def test_only_the_place_and_what_is_above_it_see_one(desk: Desk, clerk: Visitor) -> None:
    here, _ = await sent(desk, "ở Ba Đình")
    nowhere, _ = await sent(desk, "không nêu nơi", None)
    elsewhere, token = await desk.hire(Account("Lê Văn Bình", Role.EDITOR, DA_NANG))
    assert elsewhere
    async with visitor(desk, token) as other:
        assert "ở Ba Đình" not in (await other.get(PATH))[1]
        assert (await other.get(f"{PATH}/{here}"))[0] == 404
        csrf = await other.token("/canbo/toi")
        for act in ("nhan", "tra-loi", "khep"):
            assert (await other.send(f"{PATH}/{here}/{act}", {"csrf": csrf, "answer": "x"}))[0] == 404
        assert feedback_pages.WAITING not in (await other.get("/canbo"))[1]
    assert (await clerk.get(f"{PATH}/{here}"))[0] == 200
    assert (await clerk.get(f"{PATH}/{nowhere}"))[0] == 404
    async with at_work(desk, Account("Trần Thị Cúc", Role.VIEWER)) as nation:
        page = (await nation.get(PATH))[1]
        assert "ở Ba Đình" in page
        assert "không nêu nơi" in page
        assert "Nhận xem xét" not in (await nation.get(f"{PATH}/{nowhere}"))[1]
    assert await desk.run("SELECT DISTINCT state FROM feedback") == [("new",)]


async def test_how_content_people_are_stands_below(desk: Desk, clerk: Visitor) -> None:
    assert "Chưa có ai đánh giá" in (await clerk.get(PATH))[1]
    await desk.run(
        "INSERT INTO rating (day, kind, commune, level, criteria) "
        "SELECT (now() AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, "
        "'help', :commune, level, '{\"conduct\": 4}' FROM unnest(ARRAY[1, 2, 4, 1]) AS level",
        commune=BA_DINH,
    )
    _, page = await clerk.get(PATH)
    assert "75% hài lòng trở lên" in page
    assert "0% hài lòng trở lên" in page
    assert "Thái độ phục vụ" in page


async def test_pages_of_many(desk: Desk, clerk: Visitor) -> None:
    await desk.run(
        "INSERT INTO feedback (code, kind, text, commune) SELECT 'PA-' || n, 'request', 'việc số ' || n, :commune "
        "FROM generate_series(100, 160) AS n",
        commune=BA_DINH,
    )
    _, page = await clerk.get(PATH)
    assert "việc số 160" in page
    assert "việc số 110" not in page
    assert "Trang sau" in page
    _, page = await clerk.get(f"{PATH}?xem=&trang=2")
    assert "việc số 110" in page
    assert "Trang trước" in page
    for odd in ("?trang=0", "?trang=x", "?xem=gi", "?trang=99999"):
        assert (await clerk.get(PATH + odd))[0] == 200
