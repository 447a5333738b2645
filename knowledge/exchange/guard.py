"""Look at a workbook from outside before anything in it is unpacked.

An .xlsx file is a zip of XML. Macros, document types, parts with strange names, and what would unpack to too much are
refused; nothing is ever written to disk under a name that the file gives.
"""

from __future__ import annotations

import re
import warnings
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import BinaryIO
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook

_DECLARES = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_START = 2048
_OLE = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a workbook may be: bytes as it lies, bytes unpacked, number of parts."""

    packed: int
    unpacked: int
    parts: int


def danger(file: Path | BinaryIO, limits: Limits) -> str | None:
    """Return in words why a file is no harmless .xlsx workbook; None when it is one. Raises ``OSError``."""
    with file.open("rb") if isinstance(file, Path) else _kept(file) as stream:
        size = stream.seek(0, 2)
        if size > limits.packed:
            return f"tệp lớn quá {limits.packed // 2**20} MB"
        stream.seek(0)
        if stream.read(4) == _OLE:
            return "tệp Excel cũ (.xls) hoặc có mật khẩu: mở ra, lưu lại thành .xlsx không mật khẩu"
        try:
            with ZipFile(stream) as archive:
                return _inside(archive, limits)
        except (BadZipFile, RuntimeError, NotImplementedError, ValueError, EOFError, zlib.error):
            return "không mở được, tệp hỏng, có mật khẩu hoặc không phải Excel .xlsx"


def _kept(stream: BinaryIO) -> BytesIO:
    stream.seek(0)
    return BytesIO(stream.read())


def _inside(archive: ZipFile, limits: Limits) -> str | None:
    parts = archive.infolist()
    names = [part.filename for part in parts]
    if len(parts) > limits.parts or sum(part.file_size for part in parts) > limits.unpacked:
        return "không được bung ra: nội dung giải nén quá lớn"
    if any("vbaproject" in name.lower() for name in names):
        return "tệp có macro, hãy lưu lại dạng .xlsx không macro"
    if any(name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) for name in names):
        return "tên các phần trong tệp không an toàn"
    if "xl/workbook.xml" not in names:
        return "không phải tệp Excel .xlsx"
    for name in names:
        if name.endswith((".xml", ".rels")):
            with archive.open(name) as part:
                if _DECLARES.search(part.read(_START).replace(b"\0", b"")):
                    return "nội dung XML không an toàn"
    return None


@contextmanager
def open_book(contents: Path | BinaryIO) -> Iterator[Workbook]:
    """Open a workbook that passed ``danger``: read only, row by row, links to other files left alone.

    Raises whatever openpyxl meets in a broken file.
    """
    held = BytesIO(contents.read_bytes()) if isinstance(contents, Path) else contents  # openpyxl leaves files open
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about styles, extensions and dates: what matters is told by who reads
        book = load_workbook(held, read_only=True, keep_links=False)
        try:
            yield book
        finally:
            book.close()
