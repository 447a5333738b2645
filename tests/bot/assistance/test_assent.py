"""What is typed where one might press: sent, let go, or something else altogether."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.assistance.assent import assents


@pytest.mark.parametrize("said", ["gửi", "Gửi nhé", "gui luon di", "vâng gửi giúp tôi", "dạ gửi đi em", "ừ", "được"])
def test_sent(said: str) -> None:
    assert assents(said) is True


@pytest.mark.parametrize("said", ["thôi", "đừng gửi", "không gửi nữa", "chưa gửi vội", "hủy", "huỷ bỏ", "khoan gửi"])
def test_let_go(said: str) -> None:
    assert assents(said) is False


@pytest.mark.parametrize(
    "said",
    ["gửi hồ sơ ở đâu", "gửi bưu điện được không", "không nộp được", "gửi con vào nhà trẻ", "xin thôi quốc tịch", ""],
)
def test_something_else(said: str) -> None:
    assert assents(said) is None


@given(st.text(max_size=60))
def test_any_text_is_read(said: str) -> None:
    assert assents(said) in (True, False, None)
