"""Ages are read however they are told; what is no age is left alone."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.vietnamese.ages import EVER, YEAR, Ages, read_ages
from knowledge.vietnamese.normal import fold
from tests.knowledge.texts import anything

TODAY = date(2026, 11, 22)

TENS = ("", "mười", "hai mươi", "ba mươi", "bốn mươi", "năm mươi", "sáu mươi", "bảy mươi", "tám mươi", "chín mươi")
ONES = ("", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
AFTER_TENS = ("", "mốt", "hai", "ba", "tư", "lăm", "sáu", "bảy", "tám", "chín")


def in_words(number: int) -> str:
    """Write a number of 1 to 99 as Vietnamese says it."""
    tens, ones = divmod(number, 10)
    if tens == 0:
        return ONES[ones]
    last = ONES if tens == 1 and ones != 5 else AFTER_TENS
    return f"{TENS[tens]} {last[ones]}".strip()


def spans(text: str) -> list[tuple[int, int]]:
    """The ages that a text tells, in months."""
    return [(ages.low, ages.high) for _, ages in read_ages(text, TODAY).ages]


def years(first: float, end: float) -> tuple[int, int]:
    """Ages from ``first`` to before ``end``, in years."""
    return round(first * YEAR), round(end * YEAR)


UP = 150
WORDS = ("6", "14", "tuổi", "tháng", "từ", "đến", "dưới", "sinh", "năm", ",", "và", "lớp", "mười", "con")

TOLD = [
    ("cháu nội tôi 6 tuổi", [years(6, 7)]),
    ("bé 6tuổi", [years(6, 7)]),
    ("con em được 3 tháng tuổi", [(3, 4)]),
    ("con 6 tuổi rưỡi", [years(6, 7)]),
    ("mẹ tôi tám hai tuổi", [years(82, 83)]),
    ("con hai ba tuổi", [years(2, 4)]),
    ("cụ một trăm lẻ hai tuổi", [years(100, 121)]),
    ("trẻ em dưới 6 tuổi", [years(0, 6)]),
    ("con chưa đủ 14 tuổi", [years(0, 14)]),
    ("người từ đủ 14 tuổi trở lên", [years(14, UP)]),
    ("từ 75 tuổi", [years(75, UP)]),
    ("trên 80 tuổi", [years(80, UP)]),
    ("không dưới 18 tuổi", [years(18, UP)]),
    ("không quá 70 tuổi", [years(0, 71)]),
    ("14 tuổi trở xuống", [years(0, 15)]),
    ("từ đủ 6 đến dưới 14 tuổi", [years(6, 14)]),
    ("từ 6 tuổi đến 14 tuổi", [years(6, 15)]),
    ("trẻ 3-6 tuổi", [years(3, 7)]),
    ("từ 06 tháng tuổi đến 36 tháng tuổi", [(6, 37)]),
    ("từ đủ 06 tháng tuổi trở lên", [(6, EVER)]),
    ("từ 6 tháng đến dưới 5 tuổi", [(6, 60)]),
    ("người tròn 70, 80 và 90 tuổi", [years(70, 71), years(80, 81), years(90, 91)]),
    ("con 3 tuổi và con 7 tuổi", [years(3, 4), years(7, 8)]),
    ("gần 80 tuổi", [years(78, 80)]),
    ("ngoài 80 tuổi", [years(80, 90)]),
    ("khoảng 6 tuổi", [years(4, 9)]),
    ("lên 7 tuổi", [years(6, 8)]),
    ("con học lớp 3", [(92, 132)]),
    ("con vào lớp một", [(68, 108)]),
    ("lớp 5 tuổi", [years(5, 6)]),
    ("trẻ em mẫu giáo", [years(2.5, 7)]),
]

NONE = [
    "45 năm tuổi đảng",
    "cá tươi 6 con",
    "số 6 đường Hai Bà Trưng",
    "mua 6 tươi",
    "giấy khai sinh năm 1990 bị mất",
    "thuế phát sinh năm 2024",
    "hết tuổi lao động",
    "tuổi cao sức yếu",
    "từ 03 tháng trở lên",
    "thời hạn 12 tháng",
    "còn 900 tuổi",
    "",
]


@pytest.mark.parametrize(("text", "expected"), TOLD)
def test_ages_are_read_with_marks_and_without(text: str, expected: list[tuple[int, int]]) -> None:
    assert spans(text) == expected
    assert spans(fold(text)) == expected
    assert spans(text.upper()) == expected


@pytest.mark.parametrize("text", NONE)
def test_what_is_no_age_is_left_alone(text: str) -> None:
    assert spans(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "con sinh năm 2015",
        "con sn 2015",
        "sinh ngày 03/05/2015",
        "sinh 3.5.2015",
        "sinh tháng 5 năm 2015",
        "sinh nam 2015",
        "bé 2k15",
        "sinh năm 15",
    ],
)
def test_a_year_of_birth_leaves_open_whether_the_birthday_was_this_year(text: str) -> None:
    assert spans(text) == [(10 * YEAR + 10, 11 * YEAR + 11)]


def test_two_digits_that_are_still_to_come_are_of_the_last_century() -> None:
    assert spans("mẹ sinh năm 52") == [(73 * YEAR + 10, 74 * YEAR + 11)]


def test_a_year_of_birth_counts_from_the_day_given() -> None:
    [(_, before)] = read_ages("sinh năm 2015", date(2020, 1, 1)).ages
    assert (before.low, before.high) == (4 * YEAR, 5 * YEAR + 1)


def test_words_that_only_look_like_tuoi_sau_and_con_are_told_apart_by_their_marks() -> None:
    assert spans("cháu sáu tuổi") == [years(6, 7)]
    assert spans("sau tuổi nghỉ hưu thì được hưởng gì") == []
    assert "con" not in read_ages("tôi còn sống đến tám mươi tuổi", TODAY).words


@given(st.integers(1, 99), st.sampled_from(("cháu {} tuổi", "bà cụ {} tuổi", "con mới {} tuổi ạ")))
def test_a_number_reads_the_same_in_digits_and_in_words_with_marks_and_without(number: int, said: str) -> None:
    digits, written = said.format(number), said.format(in_words(number))
    assert spans(digits) == spans(written) == spans(fold(digits)) == spans(fold(written)) == [years(number, number + 1)]


@given(st.integers(0, 60), st.integers(1, 60))
def test_below_and_from_share_no_month_and_leave_none_out(first: int, more: int) -> None:
    limit = first + more
    [(low, high)], [(start, end)] = spans(f"dưới {limit} tuổi"), spans(f"từ đủ {limit} tuổi trở lên")
    assert (low, high, end) == (0, start, EVER)
    [(exact, _)] = spans(f"{first} tuổi")
    assert Ages(exact, exact + YEAR).meets(Ages(low, high))


@given(
    st.one_of(
        anything,
        st.lists(st.sampled_from(WORDS)).map(" ".join),
    )
)
def test_any_text_is_read_and_ages_are_never_empty_spans_in_the_wrong_order(text: str) -> None:
    told = read_ages(text, TODAY)
    assert all(0 <= ages.low <= ages.high for _, ages in told.ages)
    assert all(0 <= place < len(told.words) for place, _ in told.ages)
