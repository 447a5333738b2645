"""Labelled questions: any text is taken as it stands, any fault is named by file and line."""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import QuestionSetError
from knowledge.names import load_names
from knowledge.questions import LabelledQuestion, load_questions
from tests.knowledge.conftest import ROOT
from tests.knowledge.records import write_lines

SETS = [ROOT / "knowledge" / "questions.jsonl", ROOT / "tests" / "data" / "questions.jsonl"]


def test_reading(tmp_path: Path) -> None:
    first = write_lines(
        tmp_path / "a.jsonl",
        [
            {"question": "làm khai sinh", "codes": ["1.001193", "2.000528"], "style": "short", "note": "ignored"},
            {"question": "mai mưa không", "codes": [], "origin": "generated"},
        ],
    )
    second = write_lines(tmp_path / "b.jsonl", [{"question": "", "codes": []}])
    assert load_questions([first, second]) == [
        LabelledQuestion("làm khai sinh", frozenset({"1.001193", "2.000528"}), "short"),
        LabelledQuestion("mai mưa không", frozenset(), "generated"),
        LabelledQuestion("", frozenset()),
    ]
    assert load_questions([]) == []


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])), max_size=4))
def test_any_question_is_read_as_written(texts: list[str]) -> None:
    """Line separators of Unicode belong to a text; only a line feed ends a line of the file."""
    with TemporaryDirectory() as folder:
        path = write_lines(Path(folder) / "q.jsonl", [{"question": text, "codes": []} for text in texts])
        assert [question.text for question in load_questions([path])] == texts


@pytest.mark.parametrize(
    "line",
    [
        pytest.param('{"question": "a", "codes": [', id="cut short"),
        pytest.param("làm khai sinh", id="plain text"),
        pytest.param("[]", id="a list"),
        pytest.param("null", id="null"),
        pytest.param('{"codes": []}', id="no question"),
        pytest.param('{"question": 5, "codes": []}', id="question is a number"),
        pytest.param('{"question": "a"}', id="no codes"),
        pytest.param('{"question": "a", "codes": "1.001193"}', id="codes is text"),
        pytest.param('{"question": "a", "codes": [1.001193]}', id="a code is a number"),
        pytest.param('{"question": "a", "codes": null}', id="codes is null"),
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "asked.jsonl"
    path.write_text(f'{{"question": "a", "codes": []}}\n\n{line}\n', encoding="utf-8")
    with pytest.raises(QuestionSetError, match=r"asked\.jsonl, dòng 3"):
        load_questions([path])


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_missing_or_unreadable_file_is_named(tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "asked.jsonl"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(QuestionSetError, match=r"asked\.jsonl"):
        load_questions([path])


# What ships.


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.parent.name)
def test_our_questions_ask_each_thing_once_and_about_known_procedures(path: Path) -> None:
    questions = load_questions([path])
    known = {named.code for named in load_names()}
    assert len({question.text for question in questions}) == len(questions)
    assert {code for question in questions for code in question.codes} - known == set()
    assert sum(not question.codes for question in questions) >= 50


def test_questions_to_learn_from_and_to_judge_by_are_apart() -> None:
    taught, asked = ({json.dumps(q.text.casefold()) for q in load_questions([path])} for path in SETS)
    assert taught & asked == set()
