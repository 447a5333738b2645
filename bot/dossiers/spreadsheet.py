"""Tables as one-stop software exports them: Excel workbooks (.xlsx) and CSV in the encodings met in practice.

Files come from anywhere, so nothing in them is trusted: formulas are never computed, macros are refused, and sizes are
checked before anything is unpacked. Raises ``ImportFault`` in words for the person who runs the import.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path

from openpyxl.utils import get_column_letter

from bot.errors import ImportFault, reason
from knowledge.exchange.guard import Limits, danger, open_book

Value = str | int | float | datetime | None

BIGGEST_FILE = 50 * 1024 * 1024
BIGGEST_UNPACKED = 400 * 1024 * 1024
MOST_ROWS = 200_000
MOST_COLUMNS = 200
MOST_PARTS = 2_000
MOST_CHARACTERS = 4_000
_OLE = b"\xd0\xcf\x11\xe0"
_QUOTED = re.compile(r'"[^"]*"')
_DELIMITERS = ",;\t|"
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula: what it would give is not ours to compute."""


Cell = Value | Formula


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table; ``number`` counts from 1 as spreadsheets show it."""

    number: int
    cells: tuple[Cell, ...]

    def place(self, column: int) -> str:
        """Return the name of a cell as people say it: "D7"."""
        return f"{get_column_letter(column + 1)}{self.number}"


def read(path: Path) -> Iterator[Line]:
    """Yield the rows of the first sheet that are not empty."""
    contents = _contents(path)
    if contents.startswith(_OLE):
        raise ImportFault("Tệp Excel cũ (.xls) hoặc có mật khẩu không đọc được: mở ra, lưu lại thành .xlsx rồi nhập.")
    lines = _workbook(contents) if contents.startswith(b"PK") else _text(contents)
    for count, (number, cells) in enumerate(lines):
        if count >= MOST_ROWS:
            raise ImportFault(f"Tệp có hơn {MOST_ROWS:,} dòng: chia thành nhiều tệp.".replace(",", "."))
        yield Line(number, cells)


def _contents(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise ImportFault(f"Không có tệp {path}.")
        if path.stat().st_size > BIGGEST_FILE:
            raise ImportFault(f"Tệp lớn hơn {BIGGEST_FILE // 1024 // 1024} MB: chia thành nhiều tệp.")
        contents = path.read_bytes()
    except OSError as error:
        raise ImportFault(f"Không đọc được tệp {path} ({reason(error)}).") from error
    if not contents.strip():
        raise ImportFault("Tệp trống.")
    return contents


def _workbook(contents: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    _inspect(contents)
    try:
        with open_book(io.BytesIO(contents)) as book:
            sheet = next((each for each in book.worksheets if each.sheet_state == "visible"), None)
            if sheet is None:
                raise ImportFault("Tệp Excel không có trang tính nào.")
            sheet.reset_dimensions()  # what a file says of its own size need not be true
            for number, row in enumerate(sheet.iter_rows(), 1):
                cells = tuple(Formula() if cell.data_type == "f" else _plain(cell.value) for cell in row[:MOST_COLUMNS])
                if any(cell is not None for cell in cells):
                    yield number, cells
    except ImportFault:
        raise
    except Exception as error:  # whatever a broken file makes the reader raise
        raise ImportFault("Tệp Excel bị hỏng: mở bằng Excel hoặc LibreOffice, lưu lại thành .xlsx rồi nhập.") from error


def _inspect(contents: bytes) -> None:
    """Refuse a workbook that has macros or would unpack to too much."""
    refusal = danger(io.BytesIO(contents), Limits(BIGGEST_FILE, BIGGEST_UNPACKED, MOST_PARTS))
    if refusal:
        raise ImportFault(f"Tệp không được nhận: {refusal}.")


def _plain(value: object) -> Value:
    match value:
        case None | bool():
            return None
        case datetime():
            return value
        case date():
            return datetime.combine(value, time())
        case int() | float():
            return value
        case str():
            return _trimmed(value)
    return None


def _trimmed(words: str) -> str | None:
    line = " ".join(unicodedata.normalize("NFC", words[:MOST_CHARACTERS]).split())
    return line or None


def _text(contents: bytes) -> Iterator[tuple[int, tuple[Cell, ...]]]:
    words = _decoded(contents)
    reader = csv.reader(io.StringIO(words, newline=""), delimiter=_delimiter(words), strict=True)
    read = 0
    csv.field_size_limit(1_000_000)
    try:
        for row in reader:
            read = reader.line_num
            cells = tuple(Formula() if value.lstrip().startswith("=") else _trimmed(value) for value in row)
            if any(cell is not None for cell in cells):
                yield reader.line_num, cells[:MOST_COLUMNS]
    except csv.Error as error:
        raise ImportFault(f"Tệp CSV viết sai quy cách ở dòng {read + 1}, có lẽ do dấu ngoặc kép.") from error


def _decoded(contents: bytes) -> str:
    """Read text in UTF-8, UTF-16 or Windows-1258, whose tone marks stand apart and are joined here."""
    marked = next((name for mark, name in _MARKS if contents.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", *_without_mark(contents), "cp1258"]:
        try:
            words = unicodedata.normalize("NFC", contents.decode(encoding))
        except UnicodeDecodeError:
            continue
        if "\x00" not in words:
            return words
    raise ImportFault("Không đọc được bảng mã của tệp: lưu lại thành “CSV UTF-8” rồi nhập.")


def _without_mark(contents: bytes) -> Sequence[str]:
    """Return UTF-16 of the byte order that every other zero byte tells of."""
    start = contents[:2_000]
    even, odd = start[::2].count(0), start[1::2].count(0)
    if max(even, odd) < len(start) // 4:
        return ()
    return ("utf-16-le",) if odd > even else ("utf-16-be",)


def _delimiter(words: str) -> str:
    """Return the sign that stands equally often in most lines: commas within names of papers come now and then."""
    start = _QUOTED.sub("", words[:20_000]).splitlines()[:20]

    def even(sign: str) -> tuple[int, int]:
        counts = Counter(line.count(sign) for line in start if sign in line)
        return max(((lines, count) for count, lines in counts.items()), default=(0, 0))

    return max(_DELIMITERS, key=even)
