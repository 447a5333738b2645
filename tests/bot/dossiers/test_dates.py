from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dossiers.dates import Quiet, next_look, next_warning, promised, warnings
from bot.dossiers.report import VIETNAM
from bot.dossiers.status import Status
from tests.bot.dossiers.desk import report

_MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda each: each.replace(tzinfo=VIETNAM))
_HOURS = st.integers(0, 23)


def weekday(day: date) -> bool:
    return day.weekday() < 5


@given(_MOMENTS, _HOURS, _HOURS)
def test_the_night_ends_within_a_day_and_by_day(now: datetime, begins: int, ends: int) -> None:
    quiet = Quiet(begins, ends)
    until = quiet.until(now)
    if until is not None:
        assert now < until <= now + timedelta(days=1)
        assert quiet.until(until) is None
    if begins == ends:
        assert until is None


@pytest.mark.parametrize(("hour", "asleep"), [(20, False), (21, True), (23, True), (0, True), (6, True), (7, False)])
def test_the_usual_night(hour: int, asleep: bool) -> None:
    assert bool(Quiet.read("21-7").until(datetime(2026, 11, 23, hour, 30, tzinfo=VIETNAM))) is asleep


@given(_MOMENTS)
def test_every_warning_comes_at_the_moment_foretold(now: datetime) -> None:
    dossier = report(due=datetime(2026, 11, 27, 17, tzinfo=VIETNAM))
    at = next_warning(dossier, now, weekday)
    if at is not None:
        assert at > now
        assert warnings(dossier, at, weekday) != warnings(dossier, now, weekday)
    else:
        assert now.date() > date(2026, 11, 27)


@pytest.mark.parametrize("hour", [0, 10, 17])
def test_nobody_is_late_on_the_day_itself_whatever_hour_the_source_tells(hour: int) -> None:
    dossier = report(due=datetime(2026, 11, 27, hour, tzinfo=VIETNAM))
    assert warnings(dossier, datetime(2026, 11, 27, 23, 59, tzinfo=VIETNAM), weekday) == ["soon 2026-11-27"]
    assert next_warning(dossier, datetime(2026, 11, 27, 8, tzinfo=VIETNAM), weekday) == datetime(
        2026, 11, 28, tzinfo=VIETNAM
    )
    assert warnings(dossier, datetime(2026, 11, 28, tzinfo=VIETNAM), weekday) == ["late 2026-11-27"]


def test_a_new_date_takes_the_place_of_the_old() -> None:
    now = datetime(2026, 11, 30, 9, tzinfo=VIETNAM)
    later = report(new_due=datetime(2026, 12, 10, 17, tzinfo=VIETNAM))
    assert warnings(report(), now, weekday) == ["late 2026-11-27"]
    assert warnings(later, now, weekday) == []
    assert warnings(later, datetime(2026, 12, 8, 9, tzinfo=VIETNAM), weekday) == ["soon 2026-12-10"]


@pytest.mark.parametrize("status", Status)
def test_no_date_runs_while_the_clock_stands_or_after_the_end(status: Status) -> None:
    assert (promised(report(status=status)) is None) is (status.clock_stopped or status.settled)


@given(_MOMENTS, st.integers(0, 40), st.sampled_from(Status))
def test_a_failing_source_is_not_given_up_and_not_pestered(now: datetime, failures: int, status: Status) -> None:
    every = timedelta(hours=1)
    at = next_look(report(status=status), now, every, failures, None)
    assert every <= at - now <= 8 * every
    assert next_look(report(), now, every, failures, now + timedelta(minutes=1)) == now + timedelta(minutes=1)
