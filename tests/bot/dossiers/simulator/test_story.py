from __future__ import annotations

from datetime import date, timedelta

from bot.dossiers.code import parse
from bot.dossiers.simulator.story import Dossier, Kind, dossiers
from bot.dossiers.status import Status
from tests.bot.dossiers.sources.doubles import NOW


def made(seed: int = 1, speed: float = 1440) -> tuple[Dossier, ...]:
    return dossiers(NOW, seed, speed)


def test_the_same_seed_makes_the_same_dossiers() -> None:
    assert made() == made()
    assert {each.code for each in made()} != {each.code for each in made(2)}


def test_codes_are_such_as_people_may_type() -> None:
    today = date(2026, 11, 22)
    assert [parse(each.code, today).codes[0].code for each in made()] == [each.code for each in made()]
    assert len({each.code for each in made()}) == len(made())


def test_every_status_and_every_system_is_there() -> None:
    days = [NOW + timedelta(minutes=minute) for minute in range(12)]
    seen = {event.status for each in made() for now in days for event in each.happened(now)}
    assert seen == set(Status)
    assert {each.kind for each in made()} == set(Kind)


def test_dossiers_move_on_the_clock_by_the_speed() -> None:
    one = made()[0]
    assert one.happened(NOW)[-1].status is Status.PROCESSING
    assert one.happened(NOW + timedelta(seconds=59))[-1].status is Status.PROCESSING
    assert one.happened(NOW + timedelta(seconds=60))[-1].status is Status.DONE
    assert one.happened(NOW + timedelta(seconds=120))[-1].status is Status.RETURNED
    slow = made(speed=1)[0]
    assert slow.happened(NOW + timedelta(hours=23))[-1].status is Status.PROCESSING
    assert slow.happened(NOW + timedelta(hours=24))[-1].status is Status.DONE


def test_nothing_has_happened_in_the_future() -> None:
    for each in made():
        for now in (NOW, NOW + timedelta(minutes=3), NOW + timedelta(days=9)):
            assert all(each.at(event.day) <= now for event in each.happened(now))
            coming = each.next(now)
            assert coming is None or each.at(coming.day) > now
