"""A workbook given back with its faults marked."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook, load_workbook

from knowledge.exchange.layout import FAULT_SHEET
from knowledge.exchange.marking import mark
from knowledge.exchange.workbook import read_workbook
from tests.knowledge.cases import library_card
from tests.knowledge.exchange.books import book


def spoil(opened: Workbook) -> None:
    opened["Tiền"]["D2"].value = '=HYPERLINK("http://x")'
    opened["Tiền"]["C3"].value = None
    opened.create_sheet("Nháp").append(["giữ lại"])


def test_faults_are_red_noted_and_listed(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", library_card(), edit=spoil)
    mark(path, read_workbook(path).faults, tmp_path / "b.xlsx")
    marked = load_workbook(tmp_path / "b.xlsx")
    money = marked["Tiền"]
    assert money["D2"].comment.text.startswith("có công thức")
    assert money["C3"].comment.text == "còn thiếu “Loại”"
    assert [cell.coordinate for row in money for cell in row if cell.fill.fgColor.rgb == "00FF9999"] == ["D2", "C3"]
    assert (money["D2"].data_type, money["D2"].value) == ("s", '=HYPERLINK("http://x")')
    assert [[cell.value for cell in row] for row in marked[FAULT_SHEET].iter_rows(min_row=2)] == [
        ["Tiền", "D2", "có công thức, hãy dán lại thành giá trị"],
        ["Tiền", "C3", "còn thiếu “Loại”"],
    ]
    assert marked["Nháp"]["A1"].value == "giữ lại"
    assert money.data_validations.dataValidation


def test_a_mended_copy_is_read_without_faults(tmp_path: Path) -> None:
    card = library_card()
    path = book(tmp_path / "a.xlsx", card, edit=spoil)
    mark(path, read_workbook(path).faults, tmp_path / "b.xlsx")
    opened = load_workbook(tmp_path / "b.xlsx")
    opened["Tiền"]["D2"].value, opened["Tiền"]["C3"].value = 0, "Lệ phí"
    opened.save(tmp_path / "b.xlsx")
    found = read_workbook(tmp_path / "b.xlsx")
    assert (list(found.records), found.faults) == ([card], ())
