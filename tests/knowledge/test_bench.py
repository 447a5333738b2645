"""The comparison is fair: every method sees the same names and questions, and finds what it plainly should."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from knowledge.bench import LIMIT, METHODS, Ranker, bench, markdown
from knowledge.errors import KnowledgeError
from knowledge.procedure import Procedure
from knowledge.questions import LabelledQuestion
from tests.knowledge.records import record

NAMES = (
    "Đăng ký khai sinh",
    "Đăng ký khai tử",
    "Đăng ký kết hôn",
    "Tách hộ",
    "Cấp giấy phép lái xe",
    "Chứng thực chữ ký",
    "Cấp hộ chiếu phổ thông",
    "Tách thửa đất",
    "Hòa giải tranh chấp đất đai",
    "Khai báo tạm vắng",
    "Đăng ký tạm trú",
    "Hưởng trợ cấp thất nghiệp",
)
RECORDS = [record(f"9.{number:06}", name) for number, name in enumerate(NAMES)]
NEEDS = {"rank-bm25, folded names": "rank_bm25", "bm25s, folded names": "bm25s"}
ASKED = [LabelledQuestion(item.name, frozenset({item.code})) for item in RECORDS]
OUTSIDE = LabelledQuestion("mai mưa không", frozenset())


@pytest.fixture(scope="module", params=[name for name, _ in METHODS])
def method(request: pytest.FixtureRequest) -> Callable[[Sequence[Procedure]], Ranker]:
    """Each method in turn; those of the extra ``bench`` only where it is installed."""
    name: str = request.param
    if name in NEEDS:
        pytest.importorskip(NEEDS[name], reason="needs the extra bench")
    return dict(METHODS)[name]


@pytest.fixture(scope="module")
def rank(method: Callable[[Sequence[Procedure]], Ranker]) -> Ranker:
    return method(RECORDS)


def test_a_name_is_found_by_itself_by_every_method(rank: Ranker) -> None:
    for place, title in enumerate(NAMES):
        found = list(rank(title))
        assert found[0] == RECORDS[place].code
        assert len(found) == len(set(found)) <= LIMIT


@pytest.mark.parametrize("text", ["", "😀", '" OR name MATCH "', "NEAR(a b)", "zzzz qqqq", "a" * 5000])
def test_no_question_breaks_a_method(rank: Ranker, text: str) -> None:
    assert set(rank(text)) <= {item.code for item in RECORDS}


@pytest.mark.usefixtures("small_world")
def test_a_catalogue_of_one_is_enough(method: Callable[[Sequence[Procedure]], Ranker]) -> None:
    assert set(method(RECORDS[:1])("đăng ký khai sinh")) == {RECORDS[0].code}


def test_table() -> None:
    row = {"method": "X", "top1": 0.5, "top4": 0.75, "p50_ms": 0.1, "p99_ms": 0.2, "build_s": 1.0}
    lines = markdown([row], 4, 12).splitlines()
    assert lines[0].startswith("4 questions over 12 procedures")
    assert lines[-1] == "| X | 0.500 | 0.750 | 0.1 | 0.2 | 1.0 |"
    assert len({line.count("|") for line in lines[2:]}) == 1


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "rank_bm25", None)
    with pytest.raises(KnowledgeError, match="rank_bm25"):
        bench(RECORDS, ASKED, None, as_json=False)


@pytest.mark.parametrize(("records", "asked"), [([], ASKED), (RECORDS, [OUTSIDE]), (RECORDS, [])])
def test_nothing_to_compare_is_said(records: list[Procedure], asked: list[LabelledQuestion]) -> None:
    with pytest.raises(KnowledgeError, match="Không có gì để so sánh"):
        bench(records, asked, None, as_json=True)


@pytest.mark.usefixtures("small_world")
def test_whole_comparison(tmp_path: Path) -> None:
    for package in (*NEEDS.values(), "matplotlib"):
        pytest.importorskip(package, reason="needs the extra bench")
    rows = json.loads(bench(iter(RECORDS), [*ASKED, OUTSIDE], tmp_path / "docs", as_json=True))
    assert [row["method"] for row in rows] == [name for name, _ in METHODS]
    assert all(row["top1"] == row["top4"] == 1.0 for row in rows), "each method finds plain names, whatever is outside"
    assert all(0 <= row["p50_ms"] <= row["p99_ms"] for row in rows)
    written = (tmp_path / "docs" / "bench.md").read_text(encoding="utf-8")
    assert re.match(r"12 questions over 12 procedures", written)
    assert (tmp_path / "docs" / "bench.png").read_bytes().startswith(b"\x89PNG")
