"""People who answer an offer in their own way, change their mind, lose the thread, or want a person."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.dialogue import absence, opening, proposal, question, smalltalk, welcome
from bot.dialogue.session import Session
from bot.dialogue.text import NO_WORDS, NOTHING_TO_PICK
from knowledge.matching import Facet, Match, Outcome
from tests.bot.dialogue.records import BIRTH_AGAIN, RECORDS, answer, bare, offer, plain_case, services
from tests.bot.dialogue.test_conversation import LINES, Person, actions, labels

ABSENT = ("1.004359", "Thủ tục cấp Giấy phép khai thác thủy sản")
LOST = Match(Outcome.UNKNOWN)
MORE: dict[str, Match] = LINES | {
    "kết hôn": answer("1.000894"),
    "thời tiết mất bao lâu": replace(LOST, facets=(Facet.TIME,)),
    "giấy phép đánh cá": replace(LOST, elsewhere=ABSENT),
    ABSENT[0]: replace(LOST, elsewhere=ABSENT),
    "cần giấy tờ gì": bare(Facet.PAPERS),
    "giấy phép tàu": replace(offer("1.002801", "1.012345"), elsewhere=ABSENT),
    "hai việc": replace(offer("1.002801", "1.000894"), labels=("bằng lái", "kết hôn"), ask="Xem việc nào trước ạ?"),
    "đóng thuế không": offer("1.002801"),
    "kết hôn rồi": offer("1.000894"),
    "giá vàng hôm nay": replace(LOST, elsewhere=ABSENT),
}


@pytest.fixture
def person() -> Person:
    return Person(services(MORE))


def test_both_are_shown_in_turn(person: Person) -> None:
    person.says("giấy tờ nhà")
    first = person.says("cả hai")
    assert first.body.startswith(opening.IN_TURN)
    assert "<code>1.012345</code>" in first.body
    assert labels(first)[0] == "2. Đổi giấy phép lái xe"
    assert "<code>1.002801</code>" in person.says("còn cái thứ hai thì sao").body


def test_who_cannot_choose_sees_the_choices_again_and_a_person_to_ask(person: Person) -> None:
    person.says("khai sinh")
    message = person.says("không biết chọn cái nào")
    assert proposal.UNSURE in message.body
    assert labels(message)[-1] == welcome.ASK_PERSON
    assert "2.000528" in person.says("2").body


def test_who_is_lost_without_an_offer_is_told_what_to_do(person: Person) -> None:
    message = person.says("không biết nữa")
    assert message.body == smalltalk.ANSWERS[smalltalk.Talk.UNSURE]
    assert "person" in actions(message)


def test_a_bare_yes_to_several_choices_asks_to_choose_one(person: Person) -> None:
    person.says("khai sinh")
    assert person.says("vâng").body.startswith(proposal.CHOOSE)


def test_a_pick_without_a_list_is_told_in_words_too(person: Person) -> None:
    assert person.says("cái đầu tiên").body == NOTHING_TO_PICK
    assert person.says("cả hai").body == NOTHING_TO_PICK
    person.says("làm khai sinh")
    message = person.says("số 1")
    assert "Đăng ký khai sinh" in message.body
    assert actions(message) == ["show:1.001193"]


def test_changed_mind_is_a_question_of_its_own(person: Person) -> None:
    person.says("khai sinh")
    assert "<code>1.000894</code>" in person.says("à nhầm, kết hôn chứ").body
    assert "<code>1.000894</code>" in person.says("kết hôn thì sao").body


def test_a_new_question_after_an_offer_is_not_bent_to_the_offer() -> None:
    lines = MORE | {"giấy tờ nhà kết hôn rồi": answer("1.012345")}
    person = Person(services(lines))
    person.says("giấy tờ nhà")
    assert actions(person.says("kết hôn rồi"))[0] == "pick:1.000894"


def test_follow_up_to_an_offer_asks_which_and_answers_after_the_pick(person: Person) -> None:
    person.says("làm khai sinh")
    person.says("giấy tờ nhà")
    message = person.says("lệ phí bao nhiêu")
    assert message.body.startswith("Anh/chị hỏi phí, lệ phí của mục nào?")
    picked = person.says("2")
    assert "135.000 đồng" in picked.body
    assert "Giấy khám sức khỏe" not in picked.body


def test_unclear_answer_to_an_offer_keeps_the_offer_once(person: Person) -> None:
    person.says("giấy tờ nhà")
    assert person.says("ờm xyz").body.startswith(question.NOT_CLEAR)
    assert "<code>1.002801</code>" in person.says("2").body
    person.says("giấy tờ nhà")
    person.says("ờm xyz")
    assert absence.UNKNOWN_AGAIN in person.says("ờm xyz").body


def test_what_was_asked_about_one_thing_is_not_carried_to_the_next(person: Person) -> None:
    assert person.says("thời tiết mất bao lâu").body == smalltalk.OFF_TOPIC
    message = person.says("kết hôn")
    assert "Giấy tờ cần nộp" in message.body


def test_papers_asked_again_are_told_in_full_not_as_the_same_card(person: Person) -> None:
    card = person.says("làm khai sinh")
    papers = person.says("cần giấy tờ gì")
    assert papers.body != card.body
    assert "Văn bản ủy quyền" in papers.body
    assert "Thời hạn" not in papers.body


def test_short_weak_offer_keeps_the_way_back_to_what_is_open(person: Person) -> None:
    person.says("làm khai sinh")
    message = person.says("đóng thuế không")
    assert labels(message)[:2] == ["1. Đổi giấy phép lái xe", "2. Đăng ký khai sinh (đang xem)"]
    assert "miễn phí" in person.says("lệ phí bao nhiêu").body


def test_one_choice_is_asked_about_as_one(person: Person) -> None:
    message = person.says("đóng thuế không")
    assert message.body == proposal.IS_IT
    assert labels(message)[-1] == proposal.NOT_THIS


def test_missing_plain_case_stands_first_in_an_offer_of_its_variants() -> None:
    person = Person(services({"khai sinh": offer("2.000528", "1.004884")}))
    assert actions(person.says("khai sinh"))[:3] == ["pick:1.001193", "pick:2.000528", "pick:1.004884"]


def test_a_case_for_which_the_offer_had_no_room_is_named_in_words() -> None:
    person = Person(services({"khai sinh": offer("1.001193", "2.000528")}))
    person.says("khai sinh")
    assert "<code>1.004884</code>" in person.says("mất sổ gốc").body


def test_a_case_on_the_list_comes_before_one_that_is_not() -> None:
    lost_abroad = BIRTH_AGAIN.model_copy(update={"code": "1.004999", "variant": "mất sổ, là người nước ngoài"})
    person = Person(services({"khai sinh": offer("1.001193", "2.000528")}, (*RECORDS, lost_abroad)))
    person.says("khai sinh")
    assert "<code>2.000528</code>" in person.says("của người nước ngoài").body


def test_rejected_plain_case_does_not_come_back() -> None:
    lines = {"khai sinh": plain_case("1.001193", "2.000528", "1.004884", confidence=0.4)}
    person = Person(services(lines))
    person.says("khai sinh")
    person.presses("pick:1.001193")
    assert actions(person.presses("reject:1.001193"))[:2] == ["pick:2.000528", "pick:1.004884"]


def test_several_requests_are_named_shortly(person: Person) -> None:
    message = person.says("hai việc")
    assert message.body == "Xem việc nào trước ạ?"
    assert labels(message)[:2] == ["1. Đổi giấy phép lái xe", "2. Đăng ký kết hôn"]


def test_procedure_known_by_name_only_is_remembered_for_follow_ups(person: Person) -> None:
    message = person.says("giấy phép đánh cá")
    assert "Cấp Giấy phép khai thác thủy sản" in message.body
    assert "Thủ tục cấp" not in message.body
    follow = person.says("lệ phí bao nhiêu")
    assert "Cấp Giấy phép khai thác thủy sản" in follow.body
    assert "chưa biết phí, lệ phí" in follow.body
    assert "person" in actions(follow)
    assert person.says("không phải").body == absence.REPHRASE
    assert person.says("lệ phí bao nhiêu").body.startswith("Anh/chị hỏi phí, lệ phí của thủ tục nào?")


def test_procedure_known_by_name_only_can_be_put_aside_and_leads_back(person: Person) -> None:
    person.says("làm khai sinh")
    message = person.says("giấy phép đánh cá")
    assert actions(message)[:2] == ["show:1.001193", f"reject:{ABSENT[0]}"]
    person.presses(f"reject:{ABSENT[0]}")
    assert ABSENT[0] in person.session.rejected


def test_procedure_known_by_name_only_is_named_above_what_else_may_be_meant(person: Person) -> None:
    body = person.says("giấy phép tàu").body
    assert body.index("Cấp Giấy phép khai thác thủy sản") < body.index("Nếu không phải") < body.index("1. ")


def test_off_topic_is_not_pressed_into_a_procedure(person: Person) -> None:
    assert person.says("giá vàng hôm nay").body == smalltalk.OFF_TOPIC


@pytest.mark.parametrize("text", ["gọi người thật", "cho tao nói chuyện với người", "tôi muốn gặp cán bộ", "hotline"])
def test_a_person_can_be_asked_for_at_any_time(person: Person, text: str) -> None:
    person.says("làm khai sinh")
    assert person.says(text).body == welcome.person(person.services)
    assert person.presses("person").body == welcome.person(person.services)


@pytest.mark.parametrize("text", ["xyz abc", "ngu vãi", "sai rồi", "giấy phép đánh cá", "lệ phí bao nhiêu"])
def test_whoever_is_not_helped_sees_the_way_to_a_person(person: Person, text: str) -> None:
    assert "person" in actions(person.says(text))


@pytest.mark.parametrize("text", ["2 + 2", "123456", "12.34"])
def test_numbers_alone_are_no_question(person: Person, text: str) -> None:
    assert person.says(text).body == NO_WORDS


@pytest.mark.parametrize("text", ["thế thôi", "thôi khỏi", "không cần nữa"])
def test_who_has_done_is_let_go(person: Person, text: str) -> None:
    person.says("giấy tờ nhà")
    assert person.says(text).body == smalltalk.ANSWERS[smalltalk.Talk.BYE]


def test_a_button_of_another_answer_ends_the_offer(person: Person) -> None:
    person.says("giấy tờ nhà")
    person.presses("steps:1.001193")
    assert "miễn phí" in person.says("lệ phí bao nhiêu").body


def test_session_of_an_older_program_is_read() -> None:
    old = '{"focus": "1.001193", "offered": ["1.001193", "2.000528"], "asked": "khai sinh", "misses": 1}'
    assert Session.model_validate_json(old).choosing is False
