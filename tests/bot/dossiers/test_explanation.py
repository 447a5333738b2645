from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dossiers.explanation import MEANS, NEXT, explained, masked, told, working_days
from bot.dossiers.report import VIETNAM, Payment, Report, Step
from bot.dossiers.status import Status

NOW = datetime(2026, 11, 18, 9, 30, tzinfo=VIETNAM)  # a Wednesday


def weekday(day: date) -> bool:
    return day.weekday() < 5


def at(day: int, month: int = 11) -> datetime:
    return datetime(2026, month, day, 16, tzinfo=VIETNAM)


REPORT = Report(
    code="000.00.53.H48-261102-0099",
    source="Cổng dịch vụ công tỉnh <Quảng Ngãi>",
    read_at=datetime(2026, 11, 18, 2, 15, tzinfo=VIETNAM),
    status=Status.PROCESSING,
    status_text="Lê Thị Bình đang thụ lý",
    procedure_name="Thủ tục đăng ký khai sinh",
    received=at(2),
    due=at(24),
    agency="Phòng Tư pháp",
    owner="Nguyễn Văn An",
    missing=("Giấy chứng sinh",),
    money=(Payment("Lệ phí", 8000, False), Payment("Phí bản sao")),
    steps=tuple(Step(at(day), f"Bước {day}", "Phòng Tư pháp", "Lê Thị Bình") for day in range(2, 10)),
    note="Gọi số 5",
)


def test_a_running_dossier() -> None:
    body = told(REPORT, NOW, True, weekday)
    assert "<b>Đang xử lý (nguồn ghi: “Lê Thị Bình đang thụ lý”)</b>" in body
    assert "Ngày hẹn trả: 24/11/2026 (còn 4 ngày làm việc)." in body
    assert "• Giấy chứng sinh" in body
    assert "• Lệ phí: 8.000 đồng, chưa nộp" in body
    assert "• Phí bản sao: nguồn không ghi số tiền" in body
    assert "• và 2 bước trước đó" in body
    assert "• 9/11/2026: Bước 9 (Lê Thị Bình, Phòng Tư pháp)" in body
    assert "Nguồn: Cổng dịch vụ công tỉnh &lt;Quảng Ngãi&gt;, đọc lúc 02:15 ngày 18/11/2026." in body
    assert "Nguyễn V*** A***" in body
    assert "Văn An" not in body


def test_nobody_is_told_to_sit_and_wait_while_something_is_missing_or_late() -> None:
    for status in (Status.RECEIVED, Status.PROCESSING):
        fine = replace(REPORT, status=status, missing=())
        missing, late = told(replace(REPORT, status=status), NOW, False, weekday), replace(fine, due=at(3))
        assert NEXT[status] in told(fine, NOW, True, weekday)
        assert NEXT[status] not in missing
        assert "còn thiếu giấy tờ. Anh/chị hỏi nơi nhận hồ sơ" in missing
        for promised in (None, at(24)):
            body = told(replace(late, new_due=promised), NOW, True, weekday)
            assert NEXT[status] not in body
            assert "quá ngày hẹn 3/11/2026" in body
        assert NEXT[status] in told(replace(fine, due=at(18)), NOW, True, weekday), "nobody is late on the day"


def test_without_a_proof_only_the_coarse_status() -> None:
    late = replace(REPORT, due=at(3))
    for report in (REPORT, late, replace(REPORT, status=None)):
        body = told(report, NOW, False, weekday)
        for secret in ("Bình", "Nguyễn", "chứng sinh", "khai sinh", "8.000", "Bước", "Tư pháp", "Gọi số 5"):
            assert secret not in body
        assert "đọc lúc 02:15" in body


def test_when_it_is_done_the_applicant_is_told_whose_it_was() -> None:
    done = replace(REPORT, status=Status.DONE)
    assert "Cơ quan giải quyết: Phòng Tư pháp." in told(done, NOW, True, weekday)
    assert "Tư pháp" not in told(done, NOW, False, weekday)


def test_late_is_an_apology_with_the_new_date_and_whom_to_ask() -> None:
    body = told(replace(REPORT, due=at(13), new_due=at(20)), NOW, True, weekday)
    assert "Xin lỗi anh/chị: hồ sơ đã quá ngày hẹn 13/11/2026, chậm 3 ngày làm việc" in body
    assert "Cơ quan hẹn lại ngày 20/11/2026 (còn 2 ngày làm việc)." in body
    assert "hỏi Phòng Tư pháp" in body
    assert "18001096" in body


@pytest.mark.parametrize(
    ("new_due", "said"), [(None, "Nguồn chưa ghi ngày hẹn mới."), (at(16), "Ngày hẹn mới: 16/11/2026.")]
)
def test_late_without_a_date_to_come_names_what_the_office_owes(new_due: datetime | None, said: str) -> None:
    body = told(replace(REPORT, due=at(13), new_due=new_due), NOW, True, weekday)
    assert "văn bản xin lỗi, ghi rõ lý do và ngày hẹn mới" in body
    assert said in body


def test_the_day_itself_is_not_late() -> None:
    body = told(replace(REPORT, due=at(18)), NOW, True, weekday)
    assert "(hẹn trả hôm nay)" in body
    assert "Xin lỗi" not in body


@pytest.mark.parametrize("status", [Status.SUPPLEMENT, Status.PAYMENT, Status.STOPPED])
def test_a_stopped_clock_is_never_late(status: Status) -> None:
    body = told(replace(REPORT, status=status, due=at(3), supply_by=at(27)), NOW, True, weekday)
    assert "Thời hạn đang tạm dừng nên ngày hẹn 3/11/2026 có thể lùi lại." in body
    assert "Xin lỗi" not in body
    assert ("trước hết ngày 27/11/2026" in body) is (status is not Status.STOPPED)


def test_done_while_papers_are_missing_says_both() -> None:
    body = told(replace(REPORT, status=Status.DONE), NOW, False, weekday)
    assert "vẫn ghi hồ sơ còn thiếu giấy tờ" in body
    assert "vẫn ghi" not in told(replace(REPORT, status=Status.DONE, missing=()), NOW, False, weekday)


def test_words_that_are_no_status_are_not_guessed() -> None:
    body = told(replace(REPORT, status=None), NOW, True, weekday)
    assert "không dám đoán" in body
    assert "còn 4 ngày" not in body


def test_what_was_read_before_says_so() -> None:
    assert "lần trước" in told(replace(REPORT, fresh=False), NOW, False, weekday)
    assert "lần trước" not in told(REPORT, NOW, False, weekday)


@pytest.mark.parametrize("status", Status)
def test_each_status_is_explained(status: Status) -> None:
    body = explained(status)
    assert status.official in body
    assert MEANS[status] in body
    assert NEXT[status] in body


def test_working_days_are_counted_after_the_first_day() -> None:
    assert working_days(date(2026, 11, 20), date(2026, 11, 23), weekday) == 1
    assert working_days(date(2026, 11, 20), date(2026, 11, 20), weekday) == 0
    assert working_days(date(2026, 11, 20), date(9999, 12, 31), weekday) is None


@pytest.mark.parametrize(
    ("name", "shown"), [("Nguyễn Văn An", "Nguyễn V*** A***"), ("An", "A***"), (" Y  Moan ", "Y M***"), ("", "***")]
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert masked(name) == shown


@given(
    st.builds(
        Report,
        code=st.text(max_size=30),
        source=st.text(max_size=30),
        read_at=st.just(NOW),
        status=st.none() | st.sampled_from(Status),
        status_text=st.text(max_size=300),
        due=st.none() | st.datetimes(datetime(2000, 1, 2), datetime(9999, 12, 30)),
        new_due=st.none() | st.datetimes(datetime(2000, 1, 2), datetime(9999, 12, 30)),
        missing=st.lists(st.text(max_size=20), max_size=20).map(tuple),
        note=st.text(max_size=30),
        owner=st.text(max_size=30),
    ),
    st.booleans(),
)
def test_whatever_a_source_says_can_be_told(report: Report, full: bool) -> None:
    body = told(report, NOW + timedelta(hours=1), full, weekday)
    assert body.count("<b>") == body.count("</b>")
    assert "đọc lúc 09:30" in body
