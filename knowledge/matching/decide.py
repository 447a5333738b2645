"""From a ranking to a verdict: how sure are we, and do we answer, offer, or say that we did not understand?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from knowledge.matching.question import Question
from knowledge.matching.rank import FEATURES, Ranking

CHOICES = 4
"""How many named choices a person is offered at most."""

SIGNALS = (
    "share_first",
    "share_choices",
    "lead",
    "score",
    "title",
    "phrase",
    "said",
    "papers",
    "body",
    "title_share",
    "phrase_share",
    "known",
    "mass",
    "length",
    "best_said",
)
"""What the judges look at, in the order of their weights."""

_COLUMNS = [FEATURES.index(n) for n in ("title", "phrase", "said", "papers", "body", "title_share", "phrase_share")]
_SAID = FEATURES.index("said")
_CONTENT = 0.5


@dataclass(frozen=True, slots=True)
class Group:
    """Procedures that are one act (twins), the best ranked first, with their share of the ranker's probability."""

    rows: tuple[int, ...]
    share: float


def group_twins(ranking: Ranking, twins: Sequence[str]) -> list[Group]:
    """Join ranked procedures whose ``twins`` key is equal; best group first, shares adding up to 1."""
    if not len(ranking.scores):
        return []
    odds = np.exp(ranking.scores - ranking.scores[0])
    shares = (odds / odds.sum()).tolist()
    rows: dict[str, list[int]] = {}
    for row, place in enumerate(ranking.places.tolist()):
        rows.setdefault(twins[place], []).append(row)
    groups = [Group(tuple(found), sum(shares[row] for row in found)) for found in rows.values()]
    return sorted(groups, key=lambda group: (-group.share, group.rows[0]))


def signals(ranking: Ranking, groups: Sequence[Group], question: Question) -> list[float]:
    """Return the judges' signals for one ranked question, in the order of ``SIGNALS``."""
    shares = np.clip([group.share for group in groups[:CHOICES]], 1e-6, 1 - 1e-6)
    first, together = float(shares[0]), min(float(shares.sum()), 1 - 1e-4)
    second = float(shares[1]) if len(shares) > 1 else 1e-6
    best = ranking.features[groups[0].rows[0]]
    offered = [group.rows[0] for group in groups[:CHOICES]]
    content = sum(word.weight > _CONTENT for word in question.words)
    return [
        float(np.log(first / (1 - first))),
        float(np.log(together / (1 - together))),
        float(np.log(first / second)),
        float(ranking.scores[groups[0].rows[0]]) / 10,
        *best[_COLUMNS].tolist(),
        ranking.known,
        float(np.log1p(ranking.mass)),
        float(np.log1p(content)),
        float(ranking.features[offered, _SAID].max()),
    ]
