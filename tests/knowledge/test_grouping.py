from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import noise
from knowledge.grouping import ALIKE, Gist, Groups, Reading, grouped, likeness
from knowledge.phrases import load_phrases

PHRASES = load_phrases()


@pytest.fixture(scope="module")
def reading() -> Reading:
    return Reading(PHRASES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("làm hộ chiếu cho con nhỏ", "cho em hỏi làm hộ chiếu cho con nhỏ ở đâu ạ"),
        ("mất bằng lái xe máy", "mat bang lai xe may thi lam sao"),
        ("mất bằng lái xe máy", "bị mất cái bằng lái xe máy"),
        ("làm lại cccd bị mất", "làm lại căn cước công dân bị mất"),
    ],
)
def test_what_is_about_the_same_is_alike(reading: Reading, one: str, other: str) -> None:
    assert likeness(reading.gist(one), reading.gist(other)) >= ALIKE


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("làm hộ chiếu cho con nhỏ", "làm khai sinh cho con nhỏ"),
        ("mất bằng lái xe máy", "mua xe máy cũ sang tên"),
        ("cho em hỏi lệ phí bao nhiêu", "cho em hỏi nộp ở đâu"),
    ],
)
def test_what_is_about_something_else_is_not(reading: Reading, one: str, other: str) -> None:
    assert likeness(reading.gist(one), reading.gist(other)) < ALIKE


def test_a_question_joins_the_first_it_is_like_and_later_ones_change_nothing(reading: Reading) -> None:
    asked = [(7, "nuôi cá lồng bè trên sông"), (8, "giá vàng"), (12, "em muốn nuôi cá lồng bè ở trên sông")]
    groups = Groups()
    assert list(grouped(asked, reading, groups)) == [(7, 7), (8, 8), (12, 7)]
    assert list(grouped([(20, "gia vang")], reading, groups)) == [(20, 8)]
    assert len(groups) == 2


def test_groups_begun_again_from_their_first_questions_take_the_same_ones_in(reading: Reading) -> None:
    asked = [(number, phrase) for number, phrase in enumerate(sum(list(PHRASES.values())[:60], ()))]
    whole = dict(grouped(asked, reading, Groups()))
    groups = Groups()
    half = dict(grouped(asked[:100], reading, groups))
    again = Groups()
    for number, text in asked:
        if half.get(number) == number:
            again.begin(number, reading.gist(text))
    assert half | dict(grouped(asked[100:], reading, again)) == whole


def test_many_people_asking_the_same_make_one_group(reading: Reading) -> None:
    chance = random.Random(3)
    said = chance.sample([phrases[0] for phrases in PHRASES.values()], 100)
    asked = []
    for number in range(1000):
        phrase = said[number % 100]
        spoken = chance.choice([noise.strip, noise.typo1, noise.teencode])(phrase, chance)
        asked.append(
            (number, f"{chance.choice(['', 'cho em hỏi ', 'dạ '])}{spoken} {chance.choice(['', 'ạ', 'ở đâu'])}")
        )
    found = dict(grouped(asked, reading, Groups()))
    together = sum(found[number] == found[number % 100] for number in found)
    assert together >= 930
    assert len(set(found.values())) >= 97


@given(st.text(max_size=200), st.text(max_size=200))
def test_likeness_is_a_share_and_the_same_both_ways(reading: Reading, one: str, other: str) -> None:
    first, second = reading.gist(one), reading.gist(other)
    found = likeness(first, second)
    assert 0 <= found <= 1 + 1e-9
    assert found == pytest.approx(likeness(second, first))
    assert likeness(first, first) == pytest.approx(1 if first else 0)


@given(st.lists(st.sampled_from([phrase for said in list(PHRASES.values())[:12] for phrase in said]), max_size=30))
def test_looking_only_at_telling_words_misses_no_group(reading: Reading, asked: list[str]) -> None:
    groups = Groups()
    firsts: list[tuple[int, Gist]] = []
    for number, text in enumerate(asked):
        gist = reading.gist(text)
        like = [likeness(gist, first) for _, first in firsts]
        expected = firsts[like.index(max(like))][0] if like and max(like) >= ALIKE else number
        assert groups.join(number, gist) == expected
        if expected == number:
            firsts.append((number, gist))
