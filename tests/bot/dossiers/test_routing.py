from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.dossiers.routing import Route, Routing
from tests.bot.dossiers.sources.doubles import Told, report


@pytest.mark.parametrize(
    ("units", "code", "serves"),
    [
        ("H48", "H48-261115-0001", True),
        ("H48", "H48.12-261115-0001", True),
        ("H48", "000.00.53.H48-261115-0001", True),
        ("000.00.53.H48", "000.00.53.H48-261115-0001", True),
        ("000.00.53.H48", "000.00.54.H48-261115-0001", False),
        ("H48.12", "H48-261115-0001", False),
        ("H48.1", "H48.12-261115-0001", False),
        ("H4", "H48-261115-0001", False),
        ("*", "G01.5-261115-0001", True),
        ("*", "03706/2026/07906", False),
        ("BHXH", "03706/2026/07906", True),
        ("BHXH", "H48-261115-0001", False),
    ],
)
def test_units_say_whose_codes_a_source_knows(units: str, code: str, serves: bool) -> None:
    assert Routing([Route((units,), Told(None))]).serves(code) is serves


async def test_all_sources_of_a_unit_are_asked_and_no_others() -> None:
    one, two, other = Told(report()), Told(None), Told(None)
    routing = Routing([Route(("H48",), one), Route(("*",), two), Route(("H26",), other)])
    finding = await routing.look_up("H48-261115-0001")
    assert (finding.report, finding.asked) == (report(), 2)
    assert (one.asked, two.asked, other.asked) == (1, 1, 0)


def test_the_link_is_that_of_the_first_source_that_has_one() -> None:
    routes = [
        Route(("H48",), Told(None)),
        Route(("*",), Told(None), "https://a"),
        Route(("H48",), Told(None), "https://b"),
    ]
    assert Routing(routes).link("H48-261115-0001") == "https://a"
    assert Routing().link("H48-261115-0001") is None


def test_the_turn_is_that_of_the_slowest_source_that_is_asked() -> None:
    def waits(seconds: float) -> Callable[[float], float]:
        return lambda patience: min(seconds, patience)

    routes = [
        Route(("H48",), Told(None)),
        Route(("H48",), Told(None), turn=waits(3)),
        Route(("H48",), Told(None), turn=waits(5)),
        Route(("H26",), Told(None), turn=waits(9)),
    ]
    assert Routing(routes).turn("H48-261115-0001", 30) == 5
    assert Routing(routes).turn("G01-261115-0001", 30) == 0
