from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest

from knowledge.calendar import OFFICE_HOURS, Calendar, Hours, read_spans
from knowledge.offices import Directory, Kind, Office, State, load_samples, state
from knowledge.places import Finder, load_gazetteer

FINDER = Finder(load_gazetteer())
YEN_NGHIA, HOAN_KIEM, SAI_GON = (
    FINDER.find(name).places[0].commune
    for name in ("phường Yên Nghĩa, Hà Nội", "phường Hoàn Kiếm hn", "phường Sài Gòn, hcm")
)
OFFICE = Office(
    "Một cửa Yên Nghĩa", Kind.ONE_STOP, YEN_NGHIA, "Số 1", OFFICE_HOURS, "024 1", None, 20.95, 105.74, False,
    date(2026, 11, 20), "Gọi điện",
)  # fmt: skip
POST = replace(OFFICE, name="Bưu điện", kind=Kind.POST)
FAR = replace(OFFICE, name="Sài Gòn", commune=SAI_GON, latitude=10.78, longitude=106.7)
SAMPLE = replace(OFFICE, name="MẪU", sample=True)
CALENDAR = Calendar()


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_real_offices_hide_samples_and_one_stop_comes_first() -> None:
    directory = Directory([SAMPLE, POST, OFFICE, FAR])
    assert directory.of(YEN_NGHIA.code) == (OFFICE, POST)
    assert directory.of(HOAN_KIEM.code) == ()
    assert Directory([SAMPLE]).of(YEN_NGHIA.code) == (SAMPLE,)
    assert len(directory) == 4


def test_nearest_are_real_and_in_order() -> None:
    nearby = replace(OFFICE, name="Bên cạnh", latitude=21.4)
    directory = Directory([nearby, SAMPLE, OFFICE, replace(OFFICE, name="Ở đâu đó", latitude=None, longitude=None)])
    found = directory.nearest(21.0, 105.8)
    assert [office.name for _, office in found] == ["Một cửa Yên Nghĩa", "Bên cạnh"]
    assert found[0][0] == pytest.approx(8.3, abs=1)


def test_no_office_at_the_other_end_of_the_country_is_called_near() -> None:
    assert Directory([FAR]).nearest(21.0, 105.8) == ()
    assert [office for _, office in Directory([FAR, OFFICE]).nearest(10.78, 106.7)] == [FAR]


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T08:00", State(True, until=at("2026-11-23T11:30"))),
        ("2026-11-23T12:00", State(False, opens=at("2026-11-23T13:30"))),
        ("2026-11-23T17:00", State(False, opens=at("2026-11-25T07:30"))),
        ("2026-11-24T09:00", State(False, opens=at("2026-11-25T07:30"), holiday="Ngày Văn hóa Việt Nam")),
        ("2026-11-28T09:00", State(False, opens=at("2026-11-30T07:30"))),
    ],
)
def test_state(moment: str, expected: State) -> None:
    assert state(OFFICE, at(moment), CALENDAR) == expected


def test_own_hours_count() -> None:
    saturday = replace(OFFICE, hours=Hours((*OFFICE_HOURS.week[:5], read_spans("8:00-11:00"), ())))
    found = state(saturday, at("2026-11-28T09:00"), CALENDAR)
    assert found
    assert found.is_open


def test_unknown_hours_have_no_state() -> None:
    assert state(replace(OFFICE, hours=None), at("2026-11-23T08:00"), CALENDAR) is None


def test_shipped_samples_serve_one_province_only() -> None:
    directory = Directory(load_samples(FINDER))
    assert directory.of(YEN_NGHIA.code)[0].sample
    assert directory.of(SAI_GON.code) == ()
    assert directory.nearest(21.0, 105.8) == ()
