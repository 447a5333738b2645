"""A report as an Excel workbook: a sheet for each table, no cell of it ever a formula."""

from __future__ import annotations

import io
from dataclasses import replace

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from bot.office.reports.report import Cell, Report, Table
from bot.office.sheet import harmless

FIRST = "Tóm tắt"
SUMMARY = ("Mục", "Số liệu", "Tính từ")

_SHEET_NAME = 31
_WIDEST = 60
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def workbook(report: Report) -> bytes:
    """Return the whole report, as shown."""
    book = Workbook()
    book.remove(book.worksheets[0])
    rows = tuple((each.label, each.value, each.detail) for each in report.headlines)
    made = f"{report.title}. Lập lúc {report.made:%H:%M %d/%m/%Y}."
    _sheet(book, FIRST, Table(made, SUMMARY, rows, ""))
    for section in report.sections:
        for table in section.tables:
            note = " ".join(filter(None, (section.lead, table.note)))
            _sheet(book, table.title, replace(table, title=f"{section.title}: {table.title}", note=note))
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def _sheet(book: Workbook, name: str, table: Table) -> None:
    sheet = book.create_sheet(_free(book, name))
    lines: list[tuple[Cell, ...]] = [(table.title,), *([(table.note,)] if table.note else []), ()]
    lines += [table.heading, *table.rows] if table.rows else [(table.empty,)]
    for at, line in enumerate(lines, 1):
        for column, value in enumerate(line, 1):
            cell = sheet.cell(at, column)
            if isinstance(value, str):
                cell.value, cell.data_type = harmless(value), "s"
            else:
                cell.value = value
            cell.font = Font(bold=at == 1 or line is table.heading)
    for column in range(1, len(table.heading) + 1):
        long = max((len(str(row[column - 1])) for row in (table.heading, *table.rows)), default=10)
        sheet.column_dimensions[get_column_letter(column)].width = min(long + 2, _WIDEST)


def _free(book: Workbook, name: str) -> str:
    """Return a name for a sheet that no other has."""
    plain = name.translate(_FORBIDDEN)[:_SHEET_NAME].strip()
    number, free = 1, plain
    while free.casefold() in (each.casefold() for each in book.sheetnames):
        number += 1
        free = f"{plain[: _SHEET_NAME - 4]} {number}"
    return free
