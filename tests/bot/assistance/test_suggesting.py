from __future__ import annotations

import re

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import feedback, suggesting
from bot.assistance.catching.judging import caught
from bot.assistance.suggesting import ASK_PLACE, ASK_TEXT, DROP, ELSEWHERE, LEAD, NOWHERE, OPEN, SEND, complains
from bot.dialogue import beyond
from bot.dialogue.turn import Turn, TurnKind
from tests.bot.assistance.band import BA_DINH, Person, run

WORDS = "Hôm thứ hai cán bộ Nguyễn Văn An ở quầy 2 bắt tôi về lấy giấy, nhà số 12 ngõ 5"
HOME = "phường ba đình hà nội"


@pytest.fixture
def person(engine: AsyncEngine) -> Person:
    return Person(engine, "7", suggesting.FLOW)


async def sent(person: Person, words: str = WORDS) -> str:
    """Let somebody send something without a place; return its code."""
    await person.says("/gopy")
    await person.presses("Phản ánh")
    await person.says(words)
    await person.presses(NOWHERE)
    found = re.search(r"PA-\w{6}", await person.presses(SEND))
    assert found
    return found.group()


async def test_what_kind_in_own_words_where_and_a_last_look(engine: AsyncEngine, person: Person) -> None:
    assert suggesting.BY_LAW in await person.says("/gopy")
    assert await person.presses("Kiến nghị") == ASK_TEXT
    assert await person.says(WORDS) == ASK_PLACE
    look = await person.says(HOME)
    assert "Phường Ba Đình" in look
    assert "Nguyễn" not in look
    assert "ngõ 5" not in look
    assert await person.presses(ELSEWHERE) == ASK_PLACE
    assert await person.says("xứ tiên xứ phật") == suggesting.NO_PLACE
    assert await person.says("ba đình") in (suggesting.WHICH_PLACE, look)
    await person.says(HOME)
    said = await person.presses(SEND)
    ((code, kind, text, commune, state),) = await run(engine, "SELECT code, kind, text, commune, state FROM feedback")
    assert code in said
    assert (kind, commune, state) == ("request", BA_DINH, "new")
    assert text.startswith("Hôm thứ hai cán bộ [tên đã ẩn]")
    assert await run(engine, "SELECT session->'noted', session->'awaiting' FROM chat") == [({}, None)]


async def written(person: Person) -> None:
    """Let somebody come as far as the place."""
    await person.says("/gopy")
    await person.presses("Góp ý")
    assert await person.says("nên có thêm ghế ngồi chờ") == ASK_PLACE


@pytest.mark.parametrize("words", ["gửi đi", "vâng", "ok gửi giúp tôi"])
async def test_what_is_typed_at_the_last_look_sends_it(engine: AsyncEngine, person: Person, words: str) -> None:
    await written(person)
    await person.presses(NOWHERE)
    assert "Đã gửi" in await person.says(words)
    assert await run(engine, "SELECT text FROM feedback") == [("nên có thêm ghế ngồi chờ",)]


async def test_what_is_typed_at_the_last_look_lets_it_go(engine: AsyncEngine, person: Person) -> None:
    await written(person)
    await person.presses(NOWHERE)
    assert await person.says("thôi không gửi") == suggesting.DROPPED
    assert await run(engine, "SELECT text FROM feedback") == []


async def test_the_place_shown_is_taken_by_its_number(person: Person) -> None:
    await written(person)
    assert await person.says("ba đình") == suggesting.WHICH_PLACE
    first, second, *_ = person.labels
    assert second in await person.says("số 2")
    await person.presses(ELSEWHERE)
    await person.says("ba đình")
    assert first in await person.says("1")


async def test_the_only_place_shown_is_taken_by_yes(person: Person) -> None:
    await written(person)
    assert await person.says("hải châu đà nẵng") == suggesting.WHICH_PLACE
    (only, *others) = person.labels
    assert others == [NOWHERE, DROP]
    assert only in await person.says("đúng rồi")


async def test_no_place_need_be_said(person: Person) -> None:
    await written(person)
    look = await person.says("không biết")
    assert look.startswith("Tôi sẽ gửi đến cán bộ:\n<b>Góp ý</b>\n")


async def test_despair_in_it_is_kept_and_heard(engine: AsyncEngine, person: Person) -> None:
    await person.says("/gopy")
    await person.presses("Phản ánh")
    said = await person.says("cán bộ làm khó, tôi không muốn sống nữa")
    assert said.startswith(beyond.DESPAIR)
    assert said.endswith(ASK_PLACE)


async def test_the_commune_that_is_known_is_taken(engine: AsyncEngine, person: Person) -> None:
    await person.says(f"/noio {HOME}")
    await person.says("/gopy")
    await person.presses("Góp ý")
    assert "Phường Ba Đình" in await person.says("nên có thêm ghế ngồi chờ")
    assert NOWHERE in person.labels
    assert "Phường Ba Đình" not in await person.presses(NOWHERE)
    await person.presses(SEND)
    assert await run(engine, "SELECT kind, commune FROM feedback") == [("suggestion", None)]


async def test_whoever_has_the_code_sees_how_far_it_is(engine: AsyncEngine, person: Person) -> None:
    code = await sent(person)
    other = Person(engine, "8", suggesting.FLOW)
    for typed in (f"/gopy {code}", f"/gopy {code.lower()}", code.replace("-", " ")):
        said = await other.says(typed)
        assert "đang chờ cán bộ xem" in said
        assert "quầy" not in said
    await run(engine, "UPDATE feedback SET state = 'answered', answer = 'Đã nhắc nhở <b>.'")
    assert "Đã nhắc nhở &lt;b&gt;." in await other.says(f"/gopy {code}")
    assert await other.says("/gopy PA-CCCCCC") == suggesting.UNKNOWN
    assert await other.says("/gopy gì đó") == suggesting.UNKNOWN


async def test_secrets_are_refused_and_not_kept(engine: AsyncEngine) -> None:
    person = Person(engine, "7", suggesting.FLOW, channel="web")
    await person.says("/gopy")
    await person.presses("Phản ánh")
    for words in (
        "cán bộ hỏi mã otp của tôi là 482913",
        "gọi tôi số 0912345678 nhé",
        "số căn cước của tôi 001090123456 bị ghi sai",
    ):
        reply = await person._intake.receive("web", "7", Turn(TurnKind.TEXT, words), said=words)
        assert reply
        assert "không lưu" in reply.messages[0].body
    rows = str(await run(engine, "SELECT payload::text FROM message UNION ALL SELECT session::text FROM chat"))
    assert "482913" not in rows
    assert "0912345678" not in rows
    assert "001090123456" not in rows
    assert await person.says("cán bộ hỏi mã otp của tôi") == ASK_PLACE


async def test_five_a_day(engine: AsyncEngine, person: Person) -> None:
    for _ in range(feedback.MOST_A_DAY):
        await sent(person)
    assert await person.says("/gopy") == suggesting.ENOUGH.format(most=5)
    await run(engine, "UPDATE feedback SET at = at - interval '25 hours'")
    assert "Góp ý" in await person.says("/gopy")


async def test_a_draft_that_was_left_is_forgotten(engine: AsyncEngine, person: Person) -> None:
    await person.says("/gopy")
    await person.presses("Góp ý")
    assert await person.says("ngắn quá") == suggesting.TOO_SHORT
    await person.says("nên có thêm ghế ngồi chờ")
    await person.says("/help")
    assert await run(engine, "SELECT session->'noted' FROM chat") == [({},)]
    assert suggesting.LOST in await person.sends("saysend")
    assert await person.presses(DROP) == suggesting.DROPPED
    for words in (("saykind", "bribe"), ("sayat", "99999")):
        assert await person.sends(*words)
    assert await run(engine, "SELECT FROM feedback") == []


async def test_complaints_are_led_here_below_what_is_answered(person: Person) -> None:
    said = await person.says("tôi muốn tố cáo cán bộ phường đòi tiền")
    assert said.endswith(LEAD)
    assert not said.startswith(LEAD)
    assert await person.presses(OPEN) == suggesting.ASK_KIND


async def test_not_in_groups(engine: AsyncEngine) -> None:
    group = Person(engine, "-100", suggesting.FLOW)
    assert await group.says("/gopy") == suggesting.IN_GROUP
    assert LEAD not in await group.says("tôi muốn phản ánh cán bộ phường")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("tôi muốn phản ánh cán bộ xã", True),
        ("toi muon khieu nai can bo mot cua", True),
        ("cho em góp ý với trợ lý", True),
        ("muốn tố cáo chủ tịch xã", True),
        ("thái độ tiếp dân quá tệ", True),
        ("cán bộ hạch sách tôi", True),
        ("xin kiến nghị làm lại đường", True),
        ("thủ tục khiếu nại lần đầu", False),
        ("tố cáo gửi ở đâu", False),
        ("làm giấy khai sinh", False),
        ("hồ sơ gồm những gì", False),
        ("cán bộ xã có làm thứ bảy không", False),
        ("thủ tục tố cáo cán bộ cần giấy tờ gì", False),
    ],
)
def test_who_complains(words: str, expected: bool) -> None:
    assert complains(words) is expected


def test_codes_are_read_as_they_are_made_and_are_no_secret() -> None:
    for code in (feedback.new_code() for _ in range(200)):
        assert feedback.code_in(f" {code.lower().replace('-', ' ')} ") == code
        assert feedback.code_in(f"phản ánh {code} đến đâu rồi?") == code
        assert not caught(f"mã góp ý {code}")
        assert not set(code[3:]) & set("0O1IL2Z5S8BQGU")
