from __future__ import annotations

import pytest

from bot.dialogue import choice
from bot.dialogue.action import Verb
from tests.bot.dialogue.records import BIRTH, BIRTH_AGAIN, BIRTH_FOREIGN, LAND, LICENCE


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2", 1), ("số 2", 1), ("so 3", 2), ("cái thứ hai", 1), ("cai thu 2 nhe", 1),
        ("mục 1", 0), ("(2)", 1), ("2.", 1),
        ("cái đầu tiên", 0), ("cái cuối cùng", 2), ("cho tôi cái số 3", 2), ("thứ nhất", 0), ("chọn số 1 đi", 0),
        ("ba", 2), ("7", 3), ("em chọn mục 2 ạ", 1), ("trường hợp 2", 1),
    ],
)  # fmt: skip
def test_typed_pick(text: str, at: int) -> None:
    assert choice.picked(text, 3) == at


@pytest.mark.parametrize(
    "text", ["", "12", "2 bản sao", "con thứ hai khai sinh", "khai sinh", "làm lại lần 2 được không"]
)
def test_other_texts_pick_nothing(text: str) -> None:
    assert choice.picked(text, 3) is None


def test_nothing_offered_nothing_picked() -> None:
    assert choice.picked("2", 0) is None


def test_variants_are_named_by_what_sets_them_apart() -> None:
    body, rows = choice.listed((BIRTH, BIRTH_FOREIGN), Verb.PICK)
    assert [row[0].label for row in rows] == [f"1. {choice.PLAIN_CASE}", "2. Có bố hoặc mẹ là người nước ngoài"]
    assert [row[0].action for row in rows] == ["pick:1.001193", "pick:2.000528"]
    assert body == ""


def test_long_names_are_called_what_people_call_them_with_the_official_name_above() -> None:
    body, rows = choice.listed((LICENCE, LAND))
    assert body.startswith("1. Đổi giấy phép lái xe\n2. <b>Làm sổ đỏ lần đầu</b>: <i>Đăng ký, cấp Giấy chứng nhận")
    assert rows[1][0].label == "2. Làm sổ đỏ lần đầu"
    assert all(len(row[0].label) <= choice.LABEL + 3 for row in rows)


def test_equal_names_are_told_apart_by_code() -> None:
    twin = LICENCE.model_copy(update={"code": "1.999999"})
    assert len(set(choice.labels((LICENCE, twin)))) == 2


def test_label_in_other_words_order() -> None:
    offered = (BIRTH, BIRTH_FOREIGN, BIRTH_AGAIN)
    assert choice.named("nguoi nuoc ngoai", offered) == 1
    assert choice.named("mất sổ gốc", offered) == 2
    assert choice.named("khai tử", offered) is None
    assert choice.named("", offered) is None
