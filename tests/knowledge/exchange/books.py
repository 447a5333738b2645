"""Workbooks that tests edit as a clerk would, and files that nobody should open."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook, load_workbook

from knowledge.exchange.template import write_workbook
from knowledge.procedure import Procedure

Edit = Callable[[Workbook], Any]


def book(path: Path, *records: Procedure, edit: Edit | None = None) -> Path:
    """Write the workbook of ``records``, then let ``edit`` change it."""
    write_workbook(path, records)
    if edit:
        opened = load_workbook(path)
        edit(opened)
        opened.save(path)
    return path


def put(sheet: str, cell: str, value: object) -> Edit:
    """An edit of one cell."""

    def edit(opened: Workbook) -> None:
        opened[sheet][cell].value = value

    return edit


def with_macro(path: Path) -> None:
    write_workbook(path)
    with ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"x")


def bomb(path: Path) -> None:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        for number in range(9):
            archive.writestr(f"xl/worksheets/sheet{number}.xml", b" " * (50 * 2**20))


def climber(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")
        archive.writestr("../../etc/passwd", b"x")


def entities(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "b">]><a/>'.encode("utf-16"))


def hollow(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<a/>")


def other_zip(path: Path) -> None:
    with ZipFile(path, "w") as archive:
        archive.writestr("a.txt", b"x")


def huge(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(100 * 2**20)


HOSTILE: tuple[tuple[str, Callable[[Path], Any], str], ...] = (
    ("a.xlsx", with_macro, "macro"),
    ("a.xlsm", with_macro, "không macro"),
    ("a.xlsx", bomb, "giải nén quá lớn"),
    ("a.xlsx", climber, "không an toàn"),
    ("a.xlsx", entities, "không an toàn"),
    ("a.xlsx", hollow, "hỏng"),
    ("a.xlsx", other_zip, "không phải tệp Excel"),
    ("a.xlsx", huge, "lớn quá"),
    ("a.json", huge, "lớn quá 90 MB"),
    ("a.jsonl.gz", huge, "lớn quá 90 MB"),
    ("a.xlsx", lambda path: path.write_bytes(b"\xd0\xcf\x11\xe0" + b"x" * 600), "mật khẩu"),
    ("a.xlsx", lambda path: path.write_text("không phải"), "hỏng"),
    ("a.exe", lambda path: path.write_text("MZ"), "không nhận loại tệp này"),
    ("a.xlsx", lambda path: None, "không có tệp này"),
    ("a.xlsx", lambda path: path.mkdir(), "không có tệp này"),
)
