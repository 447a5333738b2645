"""The file a catalogue is kept in: read and written record by record, its faults told with their places, its schema."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge import wording
from knowledge.decoding import decode, oddities
from knowledge.errors import CatalogueError, DecodingError, reason
from knowledge.procedure import Procedure

SCHEMA_VERSION = 1
_ABOUT_VALUE = ("cần là", "không có trong", "viết sai", "nhỏ quá", "lớn quá")


def decoded(path: Path) -> Any:
    """Return the JSON of a catalogue file; raise ``CatalogueError`` in words when it cannot be read or is none."""
    try:
        return decode(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"Không đọc được {path.name}: {reason(error)}") from error
    except DecodingError as error:
        raise CatalogueError(f"{path.name} không phải JSON hợp lệ: {error}") from error


def dump(procedures: Iterable[Procedure]) -> str:
    """Return a catalogue file: records by code, what is empty left out, the same bytes for the same records."""
    return "".join(written(procedures))


def written(procedures: Iterable[Procedure]) -> Iterator[str]:
    """Yield the text of ``dump`` record by record, so that a large catalogue need not stand in memory twice."""
    before = f'{{\n "schema": {SCHEMA_VERSION},\n "procedures": ['
    for record in sorted(procedures, key=lambda record: record.code):
        row = json.dumps(record.model_dump(mode="json", exclude_defaults=True), ensure_ascii=False, indent=1)
        yield f"{before}\n  " + row.replace("\n", "\n  ")  # no line of JSON ends inside a text
        before = ","
    yield "\n ]\n}\n" if before == "," else f"{before}]\n}}\n"


def read(document: Any, name: str = "procedures.json") -> Iterator[tuple[Procedure | None, str]]:
    """Yield each record of a catalogue file, or in words what is wrong: with the file, with a record, its place first.

    Raises ``CatalogueError`` for what holds no records.
    """
    schema = document.get("schema") if isinstance(document, dict) else None
    if type(schema) is not int or schema != SCHEMA_VERSION:
        raise CatalogueError(f'{name}: thiếu hoặc sai phiên bản cấu trúc (cần "schema": {SCHEMA_VERSION})')
    records = document.get("procedures")
    if not isinstance(records, list):
        raise CatalogueError(f'{name}: thiếu danh sách "procedures"')
    for path, words in oddities({**document, "procedures": None} if type(document) is dict else document):
        if len(path) == 1:
            yield None, f"{name}, mục {path[0]}: {words}"
    for key in sorted(document.keys() - {"schema", "procedures"}):
        yield None, f"{name}: không có mục “{key}”"
    places: dict[str, int] = {}
    for number, raw in enumerate(records, 1):
        record, faults = record_of(raw)
        yield from ((None, f"{name}: {_place(number, raw)}{fault}") for fault in faults)
        if record and places.setdefault(record.code, number) != number:
            yield None, f"{name}: {_place(number, raw)}: mã thủ tục bị lặp, đã có ở thủ tục thứ {places[record.code]}"
        elif record:
            yield record, ""


def record_of(raw: Any) -> tuple[Procedure | None, list[str]]:
    """Return a record from its JSON; or None and what is wrong, each fault after the field and its value.

    Types are taken at their word: ``"8000"`` is no number, ``1`` is no yes.
    """
    faults = [_fault(raw, path, words) for path, words in oddities(raw)]
    if faults:
        return None, faults
    try:
        return Procedure.model_validate_json(json.dumps(raw), strict=True), []
    except ValidationError as error:
        return None, [_fault(raw, path, words) for path, words in wording.faults(error)]


def _place(number: int, raw: Any) -> str:
    code = raw.get("code", "?") if isinstance(raw, dict) else "?"
    return f"thủ tục thứ {number} ({' '.join(str(code).split())[:20]})"


def _fault(raw: Any, path: Sequence[int | str], words: str) -> str:
    if not path:
        return f": {words}"
    value = raw
    try:
        for step in path:
            value = value[step]
    except (LookupError, TypeError):
        value = None
    shown = isinstance(value, str | int | float) and words.startswith(_ABOUT_VALUE)
    said = f" (đang là {json.dumps(value, ensure_ascii=False)[:60]})" if shown else ""
    return f", mục {'.'.join(map(str, path))}: {words}{said}"


def schema_text() -> str:
    """Return the JSON Schema (draft 2020-12) of a catalogue file as text."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "procedures.json",
        "type": "object",
        "required": ["schema", "procedures"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": SCHEMA_VERSION},
            "procedures": {"type": "array", "items": Procedure.model_json_schema(ref_template="#/$defs/{model}")},
        },
    }
    record = schema["properties"]["procedures"]["items"]  # type: ignore[index]
    schema["$defs"] = record.pop("$defs")
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
