from __future__ import annotations

from bot.dossiers.sources.breaker import Breaker
from tests.bot.dossiers.sources.doubles import Clock


def opened(clock: Clock) -> Breaker:
    breaker = Breaker(clock)
    for _ in range(5):
        assert breaker.wait() == 0
        breaker.failed()
    return breaker


def test_opens_after_failures_in_a_row() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(4):
        breaker.failed()
    breaker.succeeded()
    for _ in range(4):
        breaker.failed()
    assert breaker.wait() == 0
    breaker.failed()
    assert breaker.wait() == 15


def test_lets_one_probe_through_and_closes_when_it_succeeds() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now += 15
    assert breaker.wait() == 0
    assert breaker.wait() > 0
    breaker.succeeded()
    assert breaker.wait() == 0


def test_each_failed_probe_doubles_the_pause_up_to_five_minutes() -> None:
    clock = Clock()
    breaker = opened(clock)
    pauses = []
    for _ in range(7):
        clock.now += 1000
        assert breaker.wait() == 0
        breaker.failed()
        pauses.append(breaker.wait())
    assert pauses == [30, 60, 120, 240, 300, 300, 300]


def test_failures_of_requests_sent_before_it_opened_change_nothing() -> None:
    breaker = opened(Clock())
    breaker.failed()
    breaker.failed()
    assert breaker.wait() == 15


def test_a_hopeless_failure_opens_at_once_and_for_long() -> None:
    breaker = Breaker(Clock())
    breaker.failed(hopeless=True)
    assert breaker.wait() == 300
