"""A record as rows of tables, and rows of tables as a record."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import ValidationError

from knowledge.exchange.cell import Cell, CellError, Plain, from_cell, to_cell
from knowledge.exchange.layout import BY_PART, OWNER, RULE, SHEETS, Sheet, dig, nth
from knowledge.procedure import Procedure
from knowledge.vietnamese import fold
from knowledge.wording import CHANNELS, faults, where

_OWNED = {"time_limits": ("channels", "local_rules"), "money": ("channels", "local_rules"), "choices": ("questions",)}
"""Parts whose rows belong to a row of another part."""

Location = tuple[int | str, ...]


class Row(NamedTuple):
    """One row: its table, its number as the spreadsheet shows it, its cells in the order of the table's columns."""

    sheet: Sheet
    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class RowFault:
    """What is wrong in one row, and in which field."""

    row: Row
    field: str
    words: str


def to_rows(record: Procedure) -> Iterator[tuple[Sheet, list[Plain]]]:
    """Yield the rows of a record, in the order of the tables."""
    tree = record.model_dump(mode="json")
    for sheet in SHEETS:
        for owner, item in _items(tree, sheet.part):
            values = {**item, "code": record.code, OWNER: owner}
            yield sheet, [to_cell(column, dig(values, column.field)) for column in sheet.columns]


def _items(tree: dict[str, Any], part: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if not part:
        yield "", tree
        return
    if part in _OWNED:
        for _, name, owner in _owners(tree, _OWNED[part]):
            yield from ((name, item) for item in owner.get(part, ()))
        return
    text = "text" if part == "steps" else part
    for item in tree[part]:
        yield "", item if isinstance(item, dict) else {text: item}


def _owners(tree: Mapping[str, Any], parts: tuple[str, ...]) -> Iterator[tuple[Location, str, dict[str, Any]]]:
    """Yield where each owner stands, what rows call it, and its JSON."""
    seen: Counter[str] = Counter()
    for part in parts:
        for place, item in enumerate(tree.get(part, ())):
            name = {"channels": CHANNELS.get(item.get("kind"), ""), "local_rules": RULE}.get(part) or item.get("id", "")
            seen[name] += 1
            yield (part, place), f"{RULE} {seen[name]}" if part == "local_rules" else nth(name, seen[name]), item


def to_record(code: str, rows: Iterable[Row]) -> tuple[Procedure | None, list[RowFault]]:
    """Build the record of one code from its rows; None with every fault, by field, when they do not make one."""
    builder = _Builder(code)
    ordered = sorted(rows, key=lambda row: row.sheet.part in _OWNED)
    for row in ordered:
        builder.add(row)
    return builder.record(), builder.faults


class _Builder:
    def __init__(self, code: str) -> None:
        self._tree: dict[str, Any] = {"code": code}
        self._origin: dict[Location, Row] = {}
        self.faults: list[RowFault] = []

    def add(self, row: Row) -> None:
        values = self._values(row)
        if not row.sheet.part:
            source = {field[7:]: values.pop(field) for field in list(values) if field.startswith("source.")}
            self._tree |= {**values, "source": source, "code": self._tree["code"]}
            self._origin[()] = row
            return
        values.pop("code", None)
        if row.sheet.part == "money":
            values.setdefault("amount", None)
        place, holder = self._holder(row, values.pop(OWNER, None))
        if holder is None:
            return
        held = holder.setdefault(row.sheet.part, [])
        self._origin[(*place, row.sheet.part, len(held))] = row
        held.append(_item(row.sheet, values))

    def _values(self, row: Row) -> dict[str, Any]:
        values = {}
        for column, cell in zip(row.sheet.columns, row.cells, strict=True):
            try:
                value = from_cell(column, cell)
            except CellError as error:
                self._fault(row, column.field, str(error))
                continue
            if value is not None:
                values[column.field] = value
            elif column.needed:
                self._fault(row, column.field, f"còn thiếu “{column.heading.rstrip(' *')}”")
        return values

    def _holder(self, row: Row, name: str | None) -> tuple[Location, dict[str, Any] | None]:
        """Return the part of the record that a row goes into, and where that stands."""
        if row.sheet.part not in _OWNED:
            return (), self._tree
        if name is None:
            return (), None
        for place, called, item in _owners(self._tree, _OWNED[row.sheet.part]):
            if fold(called.lower()) == fold(name.lower()):
                return place, item
        sheets = ", ".join(BY_PART[part].title for part in _OWNED[row.sheet.part])
        self._fault(row, OWNER, f"thủ tục này không có “{name[:40]}” ở trang {sheets}")
        return (), None

    def record(self) -> Procedure | None:
        try:
            record = Procedure.model_validate_json(json.dumps(self._tree))
        except ValidationError as error:
            for place, words in faults(error):
                self._place(place, words)
            return None
        return None if self.faults else record

    def _place(self, place: Location, words: str) -> None:
        """Note a fault of the whole record at the row and the field it comes from."""
        if place and any(known.row.sheet.part == place[-1] for known in self.faults):
            return  # rows of this list are faulty themselves
        length = next((n for n in range(len(place), -1, -1) if place[:n] in self._origin), -1)
        if length < 0:
            return
        row = self._origin[place[:length]]
        rest = [step for step in place[length:] if isinstance(step, str)]
        names = (".".join(rest[:2]), *rest[:1], *(column.field for column in row.sheet.columns[1:2]))
        field = next((name for name in names if name in row.sheet.fields), "code") if length else _main(names[:2])
        if not any(known.row is row and known.field == field for known in self.faults):
            self._fault(row, field, words if field in rest or "." in field else f"{where(place)}: {words}")

    def _fault(self, row: Row, field: str, words: str) -> None:
        self.faults.append(RowFault(row, field, words))


def _main(names: Iterable[str]) -> str:
    return next((name for name in names if name in BY_PART[""].fields), "code")


def _item(sheet: Sheet, values: dict[str, Any]) -> Any:
    if sheet.plain:
        return values.get(sheet.part, "")
    return values.get("text", "") if sheet.part == "steps" and not values.get("when") else values
