"""Tables and explanations for people at a terminal."""

from __future__ import annotations

from typing import Any

from knowledge.matching import Matcher

_SHARES = ("top1", "top3", "top4", "answered", "answered_right", "offered_right", "abstained")


def search_table(found: dict[str, Any]) -> str:
    """Return a ranking as lines of text."""
    lines = [f"{found['outcome']}  {' '.join(found['facets'])}".rstrip()]
    if found["elsewhere"]:
        lines.append("no record of: " + "  ".join(found["elsewhere"]))
    if found["ask"]:
        lines.append(found["ask"])
    lines += [f"  {row['confidence']:.3f}  {row['code']}  {row['name']}" for row in found["ranking"]]
    for key, value in found.get("explanation", {}).items():
        lines.append(f"{key}:")
        lines += [f"  {line}" for line in _explained(value)]
    return "\n".join(lines)


def _explained(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [f"{key} = {item}" for key, item in value.items()]
    return [str(item) for item in value]


def evaluation_table(figures: dict[str, Any], groups: dict[str, dict[str, Any]]) -> str:
    """Return evaluation figures as a table, one line per group of questions and one for all."""
    lines = [f"{'':24} {'n':>5} " + " ".join(f"{name:>14}" for name in _SHARES)]
    for name, row in [*groups.items(), ("all", figures)]:
        cells = ("-" if row[share] is None else f"{row[share]:.3f}" for share in _SHARES)
        lines.append(f"{name[:24]:24} {row['n']:>5} " + " ".join(f"{cell:>14}" for cell in cells))
    latency = figures["latency_ms"]
    lines += [
        f"mrr10 {figures['mrr10']}",
        f"out of scope: {figures['out_of_scope_n']} asked, answered {figures['out_of_scope_answered']}",
        f"latency ms: p50 {latency['p50']}, p99 {latency['p99']}, max {latency['max']}",
        f"index built in {figures['index_build_s']} s; resident {figures['rss_mb']} MB",
    ]
    return "\n".join(lines)


def explanation(matcher: Matcher, question: str) -> dict[str, Any]:
    """Return why a question ranked as it did: how it was read, the words that counted, the features of the best."""
    reading = matcher.read(question)
    terms = sorted(reading.ranking.terms.items(), key=lambda item: -item[1])
    return {
        "read as": [" ".join(word.said for word in reading.question.words)],
        "corrections": list(reading.question.notes),
        "added words": [f"{' '.join(words)} ({weight:.2f})" for words, weight in reading.question.expansions],
        "ruled out": sorted(reading.question.denied),
        "terms": {term: round(weight, 2) for term, weight in terms if weight > 0},
        "features": matcher.contributions(reading),
    }
