"""The phrase book is extended by hand, so what is wrong in it must be said plainly; what ships keeps its rules."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import pytest

from knowledge.catalogue import Catalogue
from knowledge.errors import PhraseBookError
from knowledge.phrases import FOLDER, conflicts, load_phrases
from knowledge.questions import load_questions
from knowledge.vietnamese import fold, normalise
from tests.knowledge.conftest import ROOT, shared

BOOK = load_phrases()
LONGEST = 30
"""Words of a phrase: what is longer is a story, and a story names more than one need."""


def _field(folder: Path, text: str, name: str = "ho-tich.txt") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_phrases_are_gathered_by_code_over_all_files(tmp_path: Path) -> None:
    _field(
        tmp_path,
        "# Hộ tịch\n\n1.000001 Khai sinh\n- làm giấy khai sinh\n-  hòa\u0300 nhầm \n\n2.000002\n- báo tử\n- báo tử\n",
    )
    _field(tmp_path, "1.000001 Khai sinh\n- nhà mới có em bé\n", "y-te.txt")
    assert load_phrases(tmp_path) == {
        "1.000001": ("làm giấy khai sinh", normalise("hòa\u0300 nhầm"), "nhà mới có em bé"),
        "2.000002": ("báo tử",),
    }


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- câu chưa có mã\n", 1),
        ("1.000001 Khai sinh\n-thiếu dấu cách\n", 2),
        ("1.000001 Khai sinh\n- làm khai sinh\nlàm khai sinh\n", 3),
        ("1.00001 mã thiếu số\n", 1),
        ("1.0000011 mã thừa số\n", 1),
        ("1.000001 Khai sinh\n-\n", 2),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(PhraseBookError, match=f"ho-tich.txt, dòng {line}:"):
        load_phrases(_field(tmp_path, text))


def test_an_unreadable_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "ho-tich.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(PhraseBookError, match=r"ho-tich\.txt"):
        load_phrases(tmp_path)


def test_one_phrase_under_two_codes_is_a_conflict_however_it_is_written(tmp_path: Path) -> None:
    _field(tmp_path, "1.000001 A\n- làm lại giấy\n- làm lại giấy\n2.000002 B\n- Lam lai giay\n- việc khác\n")
    (found,) = conflicts(tmp_path)
    assert all(part in found for part in ("ho-tich.txt, dòng 5", "1.000001", "dòng 2"))


# What ships.


def test_shipped_phrases_stand_under_one_code_each() -> None:
    assert conflicts() == []


def test_shipped_phrases_are_phrases() -> None:
    said = [(code, phrase) for code, phrases in BOOK.items() for phrase in phrases]
    assert [found for found in said if len(found[1].split()) > LONGEST] == []
    assert [found for found in said if len(found[1]) < 4 or not any(map(str.isalpha, found[1]))] == []
    assert [found for found in said if re.search(r"\d\.\d{6}|https?:|@|\b0\d{9}\b|\b\d{12}\b", found[1])] == []


def test_the_book_is_broad() -> None:
    """About 1,400 procedures that a person, household or small business may need, each with several phrases."""
    assert len(BOOK) >= 1400
    assert sum(len(phrases) >= 4 for phrases in BOOK.values()) >= 1400
    assert len(list(FOLDER.glob("*.txt"))) > 50


def test_every_shipped_procedure_in_force_is_called_by_what_people_say(shipped: Catalogue) -> None:
    """By its names, its phrases, and those of what it replaced."""
    said = Counter({item.code: len(item.names) + len(BOOK.get(item.code, ())) for item in shipped})
    for item in shipped:
        if item.successor:
            said[item.successor] += len(BOOK.get(item.code, ()))
    assert [item.code for item in shipped if item.abolished_on is None and said[item.code] < 6] == []


def test_no_phrase_is_an_official_name(shipped: Catalogue) -> None:
    titles = {item.code: fold(normalise(item.name)).strip(" .") for item in shipped}
    copies = [(code, title) for code, title in titles.items() if title in map(fold, BOOK.get(code, ()))]
    assert len(copies) <= 3, copies


def test_every_code_is_one_of_the_national_catalogue(shipped: Catalogue) -> None:
    with gzip.open(shared("data/national.jsonl.gz"), "rt", encoding="utf-8") as lines:
        known = {json.loads(line)["code"] for line in lines}
    more = shared("data/supplement.jsonl").read_text(encoding="utf-8").split("\n")
    known |= {json.loads(line)["code"] for line in more if line}
    assert BOOK.keys() - known - shipped.procedures.keys() == set()


def _as_compared(text: str) -> str:
    return fold(normalise(text)).strip(" .?!")


@pytest.mark.parametrize("where", ["shared/eval/dev.jsonl", "tests/data/questions.jsonl"])
def test_no_question_of_a_measure_stands_in_the_book(where: str) -> None:
    """The figures would flatter: a phrase of the book is always found."""
    path = shared(where.removeprefix("shared/")) if where.startswith("shared/") else ROOT / where
    asked = {_as_compared(question.text) for question in load_questions([path])}
    assert [phrase for phrases in BOOK.values() for phrase in phrases if _as_compared(phrase) in asked] == []
