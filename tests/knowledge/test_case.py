"""Which questions are asked, which answers stay, and how a case travels in a link."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.case import Truth, checked, digest, holds, kept, pending, questions, read_token, token, token_code, told
from knowledge.catalogue import Catalogue
from knowledge.consistency import case_faults, cases
from knowledge.errors import CaseError
from knowledge.procedure import UNSURE
from tests.knowledge.cases import library_card, paper, question
from tests.knowledge.records import record

CARD = library_card()
ANSWERS = st.fixed_dictionaries(
    {},
    optional={
        "term": st.sampled_from(["in_time", "late", UNSURE]),
        "who": st.sampled_from(["self", "other", UNSURE]),
        "kin": st.sampled_from(["family", "stranger", UNSURE]),
        "channel": st.sampled_from(["in_person", "online", UNSURE]),
    },
)


def test_condition_is_open_until_all_it_names_is_answered() -> None:
    both = {"term": ("late",), "who": ("self", "other")}
    assert holds(both, {}) is Truth.MAYBE
    assert holds(both, {"term": "late"}) is Truth.MAYBE
    assert holds(both, {"term": "late", "who": UNSURE}) is Truth.MAYBE
    assert holds(both, {"term": "late", "who": "self"}) is Truth.YES
    assert holds(both, {"term": "in_time", "who": UNSURE}) is Truth.NO
    assert holds({}, {}) is Truth.YES


def test_only_what_still_changes_something_is_asked() -> None:
    asked = [each.id for each in questions(CARD, {})]
    assert asked == ["term", "who", "kin", "channel"]
    assert [each.id for each in questions(CARD, {"who": "self"})] == ["term", "who", "channel"]
    assert [each.id for each in questions(CARD, {"who": "other"})] == ["term", "who", "kin"], "only one way is left"
    assert pending(CARD, {"term": "late", "who": "self"}) == questions(CARD, {})[-1]
    assert pending(CARD, {"term": "late", "who": "other", "kin": "family"}) is None


def test_a_question_ruled_out_rules_out_what_hangs_on_it() -> None:
    """Who goes oneself is not asked who goes, so neither is anything about that person."""
    chain = library_card(
        questions=(*CARD.questions, question("adult", "yes", "no", when={"kin": ("family",)})),
        documents=(*CARD.documents, paper("Giấy khai sinh", "người nhà chưa đủ 18 tuổi", adult=("no",))),
    )
    assert [each.id for each in questions(chain, {"who": "self"})] == ["term", "who", "channel"]
    assert [each.id for each in questions(chain, {"who": "other", "kin": UNSURE})] == ["term", "who", "kin", "adult"]
    assert kept(chain, {"who": "self", "kin": "family", "adult": "no"}) == {"who": "self"}
    assert [*case_faults(chain)] == []


def test_record_without_questions_asks_at_most_for_the_channel() -> None:
    assert pending(record(), {}) is None
    assert [each.id for each in questions(CARD.model_copy(update={"questions": ()}), {})] == ["channel"]


def test_changing_an_answer_drops_what_it_made_pointless() -> None:
    assert kept(CARD, {"who": "self", "kin": "stranger"}) == {"who": "self"}
    assert kept(CARD, {"who": "other", "channel": "online"}) == {"who": "other"}
    assert kept(CARD, {"term": "never", "colour": "red", "who": "self"}) == {"who": "self"}


@given(ANSWERS)
def test_what_is_kept_fits_and_stays(answers: dict[str, str]) -> None:
    once = kept(CARD, answers)
    assert checked(CARD, once) == once
    assert kept(CARD, once) == once


@pytest.mark.parametrize(
    ("answers", "words"),
    [
        ({"colour": "red"}, "không có câu hỏi"),
        ({"term": "never"}, "in_time, late, unsure"),
        ({"channel": "post"}, "không nhận nộp"),
        ({"who": "other", "channel": "online"}, "không nộp được"),
    ],
)
def test_answers_that_do_not_fit_are_refused_in_words(answers: dict[str, str], words: str) -> None:
    with pytest.raises(CaseError, match=words):
        checked(CARD, answers)


@given(ANSWERS)
def test_case_travels_in_a_link(answers: dict[str, str]) -> None:
    answers = kept(CARD, answers)
    written = token(CARD, answers)
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,54}", written)
    assert token_code(written) == CARD.code
    assert read_token(written, CARD) == answers


def test_link_of_an_older_record_is_refused_in_words() -> None:
    written = token(CARD, {"term": "late"})
    newer = library_card(questions=(*CARD.questions, question("colour", "red", "blue")))
    assert digest(newer) != digest(CARD)
    with pytest.raises(CaseError, match="cập nhật"):
        read_token(written, newer)


def test_link_cut_short_says_what_is_left_of_it() -> None:
    written = token(CARD, {"term": "late", "who": "self"})
    assert written.endswith("-")
    assert read_token(written.rstrip("-"), CARD) == {"term": "late", "who": "self"}
    assert read_token(written[:-3], CARD) == {"term": "late"}
    with pytest.raises(CaseError, match="cập nhật"):
        read_token(written + "0", CARD)


@given(st.text(alphabet="0123456789abcdef_-z", max_size=40))
def test_any_text_is_a_token_or_none(text: str) -> None:
    code = token_code(text)
    if code == CARD.code:
        with pytest.raises(CaseError):
            read_token(text.replace(digest(CARD), "ffff"), CARD)


def test_answers_are_told_in_the_order_of_the_questions() -> None:
    said = told(CARD, {"who": "other", "term": UNSURE, "kin": "family"})
    assert [(each.id, choice.id if choice else None) for each, choice in said] == [
        ("term", None),
        ("who", "other"),
        ("kin", "family"),
    ]


def test_every_shipped_case_fits_a_telegram_link(shipped: Catalogue) -> None:
    for procedure in shipped:
        case = next(cases(procedure))
        assert len("c_" + token(procedure, case)) <= 64
        assert read_token(token(procedure, case), procedure) == case
