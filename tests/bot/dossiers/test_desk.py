"""An export is read by its headings, confirmed once, and refused cell by cell where it makes no sense."""

from __future__ import annotations

import json
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dossiers import columns, desk
from bot.dossiers.columns import Column
from bot.dossiers.command import status_in
from bot.dossiers.desk import Order, hand_in
from bot.dossiers.register import Register
from bot.dossiers.report import VIETNAM
from bot.dossiers.sources.building import Reader
from bot.dossiers.spreadsheet import Line
from bot.dossiers.status import Status
from bot.errors import ImportFault
from tests.bot.dossiers.desk import CODE, NOON, OTHER, SEALS

TONES = "\u0300\u0301\u0303\u0309\u0323"
HEADINGS = ("STT", "Số hồ sơ", "Người nộp", "CCCD", "SĐT", "Ngày tiếp nhận", "Ngày hẹn trả", "Trạng thái", "Lệ phí")


def row(code: str = CODE, status: str = "Đang xử lý", **more: Any) -> tuple[Any, ...]:
    known = {"CCCD": "001090123456", "SĐT": 912345678, "Ngày tiếp nhận": "02/11/2026", "Ngày hẹn trả": "27/11/2026"}
    values = {"STT": 1, "Số hồ sơ": code, "Người nộp": "Nguyễn Văn An", "Trạng thái": status, **known, **more}
    return tuple(values.get(name) for name in HEADINGS)


def export(path: Path, *rows: tuple[Any, ...]) -> Path:
    book = Workbook()
    assert book.active
    for each in (("DANH SÁCH HỒ SƠ",), HEADINGS, *rows):
        book.active.append(each)
    book.save(path)
    return path


class Person:
    """Hands in exports, and notes what was asked."""

    def __init__(self, engine: AsyncEngine, agrees: bool = True) -> None:
        self.engine = engine
        self.agrees = agrees
        self.asked: list[list[str]] = []

    async def hands(self, path: Path, *wishes: str, hours: float = 0, dry_run: bool = False) -> dict[str, Any]:
        order = Order(path, NOON - timedelta(hours=5 - hours), wishes, dry_run)
        return await hand_in(
            order, self.engine, Register(self.engine, SEALS), Reader(status_in, lambda: NOON), self._confirm
        )

    def _confirm(self, lines: list[str]) -> bool:
        self.asked.append(lines)
        return self.agrees


async def test_import_and_import_again(engine: AsyncEngine, tmp_path: Path) -> None:
    person = Person(engine)
    path = export(tmp_path / "a.xlsx", row(), row(OTHER, "Chờ bổ sung", **{"Lệ phí": "50.000 đ"}))
    assert (await person.hands(path, dry_run=True))["new"] == 2
    first = await person.hands(path)
    assert (first["new"], first["refused"]) == (2, 0)
    assert len(person.asked) == 2, "asked until somebody agreed to more than a trial"
    export(path, row(status="Đã trả kết quả"), row(OTHER, "Chờ bổ sung", **{"Lệ phí": "50.000 đ"}))
    again = await person.hands(path, hours=1)
    assert (again["changed"], again["same"]) == (1, 1)
    assert len(person.asked) == 2
    export(path, row())
    assert (await person.hands(path))["older"] == 1
    found = await Register(engine, SEALS).look_up(CODE)
    assert found
    assert found.status is Status.RETURNED
    assert found.due == datetime(2026, 11, 27, 17, tzinfo=VIETNAM)
    assert SEALS.fits(SEALS.proof(CODE, "3456"), CODE, found)
    assert SEALS.fits(SEALS.proof(CODE, "5678"), CODE, found)
    async with engine.connect() as connection:
        kept = str([tuple(row) for row in await connection.execute(text("SELECT * FROM dossier, mapping"))])
    for secret in ("Nguyễn", "001090123456", "912345678", "'3456'"):
        assert secret not in kept


async def test_rows_that_make_no_sense_are_refused_by_cell(engine: AsyncEngine, tmp_path: Path) -> None:
    wrong = [
        (row("H48-261102"), "B3"),
        (row("H48-271102-0001"), "B4"),
        (row(""), "B5"),
        (row(status=""), "H6"),
        (row(**{"Ngày hẹn trả": "31/02/2026"}), "G7"),
        (row(**{"Ngày hẹn trả": "=TODAY()"}), "G8"),
        (row(**{"Lệ phí": "nhiều"}), "I9"),
        (row(f"{CODE} và {OTHER}"), "B10"),
    ]
    path = export(tmp_path / "a.xlsx", *(each for each, _ in wrong), row())
    result = await Person(engine).hands(path)
    assert (result["new"], result["refused"], result["rows"]) == (1, len(wrong), len(wrong) + 1)
    assert [fault["place"] for fault in result["faults"]] == [place for _, place in wrong]
    words = desk.in_words(result)
    assert "không nhận 8" in words
    assert "ô G8: là công thức" in words
    assert json.dumps(result)


async def test_of_two_rows_with_one_code_the_later_is_used_and_the_other_named(
    engine: AsyncEngine, tmp_path: Path
) -> None:
    path = export(tmp_path / "a.xlsx", row(), row(OTHER), row(CODE.lower(), "Đã trả kết quả"))
    first = await Person(engine).hands(path)
    assert (first["new"], first["changed"], first["refused"], first["rows"]) == (2, 0, 1, 3)
    assert [fault["place"] for fault in first["faults"]] == ["B3"]
    assert "mã này còn ở dòng 5" in desk.in_words(first)
    again = await Person(engine).hands(path, hours=1)
    assert (again["same"], again["changed"]) == (2, 0), "the dossier did not go back in between"
    found = await Register(engine, SEALS).look_up(CODE)
    assert found
    assert found.status is Status.RETURNED


async def test_of_two_rows_with_one_code_the_newer_is_used(engine: AsyncEngine, tmp_path: Path) -> None:
    table = "Mã hồ sơ;Trạng thái;Ngày cập nhật\n{0};Đã trả kết quả;19/11/2026 10:00\n{0};Đang xử lý;18/11/2026 10:00\n"
    (tmp_path / "a.csv").write_text(table.format(CODE), encoding="utf-8")
    result = await Person(engine).hands(tmp_path / "a.csv")
    assert [fault["place"] for fault in result["faults"]] == ["A3"]
    found = await Register(engine, SEALS).look_up(CODE)
    assert found
    assert found.status is Status.RETURNED


async def test_nothing_is_stored_unless_the_columns_are_confirmed(engine: AsyncEngine, tmp_path: Path) -> None:
    path = export(tmp_path / "a.xlsx", row())
    person = Person(engine, agrees=False)
    with pytest.raises(ImportFault, match="Chưa nhập gì"):
        await person.hands(path)
    assert await Register(engine, SEALS).look_up(CODE) is None
    assert "Người nộp  →  bỏ qua, không lưu" in person.asked[0]


@pytest.mark.parametrize(
    ("said", "online"), [("Nộp trực tuyến", True), ("Trực tiếp", False), ("Khác", None), ("", None)]
)
async def test_how_it_was_filed_is_kept(engine: AsyncEngine, tmp_path: Path, said: str, online: bool | None) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"Mã hồ sơ,Tình trạng,Hình thức nộp\n{CODE},Đang xử lý,{said}\n")
    await Person(engine).hands(path)
    found = await Register(engine, SEALS).look_up(CODE)
    assert found
    assert found.online is online


async def test_columns_may_be_named_by_hand_and_are_kept(engine: AsyncEngine, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"Mã hồ sơ,Tình trạng,Xong trước\n{CODE},Đang xử lý,27/11/2026\n")
    person = Person(engine)
    await person.hands(path, "due=C")
    await person.hands(path, "due=Xong trước")
    await person.hands(path)
    assert len(person.asked) == 1
    found = await Register(engine, SEALS).look_up(CODE)
    assert found
    assert found.due
    with pytest.raises(ImportFault, match="không có cột"):
        await person.hands(path, "due=Z")
    with pytest.raises(ImportFault, match="loại cột"):
        await person.hands(path, "owner=C")


@pytest.mark.parametrize(
    ("words", "fault"),
    [
        ("a,b\n1,2\n", "Không thấy dòng tiêu đề"),
        (f"Mã hồ sơ,Ghi chú\n{CODE},x\n", "cột trạng thái"),
        ("Mã hồ sơ,Trạng thái\n", "không có dòng hồ sơ"),
    ],
)
async def test_tables_that_are_no_export(engine: AsyncEngine, tmp_path: Path, words: str, fault: str) -> None:
    (path := tmp_path / "a.csv").write_text(words)
    with pytest.raises(ImportFault, match=fault):
        await Person(engine).hands(path)


@pytest.mark.parametrize(
    ("heading", "column"),
    [
        ("MÃ HỒ SƠ", Column.CODE),
        ("Ma so ho so", Column.CODE),
        ("Số biên nhận", Column.CODE),
        ("MaHoSo", Column.CODE),
        ("Ngày hẹn trả kết quả", Column.DUE),
        ("NgayHenTra", Column.DUE),
        ("Ngày trả", Column.FINISHED),
        ("Tình trạng hồ sơ", Column.STATUS),
        ("Số ĐT", Column.PHONE),
        ("Mã HS", Column.CODE),
        ("Tình trạng HS", Column.STATUS),
        ("Ngày hẹn trả KQ", Column.DUE),
        ("Điện thoại:", Column.PHONE),
        ("Số CMND/CCCD", Column.IDENTITY),
        ("Tên TTHC", Column.PROCEDURE),
        ("Mã TTHC", Column.PROCEDURE_CODE),
        ("Họ và tên", Column.IGNORED),
        ("Phí, lệ phí", Column.AMOUNT),
        ("Hình thức nộp", Column.ONLINE),
        ("Kênh tiếp nhận", Column.ONLINE),
        ("Mã hồ sơ TTHC", Column.CODE),
        ("Trạng thái (1-10)", Column.STATUS),
        ("Ngày hẹn trả (dd/MM/yyyy)", Column.DUE),
        ("Ngày trả thực tế", Column.FINISHED),
        ("Số CCCD/Hộ chiếu", Column.IDENTITY),
        ("Tổ chức, cá nhân", Column.IGNORED),
        ("Lệ phí (VNĐ)", Column.AMOUNT),
        ("Thời hạn giải quyết", None),
        ("Hình thức trả kết quả", None),
        ("Quốc tịch", None),
    ],
)
def test_headings_as_programs_write_them(heading: str, column: Column | None) -> None:
    other = "Trạng thái" if column is Column.CODE else "Mã hồ sơ"
    filler = "Ngày tiếp nhận"
    found = columns.guess([Line(1, ("Sổ", None)), Line(2, (other, filler, heading))])
    assert found.line == 2
    assert found.columns.get(2) is column


@pytest.mark.parametrize(
    "rows",
    [
        [("STT", "Mã hồ sơ", "Ngày", None, "Trạng thái"), (None, None, "tiếp nhận", "hẹn trả", None)],
        [("STT", "Mã hồ sơ", "Thời gian", None, "Trạng thái"), (None, None, "Ngày nhận", "Hạn trả")],
        [("STT", "Hồ sơ", "Ngày nhận", "Hạn trả", "Trạng thái"), (None, "Mã hồ sơ", None, None, None)],
        [("STT", "Mã hồ sơ", "Ngày nhận", "Hạn trả", "Trạng thái"), ("(1)", "(2)", "(3)", "(4)", "(5)")],
        [
            ("STT", "Mã hồ sơ", "Thời gian", None, "Trạng thái"),
            (None, None, "Ngày nhận", "Hạn trả"),
            (1, 2, 3, 4, 5),
        ],
    ],
)
def test_headings_of_several_rows(rows: list[tuple[object, ...]]) -> None:
    data = (1, CODE, "02/11/2026", "27/11/2026", "Đang xử lý")
    lines = [Line(at, cells) for at, cells in enumerate([("DANH SÁCH HỒ SƠ",), *rows, data, data], 1)]  # type: ignore[arg-type]
    layout = columns.guess(lines)
    assert layout.line == 1 + len(rows)
    kinds = (Column.IGNORED, Column.CODE, Column.RECEIVED, Column.DUE, Column.STATUS)
    assert layout.columns == dict(enumerate(kinds))


def test_a_dossier_without_a_code_is_no_second_row_of_headings() -> None:
    lines = [Line(1, ("Mã hồ sơ", "Thủ tục", "Trạng thái")), Line(2, (None, "Đăng ký khai sinh", "Đang xử lý"))]
    assert columns.guess(lines).line == 1


async def test_cells_that_hold_nothing_and_days_that_lost_their_format(engine: AsyncEngine, tmp_path: Path) -> None:
    more: dict[str, Any] = {"Ngày tiếp nhận": 46328, "Ngày hẹn trả": "46353.5", "Lệ phí": "-"}
    empty = {"Ngày tiếp nhận": "Chưa có", "Ngày hẹn trả": "01/01/0001", "Lệ phí": "Miễn phí"}
    path = export(tmp_path / "a.xlsx", row(**more), row(OTHER, **empty))
    result = await Person(engine).hands(path)
    assert result["faults"] == []
    found = [await Register(engine, SEALS).look_up(code) for code in (CODE, OTHER)]
    days = [(each.received, each.due) for each in found if each]
    noon = datetime(2026, 11, 27, 12, tzinfo=VIETNAM)
    assert days == [(datetime(2026, 11, 2, tzinfo=VIETNAM), noon), (None, None)]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1258"])
async def test_semicolons_beside_names_full_of_commas(engine: AsyncEngine, tmp_path: Path, encoding: str) -> None:
    name = "Đăng ký, cấp, đổi, gia hạn, thu hồi, xác nhận, trích lục"
    words = f"Mã hồ sơ;Thủ tục;Trạng thái\n{CODE};{name};Đang xử lý\n{OTHER};{name};Đang xử lý\n"
    path = tmp_path / "a.csv"
    path.write_bytes(_apart(words).encode(encoding))
    assert (await Person(engine).hands(path))["new"] == 2
    found = await Register(engine, SEALS).look_up(OTHER)
    assert found
    assert found.procedure_name == name


def _apart(words: str) -> str:
    """Write tone marks behind their letters, as Windows-1258 does; other marks stay within them."""
    letters = [unicodedata.normalize("NFD", letter) for letter in words]
    return "".join(
        unicodedata.normalize("NFC", "".join(part for part in letter if part not in TONES))
        + "".join(part for part in letter if part in TONES)
        for letter in letters
    )


@pytest.mark.parametrize("wish", ["code=Mã phiếu một cửa", "code=b"])
def test_headings_that_nobody_could_guess_are_found_by_the_column_named_by_hand(wish: str) -> None:
    lines = [
        Line(1, ("BÁO CÁO",)),
        Line(2, ("STT", "Mã phiếu một cửa", "Trạng thái")),
        Line(3, (1, CODE, "Đang xử lý")),
    ]
    with pytest.raises(ImportFault, match="dòng tiêu đề"):
        columns.guess(lines)
    layout = columns.chosen(columns.guess(lines, [wish]), [wish])
    assert (layout.line, layout.at(Column.CODE), layout.at(Column.STATUS)) == (2, 1, 2)
