"""What no record can mean is named in words; what is merely large or long is left alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from knowledge.plausibility import GREATEST_SUM, LEAST_SUM, MOST_SHEETS, implausible
from knowledge.procedure import (
    CaseChoice,
    CaseQuestion,
    Channel,
    ChannelKind,
    LocalRule,
    Money,
    MoneyKind,
    Procedure,
    RequiredDocument,
)
from tests.knowledge.records import READ_ON, record


def _charged(**sum_: Any) -> dict[str, Any]:
    return {"channels": (Channel(kind=ChannelKind.ONLINE, money=(Money(kind=MoneyKind.FEE, **sum_),)),)}


def _ruled(**sum_: Any) -> dict[str, Any]:
    money = (Money(kind=MoneyKind.FEE, **sum_),)
    return {"local_rules": (LocalRule(province="01", money=money, basis="Nghị quyết 1", read_on=READ_ON),)}


def _asked(text: str, choice: str = "Có") -> dict[str, Any]:
    choices = (CaseChoice(id="yes", text=choice), CaseChoice(id="no", text="Không"))
    return {"questions": (CaseQuestion(id="who", text=text, choices=choices),)}


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        (_charged(amount=10**12), "khoản tiền 1000000000000 (online): lớn hơn một tỷ đồng, có lẽ ghi thừa số 0"),
        (_charged(amount=8), "khoản tiền 8 (online): nhỏ hơn 100 đồng, có lẽ ghi thiếu số 0"),
        (
            _charged(amount=8000, from_unit=5, to_unit=2),
            "khoản tiền 8000 (online): tính từ đơn vị thứ 5 mà chỉ đến thứ 2",
        ),
        (_ruled(amount=10**10), "khoản tiền 10000000000 (tỉnh 01): lớn hơn một tỷ đồng, có lẽ ghi thừa số 0"),
        (_ruled(amount=900, from_unit=3, to_unit=1), "khoản tiền 900 (tỉnh 01): tính từ đơn vị thứ 3 mà chỉ đến thứ 1"),
        ({"documents": (RequiredDocument(name="Đơn", copies=100),)}, "giấy tờ “Đơn”: cần hơn 99 bản, xin xem lại"),
        (
            {"in_force_since": date(2026, 5, 1), "abolished_on": date(2026, 4, 30)},
            "bãi bỏ từ 30/04/2026, trước ngày có hiệu lực 01/05/2026",
        ),
        ({"name": "Cấp thẻ\nbạn đọc"}, "Tên thủ tục: xuống dòng giữa chừng"),
        ({"name": "\u200b"}, "Tên thủ tục: có ký tự điều khiển hoặc ký tự không nhìn thấy trong chữ"),
        ({"names": ("thẻ", "th\u202eẻ")}, "Tên thường gọi 2: có ký tự điều khiển hoặc ký tự không nhìn thấy trong chữ"),
        ({"summary": "Thẻ \ufffd"}, "Tóm tắt: có chữ bị hỏng (\ufffd)"),
        ({"name": "x" * 2001}, "Tên thủ tục: dài quá 2000 chữ cái"),
        ({"documents": (RequiredDocument(name="x" * 2001),)}, "Giấy tờ 1 › Tên giấy tờ: dài quá 2000 chữ cái"),
        ({"steps": ("Nộp", "x" * 20_001)}, "Các bước 2: dài quá 20000 chữ cái"),
        (_asked("x" * 501), "Câu hỏi 1 › Câu hỏi: dài quá 500 chữ cái"),
        (_asked("Ai?", "x" * 501), "Câu hỏi 1 › Lựa chọn 1 › Lựa chọn: dài quá 500 chữ cái"),
    ],
)
def test_a_slip_of_the_pen_is_named_with_its_place(facts: dict[str, Any], fault: str) -> None:
    assert list(implausible(record(**facts))) == [fault]


@pytest.mark.parametrize(
    "sound",
    [
        record(name="Thủ tục " * 50, names=("đ" * 400,), summary="Dòng một\nDòng hai\tba"),
        record(**_charged(amount=0)),
        record(**_charged(amount=None)),
        record(**_charged(amount=LEAST_SUM)),
        record(**_charged(amount=GREATEST_SUM)),
        record(**_asked("x" * 500, "y" * 500)),
        record(documents=(RequiredDocument(name="Đơn", copies=MOST_SHEETS, originals=MOST_SHEETS),)),
        record(in_force_since=date(2026, 5, 1), abolished_on=date(2026, 5, 1)),
        record(steps=("x" * 20_000,)),
    ],
    ids=range(9),
)
def test_what_is_only_large_is_not_blamed(sound: Procedure) -> None:
    assert list(implausible(sound)) == []
