"""Getting a dossier ready, turn by turn: questions, and answers that are pressed, typed, or meant otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import answering, card, checklist, preparation
from bot.dialogue.action import Action, Verb
from knowledge.procedure import CaseChoice, CaseQuestion
from tests.bot.dialogue.preparing import CARD, DESK, LONG, Person, labels, world
from tests.bot.dialogue.records import MARRIAGE
from tests.knowledge.cases import library_card, paper, question


@pytest.fixture
def person() -> Person:
    return Person()


def test_answer_leads_to_preparing(person: Person) -> None:
    assert person.says("đăng ký kết hôn").buttons[0][0].label == card.PREPARE
    assert checklist.PAPERS in person.presses(card.PREPARE).body, "nothing to ask: the list at once"


def test_questions_then_the_list_of_this_case(person: Person) -> None:
    message = person.prepares()
    assert "<b>Term?</b>" in message.body
    assert labels(message) == ["In_time", "Late", preparation.NOT_SURE, preparation.SKIP]
    message = person.presses("Late")
    assert message.replaces
    assert "✓ Term? <b>Late</b>" in message.body
    assert preparation.BACK in labels(message)
    person.presses("Other")
    message = person.presses("Stranger")
    assert "☐ 1. Tờ khai: 1 bản chính" in message.body
    assert "Giấy ủy quyền có chứng thực" in message.body
    assert "Giấy tờ chứng minh là người nhà" not in message.body
    assert "8.000 đồng (theo Thông tư 1/2026)" in message.body
    assert "nộp thứ Hai 23/11 trực tiếp thì thứ Ba 1/12 có kết quả" in message.body, "closed on a Sunday"
    assert "nhận lúc 07:30 thứ Hai 23/11" in message.body


def test_back_asks_the_question_before_again(person: Person) -> None:
    person.prepares("Late", "Self")
    assert "<b>Who?</b>" in person.presses(preparation.BACK).body
    assert "<b>Term?</b>" in person.presses(preparation.BACK).body
    assert preparation.BACK not in labels(person.last.messages[-1])


def test_unsure_keeps_everything_and_says_so(person: Person) -> None:
    person.prepares("Late")
    person.presses("Other")
    message = person.presses(preparation.NOT_SURE)
    assert "Giấy ủy quyền có chứng thực" in message.body
    assert "Giấy tờ chứng minh là người nhà" in message.body
    assert checklist.LEFT_OPEN.format(question="Kin") in message.body


def test_skip_shows_the_list_with_the_rest_open(person: Person) -> None:
    message = person.prepares(preparation.SKIP)
    assert checklist.LEFT_OPEN_MANY.format(count=3) in message.body
    assert "Kin" not in person.sends(Action(Verb.CASE, CARD.code)).body, "what was skipped is not asked again"


@pytest.mark.parametrize(
    ("said", "chosen"),
    [("2", "Late"), ("late", "Late"), ("lat", None), ("số 1 nhé", "In_time"), ("khong ro a", preparation.NOT_SURE)],
)
def test_answers_may_be_typed(person: Person, said: str, chosen: str | None) -> None:
    person.prepares()
    message = person.says(said)
    if chosen is None:
        assert preparation.AGAIN in message.body
        assert "<b>Term?</b>" in message.body, "the question stays open"
        assert "✓ Term? <b>Late</b>" in person.says("2").body
    else:
        assert f"✓ Term? <b>{chosen}</b>" in message.body
        assert not message.replaces


def test_typed_question_is_not_taken_for_an_answer(person: Person) -> None:
    person.prepares("Late")
    assert MARRIAGE.code in person.says("đăng ký kết hôn").body
    message = person.sends(Action(Verb.CASE, CARD.code))
    assert preparation.CONTINUED in message.body
    assert "<b>Who?</b>" in message.body, "the case goes on where it was left"


def test_typed_ways_on(person: Person) -> None:
    person.prepares("Late")
    assert "<b>Term?</b>" in person.says("quay lại").body
    assert checklist.PAPERS in person.says("bỏ qua").body


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("qua mang", "online"),
        ("ông bà", "kin"),
        ("bà ông", None),
        ("bo", None),
        ("rồi", None),
        ("qua", None),
        ("", None),
    ],
)
def test_a_few_words_of_a_label_are_an_answer(said: str, chosen: str | None) -> None:
    labels = {
        "online": "Nộp qua mạng",
        "post": "Gửi qua bưu điện",
        "kin": "Ông, bà, người thân",
        "left": "Bé bị bỏ rơi",
    }
    choices = tuple(CaseChoice(id=each, text=text) for each, text in labels.items())
    asked = CaseQuestion(id="way", text="Cách nào?", choices=choices)
    assert (answering.meaning(said, asked) or answering.part(said, asked)) == chosen


def test_words_of_a_label_that_name_a_procedure_are_a_question() -> None:
    first, *others = CARD.questions
    named = first.choices[0].model_copy(update={"text": "Đã đăng ký kết hôn rồi"})
    asked = first.model_copy(update={"choices": (named, *first.choices[1:])})
    record = CARD.model_copy(update={"questions": (asked, *others)})
    assert answering.part("đăng ký kết hôn", asked) == named.id
    person = Person(world(record, MARRIAGE))
    person.prepares()
    assert MARRIAGE.code in person.says("đăng ký kết hôn").body


@pytest.mark.parametrize("said", ["mất bao lâu?", "tiền", "giấy gì", "0912345678", "tôi muốn gặp người thật", "cảm ơn"])
def test_what_means_something_else_does_not_repeat_the_question(person: Person, said: str) -> None:
    person.prepares("Late")
    assert preparation.AGAIN not in person.says(said).body


def test_yes_and_no_are_answers_when_one_choice_says_so() -> None:
    yes, no = CaseChoice(id="yes", text="Có, đã nộp"), CaseChoice(id="no", text="Chưa nộp")
    asked = CaseQuestion(id="paid", text="Nộp chưa?", choices=(yes, no))
    assert answering.meaning("co roi a", asked) == "yes"
    assert answering.meaning("chưa", asked) == "no"
    two = CaseQuestion(id="who", text="Ai?", choices=(yes, yes.model_copy(update={"id": "too", "text": "Có cha"})))
    assert answering.meaning("có", two) is None


MARRIED = CaseQuestion(
    id="married",
    text="Cha mẹ đã đăng ký kết hôn chưa?",
    choices=(CaseChoice(id="yes", text="Đã đăng ký kết hôn"), CaseChoice(id="no", text="Chưa đăng ký kết hôn")),
)


@pytest.mark.parametrize(
    ("said", "chosen"),
    [("chưa kết hôn", "no"), ("chua ket hon", "no"), ("đã kết hôn", "yes"), ("hôn kết chưa", None), ("hôn", None)],
)
def test_words_of_a_label_in_their_order_are_an_answer(said: str, chosen: str | None) -> None:
    assert answering.part(said, MARRIED) == chosen


@pytest.mark.parametrize(
    ("said", "chosen"),
    [
        ("chưa có đăng ký gì", None), ("kết hôn rồi", "yes"), ("bố mẹ chưa kết hôn", None),
        ("chưa cha mẹ kết hôn", "no"),
        ("đủ rồi", None), ("xong rồi", None), ("chưa", None), ("chưa cưới", None), ("kết hôn chưa", None),
        ("có mất tiền không", None), ("làm ở đâu", None), ("rồi mai mốt kết hôn", None),
    ],
)  # fmt: skip
def test_a_few_words_lean_to_yes_or_no(said: str, chosen: str | None) -> None:
    assert answering.inclining(said, MARRIED) == chosen
    three = MARRIED.model_copy(update={"choices": (*MARRIED.choices, CaseChoice(id="third", text="Đã ly hôn"))})
    assert answering.inclining(said, three) is None


@given(st.text(max_size=60))
def test_any_text_is_an_answer_or_none(said: str) -> None:
    asked = question("who", "self", "other")
    assert answering.meaning(said, asked) in {"self", "other", "unsure", None, *answering.Way}
    assert answering.part(said, MARRIED) in {"yes", "no", None}
    assert answering.inclining(said, MARRIED) in {"yes", "no", None}


@pytest.mark.parametrize("verb", [Verb.CASE, Verb.ANSWER, Verb.BACK, Verb.FINISH, Verb.TICK, Verb.READY, Verb.REMIND])
def test_buttons_work_though_the_case_was_forgotten(verb: Verb) -> None:
    person = Person()
    detail = {Verb.ANSWER: "term:late", Verb.TICK: "ffffff"}.get(verb, "")
    assert person.sends(Action(verb, CARD.code, detail=detail)).body


def test_stale_answer_changes_nothing(person: Person) -> None:
    person.prepares("Late")
    message = person.sends(Action(Verb.ANSWER, CARD.code, detail="term:never"))
    assert "<b>Term?</b>" in message.body
    assert person.sends(Action(Verb.ANSWER, CARD.code, detail="colour:red")).body


def test_choices_too_long_for_a_button_are_read_in_the_message() -> None:
    """Cut to the width of a button they would look the same."""
    told = [CaseChoice(id=name, text=f"{LONG[:100]} {name}") for name in ("first", "second")]
    asked = (CaseQuestion(id="which", text="Giấy nào?", choices=tuple(told)),)
    papers = (paper("Tờ khai"), paper("Đơn", "giấy sau", which=("second",)))
    person = Person(world(library_card(questions=asked, documents=papers, steps=(), local_rules=(), channels=(DESK,))))
    message = person.sends(Action(Verb.CASE, CARD.code))
    assert f"1. {told[0].text}\n2. {told[1].text}" in message.body
    assert [label[:3] for label in labels(message)[:2]] == ["1. ", "2. "]
    assert "☐ 2. Đơn" in person.says("2").body
