"""Write an empty workbook of offices: headings, help on every cell, drop-downs, and sample rows marked as such."""

from __future__ import annotations

from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from knowledge.errors import OfficesError
from knowledge.offices.office import COLUMNS, SHEET
from knowledge.offices.sample import sample_rows
from knowledge.places import Gazetteer

HELP_SHEET = "Hướng dẫn"
LIST_SHEET = "Danh mục"
ADVICE = (
    "Mỗi dòng của trang “Nơi nộp” là một nơi nhận hồ sơ. Cột có dấu * là bắt buộc.",
    "Các dòng có chữ MẪU không có thật: hãy xóa đi khi điền địa chỉ thật, và ghi “không” ở cột Dữ liệu mẫu.",
    "Chỉ dán giá trị, không dùng công thức hay macro.",
    "Kiểm tra tệp: python -m knowledge offices check TÊN-TỆP.xlsx",
)
_HEAD = PatternFill("solid", fgColor="1F5C99")
_SAMPLE = PatternFill("solid", fgColor="FFF2CC")
_LAST_ROW = 5000
_SHORTEST_HELP = 250


def write_template(path: Path, gazetteer: Gazetteer) -> None:
    """Write the workbook to ``path``; raise ``OfficesError`` when it is no .xlsx or exists already."""
    if path.suffix.lower() != ".xlsx":
        raise OfficesError(f"{path.name}: tên tệp phải kết thúc bằng .xlsx")
    if path.exists():
        raise OfficesError(f"{path.name}: đã có tệp này, hãy chọn tên khác")
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    _headings(sheet)
    _samples(sheet)
    _help(book.create_sheet(HELP_SHEET))
    lists = book.create_sheet(LIST_SHEET)
    for province in gazetteer.provinces.values():
        lists.append([province.name])
    _guidance(sheet, f"'{LIST_SHEET}'!$A$1:$A${len(gazetteer.provinces)}")
    book.save(path)


def _headings(sheet: Worksheet) -> None:
    for at, column in enumerate(COLUMNS.values(), 1):
        cell = sheet.cell(1, at, column.heading)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.column_dimensions[get_column_letter(at)].width = column.width
    sheet.freeze_panes = "B2"


def _samples(sheet: Worksheet) -> None:
    for number, cells in enumerate(sample_rows(), 2):
        for at, name in enumerate(COLUMNS, 1):
            cell = sheet.cell(number, at)
            value = cells[name]
            cell.value = float(value) if name in ("latitude", "longitude") and value else value or None
            cell.fill = _SAMPLE
    for at, name in enumerate(COLUMNS, 1):
        if name in ("code", "phone"):
            for row in range(2, 200):
                sheet.cell(row, at).number_format = "@"


def _help(sheet: Worksheet) -> None:
    for line in ADVICE:
        sheet.append([line])
    sheet.append([])
    sheet.append(["Cột", "Bắt buộc", "Cách ghi"])
    for column in COLUMNS.values():
        sheet.append([column.heading, "*" if column.needed else "", column.help])
    sheet.column_dimensions["A"].width = 24
    sheet.column_dimensions["C"].width = 100


def _guidance(sheet: Worksheet, provinces: str) -> None:
    """Show the help of a column when a cell of it is chosen, and the words to choose from."""
    for at, (name, column) in enumerate(COLUMNS.items(), 1):
        choices = provinces if name == "province" else f'"{",".join(column.choices)}"' if column.choices else None
        rule = DataValidation(type="list", formula1=choices, allow_blank=True) if choices else DataValidation()
        rule.promptTitle, rule.prompt = column.heading[:32], column.help[:_SHORTEST_HELP]
        rule.showInputMessage = True
        rule.showErrorMessage = bool(choices)
        rule.error = "Hãy chọn một mục trong danh sách."
        letter = get_column_letter(at)
        rule.add(f"{letter}2:{letter}{_LAST_ROW}")
        sheet.add_data_validation(rule)
