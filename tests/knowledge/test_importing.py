"""What an import would do to a catalogue, before anything is written."""

from __future__ import annotations

import gzip
import json
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from knowledge.catalogue import Catalogue
from knowledge.catalogue_file import dump
from knowledge.errors import KnowledgeError
from knowledge.exchange.export import write_json
from knowledge.exchange.national import to_procedure
from knowledge.importing import carried, plan
from knowledge.incoming import own
from knowledge.procedure import Procedure, Source, Step
from knowledge.revision import sentences
from tests.knowledge.cases import library_card, paper
from tests.knowledge.exchange.books import HOSTILE, book, put
from tests.knowledge.records import portal, record, write_lines

OLD, NEW = "2026-05-01", "2026-08-01"
READ = record().source


def catalogue(path: Path, *records: Procedure) -> Path:
    path.write_text(dump(records), encoding="utf-8")
    return path


def raw(path: Path, *rows: Any) -> Path:
    path.write_text(json.dumps({"schema": 1, "procedures": rows}), encoding="utf-8")
    return path


def test_new_changed_same_and_missing_are_told_apart(tmp_path: Path) -> None:
    ours = Catalogue.of([record("1.000001"), record("1.000002", "B"), record("1.000003", "C")])
    path = catalogue(tmp_path / "a.json", record("1.000001"), record("1.000002", "B2"), record("1.000004", "D"))
    found = plan(path, ours)
    assert (found.added, found.same, found.missing) == (("1.000004",), ("1.000001",), ("1.000003",))
    assert {code: sentences(changes) for code, changes in found.changed.items()} == {
        "1.000002": ["Tên thủ tục: “B” → “B2”"]
    }
    assert [each.name for each in found.records] == ["Cấp thẻ bạn đọc", "B2", "C", "D"]
    assert found.errors == ()


def test_a_catalogue_over_itself_changes_nothing(tmp_path: Path) -> None:
    ours = Catalogue.of([library_card(), record("1.000002", "B")])
    for path in (catalogue(tmp_path / "a.json", *ours), book(tmp_path / "a.xlsx", *ours)):
        found = plan(path, ours)
        assert (found.added, found.changed, found.same, found.errors) == ((), {}, ("1.000001", "1.000002"), ())
        assert dump(found.records) == dump(ours)


def test_a_newer_portal_record_keeps_what_only_we_know(tmp_path: Path) -> None:
    ours = record(names=("thẻ thư viện",), family="the", prior=0.4, exemptions=("Trẻ em",), summary="Một câu.")
    path = write_lines(tmp_path / "a.jsonl", [portal(name="Cấp thẻ thư viện", conditions="Đủ 6 tuổi", source_date=NEW)])
    found = plan(path, Catalogue.of([ours]))
    (after,) = found.records
    assert (after.name, after.conditions, after.source.read_on) == (
        "Cấp thẻ thư viện",
        ("Đủ 6 tuổi",),
        date(2026, 8, 1),
    )
    assert (after.names, after.family, after.prior, after.exemptions) == (("thẻ thư viện",), "the", 0.4, ("Trẻ em",))
    assert after.channels[0].where == "Ủy ban nhân dân xã"
    assert "Tên thủ tục: “Cấp thẻ bạn đọc” → “Cấp thẻ thư viện”" in sentences(found.changed["1.000001"])


def test_parts_with_case_questions_stay_and_say_from_when(tmp_path: Path) -> None:
    card = library_card()
    after = carried(card, to_procedure(portal(source_date=NEW)))
    assert (after.questions, after.documents, after.channels, after.steps) == (
        card.questions,
        card.documents,
        card.channels,
        card.steps,
    )
    note = "Giấy tờ, cách nộp và các bước giữ theo bản đọc ngày 01/07/2026; cần so lại với nguồn đọc ngày 01/08/2026."
    assert after.warnings == (note,)
    again = carried(after, to_procedure(portal(source_date="2026-09-15")))
    assert again.warnings == (note.replace("01/08", "15/09"),)


def test_what_the_portal_leaves_empty_stays() -> None:
    ours = record(results=("Thẻ",), agency="Thư viện xã")
    bare = to_procedure(portal(documents=[], steps="", channels=[], source_date=NEW))
    after = carried(ours, bare)
    assert (after.documents, after.channels, after.results, after.agency) == (
        ours.documents,
        ours.channels,
        ours.results,
        ours.agency,
    )


def test_what_the_portal_says_without_a_number_does_not_replace_one() -> None:
    def channel(**said: str) -> list[dict[str, str]]:
        return [{"channel": "Trực tiếp", "fee_kind": "portal-zero", "fee_text": "Miễn phí", "time_limit": "3", **said}]

    ours = record()
    vague = carried(ours, to_procedure(portal(channels=channel())))
    assert vague.channels == ours.channels
    plain = channel(time_limit="5 Ngày", fee_kind="amount", fee_text="Lệ phí : 9.000 VNĐ")
    (said,) = carried(ours, to_procedure(portal(channels=plain))).channels
    assert (said.time_limits[0].amount, said.money[0].amount) == (5, 9000)


@pytest.mark.parametrize(
    ("ours", "source_date", "stays"),
    [
        (record(), OLD, True),
        (record(source=Source(name="Cổng", read_on=date(2026, 5, 1), verified=False)), OLD, False),
        (record(source=Source(name="Cổng", read_on=date(2026, 5, 1), verified=True)), OLD, True),
        (record(), NEW, False),
    ],
)
def test_what_was_read_later_wins(tmp_path: Path, ours: Procedure, source_date: str, stays: bool) -> None:
    path = write_lines(tmp_path / "a.jsonl", [portal(name="Tên khác", source_date=source_date)])
    found = plan(path, Catalogue.of([ours]))
    assert (found.kept == ("1.000001",), found.same == ("1.000001",), not found.changed) == (stays,) * 3
    assert (found.records == (ours,)) == stays


def test_the_second_import_of_a_file_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    rows = [portal(), portal("1.000002", "Trả  sách\u200b", documents=[], steps="", channels=[])]
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))
    first = plan(path, Catalogue.of([]))
    assert first.added == ("1.000001", "1.000002")
    assert first.records[1].name == "Trả sách"
    second = plan(path, Catalogue.of(first.records))
    assert (second.same, second.kept, dict(second.changed)) == (("1.000001", "1.000002"), (), {})


def test_every_fault_is_told_by_record(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        json.dumps(portal())
        + '\n{"code": \n'
        + json.dumps(portal("x"))
        + "\n\n"
        + json.dumps({"name": "Không mã"})
        + "\n"
        + json.dumps(portal())
        + "\n",
        encoding="utf-8",
    )
    found = plan(tmp_path / "a.jsonl", Catalogue.of([]))
    assert [str(fault) for fault in found.errors] == [
        "dòng 2: không phải JSON hợp lệ",
        "dòng 3: Mã thủ tục: viết sai dạng",
        "dòng 5: thiếu hoặc không hiểu mục 'code'",
        "dòng 6: mã 1.000001 đã có ở dòng 1",
    ]


def test_faults_of_our_own_format_are_told_in_words(tmp_path: Path) -> None:
    good = json.loads(dump([record()]))["procedures"][0]
    bad = good | {"code": "1.000002", "documents": [{"name": "", "originals": "hai"}], "colour": 1}
    found = plan(raw(tmp_path / "a.json", good, bad, 7, good), Catalogue.of([]))
    assert [str(fault) for fault in found.errors] == [
        "thủ tục thứ 2 (1.000002): Giấy tờ 1 › Tên giấy tờ: đang để trống",
        "thủ tục thứ 2 (1.000002): Giấy tờ 1 › Bản chính: cần là số nguyên",
        "thủ tục thứ 2 (1.000002): bản ghi: không có mục “colour”",
        "thủ tục thứ 3: bản ghi: cần có từng mục con",
        "thủ tục thứ 4 (1.000001): mã 1.000001 đã có ở thủ tục thứ 1 (1.000001)",
    ]


def test_our_own_format_is_read_strictly(tmp_path: Path) -> None:
    path = catalogue(tmp_path / "a.json", record("1.000001"), record("1.000002", "B"))
    text = path.read_text(encoding="utf-8").replace('"amount": 8000', '"amount": "8000"', 1)
    path.write_text(text.replace('"amount": 8000', '"amount": 8000, "amount": 1'), encoding="utf-8")
    assert [str(fault) for fault in plan(path, Catalogue.of([])).errors] == [
        "thủ tục thứ 1 (1.000001): Cách nộp 1 › Tiền 1 › Số tiền (đồng): cần là số nguyên",
        "thủ tục thứ 2 (1.000002): Cách nộp 1 › Tiền 1 › Số tiền (đồng): ghi hai lần",
    ]


def test_a_question_that_leads_nowhere_is_refused_where_it_stands(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", library_card(), edit=put("Giấy tờ", "I4", "term = early"))
    found = plan(path, Catalogue.of([library_card()]))
    (fault,) = found.errors
    assert (fault.sheet, fault.cell) == ("Thủ tục", "A2")
    assert "nhắc lựa chọn “early” không có ở câu hỏi “term”" in fault.words


def test_faults_that_were_there_before_do_not_stop_an_import(tmp_path: Path) -> None:
    faulty = library_card(documents=(paper("Tờ khai"), paper("X", "khi đó", term=("early",))))
    path = catalogue(tmp_path / "a.json", faulty.model_copy(update={"agency": "Xã"}))
    assert plan(path, Catalogue.of([faulty])).errors == ()
    assert plan(path, Catalogue.of([])).errors != ()


def test_a_name_with_two_owners_is_refused(tmp_path: Path) -> None:
    ours = Catalogue.of([record("1.000001", names=("thẻ đọc",))])
    (fault,) = plan(catalogue(tmp_path / "a.json", record("1.000002", "B", names=("the doc",))), ours).errors
    assert str(fault) == "thủ tục thứ 1 (1.000002): 1.000002: tên thường gọi “the doc” đã thuộc 1.000001"


def test_what_is_hardly_meant_is_told_by_record_and_stops_nothing(tmp_path: Path) -> None:
    ours = Catalogue.of([library_card()])
    path = book(tmp_path / "a.xlsx", library_card(), edit=put("Tiền", "D2", 20))
    found = plan(path, ours)
    assert (found.errors, list(found.changed)) == ((), ["1.000001"])
    (doubt,) = found.doubts
    assert (doubt.sheet, doubt.cell) == ("Thủ tục", "A2")
    assert "khoản tiền 20" in doubt.words
    changed = own(found.taken[0].model_copy(update={"agency": "Thư viện"}))
    assert plan(catalogue(tmp_path / "a.json", changed), Catalogue.of(found.records)).doubts == (), "it was so before"


def test_sheets_that_nobody_reads_are_told(tmp_path: Path) -> None:
    def add(opened: Workbook) -> None:
        for title, state in (
            ("Thủ tục (2)", "visible"),
            ("Ghi chú", "visible"),
            ("Nháp", "hidden"),
            ("Thu tuc", "visible"),
        ):
            opened.create_sheet(title, 0).sheet_state = state
            opened[title]["B3"] = "x"
        opened.create_sheet("Trống")

    found = plan(book(tmp_path / "a.xlsx", library_card(), edit=add), Catalogue.of([library_card()]))
    assert (found.errors, found.same) == ((), ("1.000001",))
    assert sorted(fault.sheet for fault in found.doubts) == ["Ghi chú", "Thu tuc", "Thủ tục (2)"]


@pytest.mark.parametrize(("name", "make", "said"), HOSTILE)
def test_hostile_files_are_refused_in_words(tmp_path: Path, name: str, make: Callable[[Path], Any], said: str) -> None:
    make(tmp_path / name)
    with pytest.raises(KnowledgeError, match=said):
        plan(tmp_path / name, Catalogue.of([]))


@pytest.mark.parametrize("text", ["", "[" * 100_000, "[]", '{"schema": 2, "procedures": []}', '{"schema": 1}', "\xff"])
def test_other_json_is_refused_in_words(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.json").write_text(text, encoding="latin-1")
    with pytest.raises(KnowledgeError, match=r"a\.json: không phải (JSON hợp lệ|procedures)"):
        plan(tmp_path / "a.json", Catalogue.of([]))


def test_a_packed_file_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.exchange.national.LARGEST_UNPACKED", 10**6)
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(b"\n" * 10**7))
    with pytest.raises(KnowledgeError, match="giải nén quá lớn"):
        plan(tmp_path / "a.jsonl.gz", Catalogue.of([]))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(b"x" * 10**7))
    with pytest.raises(KnowledgeError, match="giải nén quá lớn"):
        plan(tmp_path / "b.jsonl.gz", Catalogue.of([]))


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n\n")
    with pytest.raises(KnowledgeError, match="không có thủ tục nào"):
        plan(tmp_path / "a.jsonl", Catalogue.of([]))

    def elsewhere(opened: Workbook) -> None:
        opened.create_sheet("Của tôi").append(["1.000001"])

    with pytest.raises(KnowledgeError, match="không có thủ tục nào; trang “Của tôi”: không đọc"):
        plan(book(tmp_path / "a.xlsx", edit=elsewhere), Catalogue.of([]))


def test_a_broken_packed_file_is_told_in_words(tmp_path: Path) -> None:
    whole = gzip.compress(json.dumps(portal()).encode())
    for body in (b"x", whole[:-12], whole[:20] + b"\xff" * 9 + whole[29:]):
        (tmp_path / "a.jsonl.gz").write_bytes(body)
        with pytest.raises(KnowledgeError, match="tệp nén hỏng"):
            plan(tmp_path / "a.jsonl.gz", Catalogue.of([]))


def test_text_is_kept_composed_and_visible() -> None:
    odd = record(name="Ca\u0302\u0301p the\u0309\u200b\r\nđọc\x07", steps=(Step(text="Nộp", when={}), "Nhận"))
    tidied = own(odd)
    assert (tidied.name, tidied.steps) == ("Cấp thẻ\nđọc", ("Nộp", "Nhận"))
    assert own(tidied) == tidied


def test_a_large_file_never_stands_open_in_memory(tmp_path: Path) -> None:
    def large(number: int) -> Procedure:
        return record(f"1.{number:06d}", f"Thủ tục {number}", conditions=(f"{number} điều kiện " * 1_500,))

    write_json(tmp_path / "a.json", map(large, range(400)))
    opened = 2 * 400 * len(large(100).conditions[0])
    tracemalloc.start()
    try:
        assert len(plan(tmp_path / "a.json", Catalogue.of([])).added) == 400
        assert tracemalloc.get_traced_memory()[1] < opened
    finally:
        tracemalloc.stop()


def test_progress_grows(tmp_path: Path) -> None:
    shares: list[float] = []
    plan(
        write_lines(tmp_path / "a.jsonl", [portal(f"1.00000{n}", f"Thủ tục {n}") for n in range(9)]),
        Catalogue.of([]),
        shares.append,
    )
    assert shares == sorted(shares)
    assert shares[-1] > 0.8
