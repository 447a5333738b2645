"""Charts for the documents; needs the extra ``bench`` (matplotlib)."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from knowledge.errors import KnowledgeError


def figure(width: float, height: float) -> Any:
    """Return an empty matplotlib figure in inches; raise ``KnowledgeError`` when matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise KnowledgeError("Thiếu gói matplotlib để vẽ; cài thêm phần bench") from error
    return Figure(figsize=(width, height), layout="constrained")


def draw_comparison(rows: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw the methods of a bench side by side: what they find, and how long they take."""
    drawn = figure(8, 3.2)
    left, right = drawn.subplots(1, 2)
    places = range(len(rows))
    left.barh([place + 0.2 for place in places], [row["top1"] for row in rows], 0.4, label="top 1")
    left.barh([place - 0.2 for place in places], [row["top4"] for row in rows], 0.4, label="top 4")
    left.set_yticks(places, [row["method"] for row in rows])
    left.set_xlim(0, 1)
    left.set_title("share found")
    left.legend(loc="lower right")
    right.barh(places, [row["p50_ms"] for row in rows], color="tab:grey")
    right.set_yticks([])
    right.set_xscale("log")
    right.set_title("median ms per question")
    drawn.savefig(path, dpi=110)


def draw_reliability(bins: Sequence[dict[str, Any]], path: Path) -> None:
    """Draw how often the first procedure was right against how sure the matcher said it was; dots grow with numbers."""
    drawn = figure(4, 4)
    axes = drawn.subplots()
    axes.plot([0, 1], [0, 1], color="tab:grey", linestyle="--", linewidth=1)
    most = max((one["n"] for one in bins), default=1)
    sizes = [20 + 180 * one["n"] / most for one in bins]
    axes.scatter([one["said"] for one in bins], [one["right"] for one in bins], s=sizes)
    axes.set(xlabel="said", ylabel="right", xlim=(0, 1), ylim=(0, 1), title="confidence of the first procedure")
    drawn.savefig(path, dpi=110)
