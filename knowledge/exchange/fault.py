"""What is wrong at one place of a file that is imported, in words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """``place`` in words; in a workbook also the sheet and the cell, so that a copy can be marked there."""

    place: str
    words: str
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        return f"{self.place}: {self.words}" if self.place else self.words
