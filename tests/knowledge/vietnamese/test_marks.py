"""Marks put back into text typed without them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import LexiconError
from knowledge.vietnamese.marks import count_marks, load_marks, restore
from knowledge.vietnamese.normal import fold

MARKS = load_marks()


def test_neighbours_tell_the_marks() -> None:
    assert restore(["dang", "ky", "khai", "sinh"], MARKS) == ["đăng", "ký", "khai", "sinh"]


def test_a_lone_word_stays_as_it_is() -> None:
    assert restore(["mat"], MARKS) == ["mat"]
    assert restore([], MARKS) == []


def test_only_frequent_and_certain_pairs_are_kept() -> None:
    texts = ["mất sổ", "mất sổ", "mất sổ", "mặt số", "đổi thẻ", "đổi thẻ", "can ho", "can ho"]
    assert count_marks(texts) == ["mất sổ", "đổi thẻ"]
    assert count_marks(["mất sổ", "mất sổ", "mặt số", "mặt số"]) == []
    assert count_marks(["tách hộ"]) == []


@given(st.lists(st.sampled_from(sorted({word for pair in MARKS for word in pair.split()})), max_size=12))
def test_marks_never_change_the_words_themselves(folded: list[str]) -> None:
    assert [fold(word) for word in restore(folded, MARKS)] == folded


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "marks.txt"
    path.write_text("đăng ký\nmột hai ba\n", encoding="utf-8")
    with pytest.raises(LexiconError, match="dòng 2"):
        load_marks(path)
    with pytest.raises(LexiconError):
        load_marks(tmp_path / "missing.txt")
