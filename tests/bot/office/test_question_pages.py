"""The pages of questions asked in vain: seen in groups, judged with one press, taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.dialogue.effect import Missed, Vain
from bot.dialogue.services import Services
from bot.office import question_pages, unanswered
from bot.office.accounts import Draft
from bot.office.gate import judged
from bot.office.questions import Group
from bot.office.sorting import Sorting
from bot.office.tables import Role
from knowledge.grouping import Reading
from tests.bot.dialogue.records import BIRTH, MARRIAGE, services
from tests.bot.dialogue.test_article import ARTICLES, HOURS
from tests.bot.office.desk import Desk, Visitor, at_work

ASKED = ("giấy cho em bé mới đẻ", "làm giấy cho em bé mới đẻ ạ", "giấy cho em bé mới đẻ")
READING = Reading({})


@pytest.fixture
def known() -> Services:
    return replace(services(), articles=ARTICLES)


@pytest.fixture
def account() -> Draft:
    return Draft("Lê Soạn", Role.EDITOR)


async def ask(desk: Desk, *said: str, kind: Vain = Vain.UNKNOWN, commune: str | None = None) -> int:
    """Keep questions and group them; return the number of the last one's group."""
    async with desk.engine.begin() as connection:
        for each in said:
            await unanswered.keep(connection, Missed(each, kind, (BIRTH.code,), commune))
    await Sorting(desk.engine, READING).sort()
    (row,) = await desk.run("SELECT cluster FROM unanswered ORDER BY id DESC LIMIT 1")
    return int(row.cluster or 0)


async def verdicts(desk: Desk) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await desk.run("SELECT verdict, answer FROM unanswered ORDER BY id")]


async def test_groups_are_listed_with_counts_and_what_came_near(desk: Desk, clerk: Visitor) -> None:
    group = await ask(desk, *ASKED)
    status, page = await clerk.get("/canbo/cau-hoi")
    assert status == 200
    assert "3 lần, 7 ngày qua 3, 28 ngày qua 3" in page
    assert BIRTH.name in page
    assert f"/canbo/cau-hoi/{group}" in page
    _, home = await clerk.get("/canbo")
    assert question_pages.WAITING in home


async def test_a_page_that_is_none_is_the_first(desk: Desk, clerk: Visitor) -> None:
    await ask(desk, *ASKED)
    for odd in ("0", "x", "99999", ""):
        status, page = await clerk.get(f"/canbo/cau-hoi?trang={odd}")
        assert (status, ASKED[0] in page) == (200, True), odd


async def test_one_press_says_which_procedure_it_is(desk: Desk, clerk: Visitor) -> None:
    group = await ask(desk, *ASKED)
    path = f"/canbo/cau-hoi/{group}"
    _, page = await clerk.get(path)
    assert f'value="{BIRTH.code}"' in page
    status, place = await clerk.post(path, la="procedure", ma=BIRTH.code)
    assert (status, place) == (303, f"{path}?note=procedure")
    assert await verdicts(desk) == [("procedure", BIRTH.code)] * 3
    (draft,) = await desk.run("SELECT code, state, record->'names' AS names FROM revision")
    assert (draft.code, draft.state) == (BIRTH.code, "draft")
    assert draft.names == [*BIRTH.names, ASKED[0], "làm giấy cho em bé mới đẻ ạ"]
    async with desk.engine.connect() as connection:
        labelled = await judged(connection)
    assert {(each.text, each.codes) for each in labelled} == {(text, frozenset({BIRTH.code})) for text in ASKED}
    assert (await desk.trail())[-2:] == ["question.judge", "revision.begin"]
    assert "Là thủ tục" in (await clerk.get(place))[1]


async def test_a_second_group_goes_into_the_same_draft(desk: Desk, clerk: Visitor) -> None:
    for said in ("giấy cho em bé mới đẻ", "đẻ rồi thì phải xin giấy chi"):
        group = await ask(desk, said)
        await clerk.post(f"/canbo/cau-hoi/{group}", la="procedure", ma=BIRTH.code)
    (draft,) = await desk.run("SELECT record->'names' AS names FROM revision")
    assert draft.names == [*BIRTH.names, "giấy cho em bé mới đẻ", "đẻ rồi thì phải xin giấy chi"]


async def test_what_was_said_can_be_taken_back(desk: Desk, clerk: Visitor) -> None:
    group = await ask(desk, *ASKED)
    path = f"/canbo/cau-hoi/{group}"
    await clerk.post(path, la="procedure", ma=BIRTH.code)
    assert await clerk.post(f"{path}/bo", path) == (303, f"{path}?note=undone")
    assert await verdicts(desk) == [(None, None)] * 3
    assert [row.state for row in await desk.run("SELECT state FROM revision")] == ["withdrawn"]
    assert "question.undo" in await desk.trail()
    status, page = await clerk.post(f"{path}/bo", path)
    assert (status, "chưa có kết luận" in page) == (400, True)


async def test_taking_back_leaves_what_else_a_draft_holds(desk: Desk, clerk: Visitor) -> None:
    first, second = await ask(desk, "giấy cho em bé mới đẻ"), await ask(desk, "đẻ rồi thì phải xin giấy chi")
    for group in (first, second):
        await clerk.post(f"/canbo/cau-hoi/{group}", la="procedure", ma=BIRTH.code)
    await clerk.post(f"/canbo/cau-hoi/{first}/bo", f"/canbo/cau-hoi/{first}")
    (draft,) = await desk.run("SELECT state, record->'names' AS names FROM revision")
    assert (draft.state, draft.names) == ("draft", [*BIRTH.names, "đẻ rồi thì phải xin giấy chi"])


async def test_an_article_gets_the_wordings_as_phrases(desk: Desk, clerk: Visitor) -> None:
    group = await ask(desk, "chủ nhật có ai trực không")
    path = f"/canbo/cau-hoi/{group}"
    assert await clerk.post(path, la="article", ma=HOURS.id) == (303, f"{path}?note=article")
    (draft,) = await desk.run("SELECT subject, code, record->'phrases' AS phrases FROM revision")
    assert (draft.subject, draft.code) == ("article", HOURS.id)
    assert draft.phrases == [*HOURS.phrases, "chủ nhật có ai trực không"]
    await clerk.post(f"{path}/bo", path)
    assert [row.state for row in await desk.run("SELECT state FROM revision")] == ["withdrawn"]


@pytest.mark.parametrize("verdict", ["outside", "spam"])
async def test_out_of_scope_and_spam_are_said_with_one_press(desk: Desk, clerk: Visitor, verdict: str) -> None:
    group = await ask(desk, "giá vàng hôm nay")
    await clerk.post(f"/canbo/cau-hoi/{group}", la=verdict)
    assert await verdicts(desk) == [(verdict, None)]
    assert "giá vàng" not in (await clerk.get("/canbo/cau-hoi"))[1]
    assert "giá vàng" in (await clerk.get("/canbo/cau-hoi?xem=xong"))[1]


async def test_the_same_asked_again_waits_again(desk: Desk, clerk: Visitor) -> None:
    group = await ask(desk, "giá vàng hôm nay")
    path = f"/canbo/cau-hoi/{group}"
    await clerk.post(path, la="spam")
    assert await ask(desk, "giá vàng hôm nay") == group
    _, page = await clerk.get(path)
    assert "1 câu đang chờ" in page
    assert "Câu rác" in page


async def test_what_waits_is_counted_beyond_the_wordings_that_are_shown(desk: Desk, clerk: Visitor) -> None:
    await desk.run("""
        INSERT INTO unanswered (text, kind, codes, cluster, verdict, judged_at)
        SELECT 'giá vàng ngày ' || day, 'unknown', '[]', 1,
            CASE WHEN day < 60 THEN 'spam' END, CASE WHEN day < 60 THEN now() END
        FROM generate_series(1, 60) AS day
    """)
    _, page = await clerk.get("/canbo/cau-hoi/1")
    assert "1 câu đang chờ" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"la": "procedure", "ma": "9.999999"}, "Không có thủ tục mã 9.999999"),
        ({"la": "procedure"}, "Không có thủ tục"),
        ({"la": "article", "ma": "khong-co"}, "Không có bài viết"),
        ({"la": "gi-do"}, question_pages.NO_VERDICT),
    ],
)
async def test_what_makes_no_sense_changes_nothing(
    desk: Desk, clerk: Visitor, fields: dict[str, str], words: str
) -> None:
    group = await ask(desk, "giá vàng hôm nay")
    status, page = await clerk.post(f"/canbo/cau-hoi/{group}", **fields)
    assert (status, words in page) == (400, True)
    assert await verdicts(desk) == [(None, None)]


async def test_two_who_judge_at_once_do_not_both(desk: Desk, clerk: Visitor) -> None:
    group = await ask(desk, "giá vàng hôm nay")
    path = f"/canbo/cau-hoi/{group}"
    await clerk.post(path, la="spam")
    await desk.run("UPDATE unanswered SET at = at")
    status, page = await clerk.send(path, {"csrf": await clerk.token("/canbo/toi"), "la": "outside"})
    assert (status, "không còn câu nào chờ" in page) == (400, True)
    assert await verdicts(desk) == [("spam", None)]


async def test_staff_of_a_commune_see_their_own_only(desk: Desk) -> None:
    theirs = await ask(desk, "giấy cho em bé mới đẻ", commune="00004")
    other = await ask(desk, "giá vàng hôm nay")
    async with at_work(desk, Draft("Ở phường", Role.EDITOR, "00004")) as local:
        _, page = await local.get("/canbo/cau-hoi")
        assert ("em bé" in page, "giá vàng" in page) == (True, False)
        assert (await local.get(f"/canbo/cau-hoi/{other}"))[0] == 404
        status, _ = await local.send(f"/canbo/cau-hoi/{other}", {"csrf": await local.token("/canbo/toi"), "la": "spam"})
        assert status == 400
        await local.post(f"/canbo/cau-hoi/{theirs}", la="procedure", ma=BIRTH.code)
    (draft,) = await desk.run("SELECT scope FROM revision")
    assert draft.scope == "00004"


async def test_a_viewer_sees_but_has_no_buttons(desk: Desk) -> None:
    group = await ask(desk, *ASKED)
    async with at_work(desk, Draft("Người xem", Role.VIEWER)) as viewer:
        _, page = await viewer.get(f"/canbo/cau-hoi/{group}")
        assert ASKED[0] in page
        assert "Là thủ tục này" not in page


async def test_words_of_people_are_shown_as_words(desk: Desk, clerk: Visitor) -> None:
    group = await ask(desk, "<script>alert(1)</script> là gì")
    for path in ("/canbo/cau-hoi", f"/canbo/cau-hoi/{group}"):
        assert "<script>alert" not in (await clerk.get(path))[1]


async def test_procedures_are_looked_for_in_other_words(desk: Desk, clerk: Visitor) -> None:
    group = await ask(desk, "giá vàng hôm nay")
    assert (await clerk.get(f"/canbo/cau-hoi/{group}?tim=1.000894"))[0] == 200


async def test_what_people_ask_again_is_counted_by_side(desk: Desk, clerk: Visitor) -> None:
    await ask(desk, "lệ phí bao nhiêu", "hết bao nhiêu tiền", "nộp ở đâu", kind=Vain.FOLLOWUP)
    _, page = await clerk.get("/canbo/cau-hoi/hoi-lai")
    assert "phí, lệ phí</td><td>2</td>" in page
    assert "nơi nộp</td><td>1</td>" in page


def test_a_side_is_counted_only_for_procedures_we_know() -> None:
    rows = [(MARRIAGE.code, "lệ phí bao nhiêu", 3), ("9.999999", "lệ phí bao nhiêu", 9)]
    found = question_pages.by_side(rows, {MARRIAGE.code: MARRIAGE.name}, READING)
    assert [(each.code, each.count, each.examples) for each in found] == [(MARRIAGE.code, 3, ["lệ phí bao nhiêu"])]


@pytest.mark.parametrize(
    ("week", "month", "trend"), [(0, 0, 0), (5, 20, 0), (12, 20, 1), (1, 1, 0), (3, 3, 1), (0, 9, -1)]
)
def test_a_trend_needs_a_clear_difference(week: int, month: int, trend: int) -> None:
    group = Group(1, "x", month, week, month, datetime(2026, 11, 1, tzinfo=UTC), ("unknown",), 0)
    assert group.trend == trend
