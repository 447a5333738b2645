"""Open data: the same bytes for the same records, and nothing that a spreadsheet would run."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.catalogue import Catalogue
from knowledge.catalogue_file import dump
from knowledge.exchange.export import csv_tables, in_place, safe, write_json, write_tables
from knowledge.exchange.layout import SHEETS
from tests.knowledge.cases import library_card
from tests.knowledge.records import record


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_json_is_the_catalogue_file(tmp_path: Path) -> None:
    records = [record("1.000002", "B"), library_card()]
    write_json(tmp_path / "a.json", records)
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == dump(records)
    write_json(tmp_path / "b.json", [])
    assert (tmp_path / "b.json").read_text(encoding="utf-8") == '{\n "schema": 1,\n "procedures": []\n}\n'


def test_every_table_is_in_the_zip(tmp_path: Path) -> None:
    write_tables(tmp_path / "a.zip", Catalogue.of([library_card()]))
    write_tables(tmp_path / "b.zip", Catalogue.of([library_card()]))
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with ZipFile(tmp_path / "a.zip") as archive:
        assert len(archive.namelist()) == len(SHEETS)
        money = rows(archive.read("tien.csv").decode("utf-8"))
    assert money[0][:4] == ["Mã thủ tục", "Của cách nộp", "Loại", "Số tiền (đồng)"]
    assert money[2][:4] == ["1.000001", "Trực tiếp", "Lệ phí", "8000"]


def test_one_table_alone(tmp_path: Path) -> None:
    write_tables(tmp_path / "a.csv", [record()])
    text = (tmp_path / "a.csv").read_text(encoding="utf-8")
    assert text.startswith("\ufeffMã thủ tục,")
    assert rows(text)[1][:3] == ["1.000001", "Cấp thẻ bạn đọc", "Thư viện"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_text_that_a_spreadsheet_would_run_is_quoted(start: str) -> None:
    tables = csv_tables([record(name=f"{start}cmd|' /C calc'!A0")])
    assert rows(next(iter(tables.values())))[1][1] == f"'{start}cmd|' /C calc'!A0"


@given(st.text())
def test_no_csv_cell_begins_like_a_formula(text: str) -> None:
    found = str(safe(text))
    assert found.removeprefix("'") == text.removeprefix("'") or found == text
    assert not found.startswith(("=", "+", "-", "@", "\t", "\r"))


def test_days_and_numbers_are_plain() -> None:
    assert (safe(date(2026, 11, 2)), safe(8000), safe(None)) == ("02/11/2026", 8000, None)


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")

    def fail(part: Path) -> None:
        part.write_text("half")
        raise OSError("no space")

    with pytest.raises(OSError, match="no space"):
        in_place(tmp_path / "a", fail)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("a", "old")]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("old")
    (tmp_path / "real").chmod(0o640)
    (tmp_path / "link").symlink_to(tmp_path / "real")
    in_place(tmp_path / "link", lambda part: part.write_text("new"))
    assert (tmp_path / "link").is_symlink()
    assert ((tmp_path / "real").read_text(), (tmp_path / "real").stat().st_mode & 0o777) == ("new", 0o640)
