from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dossiers.report import VIETNAM
from bot.dossiers.sources import values
from bot.dossiers.sources.values import Fields

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=()))
ANYTHING = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


@pytest.mark.parametrize(
    ("given_", "meant"),
    [
        ("20260715083000", datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)),
        (20260715083000, datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)),
        ("202607150830", datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)),
        ("20260715", datetime(2026, 7, 15, tzinfo=VIETNAM)),
        ("15/07/2026 08:30", datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)),
        ("15-7-2026", datetime(2026, 7, 15, tzinfo=VIETNAM)),
        ("08:30 15/07/2026", datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)),
        ("8h30 ngày 15/7/2026", datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)),
        ("15.07.2026, 8:30 CH", datetime(2026, 7, 15, 20, 30, tzinfo=VIETNAM)),
        ("15/07/2026 12:05:00 AM", datetime(2026, 7, 15, 0, 5, tzinfo=VIETNAM)),
        ("2026/7/15", datetime(2026, 7, 15, tzinfo=VIETNAM)),
        ("Thứ Tư, ngày 15 tháng 7 năm 2026", datetime(2026, 7, 15, tzinfo=VIETNAM)),
        ("2026-07-15T01:30:00.000+0000", datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)),
        ("2026-07-15T08:30:00", datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)),
        (1784079000000, datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)),
        (1784079000, datetime(2026, 7, 15, 8, 30, tzinfo=VIETNAM)),
    ],
)
def test_times_are_read_in_the_ways_systems_write_them(given_: object, meant: datetime) -> None:
    assert values.moment(given_) == meant


@pytest.mark.parametrize(
    "given_",
    ["", None, "20261301000000", "32/01/2026", "hôm qua", True, 0, -1, float("nan"), "00010101", "9999-12-31", []],
)
def test_what_is_no_time_is_absent(given_: object) -> None:
    assert values.moment(given_) is None


@pytest.mark.parametrize(
    ("given_", "meant"),
    [("50.000 đ", 50_000), ("50,000 VNĐ", 50_000), ("50000.00", 50_000), (50000.0, 50_000), ("0", 0), (8000, 8000)],
)
def test_money_is_read(given_: object, meant: int) -> None:
    assert values.money(given_) == meant


@pytest.mark.parametrize("given_", ["miễn phí", "", None, -1, "1.5", True, float("inf"), 10**15, "5.00.000"])
def test_what_is_no_money_is_absent(given_: object) -> None:
    assert values.money(given_) is None


def test_text_is_one_clean_line() -> None:
    assert values.text(" Đăng\u0000 ký\n\ud800 khai\u202esinh ") == "Đăng ký khaisinh"
    assert values.text("x" * 1000, 10) == "xxxxxxxxx…"
    assert values.text(7) == "7"
    assert values.text(True) == values.text(["a"]) == values.text(None) == ""


@pytest.mark.parametrize(
    ("value", "online"),
    [
        *((said, True) for said in (2, "2", "Trực tuyến", "QUA MẠNG")),
        *((said, False) for said in (1, "3", "Bưu chính")),
        *((said, None) for said in (None, "", "0", "khác", [2])),
    ],
)
def test_how_a_dossier_was_filed(value: object, online: bool | None) -> None:
    assert values.online(value) is online


def test_last_four_takes_numbers_of_persons_only() -> None:
    assert values.last_four("0912 345 678", "001099012345", "****5678", "12", None, {"a": 1}) == ("5678", "2345")


def test_names_are_found_whatever_their_case() -> None:
    fields = Fields({"MAHOSO": "1", "applicant": {"Data": {"fullName": "A"}}, 3: 4})
    assert (fields["MaHoSo"], fields["applicant.data.fullname"], fields["a.b"]) == ("1", "A", None)


@pytest.mark.parametrize(("one", "same"), [("000.00.53.h48-220921-0099 ", True), ("000.00.53.H48-220921-0098", False)])
def test_codes_are_compared_without_their_separators(one: str, same: bool) -> None:
    assert values.same_code(one, "000.00.53.H48-220921-0099") is same


@given(ANYTHING)
def test_no_value_raises_and_text_can_be_stored(value: Any) -> None:
    line = values.text(value)
    line.encode()
    assert "\x00" not in line
    assert len(line) <= 500
    found = values.moment(value)
    assert found is None or found.tzinfo is VIETNAM
    amount = values.money(value)
    assert amount is None or amount >= 0
    values.truth(value)
    values.online(value)
    values.records(value)
    values.last_four(value)
    list(Fields(value).values())
