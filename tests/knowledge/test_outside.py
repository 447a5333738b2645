"""What is no procedure is known by its own phrases, and never by one that names a procedure."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.errors import PhraseBookError
from knowledge.outside import load_outside
from knowledge.phrases import load_phrases
from knowledge.questions import load_questions
from knowledge.vietnamese import fold, normalise
from tests.knowledge.conftest import ROOT, shared

TOPICS = load_outside()


def _topics(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "outside.txt"
    path.write_text(text, encoding="utf-8")
    return path


def test_topics_are_read_and_empty_ones_left_out(tmp_path: Path) -> None:
    path = _topics(tmp_path, "# note\n[thoi-tiet] weather\n- mai mưa không\n\n[trong]\n[thoi-tiet]\n- nắng chưa\n")
    assert load_outside(path) == {"thoi-tiet": ("mai mưa không", "nắng chưa")}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("- câu chưa có chủ đề\n", 1),
        ("[thời tiết] dấu trong tên\n", 1),
        ("[a]\n-thiếu dấu cách\n", 2),
        ("[a]\n- đúng\nthiếu gạch\n", 3),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(PhraseBookError, match=f"outside.txt, dòng {line}:"):
        load_outside(_topics(tmp_path, text))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PhraseBookError, match=r"outside\.txt"):
        load_outside(tmp_path / "outside.txt")


# What ships.


def test_no_shipped_phrase_names_a_procedure() -> None:
    book = {fold(phrase): code for code, phrases in load_phrases().items() for phrase in phrases}
    said = [phrase for phrases in TOPICS.values() for phrase in phrases]
    assert [(phrase, book[fold(phrase)]) for phrase in said if fold(phrase) in book] == []


def test_shipped_topics_are_many_and_filled() -> None:
    assert len(TOPICS) >= 20
    assert [topic for topic, phrases in TOPICS.items() if len(phrases) < 5] == []


def test_no_shipped_phrase_stands_twice() -> None:
    said = [fold(phrase) for phrases in TOPICS.values() for phrase in phrases]
    assert sorted(said) == sorted(set(said))


@pytest.mark.parametrize("where", ["shared/eval/dev.jsonl", "tests/data/questions.jsonl"])
def test_no_question_of_a_measure_is_among_them(where: str) -> None:
    path = shared(where.removeprefix("shared/")) if where.startswith("shared/") else ROOT / where
    asked = {fold(normalise(question.text)).strip(" .?!") for question in load_questions([path])}
    assert [phrase for phrases in TOPICS.values() for phrase in phrases if fold(phrase).strip(" .?!") in asked] == []
