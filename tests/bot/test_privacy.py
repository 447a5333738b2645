from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.privacy import HIDDEN, mask

separator = st.sampled_from(["", " ", ".", "-", " - ", "\u200b", ") ", "\u00a0"])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("cccd 001090123456 của tôi", f"cccd {HIDDEN} của tôi"),
        ("gọi 0912 345 678 nhé", f"gọi {HIDDEN} nhé"),
        ("gọi +84 (912) 345-678", f"gọi {HIDDEN}"),
        ("cmnd 123456789", f"cmnd {HIDDEN}"),
        ("hộ chiếu C12345678 hết hạn", f"hộ chiếu {HIDDEN} hết hạn"),
        ("thủ tục 1.001193 hay 1001193", "thủ tục 1.001193 hay 1001193"),
        ("lệ phí 1.000.000 đồng", "lệ phí 1.000.000 đồng"),
        ("vay 1.500.000.000đ", "vay 1.500.000.000đ"),
        ("mẫu CT01, NĐ 123/2015/NĐ-CP", "mẫu CT01, NĐ 123/2015/NĐ-CP"),
        ("số ٠٩١٢٣٤٥٦٧٨", f"số {HIDDEN}"),
    ],
)
def test_examples(text: str, masked: str) -> None:
    assert mask(text) == masked


@given(st.lists(st.tuples(st.sampled_from("0123456789"), separator), min_size=9, max_size=20), st.text(max_size=20))
def test_no_long_number_survives(pieces: list[tuple[str, str]], tail: str) -> None:
    number = "".join(digit + between for digit, between in pieces)
    left = mask(f"số {number} {tail}".replace("đ", "").replace("Đ", "").replace("₫", "").replace("v", ""))
    assert not re.search(r"\d{9}", re.sub(r"[\s.\-)\u200b]", "", left.replace(HIDDEN, "x")))


@given(st.text())
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(st.text().filter(lambda text: not any(char.isdigit() for char in text)))
def test_words_stay(text: str) -> None:
    assert mask(text) == text
