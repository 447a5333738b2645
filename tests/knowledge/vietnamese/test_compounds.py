"""Neighbours that are one word."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import LexiconError
from knowledge.vietnamese.compounds import count_compounds, load_compounds


def test_words_of_several_syllables_are_known() -> None:
    compounds = load_compounds()
    assert {"khai sinh", "ket hon", "tam tru", "ho chieu"} <= compounds
    assert "cho con" not in compounds


def test_only_what_stands_inside_a_word_twice_is_kept() -> None:
    texts = ["Đăng ký khai sinh cho con", "làm giấy khai sinh", "xin tạm trú"]
    found = count_compounds(texts)
    assert "khai sinh" in found
    assert "tam tru" not in found
    assert "sinh cho" not in found


def test_a_missing_list_is_said(tmp_path: Path) -> None:
    with pytest.raises(LexiconError, match=r"compounds\.txt"):
        load_compounds(tmp_path / "compounds.txt")
