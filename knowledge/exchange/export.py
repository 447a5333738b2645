"""Write a catalogue out as open data: JSON, CSV tables, or the Excel workbook that can be edited and imported again."""

from __future__ import annotations

import csv
import io
import os
import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from knowledge.catalogue_file import written
from knowledge.exchange.cell import Plain
from knowledge.exchange.layout import SHEETS, Sheet
from knowledge.exchange.table import to_rows
from knowledge.exchange.template import write_workbook
from knowledge.procedure import Procedure
from knowledge.vietnamese import fold

FORMATS = ("json", "csv", "xlsx")
_MARK = "\N{BYTE ORDER MARK}"
_RISKY = ("=", "+", "-", "@", "\t", "\r", "\n")


def write_json(path: Path, records: Iterable[Procedure]) -> None:
    """Write ``procedures.json``: the same bytes for the same records."""

    def write(part: Path) -> None:
        with part.open("w", encoding="utf-8", newline="\n") as file:
            file.writelines(written(records))

    in_place(path, write)


def write_tables(path: Path, records: Iterable[Procedure]) -> None:
    """Write every table as CSV into one zip, or only the first into a .csv; the same bytes for the same records."""
    tables = csv_tables(records)
    if path.suffix.lower() != ".zip":
        text = _MARK + next(iter(tables.values()))
        in_place(path, lambda part: part.write_text(text, encoding="utf-8", newline=""))
        return

    def zipped(part: Path) -> None:
        with ZipFile(part, "w") as archive:
            for name, table in tables.items():
                entry = ZipInfo(name)  # without the hour it was written at
                entry.compress_type, entry.external_attr = ZIP_DEFLATED, 0o644 << 16
                archive.writestr(entry, (_MARK + table).encode())

    in_place(path, zipped)


def write_excel(path: Path, records: Iterable[Procedure]) -> None:
    """Write the workbook; without records it is the template."""
    in_place(path, lambda part: write_workbook(part, records))


def csv_tables(records: Iterable[Procedure]) -> dict[str, str]:
    """Return the CSV of each table by its file name, the record's own first."""
    texts = {sheet.part: io.StringIO(newline="") for sheet in SHEETS}
    writers = {part: csv.writer(text, lineterminator="\r\n") for part, text in texts.items()}
    for sheet in SHEETS:
        writers[sheet.part].writerow(column.heading.rstrip(" *") for column in sheet.columns)
    for record in records:
        for sheet, values in to_rows(record):
            writers[sheet.part].writerow(map(safe, values))
    return {_file(sheet): texts[sheet.part].getvalue() for sheet in SHEETS}


def _file(sheet: Sheet) -> str:
    return "-".join("".join(sign if sign.isalnum() else " " for sign in fold(sheet.title.lower())).split()) + ".csv"


def safe(value: Plain) -> Plain:
    """Return a value fit for a CSV cell: text that a spreadsheet would work out gets an apostrophe before it."""
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    return f"'{value}" if isinstance(value, str) and value.startswith(_RISKY) else value


def in_place(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` make a file, then put it at ``path``: all of it or, on a fault, nothing. Raises ``OSError``."""
    target = path.resolve()
    part = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        write(part)
        with part.open("rb") as made:
            os.fsync(made.fileno())
        if target.exists():
            shutil.copymode(target, part)
        part.replace(target)
    finally:
        with suppress(OSError):
            part.unlink()
