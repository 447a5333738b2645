from datetime import UTC, datetime

from bot.dossiers.report import VIETNAM, local


def test_a_time_without_a_zone_is_vietnams() -> None:
    assert local(datetime(2026, 11, 22, 8, 30)) == datetime(2026, 11, 22, 8, 30, tzinfo=VIETNAM)


def test_a_time_of_elsewhere_is_brought_home() -> None:
    moment = local(datetime(2026, 11, 22, 20, tzinfo=UTC))
    assert (moment.day, moment.hour) == (23, 3)
