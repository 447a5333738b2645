"""Read a catalogue from our Excel workbook: every fault is named by its cell."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from knowledge.errors import ExchangeError
from knowledge.exchange.cell import Cell, CellError, Refused, clean, from_cell
from knowledge.exchange.fault import Fault
from knowledge.exchange.guard import Limits, danger, open_book
from knowledge.exchange.layout import BESIDE, BY_PART, SHEETS, Sheet
from knowledge.exchange.pack import Pack
from knowledge.exchange.table import Row, RowFault, to_record
from knowledge.vietnamese import fold

LIMITS = Limits(packed=50 * 2**20, unpacked=400 * 2**20, parts=300)
MOST_ROWS = 300_000
MOST_COLUMNS = 60
MOST_FAULTS = 2_000
UNREAD = "không đọc trang này, chỉ đọc các trang của tệp mẫu"
UNREAD_COLUMN = "không đọc cột “{}”, chỉ đọc các cột của tệp mẫu"
_LOOKED_AT = 100
_HEADING_WITHIN = 10
_SHOWN = 60
_EXACT = frozenset(sheet.title for sheet in SHEETS)
_ORDER = {sheet.title: at for at, sheet in enumerate(SHEETS)}
_TITLES = {fold(sheet.title.lower()): sheet for sheet in SHEETS}

Progress = Callable[[float], None]
"""Told how much is done, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Book:
    """What a workbook holds: its records, what is wrong by cell, at which cell each record begins.

    ``unread`` are sheets and columns that hold something and are none of ours.
    """

    records: Pack
    faults: tuple[Fault, ...]
    starts: dict[str, Fault]
    unread: tuple[Fault, ...]


@dataclass
class _Reading:
    """What was read so far: rows by code in the order of the first sheet, letters of the columns by sheet."""

    rows: dict[str, list[Row]] = field(default_factory=dict)
    letters: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    unread: list[Fault] = field(default_factory=list)
    same: dict[str, str] = field(default_factory=dict)

    def once(self, cell: Cell) -> Cell:
        """Return the cell, every text kept in memory once."""
        return self.same.setdefault(cell, cell) if isinstance(cell, str) else cell

    def fault(self, fault: RowFault) -> None:
        sheet = fault.row.sheet
        self.at(sheet, f"{self.letters[sheet.part].get(fault.field, 'A')}{fault.row.number}", fault.words)

    def at(self, sheet: Sheet, cell: str, words: str) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(f"trang “{sheet.title}”, ô {cell}", words, sheet.title, cell))


def read_workbook(path: Path, progress: Progress = lambda _: None) -> Book:
    """Read a workbook; raise ``ExchangeError`` in words when it is refused as a whole."""
    check(path)
    reading = _Reading()
    try:
        _read(path, reading, progress)
    except ExchangeError:
        raise
    except Exception as error:  # openpyxl raises whatever its parsers meet in a broken file
        raise ExchangeError(f"{path.name}: không đọc được bảng tính, tệp hỏng") from error
    return _records(reading)


def _read(path: Path, reading: _Reading, progress: Progress) -> None:
    with open_book(path) as book:
        sheets, others = _sheets(book)
        missing = [sheet.title for sheet in SHEETS if sheet.part not in sheets]
        if missing:
            raise ExchangeError(f"{path.name}: thiếu trang: {', '.join(missing)}. Hãy dùng tệp mẫu.")
        for done, sheet in enumerate(SHEETS):
            _read_sheet(sheet, sheets[sheet.part], reading)
            progress((done + 1) / len(SHEETS) * 0.9)
        reading.unread += [Fault(f"trang “{each.title}”", UNREAD, each.title) for each in others if _filled(each)]


def check(path: Path) -> None:
    """Raise ``ExchangeError`` in words for a file that is no harmless workbook."""
    if path.suffix.lower() != ".xlsx":
        raise ExchangeError(f"{path.name}: cần tệp Excel .xlsx (không nhận .xls, .xlsm có macro)")
    reason = danger(path, LIMITS)
    if reason:
        raise ExchangeError(f"{path.name}: {reason}")


def _sheets(book: Workbook) -> tuple[dict[str, Any], list[Any]]:
    """Return the sheet of each table, and those beside them that a reader of the workbook sees and may count on.

    Where two have the name of one table, the one that has it to the letter is meant.
    """
    tables: dict[str, Any] = {}
    others = []
    for sheet in sorted(book.worksheets, key=lambda each: each.title not in _EXACT):
        sheet.reset_dimensions()  # what a file says of its own size need not be true
        known = _TITLES.get(fold(sheet.title.strip().lower()))
        if known is not None and known.part not in tables:
            tables[known.part] = sheet
        elif sheet.sheet_state == "visible" and sheet.title not in BESIDE:
            others.append(sheet)
    return tables, others


def _filled(sheet: Any) -> bool:
    rows = sheet.iter_rows(max_row=_LOOKED_AT, max_col=MOST_COLUMNS, values_only=True)
    return any(value not in (None, "") for row in rows for value in row)


def columns(sheet: Sheet, heading: tuple[Cell, ...]) -> dict[str, int]:
    """Return where each column of a table stands, by its heading; of two the first."""
    said: dict[str, int] = {}
    for at, cell in enumerate(heading):
        if cell is not None:
            said.setdefault(fold(clean(str(cell)).lower().rstrip(" *")), at)
    named = ((column.field, fold(column.heading.lower().rstrip(" *"))) for column in sheet.columns)
    return {name: said[heading] for name, heading in named if heading in said}


def _value(cell: Any) -> Cell:
    """Return what a cell holds; a formula is never worked out."""
    value = cell.value
    if value is None or (isinstance(value, str) and cell.data_type not in ("f", "e")):
        return value
    if cell.data_type == "f":
        return Refused("có công thức, hãy dán lại thành giá trị")
    if cell.data_type == "e":
        return Refused("có lỗi tính toán của Excel")
    return value if isinstance(value, int | float | bool | date) else Refused("không đọc được ô này")


def _read_sheet(sheet: Sheet, table: Any, reading: _Reading) -> None:
    rows = table.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS)
    heading = tuple(map(_value, next(rows, ())))
    found = columns(sheet, heading)
    if len(found) < len(sheet.columns):
        raise ExchangeError(_headless(sheet, found, rows))
    _note_others(sheet, heading, found, reading)
    places = [found[column.field] for column in sheet.columns]
    reading.letters[sheet.part] = {name: get_column_letter(at + 1) for name, at in found.items()}
    for number, row in enumerate(rows, 2):
        cells = tuple(reading.once(_value(row[at])) if at < len(row) else None for at in places)
        if not all(map(_blank, cells)):
            if number > MOST_ROWS:
                raise ExchangeError(f"trang “{sheet.title}” có nhiều quá {MOST_ROWS} dòng")
            _keep(Row(sheet, number, cells), reading)


def _blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not clean(cell))


def _headless(sheet: Sheet, found: dict[str, int], rows: Iterator[Any]) -> str:
    """Say what is wrong with the first row of a table, and where its headings stand instead."""
    for number, row in enumerate(islice(rows, _HEADING_WITHIN), 2):
        if len(columns(sheet, tuple(map(_value, row)))) == len(sheet.columns):
            return (
                f"trang “{sheet.title}”: tên cột đang ở dòng {number}. Hãy xóa các dòng phía trên để tên cột ở dòng 1."
            )
    missing = [column.heading.rstrip(" *") for column in sheet.columns if column.field not in found]
    return f"trang “{sheet.title}”, dòng 1 thiếu cột: {', '.join(missing)}. Hãy dùng tệp mẫu."


def _note_others(sheet: Sheet, heading: tuple[Cell, ...], found: dict[str, int], reading: _Reading) -> None:
    """Note the columns that nobody reads; raise ``ExchangeError`` when two have one heading: which one is meant?"""
    for at, cell in enumerate(heading):
        said = clean(str(cell)) if cell is not None else ""
        if not said or at in found.values():
            continue
        place = f"{get_column_letter(at + 1)}1"
        if columns(sheet, (said,)):
            raise ExchangeError(
                f"trang “{sheet.title}”, ô {place}: có hai cột “{said.rstrip(' *')}”, hãy bỏ bớt một cột"
            )
        words = UNREAD_COLUMN.format(said[:_SHOWN])
        reading.unread.append(Fault(f"trang “{sheet.title}”, ô {place}", words, sheet.title, place))


def _keep(row: Row, reading: _Reading) -> None:
    """File a row under its code; a code that is missing, unknown or repeated is a fault."""
    try:
        code = from_cell(row.sheet.fields["code"], row.cells[0])
        if code is None:
            raise CellError("còn thiếu mã thủ tục")
        if row.sheet.part == "" and code in reading.rows:
            raise CellError(f"mã {code} đã có ở dòng {reading.rows[code][0].number}")
        if row.sheet.part and code not in reading.rows:
            raise CellError(f"mã {code[:20]} không có ở trang “{BY_PART[''].title}”")
    except CellError as error:
        reading.at(row.sheet, f"{reading.letters[row.sheet.part]['code']}{row.number}", str(error))
        return
    reading.rows.setdefault(code, []).append(row)


def _records(reading: _Reading) -> Book:
    records = Pack()
    starts = {}
    for code in list(reading.rows):
        rows = reading.rows.pop(code)  # freed as the records grow
        record, faults = to_record(code, rows)
        for fault in islice(faults, 50):
            reading.fault(fault)
        if record is not None:
            records.put(record)
        cell = f"{reading.letters['']['code']}{rows[0].number}"
        starts[code] = Fault(f"trang “{BY_PART[''].title}”, ô {cell}", "", BY_PART[""].title, cell)
    return Book(records, tuple(sorted(reading.faults, key=_place)), starts, tuple(reading.unread))


def _place(fault: Fault) -> tuple[int, int]:
    """Return where a fault stands, so that what others follow from comes first."""
    return _ORDER[fault.sheet], int("".join(filter(str.isdigit, fault.cell)))
