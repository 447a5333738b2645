"""Words are what people write between blanks and signs; the fast way of cutting agrees with the plain one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.vietnamese import fold
from knowledge.vietnamese.tokens import clauses, folded_words, words
from tests.knowledge.texts import anything, as_typed, vietnamese

_LETTERS = sorted({*"aăâbcdđeêghiklmnoôơpqrstuưvxyfjwz", *"áàảãạấầẩẫậéèẻẽẹíìỉĩịóòỏõọớờởỡợúùủũụýỳỷỹỵ"})
_SIGNS = " .,;:!?()/-_'\"\n\t\u00a0“”–…²³0123456789\u200b\u00ad\ufeff\u0300\u0301\u0303\u0309\u0323ＡＢａｂ😀"
portal_text = st.text(st.sampled_from([*_LETTERS, *(letter.upper() for letter in _LETTERS), *_SIGNS]), max_size=80)
"""Letters and signs that occur in questions and official texts."""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Thủ tục cấp CCCD/CMND (lần đầu)", ["thủ", "tục", "cấp", "cccd", "cmnd", "lần", "đầu"]),
        ("Mẫu 01-TĐKS, 5.000đ", ["mẫu", "01", "tđks", "5", "000đ"]),
        ("snake_case", ["snake", "case"]),
        ("hồ\u200bsơ thủy\u00adlợi", ["hồsơ", "thủylợi"]),
        ("100m²", ["100m2"]),
        ("😀 ... ?!", []),
        ("", []),
    ],
)
def test_words(text: str, found: list[str]) -> None:
    assert words(text) == found
    assert folded_words(text) == [fold(word) for word in found]


@given(portal_text)
def test_folded_words_are_the_words_folded(text: str) -> None:
    assert folded_words(text) == [fold(word) for word in words(text)]


@given(as_typed())
def test_words_do_not_depend_on_the_form_in_which_text_arrives(pair: tuple[str, str]) -> None:
    kept, sent = pair
    assert words(sent) == kept.split()
    assert folded_words(sent) == fold(kept).split()


@given(anything)
def test_any_text_can_be_cut(text: str) -> None:
    assert all(word and word == word.lower() and not word.isspace() for word in words(text))
    assert all(word.isascii() and word.isalnum() for word in folded_words(text))
    assert all(clause and clause == clause.strip() for clause in clauses(text))


@given(vietnamese)
def test_letters_beyond_vietnamese_neither_join_nor_lose_words(text: str) -> None:
    assert folded_words(f"中文{text}") == folded_words(text)
    assert folded_words(f"{text} \U0001f600") == folded_words(text)


def test_clauses_end_at_signs_and_lines() -> None:
    found = clauses("Em mất thẻ, muốn làm lại; ở đâu?\nGấp (cuối tuần).")
    assert found == ["Em mất thẻ", "muốn làm lại", "ở đâu", "Gấp", "cuối tuần"]
    assert clauses(" ., \n") == []
