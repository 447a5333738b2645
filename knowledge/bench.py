"""Compare the matcher with what most would write, in one process and one run, on the same questions and catalogue."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rapidfuzz import fuzz, process

from knowledge.drawing import draw_comparison
from knowledge.errors import KnowledgeError
from knowledge.matching import Matcher
from knowledge.procedure import Procedure
from knowledge.questions import LabelledQuestion
from knowledge.vietnamese.tokens import folded_words

Ranker = Callable[[str], Sequence[str]]
"""A question in, at most ten codes out, best first."""

LIMIT = 10


def bench(
    procedures: Iterable[Procedure], questions: Sequence[LabelledQuestion], output: Path | None, as_json: bool
) -> str:
    """Return the comparison as a table or JSON; with ``output``, write ``bench.md`` and ``bench.png`` there too.

    Raises ``KnowledgeError`` when the benchmark's own dependencies (the extra ``bench``) are not installed, or when
    there is no procedure or no question in scope to compare on.
    """
    records = list(procedures)
    asked = [question for question in questions if question.codes]
    if not records or not asked:
        raise KnowledgeError("Không có gì để so sánh: cần thủ tục và câu hỏi có đáp án")
    rows = []
    for name, build in METHODS:
        start = time.perf_counter()
        try:
            rank = build(records)
        except ImportError as error:
            raise KnowledgeError(f"Thiếu gói để so sánh ({error.name}); cài thêm phần bench") from error
        rows.append({"method": name, "build_s": round(time.perf_counter() - start, 2)} | _measure(rank, asked))
    table = markdown(rows, len(asked), len(records))
    if output:
        output.mkdir(parents=True, exist_ok=True)
        (output / "bench.md").write_text(table, encoding="utf-8")
        draw_comparison(rows, output / "bench.png")
    return json.dumps(rows, indent=1) if as_json else table


def _measure(rank: Ranker, questions: Sequence[LabelledQuestion]) -> dict[str, Any]:
    places, times = [], []
    for question in questions:
        start = time.perf_counter()
        codes = rank(question.text)
        times.append((time.perf_counter() - start) * 1000)
        places.append(next((n for n, code in enumerate(codes, 1) if code in question.codes), LIMIT + 1))
    found = np.array(places)
    return {
        "top1": round(float((found == 1).mean()), 4),
        "top4": round(float((found <= 4).mean()), 4),
        "p50_ms": round(float(np.quantile(times, 0.5)), 3),
        "p99_ms": round(float(np.quantile(times, 0.99)), 3),
    }


def _fuzzy(records: Sequence[Procedure]) -> Ranker:
    codes, names = [r.code for r in records], [r.name for r in records]

    def rank(question: str) -> list[str]:
        return [codes[n] for _, _, n in process.extract(question, names, scorer=fuzz.WRatio, limit=LIMIT)]

    return rank


def _rank_bm25(records: Sequence[Procedure]) -> Ranker:
    from rank_bm25 import BM25Okapi

    codes = [r.code for r in records]
    index = BM25Okapi([folded_words(r.name) for r in records])

    def rank(question: str) -> list[str]:
        scores = index.get_scores(folded_words(question))
        return [codes[n] for n in np.argsort(-scores)[:LIMIT]]

    return rank


def _bm25s(records: Sequence[Procedure]) -> Ranker:
    import bm25s

    codes = [r.code for r in records]
    index = bm25s.BM25()
    index.index([folded_words(r.name) for r in records], show_progress=False)

    def rank(question: str) -> list[str]:
        found, _ = index.retrieve([folded_words(question)], k=min(LIMIT, len(codes)), show_progress=False)
        return [codes[n] for n in found[0]]

    return rank


def _sqlite(records: Sequence[Procedure]) -> Ranker:
    base = sqlite3.connect(":memory:")
    base.execute("CREATE VIRTUAL TABLE procedure USING fts5(code UNINDEXED, name)")
    rows = ((r.code, " ".join(folded_words(r.name))) for r in records)
    base.executemany("INSERT INTO procedure VALUES (?, ?)", rows)

    def rank(question: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in dict.fromkeys(folded_words(question)))
        if not words:
            return []
        query = "SELECT code FROM procedure WHERE procedure MATCH ? ORDER BY rank LIMIT ?"
        return [code for (code,) in base.execute(query, (words, LIMIT))]

    return rank


def _ours(records: Sequence[Procedure]) -> Ranker:
    matcher = Matcher(records)

    def rank(question: str) -> list[str]:
        return [candidate.code for candidate in matcher.match(question).candidates]

    return rank


METHODS: tuple[tuple[str, Callable[[Sequence[Procedure]], Ranker]], ...] = (
    ("rapidfuzz WRatio, names", _fuzzy),
    ("rank-bm25, folded names", _rank_bm25),
    ("bm25s, folded names", _bm25s),
    ("SQLite FTS5, folded names", _sqlite),
    ("Một Cửa", _ours),
)


def markdown(rows: Sequence[dict[str, Any]], asked: int, records: int) -> str:
    """Return the comparison as a Markdown table."""
    lines = [
        f"{asked} questions over {records} procedures, one process, one run.",
        "",
        "| method | top1 | top4 | p50 ms | p99 ms | build s |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {r['method']} | {r['top1']:.3f} | {r['top4']:.3f} | {r['p50_ms']} | {r['p99_ms']} | {r['build_s']} |"
        for r in rows
    ]
    return "\n".join(lines) + "\n"
