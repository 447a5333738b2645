"""The way back, and a case that goes on after what was asked beside it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.dialogue import preparation, proposal, returning, smalltalk
from bot.dialogue.action import Action, Verb
from bot.dialogue.smalltalk import Talk
from bot.dialogue.turn import Message
from knowledge import case
from knowledge.catalogue import Catalogue
from knowledge.matching import Facet
from tests.bot.dialogue.preparing import CARD, Person, labels, world
from tests.bot.dialogue.records import BIRTH, BIRTH_AGAIN, MARRIAGE, Script, answer, bare, offer

LINES = {
    "làm thẻ": answer(CARD.code),
    "lệ phí bao nhiêu": bare(Facet.MONEY),
    "đăng ký kết hôn": answer(MARRIAGE.code),
    "nhà đất cưới xin": offer(BIRTH.code, MARRIAGE.code),
}


@pytest.fixture
def person() -> Person:
    return Person(world(CARD, BIRTH, MARRIAGE, BIRTH_AGAIN, matcher=Script(dict(LINES))))


def bodies(person: Person) -> list[str]:
    return [message.body for message in person.last.messages]


def asks(message: Message, question: str) -> bool:
    return f"<b>{question}</b>" in message.body


def test_a_question_beside_the_case_is_answered_and_the_open_one_asked_again(person: Person) -> None:
    person.prepares("Late")
    person.says("lệ phí bao nhiêu")
    first, second = bodies(person)
    assert "8.000 đồng" in first
    assert returning.STILL_ASKING in second
    assert "<b>Who?</b>" in second
    assert labels(person.last.messages[0]) == [], "the open question stands right below"
    assert asks(person.says("other"), "Kin?"), "the answer is taken"


def test_ways_typed_after_a_question_beside_the_case_still_lead(person: Person) -> None:
    person.prepares("Late")
    person.says("lệ phí bao nhiêu")
    assert asks(person.says("quay lại"), "Term?")
    person.says("lệ phí bao nhiêu")
    assert "Late" in person.says("late").body
    person.says("lệ phí bao nhiêu")
    assert "☐ 1." in person.says("bỏ qua").body


def test_another_procedure_in_between_keeps_a_way_on(person: Person) -> None:
    person.prepares("Late")
    message = person.says("đăng ký kết hôn")
    assert labels(message)[0].startswith("Làm tiếp: ")
    assert "late" not in message.body
    assert asks(person.presses(labels(message)[0]), "Who?")


@pytest.mark.parametrize("said", ["quay lại", "làm tiếp", "tiếp tục đi", "quay lai", "quay lại cái thẻ"])
def test_one_goes_back_to_the_case_by_saying_so(person: Person, said: str) -> None:
    person.services = world(
        CARD.model_copy(update={"name": "Cấp thẻ thư viện"}), BIRTH, MARRIAGE, matcher=Script(dict(LINES))
    )
    person.prepares("Late")
    person.says("đăng ký kết hôn")
    assert asks(person.says(said), "Who?")


def test_an_offer_in_between_is_picked_from_and_not_taken_for_an_answer(person: Person) -> None:
    person.prepares()
    message = person.says("nhà đất cưới xin")
    assert labels(message)[0].startswith("Làm tiếp: ")
    assert MARRIAGE.code in person.says("2").body
    assert person.session.cases[0].answers == {}


def test_goodbye_ends_the_asking(person: Person) -> None:
    person.prepares()
    person.says("tạm biệt")
    assert len(person.last.messages) == 1
    assert person.session.asking is None


def test_a_person_wanted_is_named_without_asking_on(person: Person) -> None:
    person.prepares()
    message = person.says("cho tôi gặp cán bộ")
    assert len(person.last.messages) == 1
    assert labels(message)[0].startswith("Làm tiếp: ")


@pytest.mark.parametrize("said", ["nộp thay được không", "con tôi 3 tuổi có được không", "tôi muốn gặp người thật cơ"])
def test_a_question_is_not_taken_for_an_answer_that_is_not_understood(person: Person, said: str) -> None:
    person.prepares()
    person.says(said)
    assert preparation.AGAIN not in "".join(bodies(person))


@pytest.mark.parametrize("said", ["câu này nghĩa là gì", "hỏi để làm gì vậy", "không hiểu câu hỏi"])
def test_who_does_not_understand_the_question_is_told_what_it_is_for(person: Person, said: str) -> None:
    person.prepares()
    message = person.says(said)
    assert preparation.EXPLAINED in message.body
    assert asks(message, "Term?")


def test_back_leads_to_the_list_one_picked_from(person: Person) -> None:
    person.says("nhà đất cưới xin")
    person.says("2")
    message = person.says("quay lại")
    assert returning.LIST_AGAIN in message.body
    assert BIRTH.code in person.says("1").body


def test_back_from_a_list_that_waits_leads_to_what_was_shown_before(person: Person) -> None:
    person.says("đăng ký kết hôn")
    person.says("nhà đất cưới xin")
    assert "Giấy tờ cần nộp" in person.says("quay lại").body


def test_on_leads_to_the_next_of_the_list(person: Person) -> None:
    person.says("nhà đất cưới xin")
    person.says("1")
    assert MARRIAGE.code in person.says("tiếp").body
    assert person.says("tiếp").body == smalltalk.ANSWERS[Talk.ON], "the list is at its end"


def test_that_is_all_is_a_question_when_it_is_spelt_as_one(person: Person) -> None:
    person.says("đăng ký kết hôn")
    assert person.says("thế thôi ạ").body == smalltalk.ANSWERS[Talk.BYE]
    assert "Giấy tờ cần nộp" in person.says("thế thôi à").body


def test_back_shows_again_what_was_shown_and_says_when_there_is_nothing(person: Person) -> None:
    assert person.says("quay lại").body == smalltalk.ANSWERS[Talk.BACK]
    assert person.says("tiếp tục").body == smalltalk.ANSWERS[Talk.ON]
    person.says("đăng ký kết hôn")
    person.says("lệ phí bao nhiêu")
    assert "Giấy tờ cần nộp" in person.says("quay lại").body


def test_a_case_whose_record_is_gone_is_not_gone_back_to(person: Person) -> None:
    person.prepares()
    person.says("đăng ký kết hôn")
    person.services = world(BIRTH, MARRIAGE, matcher=Script(dict(LINES)))
    assert MARRIAGE.code in person.says("quay lại").body
    assert returning.half_done(person.session, person.services) is None
    assert Catalogue.of((BIRTH,)).get(CARD.code) is None


def test_yes_takes_the_only_thing_offered(person: Person) -> None:
    person.services = world(BIRTH, MARRIAGE, matcher=Script({"kết hôn à": offer(MARRIAGE.code)}))
    assert person.says("kết hôn à").body.startswith(proposal.IS_IT)
    assert MARRIAGE.code in person.says("có").body


def test_the_button_of_a_case_goes_on_where_it_stopped(person: Person) -> None:
    person.prepares("Late")
    person.says("đăng ký kết hôn")
    assert asks(person.sends(Action(Verb.CASE, CARD.code)), "Who?")


def test_another_case_is_gone_back_to_from_within_one(person: Person) -> None:
    plain = CARD.model_copy(update={"code": "2.000002", "name": "Cấp thẻ đọc sách"})
    named = CARD.model_copy(update={"name": "Cấp thẻ thư viện"})
    person.services = world(named, plain, matcher=Script({}))
    person.prepares("Late")
    person.sends(Action(Verb.CASE, plain.code))
    message = person.says("quay lại chuyện thẻ thư viện")
    assert "Cấp thẻ thư viện" in message.body
    assert asks(message, "Who?")


@pytest.mark.parametrize("said", ["nhầm, cái đầu tiên cơ", "à quên, 1", "không phải, số 1 mới đúng"])
def test_an_answer_is_taken_back(person: Person, said: str) -> None:
    person.prepares("Late")
    message = person.says(said)
    assert person.session.cases[0].answers == {"term": "in_time"}
    assert asks(message, "Who?")


def test_what_is_taken_back_may_also_be_no_answer(person: Person) -> None:
    person.prepares()
    person.says("nhầm, gì đó khác")
    assert person.session.cases[0].answers == {}


@pytest.mark.parametrize("said", ["chờ tí để hỏi vợ", "doi chut", "để tôi xem lại đã"])
def test_who_needs_time_gets_it(person: Person, said: str) -> None:
    person.prepares()
    message = person.says(said)
    assert preparation.WAITING in message.body
    assert asks(message, "Term?")


@pytest.mark.parametrize("said", ["không biết nữa", "em cũng chẳng biết", "không chắc lắm"])
def test_who_does_not_know_need_not_say_it_in_our_words(person: Person, said: str) -> None:
    person.prepares()
    assert f"<b>{preparation.NOT_SURE}</b>" in person.says(said).body


_WAYS = (
    "1|2|late|không rõ|quay lại|bỏ qua|tiếp tục|nhầm, 1 cơ|quay lại cái thẻ|có|chưa làm|nộp thay được không|"
    "câu này là sao|chờ tí|tạm biệt|cảm ơn|tôi muốn chết|gì đó lạ"
)
_SAID = st.sampled_from([*LINES, *_WAYS.split("|")])
_KNOWN = world(CARD, BIRTH, MARRIAGE, BIRTH_AGAIN, matcher=Script(dict(LINES)))


@settings(max_examples=30, deadline=None)
@given(st.lists(_SAID, max_size=8))
def test_a_case_is_never_lost_whatever_is_said_in_between(said: list[str]) -> None:
    person = Person(_KNOWN)
    person.prepares("Late")
    for text in said:
        person.says(text)
        prepared = next(each for each in person.session.cases if each.code == CARD.code)
        open_ = case.pending(CARD, prepared.answers)
        assert prepared.closed or open_
        if person.session.asking:
            assert open_
            assert f"<b>{open_.text}</b>" in "".join(bodies(person)) or text == "tôi muốn chết"
    person.sends(Action(Verb.CASE, CARD.code))
    assert person.session.asking == CARD.code or "☐" in person.last.messages[-1].body
