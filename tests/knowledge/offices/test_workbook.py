from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from knowledge.calendar import OFFICE_HOURS
from knowledge.cli import main
from knowledge.errors import OfficesError
from knowledge.offices.office import COLUMNS, Kind
from knowledge.offices.row import CellError, Row
from knowledge.offices.sample import load_samples, sample_rows
from knowledge.offices.template import write_template
from knowledge.offices.workbook import load_offices
from knowledge.places import Finder, load_gazetteer

TODAY = date(2026, 11, 22)
GOOD: dict[str, Any] = {
    "name": "Trung tâm Phục vụ hành chính công phường Yên Nghĩa",
    "kind": "Một cửa",
    "commune": "Phường Yên Nghĩa",
    "province": "Hà Nội",
    "address": "Số 1 đường A",
    **{f"day{number}": "7:30-11:30, 13:30-17:00" for number in range(5)},
    "day5": "nghỉ",
    "phone": "024 3822 1234",
    "map_url": "https://example.org/a",
    "latitude": 20.95,
    "longitude": "105,74",
    "sample": "không",
    "read_on": datetime(2026, 11, 20),
    "source": "Gọi điện hỏi",
}


@cache
def finder() -> Finder:
    return Finder(load_gazetteer())


def book(path: Path, *rows: dict[str, Any], headings: list[str] | None = None) -> Path:
    made = Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.append(headings or [column.heading for column in COLUMNS.values()])
    for row in rows:
        sheet.append([row.get(name) for name in COLUMNS])
    made.save(path)
    return path


def cell(name: str, row: int = 2) -> str:
    return f"ô {chr(ord('A') + list(COLUMNS).index(name))}{row}"


def faults(path: Path) -> list[str]:
    with pytest.raises(OfficesError) as caught:
        load_offices(path, finder(), TODAY)
    return str(caught.value).splitlines()


def test_good_row(tmp_path: Path) -> None:
    (office,) = load_offices(book(tmp_path / "a.xlsx", GOOD, {}), finder(), TODAY)
    assert office.commune.full == "Phường Yên Nghĩa, TP. Hà Nội"
    assert (office.kind, office.hours, office.sample) == (Kind.ONE_STOP, OFFICE_HOURS, False)
    assert (office.latitude, office.longitude, office.read_on) == (20.95, 105.74, date(2026, 11, 20))
    assert office.phone == "024 3822 1234"


def test_code_alone_names_the_commune_and_may_have_lost_its_zeros(tmp_path: Path) -> None:
    row = GOOD | {"code": 4, "commune": None, "province": None, "latitude": None, "longitude": None}
    (office,) = load_offices(book(tmp_path / "a.xlsx", row), finder(), TODAY)
    assert office.commune.full == "Phường Ba Đình, TP. Hà Nội"


def test_hours_nobody_knows_stay_unknown(tmp_path: Path) -> None:
    row = GOOD | {f"day{number}": None for number in range(7)}
    (office,) = load_offices(book(tmp_path / "a.xlsx", row), finder(), TODAY)
    assert office.hours is None


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("name", None, "thiếu “Tên nơi nộp”"),
        ("name", "a" * 301, "dài quá"),
        ("kind", "Ngân hàng", "chọn một trong: Một cửa, Bưu chính"),
        ("code", "99999", "không có mã xã"),
        ("code", "00004", "mã 00004 là Phường Ba Đình, TP. Hà Nội, không phải “Phường Yên Nghĩa”"),
        ("commune", "Phường Không Có", "không rõ"),
        ("commune", "Phường Bến Nghé", "không rõ"),
        ("commune", None, "thiếu mã xã"),
        ("province", None, "cần cả tên tỉnh"),
        ("day0", "sáng", "không hiểu giờ “sáng”"),
        ("day2", "=1+1", "công thức"),
        ("address", '=HYPERLINK("http://a")', "công thức"),
        ("phone", 2438221234, "số 0 đầu"),
        ("phone", "gọi tôi", "số điện thoại"),
        ("map_url", "javascript:alert(1)", "http://"),
        ("latitude", 105.74, "Việt Nam"),
        ("latitude", "bắc", "phải là số"),
        ("longitude", None, "cần cả vĩ độ và kinh độ"),
        ("latitude", 10.7, "hơn 60 km"),
        ("sample", "x", "“có” hoặc “không”"),
        ("sample", None, "thiếu “Dữ liệu mẫu”"),
        ("read_on", "hôm qua", "không hiểu ngày"),
        ("read_on", "31/2/2026", "không hiểu ngày"),
        ("read_on", "23/11/2026", "tương lai"),
    ],
)
def test_fault_is_named_by_its_cell(tmp_path: Path, column: str, value: object, said: str) -> None:
    found = faults(book(tmp_path / "a.xlsx", GOOD | {column: value}))
    assert len(found) == 1
    where = {"longitude": "latitude", "code": "code" if value == "99999" else "commune"}.get(column, column)
    where = "code" if column == "commune" and value is None else where
    assert found[0].startswith(f"{cell(where)}: ")
    assert said in found[0]


def test_all_faults_at_once(tmp_path: Path) -> None:
    found = faults(book(tmp_path / "a.xlsx", GOOD | {"name": None, "phone": "x"}, GOOD, GOOD | {"kind": "x"}))
    assert [line.split(":")[0] for line in found] == [cell("name"), cell("phone"), cell("kind", 4)]


def test_row_that_stands_twice(tmp_path: Path) -> None:
    assert faults(book(tmp_path / "a.xlsx", GOOD, GOOD)) == [f"{cell('name', 3)}: trùng với dòng 2"]


def test_endless_faults_are_cut(tmp_path: Path) -> None:
    found = faults(book(tmp_path / "a.xlsx", *[{"name": "a"}] * 60))
    assert len(found) == 101
    assert "lỗi khác" in found[-1]


def test_missing_columns_are_named(tmp_path: Path) -> None:
    (said,) = faults(book(tmp_path / "a.xlsx", GOOD, headings=["Tên nơi nộp", "Loại"]))
    assert "thiếu cột: Địa chỉ" in said


def test_empty_sheet(tmp_path: Path) -> None:
    assert faults(book(tmp_path / "a.xlsx")) == ["a.xlsx: không có dòng nào"]


def macro(path: Path) -> None:
    book(path, GOOD)
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")


def bomb(path: Path) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        for number in range(9):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b" " * 10**7)


def entities(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a>&b;</a>')


def other_zip(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("a.txt", "a")


def hollow(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (macro, "macro"),
        (bomb, "giải nén quá lớn"),
        (entities, "không an toàn"),
        (other_zip, "không phải tệp Excel"),
        (hollow, "hỏng"),
        (lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 600), "có mật khẩu"),
        (lambda path: path.write_bytes(b"x" * (8 * 2**20 + 1)), "lớn quá 8 MB"),
        (lambda path: path.mkdir(), "không mở được"),
        (lambda path: None, "không có tệp này"),
    ],
)
def test_dangerous_or_broken_file_is_refused_in_words(tmp_path: Path, make: Callable[[Path], Any], said: str) -> None:
    path = tmp_path / "a.xlsx"
    make(path)
    (found,) = faults(path)
    assert said in found


@pytest.mark.parametrize("name", ["a.xlsm", "a.xls", "a.csv"])
def test_other_kinds_of_file_are_refused(tmp_path: Path, name: str) -> None:
    assert "cần tệp Excel .xlsx" in faults(tmp_path / name)[0]


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.offices.workbook.MOST_ROWS", 2)
    assert faults(book(tmp_path / "a.xlsx", GOOD, GOOD | {"kind": "Bưu chính"}, GOOD)) == ["a.xlsx: nhiều quá 2 dòng"]


@given(st.sampled_from(sorted(COLUMNS)), st.one_of(st.text(max_size=40), st.floats(), st.integers(), st.booleans()))
@settings(deadline=None)
def test_any_cell_gives_an_office_or_faults(column: str, value: object) -> None:
    row = Row(GOOD | {column: value}, {name: name for name in COLUMNS}, finder(), TODAY)
    assert (row.office() is None) == bool(row.faults)


def test_samples_are_marked_and_of_one_province() -> None:
    samples = load_samples(finder())
    assert len({office.commune.province.code for office in samples}) == 1
    assert all(office.sample and "MẪU" in office.name and "MẪU" in office.address for office in samples)
    assert {office.kind for office in samples} == set(Kind)


@pytest.mark.parametrize(
    ("line", "said"),
    [("a\tb", "cột"), ("\t".join(["không" if c == "sample" else str(GOOD.get(c) or "") for c in COLUMNS]), "mẫu")],
)
def test_faulty_sample_is_refused(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "offices.tsv"
    path.write_text(line.replace("2026-11-20 00:00:00", "20/11/2026") + "\n", encoding="utf-8")
    with pytest.raises(OfficesError, match=said):
        load_samples(finder(), path)


def test_template_holds_help_choices_and_samples(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mau.xlsx"
    assert main(["offices", "template", str(path)]) == 0
    assert "MẪU" in capsys.readouterr().out
    assert main(["offices", "check", str(path), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["errors"] == []
    assert report["offices"] == report["samples"] == len(sample_rows())
    made = load_workbook(path)
    assert made.sheetnames == ["Nơi nộp", "Hướng dẫn", "Danh mục"]
    rules = made["Nơi nộp"].data_validations.dataValidation
    assert sum(rule.type == "list" for rule in rules) == 3
    assert all(rule.prompt for rule in rules)


def test_check_names_the_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path / "a.xlsx", GOOD | {"kind": "x"})
    assert main(["offices", "check", str(path)]) == 1
    assert capsys.readouterr().out.startswith("ô B2: loại “x” không có")


@pytest.mark.parametrize("name", ["mau.txt", "co.xlsx"])
def test_template_overwrites_nothing_and_wants_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "co.xlsx").write_bytes(b"x")
    with pytest.raises(OfficesError):
        write_template(tmp_path / name, finder().gazetteer)
    assert (tmp_path / "co.xlsx").read_bytes() == b"x"


def test_cell_error_is_a_value_error() -> None:
    assert issubclass(CellError, ValueError)
