"""From the rows of an export to rows of the register: what cannot be read is refused, with the cell and the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.dossiers import code as codes
from bot.dossiers.columns import MEANINGS, Column, Layout
from bot.dossiers.register import Register, Row
from bot.dossiers.report import Payment, Report, local
from bot.dossiers.sources import values
from bot.dossiers.sources.building import Reader, distinct
from bot.dossiers.spreadsheet import Cell, Formula, Line
from bot.dossiers.status import Status
from knowledge.vietnamese import fold

TWICE = "mã này còn ở dòng {line}; dòng ấy mới hơn hoặc đứng sau nên được dùng"

_OFFICE_CLOSES = 17
_NEVER = 1900
_NOTHING = re.compile(
    r"[\W_0]*|n/?a|null|none|khong(?: co)?|mien(?: phi)?|chua(?: co| tra| xong| xac dinh)?"
    r"|0?1/0?1/(?:0001|1900)(?: .*)?|(?:0001|1900)-01-0[01](?:[ t].*)?"
)
_SERIAL = re.compile(r"(?:3[7-9]|[4-6]\d)\d{3}(?:\.\d+)?", re.ASCII)
_DAY_NONE = datetime(1899, 12, 30)
_SETTLED = (Status.REFUSED, Status.WITHDRAWN, Status.RETURNED, Status.DONE)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row was refused: ``place`` is the cell ("D7"), ``reason`` in words. What the cell held is not repeated."""

    place: str
    reason: str


@dataclass(slots=True)
class Batch:
    """What an export holds for the register, and what of it was refused."""

    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


class _Refused(Exception):  # noqa: N818
    def __init__(self, column: Column, reason: str) -> None:
        self.column = column
        self.reason = reason


def rows(lines: Iterable[Line], layout: Layout, reader: Reader, as_of: datetime) -> Batch:
    """Read the rows below the headings. ``as_of`` is when the export was made: the time of rows that tell none.

    Of two rows with one code the newer counts, or else the later: a dossier never changes back and forth in one import.
    """
    faults: list[Fault] = []
    kept: dict[str, tuple[Row, Line]] = {}
    for line in lines:
        if line.number <= layout.line:
            continue
        try:
            row = _row(_cells(line, layout), reader, as_of)
        except _Refused as refused:
            faults.append(_fault(line, layout, refused.column, refused.reason))
            continue
        used, left = (row, line), kept.get(row.report.code)
        if left is not None:
            used, left = (used, left) if row.updated_at >= left[0].updated_at else (left, used)
            faults.append(_fault(left[1], layout, Column.CODE, TWICE.format(line=used[1].number)))
        kept[row.report.code] = used
    return Batch([row for row, _ in kept.values()], faults)


def _fault(line: Line, layout: Layout, column: Column, reason: str) -> Fault:
    at = layout.at(column)
    return Fault(line.place(at) if at is not None else f"dòng {line.number}", reason)


def _cells(line: Line, layout: Layout) -> dict[Column, Cell]:
    cells = {}
    for at, column in layout.columns.items():
        cell = line.cells[at] if at < len(line.cells) else None
        if isinstance(cell, Formula) and column is not Column.IGNORED:
            raise _Refused(column, "là công thức, không phải giá trị: dán lại dưới dạng giá trị")
        cells[column] = cell
    return cells


def _row(cells: Mapping[Column, Cell], reader: Reader, as_of: datetime) -> Row:
    code = _code(cells.get(Column.CODE), reader.now().date())
    status, said = reader.status(cells.get(Column.STATUS))
    if status is None and not said:
        raise _Refused(Column.STATUS, "chưa có trạng thái hồ sơ")
    updated = _moment(cells, Column.UPDATED) or as_of
    report = Report(
        code=code,
        source=Register.name,
        read_at=updated,
        status=status,
        status_text=said,
        procedure_code=values.text(cells.get(Column.PROCEDURE_CODE), 40) or None,
        procedure_name=values.text(cells.get(Column.PROCEDURE)),
        received=_moment(cells, Column.RECEIVED),
        due=_day_end(_moment(cells, Column.DUE)),
        new_due=_day_end(_moment(cells, Column.NEW_DUE)),
        finished=_moment(cells, Column.FINISHED) if status in _SETTLED else None,
        agency=values.text(cells.get(Column.AGENCY), 200),
        missing=distinct([values.text(cells.get(Column.MISSING))]),
        money=_money(_given(cells, Column.AMOUNT)),
        note=values.text(cells.get(Column.NOTE)),
        online=values.online(cells.get(Column.ONLINE)),
        proofs=_proofs(cells),
    )
    if updated > reader.now():
        raise _Refused(Column.UPDATED, "ở tương lai")
    return Row(report, updated)


def _code(cell: Cell, today: date) -> str:
    said = values.text(cell, 80)
    if not said:
        raise _Refused(Column.CODE, "chưa có mã hồ sơ")
    reading = codes.parse(said, today)
    if len(reading.codes) == 1 and values.same_code(said, reading.codes[0].code):
        return reading.codes[0].code
    reason = reading.problems[0].message if reading.problems else "không đúng dạng mã hồ sơ"
    raise _Refused(Column.CODE, reason)


def _moment(cells: Mapping[Column, Cell], column: Column) -> datetime | None:
    cell = _given(cells, column)
    found = values.moment(cell.isoformat() if isinstance(cell, datetime) else cell) or _counted(cell)
    if found is None and cell is not None:
        raise _Refused(column, f"không đọc được {MEANINGS[column]}: viết như 25/11/2026 hoặc 25/11/2026 16:30")
    return found


def _given(cells: Mapping[Column, Cell], column: Column) -> Cell:
    """Return what a cell holds, None for what programs write where there is nothing."""
    cell = cells.get(column)
    if isinstance(cell, datetime):
        return None if cell.year <= _NEVER else cell
    return None if cell is not None and _NOTHING.fullmatch(fold(str(cell)).strip().lower()) else cell


def _counted(cell: Cell) -> datetime | None:
    """Read a day as spreadsheets count them, which shows when a column lost its format."""
    said = str(cell) if isinstance(cell, int | float | str) else ""
    if not _SERIAL.fullmatch(said):
        return None
    seconds = round(float(said) * 86_400)
    return local(_DAY_NONE + timedelta(seconds=seconds))


def _day_end(moment: datetime | None) -> datetime | None:
    """Return the moment; a day without a time lasts until the offices close."""
    if moment is None or (moment.hour, moment.minute, moment.second) != (0, 0, 0):
        return moment
    return moment.replace(hour=_OFFICE_CLOSES)


def _money(cell: Cell) -> tuple[Payment, ...]:
    amount = values.money(cell) if cell is not None else None
    if amount is None and cell is not None:
        raise _Refused(Column.AMOUNT, "không đọc được số tiền: viết như 50000 hoặc 50.000 đồng")
    return (Payment("Phí, lệ phí", amount),) if amount else ()


def _proofs(cells: Mapping[Column, Cell]) -> tuple[str, ...]:
    """Return the last four digits; Excel drops the zero a phone number begins with, which does not matter here."""
    return values.last_four(*(cells.get(column) for column in (Column.IDENTITY, Column.PHONE)))
