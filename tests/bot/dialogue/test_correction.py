"""A changed mind: what goes before the new request is taken off, and nothing else."""

from __future__ import annotations

from time import thread_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dialogue.correction import core, without_tail
from knowledge.vietnamese import normalise


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("à nhầm, kết hôn chứ", "kết hôn"), ("a nham, ket hon chu", "ket hon"), ("à nhầm kết hôn chứ", "kết hôn"),
        ("nhầm rồi, kết hôn", "kết hôn"), ("không, ý tôi là ly hôn", "ly hôn"), ("ý em là đổi bằng ạ", "đổi bằng"),
        ("không phải, tạm vắng cơ mà", "tạm vắng"), ("quay lại cái kết hôn", "kết hôn"),
        ("xin lỗi, nhầm, tôi hỏi căn cước", "căn cước"), ("không, không phải vậy, ý tôi là hộ chiếu", "hộ chiếu"),
        ("không phải khai sinh mà là khai tử", "khai tử"), ("ủa lộn, ý tui là bằng lái", "bằng lái"),
        ("à nhầm, sang tên nhà", "sang tên nhà"),
    ],
)  # fmt: skip
def test_the_new_request_is_left(text: str, need: str) -> None:
    assert core(text) == need


@pytest.mark.parametrize(
    "text",
    [
        "nhầm tên trong khai sinh", "bị nhầm ngày sinh", "nhầm lẫn ngày sinh trên khai sinh", "không rõ",
        "không phải đăng ký tạm trú à", "không", "không phải", "à nhầm", "con muốn hỏi đất", "lệ phí bao nhiêu chứ",
    ],
)  # fmt: skip
def test_a_plain_request_stays_whole(text: str) -> None:
    assert core(text) == normalise(text)


def test_tails_that_lean_on_what_went_before() -> None:
    assert without_tail("kết hôn thì sao ạ?") == "kết hôn"
    assert without_tail("thì sao") == "thì sao"
    assert without_tail("số nhà") == "số nhà"


@given(st.text(max_size=200))
def test_any_text_keeps_what_stands_at_its_end_or_is_left_alone(text: str) -> None:
    left = core(text)
    assert left in normalise(text) or not left
    assert bool(left) == bool(normalise(text)) or without_tail(left) == left


@pytest.mark.parametrize("part", ["à nhầm ", "ấy chết ", "không phải ", "a ", "chứ ", ", "])
def test_endless_texts_are_read_at_once(part: str) -> None:
    start = thread_time()
    core(part * 3000)
    assert thread_time() - start < 1
