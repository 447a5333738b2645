"""Labelled questions: what people asked, and which codes are right answers. One JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.errors import QuestionSetError

SHIPPED = tuple(Path(__file__).resolve().parent / name for name in ("questions.jsonl", "common.jsonl"))
"""The question files that come with the program."""


@dataclass(frozen=True, slots=True)
class LabelledQuestion:
    """A question and every code that answers it; no code means out of scope. ``group`` names its kind, for reports."""

    text: str
    codes: frozenset[str]
    group: str = ""


def load_questions(paths: Iterable[Path]) -> list[LabelledQuestion]:
    """Read question files; raise ``QuestionSetError`` naming file and line of the first fault."""
    found = []
    for path in paths:
        try:
            lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise QuestionSetError(f"Không đọc được {path}: {error}") from error
        found += [
            _question(line, f"{path.name}, dòng {number}") for number, line in enumerate(lines, 1) if line.strip()
        ]
    return found


def _question(line: str, place: str) -> LabelledQuestion:
    try:
        raw = json.loads(line)
    except json.JSONDecodeError as error:
        raise QuestionSetError(f"{place}: không phải JSON hợp lệ ({error.msg})") from error
    if not isinstance(raw, Mapping) or not isinstance(raw.get("question"), str):
        raise QuestionSetError(f'{place}: thiếu "question"')
    codes = raw.get("codes")
    if not isinstance(codes, list) or not all(isinstance(code, str) for code in codes):
        raise QuestionSetError(f'{place}: "codes" phải là danh sách mã')
    return LabelledQuestion(raw["question"], frozenset(codes), _group(raw))


def _group(raw: Mapping[str, Any]) -> str:
    return str(raw.get("style") or raw.get("origin") or "")
