"""Codes with a digit wrong: the one that was meant is offered, or what is wrong is said."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import absence, nearness
from knowledge.matching import Match, Outcome
from tests.bot.dialogue.records import BIRTH, services
from tests.bot.dialogue.test_conversation import LINES, Person, labels


@pytest.mark.parametrize("typed", ["1.001139", "1.001183", "2.001193", "1.00193", "1,00193", "1.0011933", "mã 1.00193"])
def test_one_slip_offers_the_code_that_was_meant(typed: str) -> None:
    person = Person(services(LINES))
    message = person.says(typed)
    assert labels(message)[0] == "1. Đăng ký khai sinh"
    assert BIRTH.code in message.body
    assert BIRTH.code in person.says("có").body


def test_a_code_far_from_all_says_what_is_wrong() -> None:
    person = Person(services(LINES))
    assert nearness.SHAPE.format(code="7.77777") == person.says("7.77777").body
    assert person.says("7.777777").body == absence.GONE.format(code="7.777777")


def test_what_is_known_by_name_is_named_first() -> None:
    named = Match(Outcome.UNKNOWN, elsewhere=("1.001183", "Việc khác"))
    assert "Việc khác" in Person(services({"1.001183": named})).says("1.001183").body


@pytest.mark.parametrize("text", ["1.200.000", "2 triệu rưỡi", "1.5", "12.345", "tôi 1.75 m", "nộp 1.2345 ha đất"])
def test_other_numbers_are_no_codes(text: str) -> None:
    assert nearness.misspelt(text) is None


@given(st.text(alphabet="0123456789., mã", max_size=16))
def test_any_text_is_read(text: str) -> None:
    found = nearness.misspelt(text)
    assert found is None or sum(map(str.isdigit, found)) in (5, 6, 8, 9)
