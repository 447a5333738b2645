"""Tables for download: CSV and Excel in which no cell is ever a formula, whatever somebody once typed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_STARTERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_LONGEST = 32_000  # Excel holds 32,767 characters in a cell

Row = Sequence[str | int | float]


def harmless(text: str) -> str:
    """Return text that no spreadsheet takes for a formula: what begins like one gets an apostrophe in front."""
    plain = ILLEGAL_CHARACTERS_RE.sub(" ", text)[:_LONGEST]
    return f"'{plain}" if plain.lstrip(" ").startswith(_STARTERS) else plain


def as_csv(heading: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return a table as CSV; with the mark by which Excel knows UTF-8."""
    page = io.StringIO()
    writer = csv.writer(page)
    writer.writerow(heading)
    for row in rows:
        writer.writerow([harmless(each) if isinstance(each, str) else each for each in row])
    return page.getvalue().encode("utf-8-sig")


def as_xlsx(title: str, heading: Sequence[str], rows: Iterable[Row]) -> bytes:
    """Return a table as an Excel workbook of one sheet, its heading row kept in sight."""
    return as_book([(title, heading, rows)])


def as_book(pages: Iterable[tuple[str, Sequence[str], Iterable[Row]]]) -> bytes:
    """Return tables, each with its title and heading, as the sheets of one workbook."""
    book = Workbook(write_only=True)
    for title, heading, rows in pages:
        sheet = book.create_sheet(title[:31])
        sheet.freeze_panes = "A2"
        for row in (heading, *rows):
            sheet.append([_cell(sheet, each) for each in row])
    page = io.BytesIO()
    book.save(page)
    return page.getvalue()


def _cell(sheet: object, value: str | float) -> object:
    if not isinstance(value, str):
        return value
    cell = WriteOnlyCell(sheet, harmless(value))  # type: ignore[arg-type]
    cell.data_type = "s"
    return cell
