"""Noise looks like real haste, is the same for the same seed, and does no more than it says."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from knowledge.noise import NOISES, strip, teencode, typo1, typo2
from knowledge.vietnamese import fold, normalise
from knowledge.vietnamese.keying import decode
from tests.knowledge.texts import anything, vietnamese

QUESTION = "em không biết muốn làm căn cước công dân cho con cần giấy tờ gì"
seeds = st.integers(0, 10_000)


@pytest.mark.parametrize("name", sorted(NOISES))
@given(text=anything, seed=seeds)
def test_noise_takes_any_text_and_repeats_itself(name: str, text: str, seed: int) -> None:
    assert NOISES[name](text, Random(seed)) == NOISES[name](text, Random(seed))


@pytest.mark.parametrize("name", ["typo1", "typo2", "teencode"])
def test_another_seed_is_another_noise(name: str) -> None:
    assert len({NOISES[name](QUESTION, Random(seed)) for seed in range(30)}) > 5


def test_strip_takes_marks_and_nothing_else() -> None:
    assert strip("Đăng ký KHAI SINH ở đâu?", Random(1)) == "dang ky khai sinh o dau?"


@given(vietnamese, seeds)
def test_one_typing_error_is_in_one_word(text: str, seed: int) -> None:
    before, after = text.split(" "), typo1(text, Random(seed)).split(" ")
    assert len(before) == len(after)
    changed = [(old, new) for old, new in zip(before, after, strict=True) if old != new]
    assert len(changed) <= 1
    for old, new in changed:
        left_over = decode(new)
        near = OSA.distance(old, new) == 1
        assert near or (left_over is not None and fold(left_over)[:1] == fold(old)[:1])


@given(vietnamese, seeds)
def test_two_typing_errors_are_in_two_words_at_most(text: str, seed: int) -> None:
    pairs = zip(text.split(" "), typo2(text, Random(seed)).split(" "), strict=True)
    assert sum(old != new for old, new in pairs) <= 2


def test_typing_errors_are_really_made() -> None:
    same = sum(typo1(QUESTION, Random(seed)) == QUESTION for seed in range(200))
    assert same < 10


def test_words_too_short_for_an_error_are_spared() -> None:
    assert typo1("a b 12345 ở", Random(1)) == "a b 12345 ở"


def test_teencode_writes_short_what_has_a_short_form() -> None:
    found = {teencode(QUESTION, Random(seed)) for seed in range(40)}
    assert any(" ko " in text or " k " in text for text in found)
    assert any("cccd" in text for text in found)
    assert all(len(text) <= len(QUESTION) for text in found)


@given(vietnamese, seeds)
def test_teencode_leaves_no_capitals_and_no_strange_blanks(text: str, seed: int) -> None:
    found = teencode(text.upper(), Random(seed))
    assert found == found.lower() == normalise(found)
