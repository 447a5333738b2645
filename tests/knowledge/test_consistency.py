"""What the validator refuses about case questions; each fault in words that name the place."""

from __future__ import annotations

from typing import Any

import pytest

from knowledge.case import read_token, token
from knowledge.consistency import MOST_QUESTIONS, case_faults, cases
from knowledge.procedure import (
    CaseChoice,
    CaseQuestion,
    Channel,
    ChannelKind,
    LocalRule,
    Money,
    Procedure,
    RequiredDocument,
    Step,
    TimeLimit,
)
from tests.knowledge.cases import days, fee, library_card, paper, question
from tests.knowledge.records import READ_ON, record

CARD = library_card()
NOTED = (CaseChoice(id="yes", text="Có", note="Xin đến trước 15 giờ."), CaseChoice(id="no", text="Không"))


def faults(procedure: Procedure) -> str:
    return "\n".join(case_faults(procedure))


def with_paper(name: str, condition: str | None = "điều kiện", **when: Any) -> Procedure:
    return library_card(documents=(*CARD.documents, paper(name, condition, **when)))


def test_sound_record_has_no_faults() -> None:
    assert faults(CARD) == ""
    assert faults(record()) == ""


def test_cases_are_all_ways_to_answer_what_is_asked() -> None:
    found = [tuple(case.items()) for case in cases(CARD)]
    assert len(found) == len(set(found)) == 2 * (2 + 2), "self by two ways, other as family or not"
    assert (("term", "late"), ("who", "other"), ("kin", "stranger")) in found


@pytest.mark.parametrize(
    ("procedure", "words"),
    [
        (with_paper("Đơn", colour=("red",)), "câu hỏi “colour” chưa có"),
        (with_paper("Đơn", term=("never",)), "lựa chọn “never” không có"),
        (with_paper("Đơn", channel=("post",)), "lựa chọn “post” không có"),
        (with_paper("Đơn", term=("late", "in_time")), "mọi lựa chọn"),
        (with_paper("Đơn", who=("self",), kin=("family",)), "“Đơn”: không trường hợp nào dẫn tới"),
        (with_paper("Đơn", channel=("online",), who=("other",)), "“Đơn”: không trường hợp nào dẫn tới"),
        (with_paper("Đơn", term=("late", "late")), "một lựa chọn của câu hỏi “term” hai lần"),
        (with_paper("Đơn", None, term=("late",)), "thiếu lời nói điều kiện"),
        (library_card(questions=(*CARD.questions, question("colour", "red", "blue"))), "“colour” không thay đổi"),
        (library_card(questions=(*CARD.questions, question("term", "red", "blue"))), "“term” có hai lần"),
        (
            library_card(questions=(question("kin", "a", "b", when={"who": ("self",)}), *CARD.questions)),
            "“who” chưa có",
        ),
        (library_card(questions=(*CARD.questions, question("channel", "a", "b"))), "không được mang mã “channel”"),
        (library_card(questions=(*CARD.questions, question("colour", "red", "unsure"))), "“unsure” dành riêng"),
        (library_card(steps=(Step(text="Chờ", when={"colour": ("red",)}),)), "bước “Chờ”"),
    ],
)
def test_fault_is_named(procedure: Procedure, words: str) -> None:
    assert words in faults(procedure)


def test_choice_that_leads_to_no_channel() -> None:
    only = library_card(channels=CARD.channels[1:], documents=(paper("Tờ khai"), *CARD.documents[2:]))
    assert "không còn cách nộp nào khi" in faults(only)
    assert "who=other" in faults(only)


def test_case_without_a_price_or_a_time() -> None:
    channel = CARD.channels[0]
    unpaid = channel.model_copy(update={"money": channel.money[1:]})
    assert "không còn khoản tiền nào" in faults(library_card(channels=(unpaid, CARD.channels[1])))
    endless = channel.model_copy(update={"time_limits": channel.time_limits[1:]})
    assert "không còn thời hạn nào" in faults(library_card(channels=(endless, CARD.channels[1])))


def local_rule(*money: Money, limits: tuple[TimeLimit, ...] = ()) -> Procedure:
    rule = LocalRule(province="01", money=money, time_limits=limits, basis="Nghị quyết 1", read_on=READ_ON)
    return library_card(local_rules=(rule,))


def test_case_without_a_price_or_a_time_in_one_province() -> None:
    late, in_time = (fee(1000, condition=term, when={"term": (term,)}) for term in ("late", "in_time"))
    assert "quy định của tỉnh 01: không còn khoản tiền nào" in faults(local_rule(late))
    assert faults(local_rule(late, in_time)) == ""
    limit = days(2).model_copy(update={"condition": "quá hạn", "when": {"term": ("late",)}})
    assert "quy định của tỉnh 01: không còn thời hạn nào" in faults(local_rule(limits=(limit,)))
    assert faults(local_rule(limits=(limit, days(3)))) == ""
    unsaid = fee(1000, when={"term": ("late",)})
    assert "“1000 (tỉnh 01)”: có điều kiện theo câu hỏi nhưng thiếu lời" in faults(local_rule(unsaid, in_time))


def test_case_without_papers() -> None:
    assert "không còn giấy tờ nào" in faults(library_card(documents=(paper("Đơn", "quá hạn", term=("late",)),)))


def test_choice_may_only_tell_something() -> None:
    """A question that changes no paper is right when a choice carries what the person must know."""
    told = library_card(
        questions=(*CARD.questions, CaseQuestion(id="rush", text="Cần gấp?", choices=NOTED)),
        steps=(*CARD.steps, Step(text="Gọi số", when={"rush": ("yes",)})),
    )
    assert faults(told) == ""


def test_question_of_which_every_answer_asks_for_the_same_changes_nothing() -> None:
    def asked(*papers: RequiredDocument, sums: tuple[Money, ...] = ()) -> Procedure:
        channels = [each.model_copy(update={"money": (*each.money, *sums)}) for each in CARD.channels]
        more = question("colour", "red", "blue")
        documents = (*CARD.documents, *papers)
        return library_card(questions=(*CARD.questions, more), documents=documents, channels=tuple(channels))

    red, blue = paper("Ảnh", "màu đỏ", colour=("red",)), paper("Ảnh", "màu xanh", colour=("blue",))
    idle = "câu hỏi “colour” không thay đổi điều gì"
    assert faults(asked(red, blue)) == idle
    assert faults(asked(red, blue.model_copy(update={"copies": 2}))) == ""
    assert faults(asked(paper("Ảnh", "khi cán bộ hỏi"), red)) == "", "whoever says red needs it for sure"
    one, other = (fee(500, condition=each, when={"colour": (each,)}) for each in ("red", "blue"))
    assert faults(asked(sums=(one, other))) == idle
    assert faults(asked(sums=(one, other.model_copy(update={"amount": 700})))) == ""
    assert faults(asked(sums=(fee(500), one))) == "", "whoever says red pays it twice"


def test_one_person_is_not_asked_the_same_twice() -> None:
    def asked(second: str, **when: tuple[str, ...]) -> Procedure:
        again = CaseQuestion(id="again", text=second, choices=NOTED, when=when)
        papers = (*CARD.documents, paper("Đơn", "nếu", again=("yes",)))
        return library_card(questions=(*CARD.questions, again), documents=papers)

    assert faults(asked("Kin?")) == "câu hỏi “again” hỏi giống hệt câu hỏi “kin”"
    assert faults(asked("Kin?", who=("self",))) == "", "who goes oneself was not asked the first"
    assert faults(asked("Ai nữa?")) == ""


def test_too_many_questions_are_refused_rather_than_counted_for_ever() -> None:
    many = tuple(question(f"q{n}", *(f"c{m}" for m in range(8))) for n in range(8))
    papers = tuple(paper(f"Giấy {n}", "nếu").model_copy(update={"when": {f"q{n}": ("c0",)}}) for n in range(8))
    assert "bớt câu hỏi" in faults(record(questions=many, documents=(paper("Tờ khai"), *papers)))


def test_more_questions_than_a_link_can_hold_are_refused() -> None:
    def asked(count: int) -> Procedure:
        """Each question is asked of those who answered "b" to the one before: few cases, many questions."""
        many = [question(f"q{n}", "a", "b", when={f"q{n - 1}": ("b",)} if n else None) for n in range(count)]
        papers = [paper(f"Giấy {n}", "nếu").model_copy(update={"when": {f"q{n}": ("a",)}}) for n in range(count)]
        return record(questions=tuple(many), documents=(paper("Tờ khai"), *papers))

    assert faults(asked(MOST_QUESTIONS)) == ""
    assert "bớt câu hỏi" in faults(asked(MOST_QUESTIONS + 1))
    sound = asked(MOST_QUESTIONS)
    answers = {each.id: "b" for each in sound.questions}
    assert read_token(token(sound, answers), sound) == answers


def test_one_way_to_hand_in_is_its_own_answer() -> None:
    channel = Channel(kind=ChannelKind.ONLINE, money=(fee(0),), time_limits=(days(1),))
    papers = (paper("Ảnh", "nộp qua mạng", channel=("online",)),)
    assert faults(record(channels=(channel,), documents=papers)) == ""
