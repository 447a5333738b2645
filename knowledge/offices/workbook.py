"""Read a workbook of offices that came from outside: nothing in it is run, every fault is named by its cell.

Before it is opened ``knowledge.exchange.guard`` looks at it. Formulas are never worked out: a cell that holds one is a
fault.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from openpyxl.utils import get_column_letter

from knowledge.errors import OfficesError
from knowledge.exchange.guard import Limits, danger, open_book
from knowledge.offices.office import COLUMNS, SHEET, Office
from knowledge.offices.row import Cell, Refused, Row
from knowledge.places import Finder
from knowledge.vietnamese import fold, normalise

MOST_ROWS = 20_000
LARGEST = 8 * 2**20
LARGEST_UNPACKED = 80 * 2**20
MOST_PARTS = 300
MOST_FAULTS = 100
_MOST_COLUMNS = 60


def load_offices(path: Path, finder: Finder, today: date | None = None) -> tuple[Office, ...]:
    """Read the offices of a workbook; raise ``OfficesError`` with every fault by cell, one a line."""
    _check(path)
    found: list[Office] = []
    faults: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells, places in _rows(path):
        row = Row(cells, places, finder, today or date.today())
        office = row.office()
        faults += row.faults
        if office is None:
            continue
        first = seen.setdefault((fold(office.name), office.kind, office.commune.code), number)
        if first != number:
            faults.append(f"ô {places['name']}: trùng với dòng {first}")
        found.append(office)
    if not found and not faults:
        faults.append(f"{path.name}: không có dòng nào")
    if faults:
        more = [f"... và {len(faults) - MOST_FAULTS} lỗi khác"] if len(faults) > MOST_FAULTS else []
        raise OfficesError("\n".join(faults[:MOST_FAULTS] + more))
    return tuple(found)


def _check(path: Path) -> None:
    """Refuse in words what cannot be a harmless workbook."""
    name = path.name
    if path.suffix.lower() != ".xlsx":
        raise OfficesError(f"{name}: cần tệp Excel .xlsx (không nhận .xls, .xlsm có macro, .csv)")
    try:
        reason = danger(path, Limits(LARGEST, LARGEST_UNPACKED, MOST_PARTS))
    except FileNotFoundError as error:
        raise OfficesError(f"{name}: không có tệp này") from error
    except OSError as error:
        raise OfficesError(f"{name}: không mở được, tệp hỏng, có mật khẩu hoặc không phải Excel .xlsx") from error
    if reason:
        raise OfficesError(f"{name}: {reason}")


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Cell], dict[str, str]]]:
    """Yield number, cells and addresses of each row that is not empty."""
    try:
        with open_book(path) as book:
            sheet = book[SHEET] if SHEET in book.sheetnames else book.worksheets[0]
            rows = sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=_MOST_COLUMNS)
            heading = next(rows, ())
            columns = _columns(heading, path.name)
            for number, row in enumerate(rows, 2):
                cells = {name: _value(row[at]) for name, at in columns.items() if at < len(row)}
                if any(value not in (None, "") for value in cells.values()):
                    if number > MOST_ROWS + 1:
                        raise OfficesError(f"{path.name}: nhiều quá {MOST_ROWS} dòng")
                    yield number, cells, {name: f"{get_column_letter(at + 1)}{number}" for name, at in columns.items()}
    except OfficesError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers meet in a broken file
        raise OfficesError(f"{path.name}: không đọc được bảng tính, tệp hỏng") from error


def _columns(heading: tuple[Any, ...], name: str) -> dict[str, int]:
    """Return where each column stands, by its heading; raise ``OfficesError`` when a needed one is missing."""
    said = {fold(normalise(str(cell.value))): at for at, cell in enumerate(heading) if cell.value is not None}
    found = {key: said[fold(column.heading)] for key, column in COLUMNS.items() if fold(column.heading) in said}
    missing = [column.heading for key, column in COLUMNS.items() if column.needed and key not in found]
    if missing:
        raise OfficesError(f"{name}: dòng 1 thiếu cột: {', '.join(missing)}")
    return found


def _value(cell: Any) -> Cell:
    if cell.data_type == "f":
        return Refused("có công thức, hãy dán lại thành giá trị")
    if cell.data_type == "e":
        return Refused("có lỗi tính toán của Excel")
    value: Cell = cell.value
    return value
