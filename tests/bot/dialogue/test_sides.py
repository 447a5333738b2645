"""Sides of the procedure on the screen: may somebody else go, copies, who signs, validity, being late, Saturdays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import aside, markup, papers, sections, sides, smalltalk
from bot.dialogue.effect import Missed, Vain
from bot.dialogue.session import Session
from bot.dialogue.sides import Side
from bot.dialogue.turn import Turn, TurnKind
from knowledge.catalogue import load
from knowledge.matching import Candidate, Facet, Match, Outcome
from knowledge.procedure import Channel, ChannelKind, Procedure
from tests.bot.dialogue.records import BIRTH, LICENCE, MARRIAGE, THIN, answer, services
from tests.bot.dialogue.test_conversation import LINES, Person, labels, well_formed
from tests.knowledge.cases import library_card, paper, question

GOES = question("submitter", "self", "other").model_copy(update={"text": "Ai đi nộp hồ sơ?"})
CARD = library_card(
    questions=(GOES,),
    documents=(paper("Tờ khai"), paper("Văn bản ủy quyền", "nhờ người khác", submitter=("other",))),
    channels=(
        Channel(kind=ChannelKind.IN_PERSON, where="Thư viện xã, thứ 2 đến thứ 6 và sáng thứ 7"),
        Channel(kind=ChannelKind.ONLINE),
    ),
    steps=("Nộp hồ sơ.", "Thẻ có giá trị trong 3 năm."),
    conditions=("Quá hạn 30 ngày thì bị phạt tiền.", "Muốn mượn sách thì có thẻ."),
    local_rules=(),
)
OTHER = "nộp thay được không"


@pytest.mark.parametrize(
    ("text", "side"),
    [
        ("nộp thay được không", Side.PROXY), ("chong toi nop gium duoc ko", Side.PROXY),
        ("bà nội đi mần thay được khôn", Side.PROXY), ("có phải đi trực tiếp không", Side.PROXY),
        ("hai dua co phai cung di khong", Side.PROXY),
        ("nhờ con gái đi được không", Side.PROXY), ("làm hộ có được không", Side.PROXY),
        ("cần mấy bản", Side.COPIES), ("phải mang bản gốc không", Side.COPIES), ("photo hay công chứng", Side.COPIES),
        ("ai ký", Side.SIGNER), ("cơ quan nào giải quyết", Side.SIGNER),
        ("còn gì nữa không", Side.MORE), ("thế thôi à", Side.MORE),
        ("có hiệu lực bao lâu", Side.VALIDITY), ("nộp muộn có bị phạt không", Side.LATE),
        ("thứ bảy có làm không", Side.HOURS), ("con tôi đi được không", Side.PROXY),
        ("con trai em di lay duoc ko", Side.PROXY), ("vợ nộp có được không ạ", Side.PROXY),
        ("mỗi tháng được bao nhiêu tiền", Side.BENEFIT), ("muc huong the nao", Side.BENEFIT),
        ("có phải về quê không", Side.ANYWHERE), ("làm ở tỉnh khác được không", Side.ANYWHERE),
    ],
)  # fmt: skip
def test_sides_are_known_by_their_words(text: str, side: Side) -> None:
    assert side in sides.asked(text)


def test_money_that_one_receives_is_told_from_the_record_or_said_not_to_be_there() -> None:
    given = services({})
    assert "<b>Số tiền được nhận</b>\nNguồn không ghi." in sides.answer(THIN, (Side.BENEFIT,), given).body
    paid = CARD.model_copy(update={"results": ("Được nhận 540.000 đồng mỗi tháng.",)})
    assert "• Được nhận 540.000 đồng mỗi tháng." in sides.answer(paid, (Side.BENEFIT,), given).body


def test_whether_it_can_be_done_elsewhere_is_told_by_where_it_is_done() -> None:
    body = sides.answer(CARD, (Side.ANYWHERE,), services({})).body
    assert "Thư viện xã" in body
    assert "Làm trực tuyến" in body


def test_whether_kin_may_go_is_no_small_talk_once_a_procedure_is_open() -> None:
    person = Person(services(LINES))
    assert person.says("con tôi đi được không").body == smalltalk.ANSWERS[smalltalk.Talk.FILLER]
    person.says("làm khai sinh")
    assert sides.PROXY in person.says("con tôi đi được không").body


@pytest.mark.parametrize(
    "text", ["làm hộ chiếu cho con", "lam ho khau", "đăng ký hộ kinh doanh", "xin bản sao khai sinh", "tách thửa", ""]
)
def test_a_need_is_no_side(text: str) -> None:
    assert sides.asked(text) == ()


@given(st.text(max_size=60))
def test_any_text_may_be_asked(text: str) -> None:
    assert set(sides.asked(text)) <= set(Side)
    if sides.nothing_else(text):
        assert sides.asked(text)


@pytest.mark.parametrize(
    "text", ["con gái ông đi làm thay được không", "bà nội nộp hộ có được không", "phải mang bản gốc hay bản sao"]
)
def test_what_names_no_need_leans_on_the_screen(text: str) -> None:
    assert sides.nothing_else(text)


@pytest.mark.parametrize("text", ["nộp thay tờ khai thuế được không", "thứ bảy có làm không", "con cháu người nhà"])
def test_what_names_more_does_not(text: str) -> None:
    assert not sides.nothing_else(text)


def told(procedure: Procedure, *asked: Side) -> str:
    return sides.answer(procedure, asked, services()).body


def test_who_may_go_is_told_by_the_question_of_the_record() -> None:
    body = told(CARD, Side.PROXY)
    assert f"• Self: {sides.NOTHING_MORE}" in body
    assert "• Other: thêm văn bản ủy quyền." in body
    assert "Nộp hồ sơ qua mạng được" in body
    assert sides.BY_POST not in body


def test_without_such_a_question_papers_and_sentences_tell() -> None:
    assert "Văn bản ủy quyền (Nhờ người khác đi làm thay)" in told(BIRTH, Side.PROXY)
    wedding = MARRIAGE.model_copy(update={"steps": ("Hai bên cùng có mặt, ký vào sổ.",), "documents": ()})
    assert "Hai bên cùng có mặt" in told(wedding, Side.PROXY)


def test_a_record_that_does_not_say_is_not_made_to() -> None:
    assert sides.NO_PROXY in told(LICENCE, Side.PROXY)
    assert sides.NOT_SAID in told(LICENCE, Side.VALIDITY)
    assert sides.NOT_SAID in told(THIN, Side.LATE)


def test_how_long_it_lasts_and_what_being_late_costs_are_the_sentences_of_the_record() -> None:
    assert "• Thẻ có giá trị trong 3 năm." in told(CARD, Side.VALIDITY)
    late = told(CARD, Side.LATE)
    assert "• Quá hạn 30 ngày thì bị phạt tiền." in late
    assert "Muốn mượn" not in late, "“muốn” is not “muộn”"


def test_copies_and_what_else_is_needed_are_all_the_papers() -> None:
    for side in (Side.COPIES, Side.MORE):
        message = sides.answer(BIRTH, (side,), services())
        assert papers.full(BIRTH) in message.body
        assert labels(message)[0] == sections.BACK


def test_who_signs_is_the_agency() -> None:
    assert f"<b>{sides.AGENCY}:</b> Ủy ban nhân dân cấp xã" in told(BIRTH, Side.SIGNER)
    assert "Nơi nộp" in told(THIN, Side.SIGNER)


def test_hours_are_told_only_where_the_record_has_some() -> None:
    assert sides.told(CARD, (Side.HOURS,)) == (Side.HOURS,)
    assert sides.told(BIRTH, (Side.HOURS, Side.PROXY)) == (Side.PROXY,)
    assert "sáng thứ 7" in told(CARD, Side.HOURS)


@pytest.mark.parametrize("procedure", load().procedures.values(), ids=lambda each: each.code)
def test_every_side_of_every_shipped_procedure_is_sound(procedure: Procedure) -> None:
    for side in Side:
        assert well_formed(told(procedure, side))
    assert markup.visible(sides.proxy(procedure, services())) <= 1200


def asking(**lines: Match) -> Person:
    return Person(services(LINES | {text.replace("_", " "): match for text, match in lines.items()}))


def elsewhere(code: str) -> Match:
    return Match(Outcome.UNKNOWN, elsewhere=(code, "Nộp thay thuế"))


def test_a_side_is_asked_of_the_screen_though_something_else_has_its_words() -> None:
    person = Person(services(LINES | {OTHER: elsewhere("9.888888")}))
    person.says("làm khai sinh")
    reply = person.does(Turn(TurnKind.TEXT, OTHER))
    assert sides.PROXY in reply.messages[0].body
    assert person.session.focus == BIRTH.code
    assert any(isinstance(each, Missed) and each.kind is Vain.FOLLOWUP for each in reply.effects)


def test_a_side_without_a_procedure_asks_which() -> None:
    person = Person(services(LINES | {OTHER: elsewhere("9.888888")}))
    assert "thủ tục nào" in person.says(OTHER).body
    assert person.session.absent is None


def test_whose_papers_are_asked_for_does_not_matter() -> None:
    person = Person(services(LINES | {"mẹ cần mang gì": Match(Outcome.UNKNOWN, facets=(Facet.PAPERS,))}))
    person.says("làm khai sinh")
    assert papers.full(BIRTH) in person.says("mẹ cần mang gì").body


def test_a_procedure_surely_named_beside_a_side_is_answered_with_it() -> None:
    said = "ông nội đi đổi bằng lái thay được không, nhờ người khác"
    person = Person(services(LINES | {said: answer(LICENCE.code)}))
    person.says("làm khai sinh")
    message = person.says(said)
    assert LICENCE.code in message.body
    assert sides.PROXY in message.body


def test_a_question_that_leans_on_the_screen_is_not_taken_for_another_procedure() -> None:
    said = "không có hợp đồng thuê nhà thì sao"
    person = Person(services(LINES | {said: elsewhere("9.888888")}))
    person.says("làm khai sinh")
    message = person.says(said)
    assert aside.NO_ANSWER.format(title="Đăng ký khai sinh") in message.body
    assert labels(message)[:3] == [aside.PAPERS, aside.TERMS, aside.STEPS]
    assert person.session.focus == BIRTH.code
    assert person.says("lệ phí bao nhiêu").body.startswith("<b>Đăng ký khai sinh</b>")


def test_what_is_nearest_to_the_screen_is_about_it() -> None:
    said = "ông 82 tuổi rồi thì thế nào nhỉ"
    person = Person(services(LINES | {said: Match(Outcome.UNKNOWN, (Candidate(BIRTH.code, 0.3),))}))
    assert aside.NO_ANSWER[:20] not in person.says(said).body, "nothing is on the screen"
    person.says("làm khai sinh")
    assert aside.NO_ANSWER[:20] in person.says(said).body


def test_a_new_need_in_so_many_words_is_no_aside() -> None:
    person = Person(services(LINES))
    person.says("làm khai sinh")
    assert aside.NO_ANSWER[:20] not in person.says("xin giấy phép bay flycam chụp ảnh").body
    assert aside.focus(Session(focus=BIRTH.code), person.services) == BIRTH
