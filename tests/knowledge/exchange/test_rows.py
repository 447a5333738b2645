"""What is put into a workbook as rows is read back as it was, and is never a formula."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from knowledge.errors import ExchangeError
from knowledge.exchange.cell import LONGEST, Plain, clean
from knowledge.exchange.rows import Rows, put_in

PLAIN = st.one_of(
    st.text(max_size=60),
    st.sampled_from(["=1+1", "@SUM(A1)", "]]>", "</sheetData>", "a\nb", "<b>&amp;", "-5", "'x", " "]),
    st.integers(-(10**12), 10**12),
    st.booleans(),
    st.dates(date(1900, 3, 1), date(2100, 1, 1)),
    st.none(),
)


def read_back(rows: list[list[Plain]]) -> dict[tuple[int, int], object]:
    """Write rows below a heading and return what a workbook has then, by row and column."""
    book, made = Workbook(), Rows(0, 0)
    assert book.active
    book.active.append(["Đầu"])
    template = BytesIO()
    book.save(template)
    for row in rows:
        made.add(row)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "sach.xlsx"
        put_in(template, {"xl/worksheets/sheet1.xml": made}, path)
        sheet = load_workbook(path).active
    made.file.close()
    assert sheet
    cells = [cell for row in sheet.iter_rows(min_row=2) for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    return {(cell.row - 2, cell.column - 1): cell.value for cell in cells}


def as_told(value: Plain) -> object:
    """Return what stands in the cell; a day without a style of its own is a number."""
    if isinstance(value, str):
        return clean(value)
    return (value - date(1899, 12, 30)).days if isinstance(value, date) else value


@settings(max_examples=40)
@given(st.lists(st.lists(PLAIN, min_size=1, max_size=5), min_size=1, max_size=4))
def test_rows_are_read_back_as_they_were(rows: list[list[Plain]]) -> None:
    told = {(y, x): as_told(value) for y, row in enumerate(rows) for x, value in enumerate(row)}
    assert read_back(rows) == {place: value for place, value in told.items() if value not in (None, "")}


def test_what_excel_cannot_hold_is_refused() -> None:
    made = Rows(0, 0)
    made.add(["x" * LONGEST])
    with pytest.raises(ExchangeError, match="dài quá"):
        made.add(["x" * (LONGEST + 1)])
    made.file.close()
