from __future__ import annotations

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.assistance import consent, desk, showing, tabling
from bot.assistance.consent import AGREED, NEW
from bot.assistance.desk import STRANGER
from bot.dialogue.action import Action, Verb
from bot.dialogue.turn import TurnKind
from tests.bot.assistance import band, table
from tests.bot.assistance.table import ASKED, CASED
from tests.bot.dialogue.records import LICENCE


async def test_a_stranger_is_told_what_it_is(engine: AsyncEngine) -> None:
    stranger = (await table.laid(engine)).person("9")
    assert await stranger.says("/hotro") == STRANGER
    assert await stranger.sends("sitnew") == STRANGER
    assert await stranger.sends("sit", 1, "tick", "abcdef") == STRANGER
    assert await band.run(engine, "SELECT id FROM sitting") == []


async def test_consent_comes_first_and_a_name_is_letters_only(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await lan.says("/hotro")
    assert "đồng ý" in await lan.presses(NEW)
    assert await band.run(engine, "SELECT id FROM sitting") == []
    await lan.presses(AGREED)
    ((consent, name),) = await band.run(engine, "SELECT consent_at, first_name FROM sitting")
    assert consent
    assert name is None
    for refused in ("0912345678", "Lan 2", "một chuỗi dài hơn hai mươi chữ", "a b c d", "<b>Lan</b>", "⑨⑨"):
        assert "Chỉ ghi tên gọi" in await lan.says(refused)
    assert "Hồ sơ của bác Hòa" in await lan.says("bác Hòa")
    assert await band.run(engine, "SELECT first_name FROM sitting") == [("bác Hòa",)]


@pytest.mark.parametrize("said", ["Nguyễn Văn Tư", "trần thị bảy", "le van tam", "Vũ Hà My"])
async def test_a_full_name_is_not_kept(engine: AsyncEngine, said: str) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await lan.sends("sitagree")
    assert "Chỉ ghi tên gọi" in await lan.says(said)
    assert await band.run(engine, "SELECT first_name FROM sitting") == [(None,)]


@pytest.mark.parametrize("said", ["Đặng", "Lan Anh", "cô Sáu Hương", "ông Mai", "Bà Lê Hoa", "bé Hà Vy"])
def test_whatever_somebody_is_called_is_a_first_name(said: str) -> None:
    assert consent.first_name(said)


async def test_a_case_without_a_procedure_says_so_once(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.agreed(lan, "Hòa")
    assert (await lan.says("/hotro")).count(showing.NOTHING_CHOSEN) == 1


async def test_not_agreed_opens_nothing_and_agreeing_twice_opens_one(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await lan.says("/hotro")
    await lan.presses(NEW)
    await lan.presses("Không đồng ý")
    assert await band.run(engine, "SELECT id FROM sitting") == []
    await lan.sends("sitagree")
    await lan.sends("sitagree")
    assert len(await band.run(engine, "SELECT id FROM sitting")) == 1


async def test_the_ordinary_conversation_answers_and_the_answer_is_taken(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.agreed(lan, "Hòa")
    assert CASED.code in await lan.says(ASKED)
    assert "Chuẩn bị hồ sơ" not in lan.labels
    assert "Bé có Giấy chứng sinh không?" in await lan.presses(tabling.TAKE)
    assert "nộp hồ sơ bằng cách nào" in await lan.says("Có")
    said = await lan.presses("Nộp qua mạng")
    assert "Hồ sơ của Hòa" in said
    assert "(đã có 0/2)" in said
    assert lan.labels[:2] == ["☐ 1", "☐ 2"]
    assert "Nhắc tôi" not in lan.labels
    assert "(đã có 1/2)" in await lan.presses("☐ 1")
    ((prepared,),) = await band.run(engine, "SELECT prepared FROM sitting")
    assert prepared["answers"] == {"born": "yes", "channel": "online"}
    assert len(prepared["ticked"]) == 1


async def test_what_is_shown_is_taken_and_another_can_be(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await lan.says("đổi bằng lái")
    await table.agreed(lan)
    await lan.presses("Làm thủ tục này: Đổi giấy phép lái xe")
    assert await band.run(engine, "SELECT procedure FROM sitting") == [(LICENCE.code,)]
    await lan.presses("Nộp qua mạng")
    await lan.presses("Hướng dẫn nộp qua mạng")
    await lan.presses("Xong")
    assert CASED.code in await lan.says(ASKED)
    await lan.presses(tabling.CHANGE)
    assert await band.run(engine, "SELECT procedure, step FROM sitting") == [(CASED.code, 0)]


async def test_several_cases_of_one_procedure_never_mix_nor_touch_ones_own(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await lan(TurnKind.ACTION, Action(Verb.CASE, CASED.code).payload())
    await lan.presses("Chưa có")
    ((own,),) = await band.run(engine, "SELECT session->'cases' FROM chat")
    await table.begun(lan, "Hòa")
    first = lan.last
    await table.begun(lan, "Mai")
    tick = first.messages[-1].buttons[0][0].action
    assert "Hồ sơ của Hòa" in await lan(TurnKind.ACTION, tick or "")
    rows = await band.run(engine, "SELECT first_name, jsonb_array_length(prepared->'ticked') FROM sitting ORDER BY id")
    assert rows == [("Hòa", 1), ("Mai", 0)]
    assert await band.run(engine, "SELECT session->'cases' FROM chat") == [(own,)]
    assert "đang làm" in await lan.says("/hotro")
    assert [label for label in lan.labels if "khai sinh" in label] == [
        "Hòa: Đăng ký khai sinh",
        "Mai: Đăng ký khai sinh",
    ]


async def test_what_is_asked_next_is_about_the_case_on_the_screen(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan, "Hòa")
    ((first,),) = await band.run(engine, "SELECT id FROM sitting")
    await table.agreed(lan, "Mai")
    await lan.says("đổi bằng lái")
    await lan.presses(tabling.TAKE)
    assert await band.run(engine, "SELECT session->>'focus' FROM chat") == [(LICENCE.code,)]
    await lan.sends("sitopen", first)
    assert await band.run(engine, "SELECT session->>'focus' FROM chat") == [(CASED.code,)]


async def test_ones_own_case_leaves_the_table(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan, "Hòa")
    await lan(TurnKind.ACTION, Action(Verb.CASE, LICENCE.code).payload())
    ((session,),) = await band.run(engine, "SELECT session FROM chat")
    assert session["sitting"] is None
    assert [each["code"] for each in session["cases"]] == [LICENCE.code]


async def test_typed_answers_go_to_the_case_on_the_screen(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    for name in ("Hòa", "Mai"):
        await table.agreed(lan, name)
        await lan.says(ASKED)
        await lan.presses(tabling.TAKE)
    await lan.says("chưa có")
    rows = await band.run(engine, "SELECT first_name, prepared->'answers' FROM sitting ORDER BY id")
    assert rows == [("Hòa", {}), ("Mai", {"born": "no"})]


async def test_forgetting_leaves_the_screen_and_loses_nothing(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan, "Hòa")
    before = await band.run(engine, "SELECT prepared, ended_at FROM sitting")
    assert "Hồ sơ của Hòa vẫn còn" in await lan.says("/huy")
    assert (await band.run(engine, "SELECT session->>'sitting' FROM chat")) == [(None,)]
    assert await band.run(engine, "SELECT prepared, ended_at FROM sitting") == before
    assert showing.CASE in (await lan.presses("Về hồ sơ của Hòa")) or showing.CASE in lan.labels


@pytest.mark.parametrize(
    ("label", "outcome", "online"),
    [("Đã nộp qua mạng", "online", True), ("Đi nộp trực tiếp", "in_person", False), ("Không làm nữa", "dropped", None)],
)
async def test_an_end_is_counted_once_and_its_buttons_are_over(
    engine: AsyncEngine, label: str, outcome: str, online: bool | None
) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan)
    old = [each.action for each in lan.buttons if each.action]
    ((number,),) = await band.run(engine, "UPDATE sitting SET seconds = 1800 RETURNING id")
    await lan.sends("sitend", number)
    await lan.presses(label)
    assert await band.run(engine, "SELECT kind, procedure, outcome, online, minutes FROM work") == [
        ("sitting", CASED.code, outcome, online, 30)
    ]
    for action in old:
        assert await lan(TurnKind.ACTION, action) == desk.NOT_YOURS
    assert await lan.sends("sitclose", number, "online") == desk.NOT_YOURS
    assert len(await band.run(engine, "SELECT id FROM work")) == 1


async def test_what_is_put_off_can_be_taken_up_again(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan, "Hòa")
    ((number,),) = await band.run(engine, "SELECT id FROM sitting")
    await lan.sends("sitclose", number, "later")
    assert "hẹn lại" in await lan.says("/hotro")
    assert "Hồ sơ của Hòa" in await lan.presses("Hòa: Đăng ký khai sinh")
    assert await band.run(engine, "SELECT ended_at, outcome FROM sitting") == [(None, None)]


async def test_somebody_elses_case_cannot_be_opened(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan, minh = await laid.volunteer("Lan"), await laid.volunteer("Minh", leader=True)
    await table.begun(lan, "Hòa")
    ((number,),) = await band.run(engine, "SELECT id FROM sitting")
    for said in (("sitopen", number), ("sit", number, "case"), ("handyes", number), ("slip", number), ("sitopen", "x")):
        said_back = await minh.sends(*said)
        assert "Hòa" not in said_back
        assert "không còn" in said_back


async def test_a_paused_volunteer_finishes_but_opens_nothing(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan, "Hòa")
    await band.run(engine, "UPDATE volunteer SET state = 'paused'")
    assert await lan.sends("sitnew") == consent.PAUSED
    assert await lan.sends("sitagree") == consent.PAUSED
    await lan.says("/hotro")
    assert "Hồ sơ của Hòa" in await lan.presses("Hòa: Đăng ký khai sinh")


async def test_one_who_went_loses_the_table(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan, "Hòa")
    await band.run(engine, "UPDATE volunteer SET state = 'removed'")
    assert await lan.says("/hotro") == STRANGER
    assert "Hòa" not in await lan.says(ASKED)


async def test_too_many_at_once_are_refused(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await band.run(
        engine,
        "INSERT INTO sitting (volunteer, first_name) SELECT volunteer.id, 'Hòa' FROM volunteer, generate_series(1, 30)",
    )
    assert "Xin kết thúc bớt" in await lan.sends("sitnew")


async def test_a_procedure_that_is_gone_is_chosen_anew(engine: AsyncEngine) -> None:
    lan = await (await table.laid(engine)).volunteer("Lan")
    await table.begun(lan, "Hòa")
    ((number,),) = await band.run(engine, "UPDATE sitting SET procedure = '9.999999' RETURNING id")
    for word in ("sitopen", "step", "sitprint", "sitcode", "sitqr"):
        assert showing.NO_LONGER in await lan.sends(word, number)
    assert showing.NO_LONGER in await lan.sends("sit", number, "tick", "abcdef")


async def test_the_menu_names_who_asks_for_help_only_to_whom_it_was_told(engine: AsyncEngine) -> None:
    laid = await table.laid(engine)
    lan, minh = await laid.volunteer("Lan"), await laid.volunteer("Minh")
    await lan.says("/hotro")
    await band.run(engine, "INSERT INTO chat (channel, address) VALUES ('web', 'far')")
    await band.run(
        engine,
        "WITH asked AS (INSERT INTO help_request (chat_id, commune, subject) "
        "SELECT id, '00004', 'cấp lại thẻ' FROM chat WHERE address = 'far' RETURNING id) "
        "INSERT INTO alerted (request, chat_id) SELECT asked.id, chat.id FROM asked, chat WHERE address LIKE '%Lan%'",
    )
    assert "1 người ở xa" in await lan.says("/hotro")
    assert "Nhận giúp: cấp lại thẻ" in lan.labels
    assert "ở xa" not in await minh.says("/hotro")
    await band.run(engine, "UPDATE help_request SET state = 'live'")
    assert "ở xa" not in await lan.says("/hotro")
