from __future__ import annotations

import contextlib
import io
import unicodedata
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from bot.dossiers import spreadsheet
from bot.dossiers.spreadsheet import Cell, Formula, read
from bot.errors import ImportFault

TABLE = "Mã hồ sơ;Trạng thái\nH48-261102-0001;Đang xử lý\n"
ROWS = [("Mã hồ sơ", "Trạng thái"), ("H48-261102-0001", "Đang xử lý")]


def cells(path: Path) -> list[tuple[Cell, ...]]:
    return [line.cells for line in read(path)]


def workbook(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = Workbook()
    sheet = book.active
    assert sheet
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_text_in_unicode(tmp_path: Path, encoding: str) -> None:
    (path := tmp_path / "a.csv").write_text(TABLE, encoding=encoding)
    assert cells(path) == ROWS


def test_text_in_windows_1258(tmp_path: Path) -> None:
    """That table has no letters with tones: "ộ" is "ô" and a dot of its own."""
    words = "".join(_apart(letter) for letter in TABLE)
    (path := tmp_path / "a.csv").write_bytes(words.encode("cp1258"))
    assert cells(path) == ROWS


def _apart(letter: str) -> str:
    bare = unicodedata.normalize("NFD", letter)
    hat, tone = "".join(each for each in bare if each not in _TONES), [each for each in bare if each in _TONES]
    return unicodedata.normalize("NFC", hat) + "".join(tone)


_TONES = "\u0300\u0301\u0303\u0309\u0323"


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
def test_any_usual_sign_parts_the_columns(tmp_path: Path, sign: str) -> None:
    (path := tmp_path / "a.csv").write_text(TABLE.replace(";", sign))
    assert cells(path) == ROWS


def test_workbook(tmp_path: Path) -> None:
    day = datetime(2026, 11, 27)
    path = workbook(tmp_path / "a.xlsx", ("Sổ  hồ sơ",), (), ("a", 7, day, None, True))
    lines = list(read(path))
    assert [(line.number, line.cells) for line in lines] == [
        (1, ("Sổ hồ sơ",)),
        (3, ("a", 7, day, None, None)),
    ]
    assert lines[1].place(2) == "C3"


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_formulas_are_never_computed(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name.endswith("x"):
        workbook(path, ('=WEBSERVICE("http://x")', "b"))
    else:
        path.write_text("=cmd|' /C calc'!A0;b\n")
    assert cells(path) == [(Formula(), "b")]


def packed(path: Path, **parts: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name.replace("__", "/").replace("_xml", ".xml").replace("_bin", ".bin"), content)
    return path


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "trống"),
        (b"  \n", "trống"),
        (b"\xd0\xcf\x11\xe0" + b"x" * 100, "mật khẩu"),
        (b"PK\x03\x04 broken", "hỏng"),
        (b"a,b\x00c\n" * 3, "bảng mã"),
        (bytes(range(128, 256)) * 3, "bảng mã"),
        (b'a,b\n"' + b"x" * 1_100_000, "CSV"),
        (b'a,b\n1,2\n3,"not closed\n5,6\n', "dòng 3"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(tmp_path: Path, content: bytes, words: str) -> None:
    (path := tmp_path / "a").write_bytes(content)
    with pytest.raises(ImportFault, match=words):
        cells(path)


def test_hostile_workbooks_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.xlsx"
    with pytest.raises(ImportFault, match="macro"):
        cells(packed(path, xl__workbook_xml=b"<x/>", xl__vbaProject_bin=b"x"))
    with pytest.raises(ImportFault, match="không phải tệp Excel"):
        cells(packed(path, word__document_xml=b"<x/>"))
    with pytest.raises(ImportFault, match="hỏng"):
        cells(packed(path, xl__workbook_xml=b"<x/>"))
    with pytest.raises(ImportFault, match="bung ra"):
        cells(packed(path, xl__workbook_xml=b"<x/>", bomb=b"0" * (spreadsheet.BIGGEST_UNPACKED + 1)))
    assert path.stat().st_size < 1_000_000
    monkeypatch.setattr(spreadsheet, "BIGGEST_FILE", 1000)
    path.write_bytes(b"x" * 1001)
    with pytest.raises(ImportFault, match="lớn hơn"):
        cells(path)


def test_a_lie_about_sizes_is_found_out(tmp_path: Path) -> None:
    """A part that unpacks to more than it declares is cut off by the reader, not by our memory."""
    whole = workbook(tmp_path / "a.xlsx", *((number, "x" * 100) for number in range(2000))).read_bytes()
    (tmp_path / "b.xlsx").write_bytes(whole.replace(_size(whole), b"\x10\x00\x00\x00"))
    with pytest.raises(ImportFault, match="hỏng"):
        cells(tmp_path / "b.xlsx")


def _size(whole: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(whole)) as file:
        return file.getinfo("xl/worksheets/sheet1.xml").file_size.to_bytes(4, "little")


def test_too_many_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "MOST_ROWS", 2)
    (path := tmp_path / "a.csv").write_text("a\nb\nc\n")
    with pytest.raises(ImportFault, match="dòng"):
        cells(path)


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ImportFault, match="Không có tệp"):
        cells(tmp_path / "none")
    with pytest.raises(ImportFault, match="Không có tệp"):
        cells(tmp_path)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda words: words.encode("utf-8", "replace")))
def test_whatever_a_file_holds_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    (path := tmp_path_factory.getbasetemp() / "any").write_bytes(content)
    with contextlib.suppress(ImportFault):
        for line in read(path):
            assert any(cell is not None for cell in line.cells)
