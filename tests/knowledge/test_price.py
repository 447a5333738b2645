"""Sums: what applies, how many times, and when a total may be named."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.price import Price, counted, price, units
from knowledge.procedure import Channel, ChannelKind, Money
from tests.knowledge.cases import fee
from tests.knowledge.records import record


def of(*money: Money, copies: int = 1, **answers: str) -> Price:
    return price(record(), Channel(kind=ChannelKind.IN_PERSON, money=money), answers, copies)


def test_sums_that_apply_are_added() -> None:
    assert of(fee(8000), fee(0), fee(500)).total == 8500
    assert of(fee(0)).total == 0


def test_no_sum_listed_is_not_free() -> None:
    assert of().total is None


def test_unknown_sum_leaves_the_total_open() -> None:
    known = of(fee(8000), fee(None))
    assert (known.total, known.at_least) == (None, 8000)


def test_condition_in_words_is_not_added() -> None:
    perhaps = of(fee(8000), fee(5000, "quá hạn"))
    assert (perhaps.total, perhaps.at_least) == (None, 8000)


def test_condition_that_is_answered_is_added_or_left_out() -> None:
    lines = (fee(0, "đúng hạn", when={"term": ("in_time",)}), fee(5000, "quá hạn", when={"term": ("late",)}))
    assert of(*lines, term="late").total == 5000
    assert of(*lines, term="in_time").total == 0
    assert of(*lines).total is None


def test_what_costs_nothing_whatever_is_answered_costs_nothing_before() -> None:
    in_time, late = (fee(0, term, when={"term": (term,)}) for term in ("in_time", "late"))
    assert of(in_time, late).total == 0
    assert of(in_time, late, fee(8000, "xin bản sao", when={"extra": ("yes",)})).total is None
    assert of(in_time, fee(0, "hộ nghèo")).total is None, "the poor pay nothing; of others nothing is said"


@pytest.mark.parametrize("unit", ["hồ sơ", "lần đăng ký", "trường hợp", "Lần", None])
def test_sum_for_the_dossier_is_due_once(unit: str | None) -> None:
    assert of(fee(8000, unit=unit), copies=5).total == 8000


def test_price_by_the_page_in_steps() -> None:
    """Decree 23/2015 and Circular 226/2016: 2,000 for the first two pages, 1,000 from the third on."""
    pages = (fee(2000, "hai trang đầu", unit="trang", to_unit=2), fee(1000, "từ trang ba", unit="trang", from_unit=3))
    assert [of(*pages, copies=count).total for count in (1, 2, 3, 5)] == [2000, 4000, 5000, 7000]
    assert of(*pages).by_the_copy == "trang"


@given(st.integers(1, 99), st.integers(1, 99), st.integers(1, 99))
def test_steps_share_the_units_between_them(count: int, first: int, more: int) -> None:
    low, high = fee(1, unit="trang", to_unit=first), fee(1, unit="trang", from_unit=first + 1)
    assert units(low, count) + units(high, count) == count
    assert units(low, count + more) >= units(low, count)


def test_what_is_free_is_not_counted() -> None:
    assert not counted(fee(0, unit="bản"))
