"""Picking from a list by typing."""

from __future__ import annotations

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue import picking
from tests.bot.dialogue.records import BIRTH, BIRTH_AGAIN, BIRTH_FOREIGN


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2", 1), ("số 2", 1), ("so 3", 2), ("cái thứ hai", 1), ("cai thu 2 nhe", 1),
        ("mục 1", 0), ("(2)", 1), ("2.", 1),
        ("cái đầu tiên", 0), ("cái cuối cùng", 2), ("cho tôi cái số 3", 2), ("thứ nhất", 0), ("chọn số 1 đi", 0),
        ("ba", 2), ("7", 3), ("em chọn mục 2 ạ", 1), ("trường hợp 2", 1),
        ("còn cái thứ hai thì sao", 1), ("cái trên cùng", 0), ("cai duoi cung", 2), ("tư", 3),
    ],
)  # fmt: skip
def test_typed_pick(text: str, at: int) -> None:
    assert picking.picked(text, 3) == at


@pytest.mark.parametrize(
    "text",
    [
        "",
        "12",
        "2 bản sao",
        "2 bản",
        "5 ban",
        "con thứ hai khai sinh",
        "khai sinh",
        "làm lại lần 2 được không",
        "cho bà",
        "từ",
    ],
)
def test_other_texts_pick_nothing(text: str) -> None:
    assert picking.picked(text, 3) is None


def test_nothing_offered_nothing_picked() -> None:
    assert picking.picked("2", 0) is None


def test_label_in_other_words_order() -> None:
    offered = (BIRTH, BIRTH_FOREIGN, BIRTH_AGAIN)
    assert picking.named("nguoi nuoc ngoai", offered) == 1
    assert picking.named("mất sổ gốc", offered) == 2
    assert picking.named("khai tử", offered) is None
    assert picking.named("của nước ngoài ạ", offered) == 1
    assert picking.named("", offered) is None
    assert picking.named("của tôi", offered) is None


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("cả hai", (0, 1)), ("ca 2", (0, 1)), ("cả ba cái", (0, 1, 2)), ("tất cả", (0, 1, 2, 3)), ("1 và 3", (0, 2)),
        ("1, 2", (0, 1)), ("cho tôi xem mục 2 với mục 4 nhé", (1, 3)), ("xem hết đi", (0, 1, 2, 3)),
    ],
)  # fmt: skip
def test_several_at_once(text: str, places: tuple[int, ...]) -> None:
    assert picking.several(text, 4) == places


@pytest.mark.parametrize(
    "text", ["2", "cả nhà tôi", "hết rồi", "hai đứa con", "số 1 và khai sinh", "ba muốn", "", "cả"]
)
def test_other_texts_want_no_several(text: str) -> None:
    assert picking.several(text, 4) == ()


def test_one_choice_is_never_several() -> None:
    assert picking.several("cả hai", 1) == ()


@pytest.mark.parametrize("text", ["9", "cái đầu tiên", "cả hai", "1 và 2", "12"])
def test_a_pick_is_known_without_a_list(text: str) -> None:
    assert picking.picks(text)


@pytest.mark.parametrize("text", ["123456", "2 bản sao", "khai sinh"])
def test_what_is_no_pick_is_not_taken_for_one(text: str) -> None:
    assert not picking.picks(text)


@given(st.text(max_size=60), st.integers(0, 4))
def test_any_text_picks_within_the_list(text: str, count: int) -> None:
    assert picking.picked(text, count) in (None, *range(count + 1))
    assert all(place in range(count) for place in picking.several(text, count))


@pytest.mark.parametrize("part", ["nhé em ", "y ", "thủ tục ", "cả hai ", "1 và "])
def test_endless_texts_are_read_at_once(part: str) -> None:
    start = thread_time()
    picking.picks(f"2 {part * 2000} x")
    assert thread_time() - start < 1
