"""Numbers that come from outside are numbers, or nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.numbers import natural


@given(st.integers(0, 10**18 - 1))
def test_a_number_is_read_back(number: int) -> None:
    assert natural(str(number)) == number < 2**63


@pytest.mark.parametrize("said", ["", " 1", "-1", "+1", "1.0", "1_000", "١", "²", "một", "9" * 19, "9" * 5000])
def test_what_is_none_is_nothing(said: str) -> None:
    assert natural(said) is None


@pytest.mark.parametrize(("said", "meant"), [("1234", 1234), ("0000", 0), ("12345", None)])
def test_more_digits_than_asked_for_are_nothing(said: str, meant: int | None) -> None:
    assert natural(said, 4) == meant


@given(st.text(max_size=30))
def test_any_text_is_a_number_or_nothing(said: str) -> None:
    found = natural(said)
    assert found is None or 0 <= found < 2**63
