"""Rows of a worksheet written straight into its file: thousands of records take seconds that way, not half a minute.

openpyxl makes the workbook with its headings, styles and rules; the rows are put into it afterwards. Every text is an
inline string, so that nothing in a record can become a formula.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl.utils import get_column_letter

from knowledge.errors import ExchangeError
from knowledge.exchange.cell import LONGEST, Plain, clean

_END = b"</sheetData>"
_IN_MEMORY = 1 << 20
_PIECE = 1 << 16
_EPOCH = date(1899, 12, 30)
"""Day 0 of Excel, as it counts from March 1900 on."""


class Rows:
    """The rows of one sheet, from the second on; ``text`` and ``day`` are the numbers of the styles of their cells."""

    def __init__(self, text: int, day: int) -> None:
        self.file: IO[bytes] = SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - its owner closes it
        self._text = f'" s="{text}" t="inlineStr"><is><t'
        self._day = f'" s="{day}" t="n"><v>'
        self._letters: list[str] = []
        self._number = 1

    def add(self, values: Sequence[Plain]) -> None:
        """Write one row; raise ``ExchangeError`` for a text that Excel cannot hold."""
        self._number += 1
        while len(self._letters) < len(values):
            self._letters.append(get_column_letter(len(self._letters) + 1))
        cells = [
            f'<c r="{letter}{self._number}{said}</c>'
            for letter, value in zip(self._letters, values, strict=False)
            if value is not None and (said := self._cell(value))
        ]
        self.file.write(f'<row r="{self._number}">{"".join(cells)}</row>'.encode())

    def _cell(self, value: Plain) -> str:
        if isinstance(value, str):
            text = clean(value)
            if not text:
                return ""
            if len(text) > LONGEST:
                raise ExchangeError(f"Có đoạn chữ dài quá {LONGEST} ký tự, Excel không giữ được: “{text[:60]}…”")
            kept = ' xml:space="preserve">' if "\n" in text else ">"
            return f"{self._text}{kept}{escape(text)}</t></is>"
        if isinstance(value, bool):
            return f'" t="b"><v>{int(value)}</v>'
        if isinstance(value, date):
            return f"{self._day}{(date(value.year, value.month, value.day) - _EPOCH).days}</v>"
        return f'" t="n"><v>{value}</v>'


def put_in(book: IO[bytes], rows: Mapping[str, Rows], path: Path) -> None:
    """Write a workbook to ``path`` with rows at the end of its sheets, by the place of each in the file."""
    with ZipFile(book) as before, ZipFile(path, "w", ZIP_DEFLATED) as after:
        for entry in before.infolist():
            body = before.read(entry)
            with after.open(entry.filename, "w", force_zip64=True) as part:
                found = rows.get(entry.filename)
                if found is None:
                    part.write(body)
                    continue
                head, end, tail = body.rpartition(_END)
                part.write(head)
                for piece in _pieces(found.file):
                    part.write(piece)
                part.write(end + tail)


def _pieces(file: IO[bytes]) -> Iterable[bytes]:
    file.seek(0)
    while piece := file.read(_PIECE):
        yield piece
