from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.calendar import (
    CHANGES,
    CLOCK_HOURS,
    OFFICE_HOURS,
    Calendar,
    Changes,
    Hours,
    load_changes,
    local,
    now,
    read_spans,
)
from knowledge.errors import CalendarError
from knowledge.procedure import ChannelKind, TimeUnit

CALENDAR = Calendar()
SHORT = Calendar(Hours((read_spans("8:00-12:00"),) * 4 + (read_spans("9-11"), read_spans("7:30-11:30"), ())))
ONLINE, IN_PERSON, POST = ChannelKind.ONLINE, ChannelKind.IN_PERSON, ChannelKind.POST
MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2033, 12, 31))
CHANNELS = st.sampled_from(ChannelKind)
CALENDARS = st.sampled_from([CALENDAR, SHORT])
UNITS = st.sampled_from(TimeUnit)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def worked(calendar: Calendar, moment: datetime) -> bool:
    return any(first <= moment <= last for first, last in calendar.work_spans(moment.date()))


@pytest.mark.parametrize(
    ("day", "working"),
    [
        ("2026-11-23", True),
        ("2026-11-24", False),  # Day of Vietnamese Culture
        ("2026-11-22", False),
        ("2026-02-17", False),  # Tết
        ("2026-04-27", False),  # in compensation for a holiday on Sunday
        ("2026-08-31", False),  # exchanged
        ("2026-08-22", True),  # for this Saturday
        ("2025-05-02", False),
    ],
)
def test_working_days(day: str, working: bool) -> None:
    assert CALENDAR.is_working(date.fromisoformat(day)) is working


def test_holidays_have_names_and_weekends_have_none() -> None:
    assert CALENDAR.holiday_name(date(2026, 11, 24)) == "Ngày Văn hóa Việt Nam"
    assert CALENDAR.holiday_name(date(2026, 4, 27)) == "Ngày Giỗ Tổ Hùng Vương (nghỉ bù)"
    assert CALENDAR.holiday_name(date(2026, 11, 22)) is None
    assert CALENDAR.holiday_name(date(2026, 8, 22)) is None


def test_changes_add_holidays_and_worked_days() -> None:
    calendar = Calendar(changes=Changes(off=((date(2027, 2, 11), "Nghỉ Tết"),), worked=(date(2027, 2, 20),)))
    assert calendar.holiday_name(date(2027, 2, 11)) == "Nghỉ Tết"
    assert not calendar.is_working(date(2027, 2, 11))
    assert calendar.is_working(date(2027, 2, 20))
    assert calendar.keeping(SHORT.hours).is_working(date(2027, 2, 20))


def test_saturday_worked_in_exchange_has_the_hours_of_a_weekday() -> None:
    assert CALENDAR.is_open(at("2026-08-22T08:00"))
    assert not CALENDAR.is_open(at("2026-08-15T08:00"))


def test_shipped_changes_are_readable() -> None:
    load_changes(CHANGES)


def test_changes_are_read(tmp_path: Path) -> None:
    path = tmp_path / "days.tsv"
    path.write_text("# ghi chú\n\n2027-02-11\tnghỉ\tNghỉ Tết\n2027-02-20\tlàm\tLàm bù\n", encoding="utf-8")
    assert load_changes(path) == Changes(((date(2027, 2, 11), "Nghỉ Tết"),), (date(2027, 2, 20),))


@pytest.mark.parametrize("line", ["2027-02-31\tnghỉ\tA", "2027-02-11\tA", "2027-02-11\tngủ\tA", "2027-02-11\tnghỉ\t "])
def test_malformed_change_is_named_by_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "days.tsv"
    path.write_text(f"# ghi chú\n{line}\n", encoding="utf-8")
    with pytest.raises(CalendarError, match=r"days\.tsv, dòng 2"):
        load_changes(path)


def test_missing_changes_are_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(CalendarError, match="Không đọc được"):
        load_changes(tmp_path / "none.tsv")


@pytest.mark.parametrize(
    ("moment", "channel", "expected"),
    [
        ("2026-11-22T10:00", ONLINE, "2026-11-23T07:30"),
        ("2026-11-23T17:01", ONLINE, "2026-11-25T07:30"),
        ("2026-11-23T10:15", ONLINE, "2026-11-23T10:15"),
        ("2026-11-23T12:00", ONLINE, "2026-11-23T13:30"),
        ("2026-11-23T06:00", IN_PERSON, "2026-11-23T07:30"),
        ("2026-11-24T09:00", POST, "2026-11-25T07:30"),
        ("2026-11-23T17:00", IN_PERSON, "2026-11-23T17:00"),
    ],
)
def test_received(moment: str, channel: ChannelKind, expected: str) -> None:
    assert CALENDAR.received(at(moment), channel) == at(expected)


def test_counter_open_on_saturday_receives_but_does_not_make_a_working_day() -> None:
    saturday = at("2026-11-28T09:00")
    assert SHORT.received(saturday, IN_PERSON) == saturday
    assert SHORT.received(saturday, ONLINE) == at("2026-11-30T08:00")
    assert SHORT.due(saturday, 1, TimeUnit.WORKING_DAY) == at("2026-11-30T12:00")


def test_sunday_online_three_working_days_over_a_holiday() -> None:
    received = CALENDAR.received(at("2026-11-22T20:00"), ONLINE)
    assert CALENDAR.due(received, 3, TimeUnit.WORKING_DAY) == at("2026-11-27T17:00")


@pytest.mark.parametrize(
    ("received", "amount", "unit", "expected"),
    [
        ("2026-11-23T09:00", 1, TimeUnit.WORKING_DAY, "2026-11-25T17:00"),
        ("2026-02-13T09:00", 5, TimeUnit.WORKING_DAY, "2026-02-27T17:00"),  # over Tết
        ("2026-11-23T09:00", 10, TimeUnit.DAY, "2026-12-03T17:00"),
        ("2026-11-23T09:00", 1, TimeUnit.DAY, "2026-11-25T17:00"),
        ("2026-11-20T09:00", 2, TimeUnit.DAY, "2026-11-23T17:00"),
        ("2028-01-31T09:00", 1, TimeUnit.MONTH, "2028-02-29T17:00"),
        ("2026-12-30T09:00", 2, TimeUnit.MONTH, "2027-03-01T17:00"),
        ("2026-11-25T09:00", 4, TimeUnit.HOUR, "2026-11-25T15:00"),
        ("2026-11-25T09:00", 8, TimeUnit.HOUR, "2026-11-26T09:00"),
        ("2026-11-27T16:00", 8, TimeUnit.HOUR, "2026-11-30T16:00"),
        ("2026-11-25T09:00", 16, TimeUnit.HOUR, "2026-11-27T09:00"),
        ("2026-11-25T09:00", 24, TimeUnit.HOUR, "2026-11-26T09:00"),
        ("2026-11-27T16:00", 24, TimeUnit.HOUR, "2026-11-30T07:30"),
        ("2026-11-23T09:00", 24, TimeUnit.HOUR, "2026-11-25T07:30"),
        ("2026-11-25T14:59", 0, TimeUnit.WORKING_DAY, "2026-11-25T17:00"),
        ("2026-11-25T15:00", 0, TimeUnit.DAY, "2026-11-25T17:00"),
        ("2026-11-25T15:01", 0, TimeUnit.HOUR, "2026-11-26T17:00"),
        ("2026-11-27T15:01", 0, TimeUnit.WORKING_DAY, "2026-11-30T17:00"),
    ],
)
def test_due(received: str, amount: int, unit: TimeUnit, expected: str) -> None:
    assert CALENDAR.due(at(received), amount, unit) == at(expected)


def test_aware_moments_are_converted() -> None:
    assert local(datetime(2026, 11, 22, 20, tzinfo=UTC)) == at("2026-11-23T03:00")
    evening = datetime(2026, 11, 25, 10, 30, tzinfo=UTC)
    assert CALENDAR.received(evening, ONLINE) == at("2026-11-26T07:30")
    assert now().tzinfo is None


def test_negative_term_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        CALENDAR.due(at("2026-11-25T09:00"), -1, TimeUnit.DAY)


@pytest.mark.parametrize("unit", [TimeUnit.DAY, TimeUnit.MONTH, TimeUnit.HOUR])
def test_term_beyond_all_time_is_refused_in_words(unit: TimeUnit) -> None:
    with pytest.raises(CalendarError, match="quá dài"):
        CALENDAR.due(at("2026-11-25T09:00"), 10**8, unit)


def test_office_that_never_opens_is_refused() -> None:
    with pytest.raises(CalendarError, match="ít nhất một ngày"):
        Calendar(Hours(((),) * 7))


@pytest.mark.parametrize("text", ["7:30-11:30, 13:30-17:00", "7h30 - 11h30; 13h30-17h", "7.30–11.30,13:30-17"])
def test_spans_as_people_write_them(text: str) -> None:
    assert read_spans(text) == OFFICE_HOURS.week[0]


@pytest.mark.parametrize("text", ["sáng", "11:30-7:30", "7:30", "25-26", "7:30-11:30, 11:00-12:00", "7:61-8:00"])
def test_spans_that_make_no_sense(text: str) -> None:
    with pytest.raises(CalendarError, match="không hiểu giờ"):
        read_spans(text)


@pytest.mark.parametrize("text", ["nghỉ", "", " - "])
def test_closed(text: str) -> None:
    assert read_spans(text) == ()


@given(st.text(max_size=40))
def test_any_text_gives_spans_in_order_or_an_error_in_words(text: str) -> None:
    try:
        spans = read_spans(text)
    except CalendarError:
        return
    assert all(first < last for first, last in spans)
    assert list(spans) == sorted(spans)


@given(CALENDARS, MOMENTS, CHANNELS)
def test_received_is_never_earlier_and_stays_when_received_again(
    calendar: Calendar, moment: datetime, channel: ChannelKind
) -> None:
    received = calendar.received(moment, channel)
    assert received >= moment
    assert calendar.received(received, channel) == received
    if channel is not IN_PERSON:
        assert worked(calendar, received)


@given(CALENDARS, MOMENTS, CHANNELS, st.integers(0, 200), UNITS)
@settings(max_examples=200, deadline=None)
def test_due_is_after_receipt_and_a_moment_of_work(
    calendar: Calendar, moment: datetime, channel: ChannelKind, amount: int, unit: TimeUnit
) -> None:
    received = calendar.received(moment, channel)
    due = calendar.due(received, amount, unit)
    assert due > received or (amount == 0 and due == received)
    assert worked(calendar, due)


@given(CALENDARS, MOMENTS, st.integers(1, 120), UNITS)
@settings(max_examples=200, deadline=None)
def test_a_longer_term_never_ends_earlier(calendar: Calendar, moment: datetime, amount: int, unit: TimeUnit) -> None:
    if unit is TimeUnit.HOUR and amount + 1 == CLOCK_HOURS:
        return
    received = calendar.received(moment, ONLINE)
    assert calendar.due(received, amount, unit) <= calendar.due(received, amount + 1, unit)


@given(MOMENTS, st.timedeltas(timedelta(), timedelta(days=30)), st.integers(0, 60), UNITS)
@settings(max_examples=200, deadline=None)
def test_who_comes_later_is_not_done_earlier(moment: datetime, later: timedelta, amount: int, unit: TimeUnit) -> None:
    first, second = (CALENDAR.received(each, ONLINE) for each in (moment, moment + later))
    assert CALENDAR.due(first, amount, unit) <= CALENDAR.due(second, amount, unit)


@given(MOMENTS, st.integers(1, 60))
@settings(deadline=None)
def test_working_days_between_receipt_and_end_are_as_many_as_the_term_says(moment: datetime, amount: int) -> None:
    received = CALENDAR.received(moment, ONLINE)
    due = CALENDAR.due(received, amount, TimeUnit.WORKING_DAY)
    days = (received.date() + timedelta(days=n) for n in range(1, (due.date() - received.date()).days + 1))
    assert sum(CALENDAR.is_working(day) for day in days) == amount
    assert due.time() == time(17)
