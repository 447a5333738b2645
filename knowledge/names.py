"""Procedures we know by name only: the national catalogue's codes, names, fields and levels, without their content.

With them the matcher can tell "a procedure that I have no checked record of" from "I did not understand", instead
of pressing every question into the procedures it has. Kept as ``knowledge/names.tsv``, remade by
``python -m knowledge names CATALOGUE``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import CatalogueError
from knowledge.procedure import Audience, Level, Procedure

PATH = Path(__file__).resolve().parent / "names.tsv"
_FLAGS = {"c": "citizen", "x": "commune", "t": "province", "l": "local_copy"}


@dataclass(frozen=True, slots=True)
class Named:
    """A procedure known by name: for whom and at which level, as far as the matcher asks."""

    code: str
    name: str
    field: str
    citizen: bool = False
    commune: bool = False
    province: bool = False
    local_copy: bool = False


def load_names(path: Path = PATH) -> list[Named]:
    """Read the names; raise ``CatalogueError`` naming the line that is malformed."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"Không đọc được {path.name}: {error}") from error
    return [_named(line, f"{path.name}, dòng {number}") for number, line in enumerate(lines, 1) if line]


def _named(line: str, place: str) -> Named:
    parts = line.split("\t")
    if len(parts) != 4 or not set(parts[1]) <= set(_FLAGS):
        raise CatalogueError(f"{place}: cần bốn cột mã, dấu, lĩnh vực, tên")
    code, flags, field, name = parts
    return Named(code, name, field, **{_FLAGS[flag]: True for flag in flags})


def write_names(procedures: Iterable[Procedure]) -> Iterator[str]:
    """Yield the lines of a names file, by code."""
    for procedure in sorted(procedures, key=lambda record: record.code):
        flags = (
            ("c", Audience.CITIZEN in procedure.audience),
            ("x", Level.COMMUNE in procedure.levels),
            ("t", Level.PROVINCE in procedure.levels),
            ("l", procedure.provincial),
        )
        shown = "".join(flag for flag, holds in flags if holds)
        yield f"{procedure.code}\t{shown}\t{procedure.field}\t{procedure.name}"
