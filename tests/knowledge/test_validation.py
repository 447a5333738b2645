"""``knowledge validate`` names every fault that would mislead a reader, and what ships has none."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from knowledge import events, validation
from knowledge.catalogue import shipped_path
from knowledge.catalogue_file import dump
from knowledge.events import load_events
from knowledge.procedure import (
    Channel,
    ChannelKind,
    LocalRule,
    Money,
    MoneyKind,
    Procedure,
    RequiredDocument,
    TimeLimit,
    TimeUnit,
)
from knowledge.validation import STALE_AFTER, record_faults, shared_names, validate
from tests.knowledge.records import READ_ON, record

DESK, ONLINE = ChannelKind.IN_PERSON, ChannelKind.ONLINE


def _at(where: str | None, *limits: TimeLimit) -> tuple[Channel, ...]:
    return (Channel(kind=DESK, where=where, time_limits=limits),)


def _ruled(kind: ChannelKind) -> tuple[LocalRule, ...]:
    money = (Money(kind=MoneyKind.FEE, amount=1000),)
    return (LocalRule(province="01", channel=kind, money=money, basis="Nghị quyết 1", read_on=READ_ON),)


@pytest.mark.parametrize(
    ("facts", "fault"),
    [
        ({"channels": ()}, "không có cách nộp nào"),
        ({"documents": ()}, "không có thành phần hồ sơ"),
        ({"successor": "1.000002"}, "chưa ghi ngày bãi bỏ"),
        ({"agency": "Ủy ban nhân dân cấp huyện"}, "cấp huyện"),
        ({"agency": "Uỷ ban nhân dân quận 3"}, "cấp huyện"),
        ({"channels": _at("UBND huyện Củ Chi")}, "cấp huyện"),
        ({"channels": _at("Công an quận Tây Hồ")}, "cấp huyện"),
        ({"steps": ("Nộp tại Phòng Tư pháp thị xã",)}, "cấp huyện"),
        ({"channels": (*_at("Xã"), *_at("Xã"))}, "ghi hai lần"),
        ({"channels": _at("Xã", TimeLimit(amount=3))}, "thiếu con số hoặc thiếu đơn vị"),
        ({"channels": _at("Xã", TimeLimit(unit=TimeUnit.DAY))}, "thiếu con số hoặc thiếu đơn vị"),
        ({"channels": _at("Xã", TimeLimit())}, "không nói vì sao"),
        ({"channels": _at("Xã", TimeLimit(amount=99_999_999, unit=TimeUnit.DAY))}, "dài hơn mười năm"),
        ({"local_rules": (LocalRule(province="01", basis="Nghị quyết 1", read_on=READ_ON),)}, "không đặt"),
        ({"local_rules": (LocalRule(province="01", basis="Nghị quyết 1", read_on=READ_ON),) * 2}, "ghi 2 lần"),
        ({"summary": "Thẻ\0 thư viện"}, "ký tự điều khiển"),
        ({"documents": (RequiredDocument(name="Đơn", form_url="javascript:alert(1)"),)}, "không phải trang web"),
        ({"documents": (RequiredDocument(name="Đơn"),) * 2}, "giấy tờ “Đơn” ghi 2 lần"),
        ({"channels": _at("Xã", TimeLimit(amount=1, unit=TimeUnit.DAY)), "local_rules": _ruled(ONLINE)}, "cách online"),
    ],
)
def test_a_fault_is_named_with_its_code(facts: dict[str, Any], fault: str) -> None:
    faults = list(record_faults(record("1.000001", **facts)))
    assert faults
    assert all(found.startswith("1.000001: ") for found in faults)
    assert any(fault in found for found in faults)


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"agency": "Ủy ban nhân dân cấp xã quản lý nghĩa trang"},
        {"agency": "Công an quản lý xuất nhập cảnh; Quân khu 7"},
        {"channels": (*_at("Xã"), *_at("Tỉnh"), Channel(kind=ChannelKind.POST))},
        {"channels": _at("Xã", TimeLimit(note="Giải quyết ngay"))},
        {"channels": (), "documents": (), "abolished_on": date(2026, 1, 1), "successor": "1.000002"},
        {"documents": (RequiredDocument(name="Đơn"), RequiredDocument(name="Đơn", condition="nhờ người khác"))},
        {"local_rules": _ruled(DESK)},
    ],
)
def test_what_is_sound_is_not_blamed(facts: dict[str, Any]) -> None:
    assert list(record_faults(record(**facts))) == []


def test_an_everyday_name_belongs_to_one_procedure() -> None:
    first = record("1.000001", names=("thẻ thư viện", "Thẻ  Thư viện"))
    other = record("1.000002", names=("the thu vien",))
    gone = record("1.000003", names=("thẻ thư viện",), abolished_on=date(2026, 1, 1))
    (found,) = shared_names([first, other, gone])
    assert "1.000002" in found
    assert "1.000001" in found


def _report(tmp_path: Path, records: list[Procedure], today: date = READ_ON) -> dict[str, Any]:
    path = tmp_path / "procedures.json"
    path.write_text(dump(records), encoding="utf-8")
    return validate(path, today)


def test_counts(tmp_path: Path) -> None:
    unsure = record("1.000002", field="Khác")
    unsure = unsure.model_copy(update={"source": unsure.source.model_copy(update={"verified": False})})
    report = _report(tmp_path, [record("1.000001"), unsure])
    assert (report["procedures"], report["verified"], report["unverified"]) == (2, 1, ["1.000002"])
    assert report["by_field"] == {"Khác": 1, "Thư viện": 1}
    assert report["errors"] == []


@pytest.mark.parametrize(("days", "stale"), [(0, []), (STALE_AFTER.days, []), (STALE_AFTER.days + 1, ["1.000001"])])
def test_a_record_read_long_ago_is_stale(tmp_path: Path, days: int, stale: list[str]) -> None:
    assert _report(tmp_path, [record()], READ_ON + timedelta(days=days))["stale"] == stale


def test_a_source_cannot_have_been_read_in_the_future(tmp_path: Path) -> None:
    (error,) = _report(tmp_path, [record()], READ_ON - timedelta(days=2))["errors"]
    assert error == f"1.000001: nguồn đọc ngày {READ_ON:%d/%m/%Y}, còn chưa tới"
    assert _report(tmp_path, [record()], READ_ON - timedelta(days=1))["errors"] == [], "there, it may be tomorrow"


def test_a_successor_is_in_the_catalogue(tmp_path: Path) -> None:
    gone: dict[str, Any] = {"abolished_on": date(2026, 1, 1), "channels": (), "documents": ()}
    records = [record("1.000001", successor="1.000002", **gone), record("1.000002", successor="1.000002", **gone)]
    assert _report(tmp_path, records[:1])["errors"] == ["1.000001: thủ tục thay thế 1.000002 không có trong danh mục"]
    assert _report(tmp_path, records)["errors"] == ["1.000002: thủ tục thay thế 1.000002 không có trong danh mục"]


def test_a_rule_names_a_province_of_today(tmp_path: Path) -> None:
    fee = Money(kind=MoneyKind.FEE, amount=1000)
    rules = [LocalRule(province=code, money=(fee,), basis="Nghị quyết 1", read_on=READ_ON) for code in ("01", "02")]
    (error,) = _report(tmp_path, [record(local_rules=tuple(rules))])["errors"]
    assert error == "1.000001: không có tỉnh nào mang mã “02”"


def test_variants_of_a_family_are_told_apart(tmp_path: Path) -> None:
    two = [record("1.000001", family="the"), record("1.000002", "B", family="the")]
    assert _report(tmp_path, two)["errors"] == ["1.000002: cùng là thủ tục gốc của nhóm “the” với 1.000001"]
    two = [record("1.000001", family="the", variant="lại"), record("1.000002", "B", family="the", variant="lại")]
    assert _report(tmp_path, two)["errors"] == ["1.000002: cùng là biến thể “lại” của nhóm “the” với 1.000001"]
    (error,) = _report(tmp_path, [record(variant="lại")])["errors"]
    assert "không thuộc nhóm thủ tục nào" in error
    gone = record("1.000002", "B", family="the", abolished_on=date(2026, 1, 1))
    assert _report(tmp_path, [record("1.000001", family="the"), gone])["errors"] == []


def test_all_faults_are_told_at_once_and_the_others_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "procedures.json"
    rows = json.loads(dump([record("1.000001"), record("1.000002", "B", documents=()), record("1.000003", "C")]))
    rows["procedures"][0]["prior"] = "0.5"
    rows["procedures"][2]["channels"][0]["money"][0]["amount"] = 10**12
    path.write_text(json.dumps(rows), encoding="utf-8")
    report = validate(path, READ_ON)
    assert report["procedures"] == 2
    assert report["errors"] == [
        'procedures.json: thủ tục thứ 1 (1.000001), mục prior: cần là số (đang là "0.5")',
        "1.000002: không có thành phần hồ sơ",
        "1.000003: khoản tiền 1000000000000 (in_person): lớn hơn một tỷ đồng, có lẽ ghi thừa số 0",
    ]


def test_an_empty_catalogue_is_no_catalogue(tmp_path: Path) -> None:
    assert _report(tmp_path, [])["errors"] == ["procedures.json: không có thủ tục nào"]


def test_a_spoilt_file_is_one_error_and_the_report_keeps_its_shape(tmp_path: Path) -> None:
    path = tmp_path / "procedures.json"
    path.write_text("{", encoding="utf-8")
    report = validate(path)
    assert report.keys() == _report(tmp_path, []).keys()
    assert report["procedures"] == 0
    assert len(report["errors"]) == 1


def test_what_ships_has_no_fault() -> None:
    report = validate(shipped_path())
    assert report["errors"] == []
    assert report["procedures"] >= 80
    assert report["phrases"] > 10_000


def test_a_life_event_with_a_procedure_that_is_gone_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = tmp_path / "events.json"
    step = {"code": "9.999999", "name": "Không có"}
    event = {
        "id": "thu",
        "name": "Thử",
        "phrases": ["thử"],
        "first": "thử.",
        "stages": [{"title": "Một", "steps": [step]}],
    }
    path.write_text(json.dumps({"events": [event]}), encoding="utf-8")
    monkeypatch.setattr(events, "load_events", lambda: load_events(path))
    monkeypatch.setattr(validation, "record_faults", lambda _: ())
    assert validate(shipped_path())["errors"] == ["sự kiện thu: không có thủ tục 9.999999"]
    path.write_text("{", encoding="utf-8")
    assert ["events.json" in error for error in validate(shipped_path())["errors"]] == [True]
