from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from bot.office.sheet import as_csv, as_xlsx, harmless

STARTERS = "=+-@\t\r\n"


@given(st.sampled_from(STARTERS), st.text(max_size=20), st.integers(0, 3))
def test_nothing_begins_like_a_formula(starter: str, rest: str, spaces: int) -> None:
    assert harmless(" " * spaces + starter + rest).lstrip(" ")[0] not in STARTERS


@given(st.lists(st.text(max_size=50), min_size=1, max_size=5))
def test_csv_gives_back_what_is_harmless(row: list[str]) -> None:
    text = as_csv(["x"] * len(row), [row]).decode("utf-8-sig", "surrogatepass")
    assert list(csv.reader(io.StringIO(text, newline="")))[1] == [harmless(each) for each in row]


def test_excel_holds_odd_characters_numbers_and_long_text() -> None:
    book = load_workbook(io.BytesIO(as_xlsx("Bảng", ["a", "b", "c", "d"], [["\x00\x0b", 3, "x" * 40_000, "=1"]])))
    sheet = book["Bảng"]
    assert [cell.value for cell in sheet[2]][1] == 3
    assert len(str(sheet["C2"].value)) == 32_000
    assert sheet["D2"].value == "'=1"
    assert sheet["D2"].data_type == "s"
