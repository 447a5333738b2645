"""``python -m knowledge`` as people call it: what it prints, what it returns, what it says when it cannot."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from knowledge import catalogue, catalogue_file, cli, validation
from knowledge.catalogue_file import schema_text
from knowledge.evaluation import measure
from knowledge.matching import Matcher
from knowledge.names import load_names
from knowledge.report import evaluation_table, explanation, search_table
from tests.knowledge.conftest import ROOT
from tests.knowledge.records import portal, record, write_lines

CODES = ["9.000001", "9.000002"]


@pytest.fixture
def library(tmp_path: Path) -> Path:
    """A portal export of two procedures that nobody else has."""
    rows = [portal(CODES[0], "Cấp thẻ bạn đọc thư viện"), portal(CODES[1], "Trả sách quá hạn cho thư viện")]
    return write_lines(tmp_path / "portal.jsonl", rows)


@pytest.fixture
def asked(tmp_path: Path) -> Path:
    rows: list[dict[str, Any]] = [
        {"question": "cấp thẻ bạn đọc thư viện", "codes": [CODES[0]], "style": "short"},
        {"question": "trả sách quá hạn cho thư viện", "codes": [CODES[0]], "style": "short"},
        {"question": "chiều mai trời có mưa không", "codes": []},
    ]
    return write_lines(tmp_path / "asked.jsonl", rows)


class Shell:
    """Runs commands in this process."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def __call__(self, *arguments: str | Path) -> tuple[int, str, str]:
        try:
            status = cli.main([str(argument) for argument in arguments])
        except SystemExit as leaving:
            status = int(leaving.code or 0)
        out, err = self._capture.readouterr()
        return status, out, err


@pytest.fixture
def shell(capsys: pytest.CaptureFixture[str]) -> Shell:
    return Shell(capsys)


@pytest.fixture
def one_matcher(monkeypatch: pytest.MonkeyPatch, matcher: Matcher) -> None:
    """Commands over what we ship use the matcher that is built already."""
    monkeypatch.setattr(cli, "Matcher", lambda _: matcher)


# search


@pytest.mark.usefixtures("one_matcher")
def test_search_as_json(shell: Shell, matcher: Matcher) -> None:
    question = "đăng ký khai sinh cần giấy tờ gì"
    status, out, err = shell("search", question, "--json")
    found = json.loads(out)
    assert (status, err) == (0, "")
    assert {"outcome", "facets", "choices", "ask", "labels", "ranking"} <= found.keys()
    assert (found["outcome"], found["facets"]) == (matcher.match(question).outcome.value, ["papers"])
    first = found["ranking"][0]
    assert (first["code"], first["name"]) == ("1.001193", "Thủ tục đăng ký khai sinh")
    assert 0.5 < first["confidence"] <= 1
    assert "explanation" not in found


@pytest.mark.usefixtures("one_matcher")
def test_search_explains_words_corrections_and_features(shell: Shell) -> None:
    _, out, _ = shell("search", "ddawng ky lai gplx, không phải hộ chiếu", "--explain", "--json")
    why = json.loads(out)["explanation"]
    assert why["corrections"] == ["ddawng → dang", "gplx = giấy phép lái xe"]
    assert {"ho", "chieu"} <= set(why["ruled out"])
    assert why["terms"]["giay phep"] > 0
    assert "ho chieu" not in why["terms"]
    (first, *_) = why["features"].values()
    assert first
    _, table, _ = shell("search", "ddawng ky lai gplx", "--explain")
    assert "corrections:\n  ddawng → dang" in table


@pytest.mark.usefixtures("one_matcher")
@pytest.mark.parametrize("text", ["", "😀", "\u202e", "a" * 10_000, "'; DROP TABLE procedure; --", "\x00"])
def test_search_takes_any_text(shell: Shell, text: str) -> None:
    for form in ((), ("--json",), ("--explain",)):
        status, out, err = shell("search", text, *form)
        assert (status, err) == (0, "")
        assert out


@pytest.mark.usefixtures("small_world")
def test_search_in_another_catalogue(shell: Shell, library: Path) -> None:
    _, out, _ = shell("search", "cấp thẻ bạn đọc thư viện", "--catalogue", library)
    assert out.splitlines()[1].split()[1] == CODES[0]


# evaluate


@pytest.mark.usefixtures("small_world")
def test_evaluate(shell: Shell, library: Path, asked: Path, tmp_path: Path) -> None:
    errors = tmp_path / "errors.jsonl"
    status, out, _ = shell("evaluate", asked, "--catalogue", library, "--json", "--errors", errors)
    figures = json.loads(out)
    assert status == 0
    assert (figures["n"], figures["top1"], figures["top4"], figures["out_of_scope_n"]) == (2, 0.5, 1.0, 1)
    assert figures["latency_ms"].keys() == {"p50", "p99", "max"}
    assert figures["index_build_s"] > 0
    assert figures["groups"].keys() == {"short"}
    (miss,) = map(json.loads, errors.read_text(encoding="utf-8").splitlines())
    assert (miss["question"], miss["rank"]) == ("trả sách quá hạn cho thư viện", 2)
    assert miss["ranking"][0]["code"] == CODES[1]
    assert miss["ranking"][0]["features"]


@pytest.mark.usefixtures("one_matcher")
def test_evaluate_as_a_table_with_noise(shell: Shell, asked: Path) -> None:
    status, out, _ = shell("evaluate", asked, "--perturb", "typo1", "--seed", "3")
    assert status == 0
    assert out.splitlines()[1].startswith("short")
    assert "out of scope: 1 asked" in out


@pytest.mark.usefixtures("one_matcher")
def test_evaluate_nothing(shell: Shell, tmp_path: Path) -> None:
    path = write_lines(tmp_path / "none.jsonl", [])
    assert json.loads(shell("evaluate", path, "--json")[1])["n"] == 0
    assert "out of scope: 0 asked" in shell("evaluate", path)[1]


# what cannot be done


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"{", b'{"question": "a"}', b'{"question": 1, "codes": []}\n'])
def test_a_spoilt_question_file_is_one_line_in_words(shell: Shell, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "asked.jsonl"
    if content is not None:
        path.write_bytes(content)
    for command in ("evaluate", "bench"):
        status, out, err = shell(command, path)
        assert (status, out) == (1, "")
        assert err.startswith("Lỗi: ")
        assert err.count("\n") == 1


@pytest.mark.parametrize("content", [None, b"\x1f\x8b\x08\x00cut", b"{"])
def test_a_spoilt_catalogue_is_one_line_in_words(shell: Shell, tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "portal.jsonl.gz"
    if content is not None:
        path.write_bytes(content)
    status, out, err = shell("search", "khai sinh", "--catalogue", path)
    assert (status, out) == (1, "")
    assert err.startswith("Lỗi: ")
    assert "portal.jsonl.gz" in err
    assert err.count("\n") == 1


@pytest.mark.usefixtures("one_matcher")
def test_a_file_that_cannot_be_written_is_one_line_in_words(shell: Shell, asked: Path, tmp_path: Path) -> None:
    status, out, err = shell("evaluate", asked, "--errors", tmp_path / "none" / "errors.jsonl")
    assert (status, out) == (1, "")
    assert err.startswith("Lỗi: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("unknown",),
        ("search",),
        ("evaluate",),
        ("evaluate", "q", "--perturb", "quake"),
        ("search", "a", "--seed", "1"),
    ],
)
def test_a_wrong_call_is_2(shell: Shell, arguments: tuple[str, ...]) -> None:
    status, out, err = shell(*arguments)
    assert (status, out) == (2, "")
    assert "usage:" in err


# the rest


def test_validate(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(validation, "record_faults", lambda _: ())  # test_validation reads the records themselves
    status, out, _ = shell("validate", "--json")
    assert (status, json.loads(out)["errors"]) == (0, [])
    assert shell("validate")[1].startswith("procedures: ")


def test_validate_fails_on_a_fault(shell: Shell, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "procedures.json").write_text("{", encoding="utf-8")
    monkeypatch.setattr(catalogue, "shipped_path", lambda: tmp_path / "procedures.json")
    assert shell("validate")[0] == 1


@pytest.mark.usefixtures("one_matcher")
def test_a_file_that_cannot_be_written_is_said_in_words(shell: Shell, asked: Path, tmp_path: Path) -> None:
    where = tmp_path / "không có" / "misses.jsonl"
    status, _, err = shell("evaluate", asked, "--errors", where)
    assert (status, err) == (1, f"Lỗi: Không ghi được tệp {where}: không có tệp này, hoặc không có thư mục chứa nó\n")


def test_validate_another_file(shell: Shell, tmp_path: Path) -> None:
    path = tmp_path / "xa.json"
    text = catalogue_file.dump([record()])
    path.write_text(text, encoding="utf-8")
    status, out, _ = shell("validate", path, "--json")
    assert (status, json.loads(out)["procedures"]) == (0, 1)
    path.write_text(text.replace('"amount": 8000', '"amount": "8000"'), encoding="utf-8")
    status, out, _ = shell("validate", path)
    assert status == 1
    assert "xa.json: thủ tục thứ 1 (1.000001), mục channels.0.money.0.amount: cần là số nguyên" in out
    status, out, _ = shell("validate", tmp_path / "khong.json")
    assert (status, "không có tệp này" in out) == (1, True)


def test_names_are_those_of_the_catalogue(shell: Shell, library: Path, tmp_path: Path) -> None:
    _, out, _ = shell("names", library)
    path = tmp_path / "names.tsv"
    path.write_text(out, encoding="utf-8")
    assert [(named.code, named.commune, named.citizen) for named in load_names(path)] == [
        (CODES[0], True, True),
        (CODES[1], True, True),
    ]


def test_the_program_itself_runs() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "knowledge", "schema"], cwd=ROOT, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, schema_text(), "")


def test_a_reader_that_leaves_early_is_no_fault() -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "knowledge", "schema"], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stderr is not None
        running.stdout.close()
        assert b"Traceback" not in running.stderr.read()


# tables


def test_a_search_table_reads_from_the_top() -> None:
    found = {
        "outcome": "offer",
        "facets": ["money"],
        "ask": "Trường hợp nào?",
        "elsewhere": None,
        "labels": [],
        "choices": ["1.000001"],
        "ranking": [{"code": "1.000001", "name": "Tên", "confidence": 0.5}],
    }
    assert search_table(found).splitlines() == ["offer  money", "Trường hợp nào?", "  0.500  1.000001  Tên"]


def test_an_evaluation_table_shows_what_was_not_measured_as_such() -> None:
    figures = measure([]) | {"index_build_s": 1.0, "rss_mb": None}
    lines = evaluation_table(figures, {}).splitlines()
    assert lines[1].split() == ["all", "0", *"-" * 7]


def test_an_explanation_speaks_of_the_question_asked(matcher: Matcher) -> None:
    why = explanation(matcher, "lam lai cccd")
    assert "căn cước" in why["read as"][0]
    assert list(why["terms"].values()) == sorted(why["terms"].values(), reverse=True)
    assert set(why["features"]) <= {*matcher.codes}
