from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.assistance.receipt import SEE_RECEIPT, receipt
from bot.assistance.sitting import Sitting
from bot.dialogue import cases
from knowledge.calendar import Hours, read_spans
from knowledge.catalogue import Catalogue
from knowledge.offices import Directory, Kind, Office
from tests.bot.assistance import band, table
from tests.bot.assistance.table import CASED
from tests.bot.dialogue.records import LICENCE, THIN

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
"""Nine in the morning in Vietnam; the day after is a holiday."""

FILED = Sitting(
    id=1, volunteer=1, procedure=CASED.code, first_name="Hòa", prepared=cases.new(CASED), step=8, stuck=None,
    dossier="000.00.53.H26-261123-0099", recorded_at=MONDAY, follows_left=3, online=True, outcome=None, offered_to=None,
    chats=(), seconds=0, ended_at=None,
)  # fmt: skip
SERVICES = table.services().at(band.BA_DINH)


@pytest.mark.parametrize(
    ("code", "day"),
    [
        ("000.00.53.H48-261123-0099", "thứ Tư 25/11"),
        ("000.00.53.H48-261118-0099", "thứ Năm 19/11"),
        ("03706/2026/07906", "thứ Tư 25/11"),
    ],
)
def test_the_day_counts_from_when_the_code_says_it_was_filed(code: str, day: str) -> None:
    told = receipt(replace(FILED, dossier=code), SERVICES)
    assert told
    assert told.due == f"{day}/2026 (dự kiến)"
    assert told.first_name == "Hòa"


def test_nothing_is_told_before_there_is_a_code() -> None:
    assert receipt(replace(FILED, dossier=None), SERVICES) is None
    assert receipt(replace(FILED, procedure="9.999999"), SERVICES) is None


def test_what_cannot_be_counted_is_on_the_receipt() -> None:
    services = replace(SERVICES, catalogue=Catalogue.of((THIN,)))
    told = receipt(replace(FILED, procedure=THIN.code, prepared=None), services)
    assert told
    assert told.due == SEE_RECEIPT


def office(*, sample: bool) -> Office:
    hours = Hours((read_spans("7:00-11:00"),) * 5 + (read_spans("8:00-10:00"), ()))
    home = SERVICES.home
    assert home
    return Office(
        "Trung tâm Ba Đình", Kind.ONE_STOP, home, "25 Liễu Giai", hours, None, None, None, None, sample,
        MONDAY.date(), "thử",
    )  # fmt: skip


def test_a_real_office_is_named_with_its_hours_a_sample_never() -> None:
    real = receipt(FILED, replace(SERVICES, offices=Directory((office(sample=False),))))
    assert real
    assert real.place == "Trung tâm Ba Đình, 25 Liễu Giai"
    assert real.hours == "thứ Hai đến thứ Sáu, 07:00–11:00; thứ Bảy, 08:00–10:00"
    made_up = receipt(FILED, replace(SERVICES, offices=Directory((office(sample=True),))))
    assert made_up
    assert made_up.place == "bộ phận Một cửa Phường Ba Đình, TP. Hà Nội"


def test_what_no_commune_decides_is_asked_for_where_it_says() -> None:
    told = receipt(replace(FILED, procedure=LICENCE.code, prepared=None), SERVICES)
    assert told
    assert told.place == "Điểm tiếp nhận của Công an tỉnh"


def test_what_another_province_took_in_is_asked_for_there() -> None:
    told = receipt(replace(FILED, dossier="000.00.53.H48-261123-0099"), SERVICES)
    assert told
    assert told.place == "nơi ghi trên giấy hẹn, cơ quan của tỉnh Quảng Ngãi"
    merged = receipt(replace(FILED, dossier="000.00.53.H25-261123-0099"), SERVICES)
    assert merged
    assert "cũ" not in merged.place
    ministry = receipt(replace(FILED, dossier="G01.899.109-261123-0099"), SERVICES)
    assert ministry
    assert ministry.place == "bộ phận Một cửa Phường Ba Đình, TP. Hà Nội"
