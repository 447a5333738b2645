"""Give a workbook back with what is wrong in it: each cell red with a note, and a list of all faults in front.

The copy is written anew from the values alone: formulas stand there as text, and nothing else of the file comes along.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from openpyxl.utils.cell import column_index_from_string, coordinate_from_string

from knowledge.errors import ExchangeError
from knowledge.exchange.fault import Fault
from knowledge.exchange.guard import open_book
from knowledge.exchange.layout import FAULT_SHEET, LIST_SHEET, SHEETS
from knowledge.exchange.template import Writer
from knowledge.exchange.workbook import MOST_COLUMNS, MOST_ROWS, check, columns


def mark(path: Path, faults: Iterable[Fault], output: Path) -> None:
    """Write a copy of the workbook at ``path`` with its faults marked. Raises ``ExchangeError``."""
    check(path)
    found = list(faults)
    cells: dict[str, dict[int, dict[int, str]]] = defaultdict(lambda: defaultdict(dict))
    for fault in found:
        if fault.cell:
            letters, row = coordinate_from_string(fault.cell)
            noted = cells[fault.sheet][row]
            at = column_index_from_string(letters) - 1
            noted[at] = f"{noted[at]}\n{fault.words}" if at in noted else fault.words
    try:
        with Writer() as writer, open_book(path) as book:
            _list(writer, found)
            for sheet in book.worksheets:
                if sheet.title not in (FAULT_SHEET, LIST_SHEET):
                    sheet.reset_dimensions()
                    _copy(writer, sheet, cells[sheet.title])
            writer.save(output)
    except (ExchangeError, OSError):
        raise
    except Exception as error:  # openpyxl raises whatever its parsers meet in a broken file
        raise ExchangeError(f"{path.name}: không đọc được bảng tính, tệp hỏng") from error


def _list(writer: Writer, faults: list[Fault]) -> None:
    sheet = writer.sheet(FAULT_SHEET)
    for letter, width in (("A", 24), ("B", 10), ("C", 100)):
        sheet.column_dimensions[letter].width = width
    writer.head(sheet, ("Trang", "Ô", "Lỗi"))
    for fault in faults:
        writer.row(sheet, [fault.sheet or fault.place, fault.cell or None, fault.words])


def _copy(writer: Writer, source: Any, wrong: Mapping[int, dict[int, str]]) -> None:
    rows = source.iter_rows(max_row=MOST_ROWS + 1, max_col=MOST_COLUMNS, values_only=True)
    heading = next(rows, ())
    table = next((each for each in SHEETS if each.title == source.title), None)
    places = {at: table.fields[name] for name, at in columns(table, heading).items()} if table else {}
    sheet = writer.sheet(source.title, [places.get(at) for at in range(len(heading))])
    (writer.head if table else writer.row)(sheet, heading)
    for number, row in enumerate(rows, 2):
        writer.row(sheet, row, wrong.get(number))
