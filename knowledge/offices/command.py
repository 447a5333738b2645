"""``python -m knowledge offices template|check``: the workbook of offices, made and checked."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from knowledge.errors import OfficesError
from knowledge.places import Finder, load_gazetteer


def add_commands(commands: Any) -> None:
    """Add ``offices`` and what it can do to the subcommands of a parser."""
    offices = commands.add_parser("offices", help="make or check the workbook of offices")
    actions = offices.add_subparsers(required=True, metavar="ACTION")
    template = actions.add_parser("template", help="write an Excel workbook to fill in, with sample rows")
    template.add_argument("file", type=Path)
    template.set_defaults(run=_template)
    check = actions.add_parser("check", help="name every fault of a filled workbook by its cell")
    check.add_argument("file", type=Path)
    check.add_argument("--json", action="store_true", help="print JSON")
    check.set_defaults(run=_check)


def _template(options: argparse.Namespace) -> int:
    from knowledge.offices.template import write_template

    write_template(options.file, load_gazetteer())
    print(f"Đã ghi {options.file}: xem trang “Hướng dẫn” trong tệp. Các dòng MẪU không có thật.")
    return 0


def _check(options: argparse.Namespace) -> int:
    from knowledge.offices.workbook import load_offices

    errors: list[str] = []
    try:
        found = load_offices(options.file, Finder(load_gazetteer()))
    except OfficesError as error:
        found, errors = (), str(error).splitlines()
    report = {
        "offices": len(found),
        "communes": len({office.commune.code for office in found}),
        "samples": sum(office.sample for office in found),
        "errors": errors,
    }
    if options.json:
        print(json.dumps(report, ensure_ascii=False, indent=1))
    else:
        print("\n".join(errors) or "Tệp dùng được: {offices} nơi ở {communes} xã, {samples} dòng mẫu.".format(**report))
    return 1 if errors else 0
