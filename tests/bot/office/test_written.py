"""Notices as staff type them in a chat."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import Impossible
from bot.office.notices import Draft
from bot.office.staff import Territory
from bot.office.written import moment, read
from knowledge.places import Finder, load_gazetteer

NOW = datetime(2026, 11, 22, 9, 30)
PLACES = Finder(load_gazetteer())
TERRITORY = Territory(PLACES.gazetteer)


def of(said: str, own: str = "46") -> Draft:
    return read(said, own, TERRITORY, PLACES, NOW)


def test_words_and_lines() -> None:
    said = "Cổng bảo trì.\nĐến: 14:00\nXin nộp sau.\nnơi: TP Hà Nội\ntu: 8h 23/11"
    starts, ends = datetime(2026, 11, 23, 8), datetime(2026, 11, 22, 14)
    assert of(said) == Draft("Cổng bảo trì.\nXin nộp sau.", "01", starts, ends)


def test_plain_words_are_for_ones_own_place_from_now_on() -> None:
    assert of("Nghỉ Tết từ 14/2 đến: hết mùng 5") == Draft("Nghỉ Tết từ 14/2 đến: hết mùng 5", "46")


@pytest.mark.parametrize(
    ("said", "scope"), [("phường Ba Đình, Hà Nội", "00004"), ("Huế", "46"), ("cả nước", ""), ("", "46")]
)
def test_places(said: str, scope: str) -> None:
    assert of(f"Tin\nnơi: {said}").scope == scope


def test_a_place_that_is_none_is_refused() -> None:
    with pytest.raises(Impossible, match="Xứ Thần Tiên"):
        of("Tin\nnơi: Xứ Thần Tiên")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("14:00", datetime(2026, 11, 22, 14)),
        ("14h", datetime(2026, 11, 22, 14)),
        ("7g30", datetime(2026, 11, 22, 7, 30)),
        ("17:15 25/11", datetime(2026, 11, 25, 17, 15)),
        ("17:15 ngày 25/11/2027", datetime(2027, 11, 25, 17, 15)),
        ("17h, 5/2", datetime(2027, 2, 5, 17)),
        ("25/11", datetime(2026, 11, 25)),
    ],
)
def test_moments(said: str, meant: datetime) -> None:
    assert moment(said, NOW) == meant


def test_a_day_named_as_the_last_is_told_to_its_end() -> None:
    assert moment("25/11", NOW, last=True) == datetime(2026, 11, 26)


@pytest.mark.parametrize("said", ["25:00", "14:75", "31/2", "chiều nay", "14:00 32/1", "-", "1/1/0000"])
def test_moments_that_are_none_are_refused(said: str) -> None:
    with pytest.raises(Impossible, match="14:00"):
        moment(said, NOW)


@given(st.text(max_size=60) | st.from_regex(r"\d{1,4}[:h/ ]\d{1,4}([ /]\d{1,4}){0,3}", fullmatch=True))
def test_anything_is_a_moment_or_refused_in_words(said: str) -> None:
    for last in (False, True):
        try:
            assert moment(said, NOW, last=last).tzinfo is None
        except Impossible as refusal:
            assert str(refusal)  # noqa: PT017 - either is right
