"""``python -m knowledge import|export``: a file into the catalogue, the catalogue into a file."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from knowledge import catalogue as catalogues
from knowledge import catalogue_file
from knowledge.catalogue import Catalogue
from knowledge.errors import ExchangeError, KnowledgeError
from knowledge.exchange.export import FORMATS, csv_tables, in_place, write_excel, write_json, write_tables
from knowledge.exchange.fault import Fault
from knowledge.exchange.marking import mark
from knowledge.exchange.pack import Pack
from knowledge.importing import Plan, plan
from knowledge.procedure import Procedure
from knowledge.revision import Change, sentences

IMPORT_HELP = (
    "FILE: procedures.json, our Excel workbook (export --format xlsx), or records of the national portal (.jsonl, "
    ".jsonl.gz). Records that FILE does not name stay. With any error nothing is written, and a workbook is given back "
    "with its cells marked. Exit codes: 0 done, 1 errors in the file, 2 a wrong call."
)
_MOST_TOLD = 30
_MOST_CHANGES = 12
_BAR = 30


def add_commands(commands: Any) -> None:
    """Add ``import`` and ``export`` to the subcommands of a parser."""
    importing = commands.add_parser("import", help="take a file into the catalogue, or say what would change")
    importing.epilog = IMPORT_HELP
    importing.add_argument("file", type=Path, metavar="FILE")
    importing.add_argument("--into", type=Path, help="catalogue to change, made when it is not there; default: ours")
    importing.add_argument("--dry-run", action="store_true", help="only say what would change")
    importing.add_argument("--marked", type=Path, help="where a workbook with errors goes; default: FILE-loi.xlsx")
    importing.add_argument("--json", action="store_true", help="print JSON")
    importing.set_defaults(run=_import)

    exporting = commands.add_parser("export", help="write the catalogue as open data, or an Excel workbook to edit")
    exporting.add_argument("--format", choices=FORMATS, default="json")
    exporting.add_argument("--output", type=Path, help="file to write; csv: .zip for all tables, .csv for the first")
    exporting.add_argument("--catalogue", type=Path, help="catalogue to export; default: ours")
    exporting.add_argument("--template", action="store_true", help="xlsx only: the workbook without records")
    exporting.set_defaults(run=_export, wrong=exporting.error)


def _import(options: argparse.Namespace) -> int:
    into: Path = options.into or catalogues.shipped_path()
    silent = options.json or not sys.stderr.isatty()
    bar = None if silent else Bar()
    try:
        current = catalogues.load(into) if into.exists() else Catalogue.of(())
        found = plan(options.file, current, bar or (lambda _: None))
    except KnowledgeError as error:
        found = Plan(Catalogue.of(()), Pack(), (), {}, (), (), (), (Fault("", str(error)),))
    finally:
        if bar:
            bar.close()
    marked = _marked(options, found)
    written = not found.errors and not options.dry_run and bool(found.added or found.changed)
    if written:
        write_json(into, found.records)
    names = found.taken.names
    if options.json:
        print(json.dumps(report(found, names) | {"written": written}, ensure_ascii=False, indent=1))
    else:
        print("\n".join(told(found, names)))
        print(_ending(found, options.dry_run, into, marked), file=sys.stderr if found.errors else sys.stdout)
    return 1 if found.errors else 0


def _marked(options: argparse.Namespace, found: Plan) -> Path | None:
    """Write the copy of a workbook with its faults marked, when any is in a cell; return where."""
    if not any(fault.cell for fault in found.errors):
        return None
    output: Path = options.marked or options.file.with_name(f"{options.file.stem}-loi.xlsx")
    in_place(output, lambda part: mark(options.file, found.errors, part))
    return output


def report(found: Plan, names: Mapping[str, str]) -> dict[str, Any]:
    """Return what an import would do, or did, for a program."""
    return {
        "added": list(found.added),
        "changed": [
            {"code": code, "name": names[code], "changes": [_change(change) for change in changes]}
            for code, changes in found.changed.items()
        ],
        "same": list(found.same),
        "kept": list(found.kept),
        "missing": list(found.missing),
        "errors": [_fault(fault) for fault in found.errors],
        "warnings": [_fault(fault) for fault in found.doubts],
    }


def _fault(fault: Fault) -> dict[str, str]:
    return {"place": fault.place, "sheet": fault.sheet, "cell": fault.cell, "words": fault.words}


def _change(change: Change) -> dict[str, Any]:
    return {"path": list(change.path), "label": change.label, "old": change.old, "new": change.new}


def told(found: Plan, names: Mapping[str, str]) -> Iterator[str]:
    """Yield, in words, what an import would do, or did."""
    if found.errors:
        yield f"Lỗi: {len(found.errors)}"
        yield from _some([f"  {fault}" for fault in found.errors])
    if found.doubts:
        yield f"Nên xem lại: {len(found.doubts)}"
        yield from _some([f"  {fault}" for fault in found.doubts])
    if not (found.before or found.taken):
        return
    yield f"Mới: {len(found.added)}"
    yield from _some([f"  {code} {names[code]}" for code in found.added])
    yield f"Thay đổi: {len(found.changed)}"
    yield from _some(list(found.changed.items()), lambda item: _told(item[0], names[item[0]], item[1]))
    kept = f", trong đó {len(found.kept)} bản đang có mới hơn hoặc đã biên soạn kỹ hơn" if found.kept else ""
    yield f"Giữ nguyên: {len(found.same)}{kept}"
    yield f"Không có trong tệp, vẫn giữ: {len(found.missing)}"


def _told(code: str, name: str, changes: Sequence[Change]) -> str:
    said = [f"    {sentence}" for sentence in sentences(changes[:_MOST_CHANGES])]
    if len(changes) > _MOST_CHANGES:
        said.append(f"    ... và {len(changes) - _MOST_CHANGES} thay đổi khác")
    return "\n".join([f"  {code} {name}", *said])


def _some(items: list[Any], say: Callable[[Any], str] = str) -> Iterator[str]:
    yield from map(say, items[:_MOST_TOLD])
    if len(items) > _MOST_TOLD:
        yield f"  ... và {len(items) - _MOST_TOLD} mục khác (xem đủ bằng --json)"


def _ending(found: Plan, dry_run: bool, into: Path, marked: Path | None) -> str:
    if found.errors:
        where = f" Các ô sai đã tô đỏ, có ghi chú, trong {marked}." if marked else ""
        return f"Chưa nhập gì: hãy sửa các lỗi trên rồi nhập lại.{where}"
    if not (found.added or found.changed):
        return f"{into.name} không thay đổi."
    return (
        "Đây là bản thử, chưa ghi gì."
        if dry_run
        else f"Đã ghi {len(found.before) + len(found.added)} thủ tục vào {into}."
    )


def _export(options: argparse.Namespace) -> int:
    output: Path | None = options.output
    if options.template and options.format != "xlsx":
        options.wrong("--template cần --format xlsx")
    if options.format == "xlsx" and (output is None or output.suffix.lower() != ".xlsx"):
        options.wrong("--format xlsx cần --output TÊN-TỆP.xlsx")
    if options.format == "csv" and output and output.suffix.lower() not in (".csv", ".zip"):
        options.wrong("--format csv cần --output .csv (một bảng) hoặc .zip (mọi bảng)")
    records: Sequence[Procedure] = [] if options.template else list(catalogues.load(options.catalogue))
    if output is None:
        sys.stdout.write(
            catalogue_file.dump(records) if options.format == "json" else next(iter(csv_tables(records).values()))
        )
        return 0
    if output.is_dir() or not output.parent.is_dir():
        raise ExchangeError(f"{output}: không phải tên một tệp trong thư mục có sẵn")
    {"json": write_json, "csv": write_tables, "xlsx": write_excel}[options.format](output, records)
    print(f"Đã ghi tệp mẫu {output}." if options.template else f"Đã ghi {len(records)} thủ tục vào {output}.")
    return 0


class Bar:
    """A bar on the terminal that grows with the work."""

    def __init__(self) -> None:
        self._shown = -1

    def __call__(self, share: float) -> None:
        """Draw how much of the work is done, ``share`` from 0 to 1, when the percentage has changed."""
        done = round(min(max(share, 0.0), 1.0) * 100)
        if done != self._shown:
            self._shown = done
            filled = done * _BAR // 100
            print(f"\r[{'#' * filled}{'.' * (_BAR - filled)}] {done:3d}%", end="", file=sys.stderr, flush=True)

    def close(self) -> None:
        """Take the bar away."""
        print(f"\r{' ' * (_BAR + 7)}\r", end="", file=sys.stderr, flush=True)
