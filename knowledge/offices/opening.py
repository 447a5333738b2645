"""The directory to answer from: the office's own workbook, or samples of one province."""

from __future__ import annotations

from pathlib import Path

from knowledge.errors import OfficesError
from knowledge.offices.directory import Directory
from knowledge.offices.sample import load_samples
from knowledge.places import Finder

MORE = "{first} (và {count} lỗi khác, xem: python -m knowledge offices check {name})"


def open_directory(workbook: Path | None, finder: Finder) -> Directory:
    """Return the offices of ``workbook``; without one, samples. Raise ``OfficesError`` with one line to act on."""
    if workbook is None:
        return Directory(load_samples(finder))
    from knowledge.offices.workbook import load_offices  # what reads Excel takes a while to load

    try:
        return Directory(load_offices(workbook, finder))
    except OfficesError as error:
        first, *rest = str(error).splitlines()
        said = MORE.format(first=first, count=len(rest), name=workbook.name) if rest else first
        raise OfficesError(f"OFFICES: {said}") from error
