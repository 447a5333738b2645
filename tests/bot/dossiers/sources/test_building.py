from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dossiers.report import Step
from bot.dossiers.sources.building import distinct, in_order, spoken, usual
from bot.dossiers.status import Status
from tests.bot.dossiers.sources.doubles import NOW


@pytest.mark.parametrize(
    ("said", "status", "kept"),
    [
        ("4", Status.PROCESSING, ""),
        (10, Status.RETURNED, ""),
        ("09", Status.DONE, ""),
        ("0", None, "0"),
        ("11", None, "11"),
        ("9" * 50, None, "9" * 50),
        (True, None, ""),
        (["4"], None, ""),
        (None, None, ""),
        ("Đang xử lý", Status.PROCESSING, "Đang xử lý"),
        ("Chờ bổ sung", Status.SUPPLEMENT, "Chờ bổ sung"),
        ("Từ chối tiếp nhận", Status.REFUSED, "Từ chối tiếp nhận"),
        ("Có kết quả", Status.DONE, "Có kết quả"),
        ("Chuyển văn thư vào sổ theo dõi nội bộ", None, "Chuyển văn thư vào sổ theo dõi nội bộ"),
        ("²", None, "²"),
        *(
            (said, None, said)
            for said in (
                "Chưa trả kết quả",
                "Chưa nhận kết quả",
                "Yêu cầu bổ sung đã hoàn thành",
                "Đã thực hiện nghĩa vụ tài chính",
                "Hủy yêu cầu bổ sung",
                "Đã trả kết quả một phần",
                "Đã trả kết quả cho bộ phận một cửa",
                "Đã trả kết quả về một cửa",
                "Chờ tiếp nhận bổ sung",
            )
        ),
    ],
)
def test_a_state_is_read_as_one_of_the_ten_only_when_it_plainly_is(
    said: object, status: Status | None, kept: str
) -> None:
    assert usual().status(said) == (status, kept)


@pytest.mark.parametrize("status", Status)
def test_official_names_are_understood(status: Status) -> None:
    assert spoken(status.official) is status


@given(st.lists(st.none() | st.integers(-100, 100), max_size=60))
def test_steps_are_ordered_by_time_and_the_newest_kept(hours: list[int | None]) -> None:
    steps = [
        Step(None if hour is None else NOW + timedelta(hours=hour), str(index)) for index, hour in enumerate(hours)
    ]
    ordered = in_order(steps)
    times = [step.at for step in ordered if step.at]
    assert times == sorted(times)
    assert len(ordered) == min(len(steps), 50)
    if times:
        assert max(times) == max(step.at for step in steps if step.at)


def test_a_step_without_a_time_stays_behind_its_neighbour() -> None:
    late, early, after = Step(NOW, "muộn"), Step(NOW - timedelta(days=1), "sớm"), Step(None, "sau đó")
    assert in_order([late, early, after]) == (early, after, late)


def test_lines_are_told_once() -> None:
    assert distinct(["a", "", "b", "a"]) == ("a", "b")
