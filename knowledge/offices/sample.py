"""Sample offices of one province: they show the shape of the data and are never passed off as real."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from knowledge.errors import OfficesError
from knowledge.offices.office import COLUMNS, Office
from knowledge.offices.row import Row
from knowledge.places import Finder

PATH = Path(__file__).resolve().parent.parent / "data" / "offices.tsv"


def sample_rows(path: Path = PATH) -> list[dict[str, str]]:
    """Return the cells of the sample rows by the name of the column; raise ``OfficesError`` when a row has too many."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise OfficesError(f"Không đọc được {path.name}: {error}") from error
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    if any(len(row) != len(COLUMNS) for row in rows):
        raise OfficesError(f"{path.name}: mỗi dòng cần {len(COLUMNS)} cột")
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def load_samples(finder: Finder, path: Path = PATH) -> tuple[Office, ...]:
    """Return the samples; raise ``OfficesError`` when one is faulty or not marked as a sample."""
    offices = []
    for number, cells in enumerate(sample_rows(path), 1):
        row = Row(cells, {name: f"{name}, hàng {number}" for name in cells}, finder, date.max)
        office = row.office()
        if office is None or not office.sample:
            raise OfficesError("; ".join(row.faults) or f"{path.name}, hàng {number}: dòng này phải là mẫu")
        offices.append(office)
    return tuple(offices)
