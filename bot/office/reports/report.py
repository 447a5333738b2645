"""A report: sections of tables over the numbers of a period and place, the same for page, workbook, picture and chat.

Nothing is counted here that the database does not hold; where it holds nothing, the report says so in words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.dialogue import markup
from bot.office.reports.period import Period
from knowledge.catalogue import Catalogue
from knowledge.names import Named
from knowledge.procedure import Level

Cell = str | int | float

NONE = "chưa có số liệu"
LEVELS = {Level.COMMUNE: "Cấp xã", Level.PROVINCE: "Cấp tỉnh", Level.MINISTRY: "Cấp bộ", Level.OTHER: "Cơ quan khác"}
SEVERAL, UNKNOWN_LEVEL = "Nhiều cấp", "Chưa rõ cấp"
UNKNOWN_FIELD = "Lĩnh vực khác"
NAME = 110
"""Characters of a procedure's name."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one kind. ``bars`` is the column that a picture shows, None for a table without one.

    ``upright``: its rows are moments, to be drawn from left to right. ``empty`` is said when there are no rows.
    """

    title: str
    heading: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    note: str = ""
    bars: int | None = None
    upright: bool = False

    @property
    def counted(self) -> frozenset[int]:
        """The columns of numbers and shares, which are read from top to bottom."""
        columns = range(1, len(self.heading))
        return frozenset(column for column in columns if all(_is_count(row[column]) for row in self.rows))


@dataclass(frozen=True, slots=True)
class Section:
    """Tables on one matter; ``id`` names it in addresses."""

    id: str
    title: str
    lead: str
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Headline:
    """One number worth a line of its own: ``value`` is what it comes to, ``detail`` what it was made of."""

    label: str
    value: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """All of it. ``made`` is when, in the local time of Vietnam."""

    place: str
    period: Period
    made: datetime
    headlines: tuple[Headline, ...]
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """What the report is of."""
        return f"{self.place}, {self.period.words}"


@dataclass(frozen=True)
class Titles:
    """What procedures are called, whether we have a record of them or know their names only."""

    catalogue: Catalogue
    named: Mapping[str, Named] = field(default_factory=dict)

    def title(self, code: str) -> str:
        """Return the name of a procedure without "Thủ tục" in front, or its code."""
        record = self.catalogue.get(code) or self.named.get(code)
        return markup.heading(record.name, NAME) if record else f"Thủ tục {code}"

    def field(self, code: str) -> str:
        """Return the field of a procedure."""
        record = self.catalogue.get(code) or self.named.get(code)
        return record.field if record else UNKNOWN_FIELD

    def level(self, code: str) -> str:
        """Return the level at which a procedure is decided, in words; one of several levels is not guessed."""
        record = self.catalogue.get(code)
        if record is None or not record.levels:
            return UNKNOWN_LEVEL
        return LEVELS[record.levels[0]] if len(record.levels) == 1 else SEVERAL


def sums(rows: Iterable[Any], key: Callable[[Any], Any]) -> Counter[Any]:
    """Return the sum of ``times`` of rows for each key."""
    found: Counter[Any] = Counter()
    for row in rows:
        found[key(row)] += row.times
    return found


def amount(cell: Cell) -> float:
    """Return what a picture shows of a cell."""
    return 0 if isinstance(cell, str) else cell


def _is_count(cell: Cell) -> bool:
    return not isinstance(cell, str) or cell in ("", "–", NONE) or cell[0].isdigit()


def share(part: int, whole: int) -> str:
    """Return a share in per cent, with one digit behind the comma; a dash when there is nothing to share."""
    return f"{100 * part / whole:.1f}%".replace(".", ",") if whole else "–"


def headline(label: str, part: int, whole: int) -> Headline:
    """Return a share with its counts, or plainly that there is none."""
    return Headline(label, share(part, whole), f"{number(part)}/{number(whole)}") if whole else Headline(label, NONE)


def number(count: float) -> str:
    """Return a number as people in Vietnam write it: 12.345 and 0,5."""
    if isinstance(count, float):
        return f"{count:,.1f}".translate(str.maketrans(",.", ".,"))
    return f"{count:,}".replace(",", ".")
