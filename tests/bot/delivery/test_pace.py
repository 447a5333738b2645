from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.pace import Pace, Paces


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_burst_then_steady() -> None:
    clock = Clock()
    pace = Pace(1.0, 3, clock)
    waits = []
    for _ in range(5):
        waits.append(pace.wait)
        pace.take()
    assert waits == [0, 0, 0, 1, 2]
    clock.now += 10
    assert pace.idle


@given(st.lists(st.floats(0, 3), min_size=30, max_size=60))
def test_never_more_than_rate_and_burst_allow(pauses: list[float]) -> None:
    clock = Clock()
    pace = Pace(2.0, 4, clock)
    times = []
    for pause in pauses:
        clock.now += pause
        times.append(clock.now + pace.wait)
        pace.take()
    for first in range(len(times)):
        inside = [at for at in times if times[first] <= at < times[first] + 5]
        assert len(inside) <= 4 + 2 * 5


def test_a_place_out_of_patience_is_not_taken() -> None:
    paces = Paces((1000.0, 1000), clock=(clock := Clock()))
    assert [paces.reserve(1, (1.0, 1), 2.0) for _ in range(5)] == [0, 1, 2, 3, 3]
    assert paces.reserve(2, (1.0, 1), 2.0) == 0
    clock.now += 1
    assert paces.reserve(1, (1.0, 1), 2.0) == 2


def test_closed_for_all() -> None:
    paces = Paces((1000.0, 1000), clock=(clock := Clock()))
    paces.close(7)
    assert paces.closed == 7
    assert paces.reserve(1, (1.0, 5), 2.0) == 7
    clock.now += 7
    assert paces.reserve(1, (1.0, 5), 2.0) == 0
