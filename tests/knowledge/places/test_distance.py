from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.places.distance import distance_km, near_vietnam

LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)


def test_hanoi_to_saigon() -> None:
    assert distance_km(21.0285, 105.8542, 10.7769, 106.7009) == pytest.approx(1144, abs=5)


@given(LATITUDES, LONGITUDES, LATITUDES, LONGITUDES)
def test_distance_is_the_same_both_ways_and_at_most_half_the_earth(a: float, b: float, c: float, d: float) -> None:
    there = distance_km(a, b, c, d)
    assert 0 <= there <= 20016
    assert there == pytest.approx(distance_km(c, d, a, b), abs=1e-6)


@pytest.mark.parametrize(
    ("point", "inside"), [((21, 105.8), True), ((8.7, 106.6), True), ((16.5, 112.0), True), ((48.8, 2.3), False)]
)
def test_near_vietnam(point: tuple[float, float], inside: bool) -> None:
    assert near_vietnam(*point) is inside
