"""Every question of a quiz is right by ``knowledge.guidance``, for every procedure that asks about the case."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.assistance.learning.quiz import CHOICES, QUESTIONS, Kind, Question, Rules, choice_of, quiz
from bot.dialogue import wording
from knowledge import catalogue as catalogues
from knowledge.calendar import Calendar
from knowledge.catalogue import Catalogue
from knowledge.procedure import Procedure

SHIPPED = catalogues.load()
RULES = Rules(Calendar(), datetime(2026, 11, 23, 9, 0))
ASKING = [each for each in SHIPPED if each.questions and each.abolished_on is None]


def check(procedure: Procedure, question: Question) -> None:
    told = RULES.guide(procedure, question.answers)
    assert told.next is None, "the case is whole"
    assert len(set(question.choices)) == len(question.choices) == CHOICES
    needed = {choice_of(item.document.name) for item in told.needed if item.sure}
    named = {choice_of(item.document.name) for item in told.items}
    right = question.choices[question.right]
    wrong = {each for each in question.choices if each != right}
    if question.kind is Kind.NEEDLESS:
        assert right not in named
        assert wrong <= needed
        assert right in {choice_of(document.name) for document in procedure.documents}
    elif question.kind is Kind.NEEDED:
        assert right in needed
        assert not wrong & named
    else:
        assert told.total is not None
        assert right == choice_of(wording.vnd(told.total) if told.total else wording.FREE)
    assert right.rstrip("…") in question.why or question.kind is Kind.COST
    assert not question.why.endswith((": .", "vì: ."))


@pytest.mark.parametrize("procedure", ASKING, ids=lambda each: each.code)
def test_every_procedure_with_case_questions_gives_a_quiz_that_is_right(procedure: Procedure) -> None:
    asked = quiz(procedure, SHIPPED, RULES, 1)
    assert len(asked) == QUESTIONS or len(procedure.documents) <= 3
    assert asked
    assert len({each.key for each in asked}) == len(asked)
    for question in asked:
        check(procedure, question)


@settings(max_examples=20)
@given(st.sampled_from(ASKING), st.integers(0, 999_999))
def test_whatever_the_chance_the_answers_are_right_and_the_same_again(procedure: Procedure, seed: int) -> None:
    asked = quiz(procedure, SHIPPED, RULES, seed)
    assert asked == quiz(procedure, SHIPPED, RULES, seed)
    for question in asked:
        check(procedure, question)


def test_what_asks_nothing_or_is_gone_has_no_quiz() -> None:
    plain = next(each for each in SHIPPED if not each.questions)
    assert quiz(plain, SHIPPED, RULES, 1) == ()
    gone = ASKING[0].model_copy(update={"abolished_on": RULES.now.date()})
    assert quiz(gone, Catalogue.of([gone]), RULES, 1) == ()


def test_a_paper_is_explained_by_when_it_is_needed() -> None:
    birth = SHIPPED.get("1.001193")
    assert birth
    why = {each.why for seed in range(60) for each in quiz(birth, SHIPPED, RULES, seed)}
    assert any(
        "“Văn bản của người làm chứng xác nhận việc sinh” chỉ cần khi: không có Giấy chứng sinh" in each for each in why
    )
