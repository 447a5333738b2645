"""Write our Excel workbook: headings that stay in sight, drop-downs, help at every cell, and the records, if any.

Rows are streamed, so that a whole national catalogue needs little memory. Every text is written as text in a cell
formatted as text: nothing in a record can become a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack, suppress
from copy import copy
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from knowledge.errors import ExchangeError
from knowledge.exchange.cell import LONGEST, Plain, clean
from knowledge.exchange.layout import HELP_SHEET, LIST_SHEET, OWNER, RULE, SHEETS, Column, Kind
from knowledge.exchange.rows import Rows, put_in
from knowledge.exchange.table import to_rows
from knowledge.places import load_gazetteer
from knowledge.procedure import Procedure
from knowledge.wording import CHANNELS

ADVICE = (
    "Mỗi trang giữ một phần của thủ tục. Trang “Thủ tục” mỗi dòng một thủ tục; các trang khác ghi mã ở cột đầu.",
    "Thứ tự các dòng của một thủ tục là thứ tự người dân đọc. Cột có dấu * là bắt buộc.",
    "Sửa thủ tục nào thì giữ đủ các dòng của thủ tục ấy ở mọi trang: dòng bị xóa là phần bị bỏ.",
    "Thủ tục không có trong tệp thì không đổi. Muốn bãi bỏ một thủ tục, ghi ngày ở cột “Bãi bỏ từ”.",
    "Chỉ dán giá trị, không dùng công thức hay macro.",
    "Thử trước khi nhập: python -m knowledge import TÊN-TỆP.xlsx --dry-run",
)
_HEAD = PatternFill("solid", fgColor="1F5C99")
_WRONG = PatternFill("solid", fgColor="FF9999")
_LAST_ROW = 100_000
_SHORTEST_HELP = 250
_LONGEST_COMMENT = 500
_OWNERS = (*CHANNELS.values(), f"{CHANNELS[next(iter(CHANNELS))]} 2", f"{RULE} 1")


class Writer:
    """A workbook being written, sheet after sheet or side by side; ``save`` ends it."""

    def __init__(self) -> None:
        self.book = Workbook(write_only=True)
        probe = self.book.create_sheet(LIST_SHEET)
        self._probe = probe
        self._lists = _lists(probe)
        self._text = self._style(probe, "@")
        self._day = self._style(probe, "DD/MM/YYYY")
        self._wrong = self._style(probe, "@", _WRONG)

    @staticmethod
    def _style(sheet: Any, number_format: str, fill: PatternFill | None = None) -> Any:
        cell = _made(sheet)
        cell.number_format = number_format
        if fill:
            cell.fill = fill
        return copy(cell._style)

    def sheet(self, title: str, columns: Sequence[Column | None] = ()) -> Any:
        """Begin a sheet; with columns it gets their widths, drop-downs and help, each at its place."""
        sheet = self.book.create_sheet(title)
        if any(columns):
            sheet.freeze_panes = "C2" if columns[0] and not columns[0].part else "B2"
        for at, column in enumerate(columns, 1):
            if column is None:
                continue
            dimension = sheet.column_dimensions[get_column_letter(at)]
            dimension.width = column.width
            dimension.number_format = {Kind.DAY: "DD/MM/YYYY", Kind.INTEGER: "0", Kind.NUMBER: "General"}.get(
                column.kind, "@"
            )
            sheet.data_validations.append(self._rule(column, get_column_letter(at)))
        return sheet

    def _rule(self, column: Column, letter: str) -> DataValidation:
        choices = self._lists.get((column.part, column.field))
        rule = DataValidation(type="list", formula1=choices, allow_blank=True) if choices else DataValidation()
        told = column.help
        if column.kind is Kind.SEVERAL:
            told += f" Chọn trong: {'; '.join(column.choices.values())}"
        rule.promptTitle, rule.prompt, rule.showInputMessage = column.heading[:32], told[:_SHORTEST_HELP], True
        rule.showErrorMessage = bool(choices) and column.field != OWNER
        rule.error = "Hãy chọn một mục trong danh sách."
        rule.add(f"{letter}2:{letter}{_LAST_ROW}")
        return rule

    def head(self, sheet: Any, headings: Iterable[str | None]) -> None:
        """Write the first row."""
        cells = []
        for heading in headings:
            cell = self._cell(sheet, heading or "")
            cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
            cell.alignment = Alignment(wrap_text=True, vertical="center")
            cells.append(cell)
        sheet.append(cells)

    def row(self, sheet: Any, values: Sequence[Plain], wrong: dict[int, str] | None = None) -> None:
        """Write one row; ``wrong`` tells which cells are marked red, by place from 0, and what is noted there."""
        cells = [None if value is None else self._cell(sheet, value) for value in values]
        for at, words in (wrong or {}).items():
            cells += [None] * (at + 1 - len(cells))
            cell = cells[at] or _made(sheet)
            cell._style = copy(self._wrong)
            cell.comment = Comment(words[:_LONGEST_COMMENT], "Một Cửa", width=320, height=90)
            cells[at] = cell
        sheet.append(cells)

    def _cell(self, sheet: Any, value: Plain) -> Any:
        if not isinstance(value, str):
            cell = _made(sheet, value)
            if isinstance(value, date):
                cell._style = copy(self._day)
            return cell
        text = clean(value)
        if len(text) > LONGEST:
            raise ExchangeError(f"Có đoạn chữ dài quá {LONGEST} ký tự, Excel không giữ được: “{text[:60]}…”")
        cell = _made(sheet, text)
        cell.data_type = "s"  # never a formula, never an error value, whatever it begins with
        cell._style = copy(self._text)
        return cell

    def rows(self) -> Rows:
        """Begin the rows of a sheet that are put in once the workbook is written, in the styles of ``row``."""
        styles = []
        for style in (self._text, self._day):
            cell = _made(self._probe)
            cell._style = copy(style)
            styles.append(cell.style_id)
        return Rows(*styles)

    def save(self, path: Path | IO[bytes]) -> None:
        """Write the file."""
        self.book.move_sheet(LIST_SHEET, len(self.book.sheetnames))
        self.book.save(path)

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Take away what lies on the disk of a workbook that is given up."""
        for sheet in self.book.worksheets if kind else ():
            with suppress(Exception):
                made: Any = sheet
                made.close()
                made._writer.cleanup()


def _made(sheet: Any, value: Any = "") -> Any:
    return WriteOnlyCell(sheet, value)


def write_workbook(path: Path, records: Iterable[Procedure] = ()) -> None:
    """Write the workbook of these records; without any it is the template to fill in."""
    with Writer() as writer, ExitStack() as stack:
        _help(writer)
        tables = {}
        for sheet in SHEETS:
            tables[sheet.part] = writer.sheet(sheet.title, sheet.columns)
            writer.head(tables[sheet.part], [column.heading for column in sheet.columns])
        rows = {sheet.part: writer.rows() for sheet in SHEETS}
        for each in rows.values():
            stack.callback(each.file.close)
        for record in records:
            for sheet, values in to_rows(record):
                rows[sheet.part].add(values)
        book = BytesIO()
        writer.save(book)
        put_in(book, {tables[part].path.lstrip("/"): each for part, each in rows.items()}, path)


def _help(writer: Writer) -> None:
    sheet = writer.sheet(HELP_SHEET)
    for letter, width in (("A", 20), ("B", 24), ("C", 10), ("D", 100)):
        sheet.column_dimensions[letter].width = width
    for line in ADVICE:
        writer.row(sheet, [line])
    writer.row(sheet, [])
    writer.head(sheet, ("Trang", "Cột", "Bắt buộc", "Cách ghi"))
    for table in SHEETS:
        for column in table.columns:
            said = f"{column.help} Chọn trong: {'; '.join(column.choices.values())}." if column.choices else column.help
            writer.row(sheet, [table.title, column.heading.rstrip(" *"), "*" if column.needed else None, said])


def _lists(sheet: Any) -> dict[tuple[str, str], str]:
    """Write the words of all drop-downs and the provinces; return where the words of each column stand."""
    named = [
        column for table in SHEETS for column in table.columns if column.choices or column.named.startswith("Của cách")
    ]
    words = [(*column.choices.values(),) or _OWNERS for column in named]
    provinces = [(province.code, province.name) for province in load_gazetteer().provinces.values()]
    sheet.append(["Mã tỉnh", "Tỉnh, thành phố", *(column.heading.rstrip(" *") for column in named)])
    for at in range(max(len(provinces), *map(len, words))):
        row = [each[at] if at < len(each) else None for each in words]
        sheet.append([*(provinces[at] if at < len(provinces) else (None, None)), *row])
    places = (
        (column, get_column_letter(at), len(said))
        for at, (column, said) in enumerate(zip(named, words, strict=True), 3)
    )
    return {
        (column.part, column.field): f"'{LIST_SHEET}'!${letter}$2:${letter}${count + 1}"
        for column, letter, count in places
        if column.kind is not Kind.SEVERAL
    }
