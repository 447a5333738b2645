"""Records as a file brings them: read with the place of each, and with all that is wrong in it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from knowledge.catalogue_file import SCHEMA_VERSION
from knowledge.decoding import decode, items, oddities
from knowledge.errors import CatalogueError, DecodingError, ExchangeError
from knowledge.exchange.cell import clean, is_clean
from knowledge.exchange.fault import Fault
from knowledge.exchange.national import read_line, read_lines
from knowledge.exchange.pack import Pack
from knowledge.exchange.workbook import read_workbook
from knowledge.procedure import Procedure, Step
from knowledge.wording import faults, where

LARGEST = 90 * 2**20
SUFFIXES = (".json", ".xlsx", ".jsonl", ".jsonl.gz")
MOST_FAULTS = 2_000
_TOLD = 3
Progress = Callable[[float], None]


@dataclass
class Incoming:
    """Records of a file with the place of each, and what is wrong in it."""

    national: bool = False
    records: Pack = field(default_factory=Pack)
    places: dict[str, Fault] = field(default_factory=dict)
    errors: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)

    def add(self, record: Procedure, place: Fault) -> None:
        """Take a record in; one whose code came before is a fault at its place."""
        if record.code in self.records.names:
            self.fault(place.place, f"mã {record.code} đã có ở {self.places[record.code].place}")
            return
        self.records.put(record)
        self.places[record.code] = place

    def fault(self, place: str, words: str) -> None:
        """Note what is wrong at a place, up to ``MOST_FAULTS``."""
        if len(self.errors) < MOST_FAULTS:
            self.errors.append(Fault(place, words))


def read(path: Path, progress: Progress) -> Incoming:
    """Read a file of ours, a workbook, or records of the national portal; ``progress`` is told how much is read.

    Raises ``ExchangeError`` for a file that is refused as a whole.
    """
    name = path.name.lower()
    if not name.endswith(SUFFIXES):
        raise ExchangeError(
            f"{path.name}: không nhận loại tệp này. Cần procedures.json, Excel .xlsx (không macro), "
            "hoặc bản ghi của Cổng Dịch vụ công quốc gia .jsonl, .jsonl.gz"
        )
    if not path.is_file():
        raise ExchangeError(f"{path.name}: không có tệp này")
    try:
        if path.stat().st_size > LARGEST:
            raise ExchangeError(f"{path.name}: tệp lớn quá {LARGEST // 2**20} MB")
        if name.endswith(".xlsx"):
            book = read_workbook(path, progress)
            incoming = Incoming(False, book.records, book.starts, list(book.faults), list(book.unread))
        else:
            incoming = _read_own(path, progress) if name.endswith(".json") else _read_portal(path, progress)
    except OSError as error:
        raise ExchangeError(f"{path.name}: không đọc được tệp: {error.strerror}") from error
    if not incoming.records and not incoming.errors:
        raise ExchangeError("; ".join([f"{path.name}: không có thủ tục nào", *map(str, incoming.doubts[:_TOLD])]))
    return incoming


def _read_portal(path: Path, progress: Progress) -> Incoming:
    incoming = Incoming(national=True)
    for number, line, share in read_lines(path):
        try:
            incoming.add(own(read_line(line)), Fault(f"dòng {number}", ""))
        except CatalogueError as error:
            incoming.fault(f"dòng {number}", str(error))
        progress(share * 0.9)
    return incoming


def _read_own(path: Path, progress: Progress) -> Incoming:
    """Read our own format piece by piece; a file that is not plainly so is read whole, to say what is wrong with it."""
    beside: dict[str, Any] = {}
    try:
        with path.open("rb") as body, TextIOWrapper(body, "utf-8-sig") as file:
            size = path.stat().st_size or 1
            incoming = _rows(items(file, "procedures", beside), lambda: progress(body.tell() / size * 0.9))
        if beside.get("schema") == SCHEMA_VERSION and "procedures" in beside:
            return incoming
    except (DecodingError, UnicodeDecodeError):
        pass
    return _rows(iter(_whole(path)), lambda: None)


def _whole(path: Path) -> list[Any]:
    try:
        document = decode(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ExchangeError(f"{path.name}: không phải JSON hợp lệ: tệp không phải chữ UTF-8") from error
    except DecodingError as error:
        raise ExchangeError(f"{path.name}: không phải JSON hợp lệ: {error}") from error
    rows = document.get("procedures") if isinstance(document, dict) else None
    if not isinstance(rows, list) or document.get("schema") != SCHEMA_VERSION:
        raise ExchangeError(f"{path.name}: không phải procedures.json (cần “schema”: {SCHEMA_VERSION} và “procedures”)")
    return rows


def _rows(rows: Iterator[Any], progress: Callable[[], None]) -> Incoming:
    incoming = Incoming()
    for number, raw in enumerate(rows, 1):
        code = raw.get("code") if isinstance(raw, dict) else None
        place = f"thủ tục thứ {number}" + (f" ({code[:20]})" if isinstance(code, str) else "")
        odd = list(oddities(raw))
        for path, words in odd:
            incoming.fault(place, f"{where(path)}: {words}")
        try:
            if not odd:
                incoming.add(own(Procedure.model_validate_json(json.dumps(raw), strict=True)), Fault(place, ""))
        except ValidationError as error:
            for path, words in faults(error):
                incoming.fault(place, f"{where(path)}: {words}")
        except (ValueError, RecursionError):
            incoming.fault(place, "không đúng dạng")
        progress()
    return incoming


def own(record: Procedure) -> Procedure:
    """Return a record as we keep it: text composed, without invisible characters, a step for everybody as plain text.

    Raises ``CatalogueError`` when a text is nothing but invisible characters.
    """
    written = record.model_dump_json()
    try:
        tidied = (
            record if is_clean(written) else Procedure.model_validate_json(json.dumps(_tidied(json.loads(written))))
        )
    except ValidationError as error:
        raise CatalogueError("; ".join(f"{where(place)}: {words}" for place, words in faults(error))) from error
    if not any(isinstance(step, Step) and not step.when for step in tidied.steps):
        return tidied
    steps = tuple(step.text if isinstance(step, Step) and not step.when else step for step in tidied.steps)
    return tidied.model_copy(update={"steps": steps})


def _tidied(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, list):
        return [_tidied(each) for each in value]
    return {key: _tidied(each) for key, each in value.items()} if isinstance(value, dict) else value
