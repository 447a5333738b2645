"""Many procedures at one moment: load, validate, look up."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge.errors import CatalogueError
from knowledge.procedure import Procedure

SCHEMA_VERSION = 1
_REASONS: dict[type[Exception], str] = {
    FileNotFoundError: "không có tệp này",
    PermissionError: "không có quyền đọc tệp",
    IsADirectoryError: "đây là thư mục, không phải tệp",
    UnicodeDecodeError: "tệp không phải chữ UTF-8",
}


@dataclass(frozen=True)
class Catalogue:
    """All procedures the assistant answers from, by code.

    ``release`` is a short digest of the content: two catalogues with the same release give the same answers, and a
    button pressed under an older release can be told from a current one.
    """

    procedures: Mapping[str, Procedure]
    release: str
    families: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, procedures: Iterable[Procedure]) -> Catalogue:
        """Build a catalogue; raise ``CatalogueError`` when two records share a code."""
        records = sorted(procedures, key=lambda record: record.code)
        repeated = [code for code, times in Counter(record.code for record in records).items() if times > 1]
        if repeated:
            raise CatalogueError(f"Mã thủ tục bị lặp: {', '.join(repeated)}")
        families: dict[str, list[str]] = {}
        digest = hashlib.sha256()
        for record in records:
            digest.update(record.model_dump_json().encode())
            if record.family:
                families.setdefault(record.family, []).append(record.code)
        return cls(
            {record.code: record for record in records},
            digest.hexdigest()[:8],
            {family: tuple(codes) for family, codes in families.items()},
        )

    def get(self, code: str) -> Procedure | None:
        """Return the procedure of that code, or None."""
        return self.procedures.get(code)

    def by_field(self) -> dict[str, tuple[Procedure, ...]]:
        """Return the procedures in force grouped by field (lĩnh vực), fields and names in alphabetical order."""
        groups: dict[str, list[Procedure]] = {}
        for record in self.procedures.values():
            if record.abolished_on is None:
                groups.setdefault(record.field, []).append(record)
        return {name: tuple(sorted(group, key=lambda r: r.name)) for name, group in sorted(groups.items())}

    def related(self, code: str, limit: int = 6) -> tuple[Procedure, ...]:
        """Return procedures a reader of ``code`` may have meant or need next: its family first, then its field."""
        record = self.procedures.get(code)
        if record is None:
            return ()
        family = self.families.get(record.family or "", ())
        found = [self.procedures[other] for other in family if other != code]
        peers = (other for other in self.procedures.values() if other.field == record.field)
        found += sorted((p for p in peers if p.code != code and p not in found), key=lambda p: (-p.prior, p.code))
        return tuple(p for p in found if p.abolished_on is None)[:limit]

    def __iter__(self) -> Iterator[Procedure]:
        return iter(self.procedures.values())

    def __len__(self) -> int:
        return len(self.procedures)


def shipped_path() -> Path:
    """Return where the shipped ``procedures.json`` lies: beside the packages, or inside an installed wheel."""
    beside = Path(__file__).resolve().parent.parent / "procedures.json"
    return beside if beside.is_file() else Path(__file__).resolve().parent / "procedures.json"


def load(path: Path | None = None) -> Catalogue:
    """Read a catalogue file; raise ``CatalogueError`` naming the first fault in words."""
    path = path or shipped_path()
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise CatalogueError(f"Không đọc được {path.name}: {_REASONS.get(type(error), error)}") from error
    except json.JSONDecodeError as error:
        raise CatalogueError(f"{path.name} không phải JSON hợp lệ: dòng {error.lineno}, {error.msg}") from error
    return parse(document, path.name)


def dump(procedures: Iterable[Procedure]) -> str:
    """Return a catalogue file: records by code, what is empty left out, the same bytes for the same records."""
    records = sorted(procedures, key=lambda record: record.code)
    rows = [record.model_dump(mode="json", exclude_defaults=True) for record in records]
    return json.dumps({"schema": SCHEMA_VERSION, "procedures": rows}, ensure_ascii=False, indent=1) + "\n"


def parse(document: Any, name: str = "procedures.json") -> Catalogue:
    """Turn the decoded JSON of a catalogue file into a ``Catalogue``; raise ``CatalogueError`` when it is not valid."""
    if not isinstance(document, dict) or document.get("schema") != SCHEMA_VERSION:
        raise CatalogueError(f'{name}: thiếu hoặc sai phiên bản cấu trúc (cần "schema": {SCHEMA_VERSION})')
    records = document.get("procedures")
    if not isinstance(records, list):
        raise CatalogueError(f'{name}: thiếu danh sách "procedures"')
    return Catalogue.of(_record(raw, index, name) for index, raw in enumerate(records))


def _record(raw: Any, index: int, name: str) -> Procedure:
    try:
        return Procedure.model_validate_json(json.dumps(raw))
    except ValidationError as error:
        first = error.errors()[0]
        code = raw.get("code", "?") if isinstance(raw, dict) else "?"
        where = ".".join(str(part) for part in first["loc"])
        raise CatalogueError(f"{name}: thủ tục thứ {index + 1} ({code}), mục {where}: {first['msg']}") from error


def enrich(records: Iterable[Procedure], shipped: Catalogue) -> Iterator[Procedure]:
    """Yield ``records`` with the names people use, family and prior that the shipped catalogue knows of them."""
    for record in records:
        known = shipped.get(record.code)
        if known is None:
            yield record
        else:
            added = {"names": known.names, "family": known.family, "variant": known.variant, "prior": known.prior}
            yield record.model_copy(update=added)


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
