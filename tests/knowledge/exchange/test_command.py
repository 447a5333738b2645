"""``python -m knowledge import|export`` as staff call it."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from knowledge import catalogue
from knowledge.catalogue_file import dump
from knowledge.cli import main
from knowledge.exchange.command import Bar
from tests.knowledge.cases import library_card
from tests.knowledge.conftest import ROOT
from tests.knowledge.exchange.books import book, put
from tests.knowledge.records import portal, record, write_lines


@pytest.fixture
def into(tmp_path: Path) -> Path:
    path = tmp_path / "procedures.json"
    path.write_text(dump([record(), record("1.000002", "Trả sách")]), encoding="utf-8")
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    try:
        status = main([str(argument) for argument in arguments])
    except SystemExit as leaving:
        status = int(leaving.code or 0)
    said = capsys.readouterr()
    return status, said.out, said.err


def test_dry_run_says_what_would_change_and_writes_nothing(
    tmp_path: Path, into: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = into.read_bytes()
    (tmp_path / "a.json").write_text(dump([record(agency="Thư viện xã"), record("1.000003", "Mới")]), encoding="utf-8")
    status, out, _ = run(capsys, "import", tmp_path / "a.json", "--into", into, "--dry-run")
    assert status == 0
    assert out.splitlines() == [
        "Mới: 1",
        "  1.000003 Mới",
        "Thay đổi: 1",
        "  1.000001 Cấp thẻ bạn đọc",
        "    Cơ quan thực hiện: thêm “Thư viện xã”",
        "Giữ nguyên: 0",
        "Không có trong tệp, vẫn giữ: 1",
        "Đây là bản thử, chưa ghi gì.",
    ]
    assert into.read_bytes() == before


def test_what_is_hardly_meant_is_told_and_stops_nothing(
    tmp_path: Path, into: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.json").write_text(dump([record(agency="UBND huyện")]), encoding="utf-8")
    status, out, _ = run(capsys, "import", tmp_path / "a.json", "--into", into, "--dry-run")
    assert status == 0
    said = "thủ tục thứ 1 (1.000001): 1.000001: còn nhắc cơ quan cấp huyện: “UBND huyện”"
    assert out.splitlines()[:2] == ["Nên xem lại: 1", f"  {said}"]
    _, out, _ = run(capsys, "import", tmp_path / "a.json", "--into", into, "--dry-run", "--json")
    (told,) = json.loads(out)["warnings"]
    assert f"{told['place']}: {told['words']}" == said


def test_import_writes_and_a_second_one_changes_nothing(
    tmp_path: Path, into: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = write_lines(tmp_path / "a.jsonl", [portal("1.000005", "Mượn sách")])
    status, out, _ = run(capsys, "import", lines, "--into", into)
    assert (status, out.splitlines()[-1]) == (0, f"Đã ghi 3 thủ tục vào {into}.")
    assert [each.code for each in catalogue.load(into)] == ["1.000001", "1.000002", "1.000005"]
    before = into.stat().st_mtime_ns
    status, out, _ = run(capsys, "import", lines, "--into", into, "--json")
    found = json.loads(out)
    assert (status, found["same"], found["missing"]) == (0, ["1.000005"], ["1.000001", "1.000002"])
    assert (found["added"], found["changed"], found["errors"], found["written"]) == ([], [], [], False)
    assert into.stat().st_mtime_ns == before


def test_a_catalogue_is_made_when_there_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = book(tmp_path / "a.xlsx", library_card())
    assert run(capsys, "import", path, "--into", tmp_path / "new.json")[0] == 0
    assert (tmp_path / "new.json").read_text(encoding="utf-8") == dump([library_card()])


def test_with_an_error_nothing_is_written_and_the_workbook_comes_back_marked(
    tmp_path: Path, into: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = into.read_bytes()
    good = book(tmp_path / "a.xlsx", record(agency="Khác"), record("1.000002", "B"), edit=put("Tiền", "D3", "mười"))
    status, out, err = run(capsys, "import", good, "--into", into)
    assert status == 1
    assert out.startswith("Lỗi: 1\n  trang “Tiền”, ô D3: “mười” không phải số nguyên\n")
    assert err == (
        "Chưa nhập gì: hãy sửa các lỗi trên rồi nhập lại. Các ô sai đã tô đỏ, có ghi chú, trong "
        f"{tmp_path / 'a-loi.xlsx'}.\n"
    )
    assert into.read_bytes() == before
    assert load_workbook(tmp_path / "a-loi.xlsx")["Tiền"]["D3"].comment.text == "“mười” không phải số nguyên"
    status, out, _ = run(capsys, "import", good, "--into", into, "--json", "--marked", tmp_path / "b.xlsx")
    (fault,) = json.loads(out)["errors"]
    assert (status, fault["sheet"], fault["cell"]) == (1, "Tiền", "D3")
    assert (tmp_path / "b.xlsx").exists()


def test_a_file_that_is_refused_is_told_in_words_or_json(
    tmp_path: Path, into: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = run(capsys, "import", tmp_path / "a.xlsm", "--into", into)
    assert (status, "không macro" in out, err.startswith("Chưa nhập gì")) == (1, True, True)
    status, out, _ = run(capsys, "import", tmp_path / "a.jsonl", "--into", into, "--json")
    assert (status, json.loads(out)["errors"][0]["words"]) == (1, "a.jsonl: không có tệp này")


def test_long_lists_are_cut(tmp_path: Path, into: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows: list[dict[str, Any]] = [portal(f"2.0000{n:02}", f"Thủ tục {n}") for n in range(40)]
    _, out, _ = run(capsys, "import", write_lines(tmp_path / "a.jsonl", rows), "--into", into, "--dry-run")
    assert "  ... và 10 mục khác (xem đủ bằng --json)" in out


def test_what_was_exported_can_be_edited_and_imported(
    tmp_path: Path, into: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.xlsx"
    assert run(capsys, "export", "--format", "xlsx", "--catalogue", into, "--output", path)[0] == 0
    opened = load_workbook(path)
    opened["Tiền"]["D2"].value = 9000
    opened.save(path)
    _, out, _ = run(capsys, "import", path, "--into", into)
    assert "    Cách nộp “Trực tiếp” › Tiền 1 › Số tiền (đồng): “8.000” → “9.000”" in out
    assert catalogue.load(into).procedures["1.000001"].channels[0].money[0].amount == 9000


def test_export_prints_or_writes(tmp_path: Path, into: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "export", "--catalogue", into)[1] == into.read_text(encoding="utf-8")
    assert run(capsys, "export", "--catalogue", into, "--format", "csv")[1].startswith("Mã thủ tục,Tên thủ tục,")
    for name in ("a.json", "a.csv", "a.zip"):
        kind = "json" if name == "a.json" else "csv"
        status, out, _ = run(capsys, "export", "--catalogue", into, "--format", kind, "--output", tmp_path / name)
        assert (status, out) == (0, f"Đã ghi 2 thủ tục vào {tmp_path / name}.\n")
    assert (tmp_path / "a.json").read_bytes() == into.read_bytes()


def test_the_template_is_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = run(capsys, "export", "--format", "xlsx", "--template", "--output", tmp_path / "mau.xlsx")
    assert (status, out) == (0, f"Đã ghi tệp mẫu {tmp_path / 'mau.xlsx'}.\n")
    assert load_workbook(tmp_path / "mau.xlsx")["Thủ tục"].max_row == 1


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["export", "--template"], 2),
        (["export", "--format", "xlsx"], 2),
        (["export", "--format", "xlsx", "--output", "a.csv"], 2),
        (["export", "--format", "csv", "--output", "a.txt"], 2),
        (["export", "--output", "/no/such/folder/a.json"], 1),
        (["export", "--catalogue", "/no/such/file.json"], 1),
        (["import"], 2),
    ],
)
def test_wrong_calls(arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, *arguments)[0] == status


def test_a_bar_grows_on_a_terminal_only(tmp_path: Path, into: Path) -> None:
    lines = write_lines(tmp_path / "a.jsonl", [portal("1.000005", "Mượn sách")])
    command = [sys.executable, "-m", "knowledge", "import", str(lines), "--into", str(into), "--dry-run"]
    ours, theirs = pty.openpty()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, stderr=theirs)
    os.close(theirs)
    drawn = os.read(ours, 4096).decode()
    os.close(ours)
    assert "] " in drawn
    assert "%" in drawn
    plain = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    assert plain.stderr == b""


def test_the_bar_is_drawn_once_a_percent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", drawn := io.StringIO())
    bar = Bar()
    for share in (0.0, 0.501, 0.502, 2.0):
        bar(share)
    bar.close()
    assert drawn.getvalue().split("\r")[1:4] == [
        f"[{'.' * 30}]   0%",
        f"[{'#' * 15}{'.' * 15}]  50%",
        f"[{'#' * 30}] 100%",
    ]
