"""The Excel workbook: what goes out comes back the same; what a clerk gets wrong is told by cell."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from knowledge.errors import ExchangeError
from knowledge.exchange.cell import clean
from knowledge.exchange.layout import HELP_SHEET, LIST_SHEET, SHEETS
from knowledge.exchange.template import write_workbook
from knowledge.exchange.workbook import read_workbook
from knowledge.procedure import Money, MoneyKind, Procedure
from tests.knowledge.cases import library_card
from tests.knowledge.exchange.books import Edit, book, put
from tests.knowledge.records import record
from tests.knowledge.strategies import procedures


def read(path: Path) -> tuple[Procedure, ...]:
    found = read_workbook(path)
    assert found.faults == ()
    return tuple(found.records)


def told(path: Path) -> list[str]:
    return [str(fault) for fault in read_workbook(path).faults]


@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.tuples(procedures("1.000001"), procedures("1.000010")))
def test_what_goes_out_comes_back_the_same(records: tuple[Procedure, ...]) -> None:
    with TemporaryDirectory() as folder:
        assert read(book(Path(folder) / "a.xlsx", *records)) == records


def test_it_comes_back_the_same_after_excel_has_saved_it(tmp_path: Path) -> None:
    card = library_card()
    assert read(book(tmp_path / "a.xlsx", card, edit=lambda opened: None)) == (card,)


def test_an_edited_sum_is_read(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", record(), edit=put("Tiền", "D2", "12.000"))
    (found,) = read(path)
    assert found.channels[0].money == (Money(kind=MoneyKind.FEE, amount=12000),)


def test_numbers_and_days_as_excel_keeps_them(tmp_path: Path) -> None:
    def edit(opened: Workbook) -> None:
        main = opened["Thủ tục"]
        main["A2"].value, main["I2"].value, main["J2"].value = 1.0001, datetime(2026, 11, 22), "1/12/2026"
        main["N2"].value, main["S2"].value = True, "CÓ"
        for sheet in SHEETS[1:]:
            for (cell,) in opened[sheet.title].iter_rows(min_row=2, max_col=1):
                cell.value = 1.0001
        opened["Giấy tờ"]["C2"].value = 12.0

    (found,) = read(book(tmp_path / "a.xlsx", record("1.000100"), edit=edit))
    assert found.code == "1.000100"
    assert (str(found.in_force_since), str(found.abolished_on)) == ("2026-11-22", "2026-12-01")
    assert (found.provincial, found.source.verified, found.documents[0].form) == (True, True, "12")


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (put("Tiền", "D2", "=1+1"), "trang “Tiền”, ô D2: có công thức, hãy dán lại thành giá trị"),
        (put("Tiền", "D2", "tám nghìn"), "trang “Tiền”, ô D2: “tám nghìn” không phải số nguyên"),
        (put("Tiền", "D2", -5), "trang “Tiền”, ô D2: nhỏ quá"),
        (put("Tiền", "D2", True), "trang “Tiền”, ô D2: “True” không phải số nguyên"),
        (put("Tiền", "C2", None), "trang “Tiền”, ô C2: còn thiếu “Loại”"),
        (put("Tiền", "C2", "Thuế"), "trang “Tiền”, ô C2: “Thuế” không có, chọn một trong: Phí; Lệ phí"),
        (put("Tiền", "B2", "Bưu chính"), "trang “Tiền”, ô B2: thủ tục này không có “Bưu chính” ở trang Cách nộp, "),
        (put("Tiền", "A2", "1.000009"), "trang “Tiền”, ô A2: mã 1.000009 không có ở trang “Thủ tục”"),
        (put("Tiền", "A2", None), "trang “Tiền”, ô A2: còn thiếu mã thủ tục"),
        (put("Tiền", "I2", "ai cũng nộp"), "trang “Tiền”, ô I2: “ai cũng nộp” không đúng dạng"),
        (put("Tiền", "I2", "Người đi = ho"), "trang “Tiền”, ô I2: viết sai dạng"),
        (put("Thủ tục", "B2", "\u200b "), "trang “Thủ tục”, ô B2: còn thiếu “Tên thủ tục”"),
        (put("Thủ tục", "J2", "32/1/2026"), "trang “Thủ tục”, ô J2: không hiểu ngày “32/1/2026”, cần dạng 22/11/2026"),
        (put("Thủ tục", "D2", "Cấp huyện"), "trang “Thủ tục”, ô D2: “Cấp huyện” không có"),
        (put("Thủ tục", "O2", 7), "trang “Thủ tục”, ô O2: lớn quá"),
        (put("Thủ tục", "O2", "nhiều"), "trang “Thủ tục”, ô O2: “nhiều” không phải số"),
        (put("Thủ tục", "S2", "chắc"), "trang “Thủ tục”, ô S2: cần ghi “có” hoặc “không”"),
        (put("Thủ tục", "R2", None), "trang “Thủ tục”, ô R2: còn thiếu “Ngày đọc nguồn”"),
        (put("Thủ tục", "A2", "1.23"), "trang “Thủ tục”, ô A2: viết sai dạng"),
        (put("Thủ tục", "K2", "cũ"), "trang “Thủ tục”, ô K2: viết sai dạng"),
        (put("Giấy tờ", "C2", datetime(2026, 2, 1)), "trang “Giấy tờ”, ô C2: Excel đã đổi ô này thành ngày tháng"),
        (put("Lựa chọn", "B2", "khac"), "trang “Lựa chọn”, ô B2: thủ tục này không có “khac” ở trang Câu hỏi"),
        (put("Lựa chọn", "C2", "Có dấu"), "trang “Lựa chọn”, ô C2: viết sai dạng"),
        (put("Các bước", "B2", None), "trang “Các bước”, ô B2: còn thiếu “Bước”"),
    ],
)
def test_what_is_wrong_is_told_by_cell(tmp_path: Path, edit: Edit, said: str) -> None:
    path = book(tmp_path / "a.xlsx", library_card(), edit=edit)
    found = told(path)
    assert any(words.startswith(said) for words in found), found
    if ", ô A2" not in said:
        assert len(found) == 1


def test_a_question_needs_two_answers(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", library_card(), edit=lambda opened: opened["Lựa chọn"].delete_rows(2))
    assert told(path) == ["trang “Câu hỏi”, ô B2: Câu hỏi 1 › Lựa chọn: có ít mục quá"]


def test_a_code_twice_is_told(tmp_path: Path) -> None:
    def edit(opened: Workbook) -> None:
        opened["Thủ tục"]["A3"].value = "1.000001"

    path = book(tmp_path / "a.xlsx", record(), record("1.000002", "Trả sách"), edit=edit)
    assert "trang “Thủ tục”, ô A3: mã 1.000001 đã có ở dòng 2" in told(path)


def test_columns_may_stand_elsewhere_and_rows_apart(tmp_path: Path) -> None:
    def edit(opened: Workbook) -> None:
        opened["Tiền"].insert_cols(3)
        opened["Tiền"].insert_rows(2, 500)
        opened.create_sheet("Nháp của tôi").append(["=1+1"])

    assert read(book(tmp_path / "a.xlsx", record(), edit=edit)) == (record(),)


def test_a_missing_sheet_or_column_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="thiếu trang: Tiền"):
        read_workbook(book(tmp_path / "a.xlsx", edit=lambda opened: opened.remove(opened["Tiền"])))
    with pytest.raises(ExchangeError, match="trang “Tiền”, dòng 1 thiếu cột: Của cách nộp"):
        read_workbook(book(tmp_path / "b.xlsx", edit=lambda opened: opened["Tiền"].delete_cols(2)))


def test_headings_further_down_or_twice_are_told(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="trang “Tiền”: tên cột đang ở dòng 3"):
        read_workbook(book(tmp_path / "a.xlsx", record(), edit=lambda opened: opened["Tiền"].insert_rows(1, 2)))
    with pytest.raises(ExchangeError, match="trang “Thủ tục”, ô V1: có hai cột “TÊN THỦ TỤC”"):
        read_workbook(book(tmp_path / "b.xlsx", record(), edit=put("Thủ tục", "V1", "TÊN THỦ TỤC")))


def test_columns_that_nobody_reads_are_told(tmp_path: Path) -> None:
    found = read_workbook(book(tmp_path / "a.xlsx", record(), edit=put("Tiền", "O1", "Người ghi")))
    (unread,) = found.unread
    assert (tuple(found.records), unread.sheet, unread.cell) == ((record(),), "Tiền", "O1")
    assert "Người ghi" in unread.words


def test_rows_of_nothing_but_spaces_are_none(tmp_path: Path) -> None:
    def edit(opened: Workbook) -> None:
        opened["Thủ tục"]["A9"], opened["Giấy tờ"]["B7"] = " \u00a0", "\u200b"

    assert read(book(tmp_path / "a.xlsx", record(), edit=edit)) == (record(),)


def test_what_the_other_faults_follow_from_comes_first(tmp_path: Path) -> None:
    assert told(book(tmp_path / "a.xlsx", record(), edit=put("Thủ tục", "A2", "1.2")))[0].startswith(
        "trang “Thủ tục”, ô A2: "
    )


def test_too_many_rows_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.exchange.workbook.MOST_ROWS", 2)
    with pytest.raises(ExchangeError, match="nhiều quá 2 dòng"):
        read_workbook(book(tmp_path / "a.xlsx", record(), record("1.000002", "Trả sách")))


def test_the_template_helps(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx")
    opened = load_workbook(tmp_path / "a.xlsx")
    assert opened.sheetnames == [HELP_SHEET, *(sheet.title for sheet in SHEETS), LIST_SHEET]
    for sheet in SHEETS:
        table = opened[sheet.title]
        rules = table.data_validations.dataValidation
        assert table.freeze_panes in ("B2", "C2")
        assert len(rules) == len(sheet.columns)
        assert all(rule.prompt and len(rule.prompt) <= 255 for rule in rules)
    (kinds,) = (rule for rule in opened["Cách nộp"].data_validations.dataValidation if rule.type == "list")
    words = [cell.value for (cell,) in opened[LIST_SHEET][kinds.formula1.split("!")[1].replace("$", "")]]
    assert words == ["Trực tiếp", "Trực tuyến", "Bưu chính"]
    assert opened[LIST_SHEET]["A2"].value == "01"
    assert read(tmp_path / "a.xlsx") == ()


def test_no_text_becomes_a_formula(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", record(name="=1+1", names=("@SUM(A1)", "#N/A")))
    opened = load_workbook(path)
    cells = [opened["Thủ tục"]["B2"], opened["Tên thường gọi"]["B2"], opened["Tên thường gọi"]["B3"]]
    assert {(cell.data_type, cell.number_format) for cell in cells} == {("s", "@")}


def test_text_that_no_cell_can_hold_is_told(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="dài quá"):
        write_workbook(tmp_path / "a.xlsx", [record(summary="x" * 40_000)])


@given(st.text(max_size=30))
def test_clean_text_stays_clean(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    once.encode()
