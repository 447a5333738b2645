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
    "outdone",
    "known",
    "mass",
    "length",
    "best_said",
    "said_lead",
    "phrase_lead",
    "title_first",
    "outside",
)
"""What the judges look at, in the order of their weights."""

UNFIT = 0.6
"""The highest confidence in an act of which a sibling fits what was asked better: both are offered."""

_COLUMNS = [
    FEATURES.index(n) for n in ("title", "phrase", "said", "papers", "body", "title_share", "phrase_share", "outdone")
]
_SAID = FEATURES.index("said")
_PHRASE = FEATURES.index("phrase")
_TITLE = FEATURES.index("title")
_CONTENT = 0.5


@dataclass(frozen=True, slots=True)
class Group:
    """Procedures that are one act (twins), the best ranked first, with their share of the ranker's probability."""

    rows: tuple[int, ...]
    share: float


@dataclass(frozen=True, slots=True)
class Grouping:
    """A ranking by acts, best first; ``outside`` is the probability that the question is about no procedure at all."""

    groups: tuple[Group, ...]
    outside: float


OUTSIDE = ""
"""The twin key of everything that is no procedure."""


def group_twins(ranking: Ranking, twins: Sequence[str]) -> Grouping:
    """Join ranked procedures whose ``twins`` key is equal; the shares of all acts and ``outside`` add up to 1."""
    if not len(ranking.scores):
        return Grouping((), 0.0)
    odds = np.exp(ranking.scores - ranking.scores[0])
    shares = (odds / odds.sum()).tolist()
    rows: dict[str, list[int]] = {}
    for row, place in enumerate(ranking.places.tolist()):
        rows.setdefault(twins[place], []).append(row)
    outside = sum(shares[row] for row in rows.pop(OUTSIDE, ()))
    groups = [Group(tuple(found), sum(shares[row] for row in found)) for found in rows.values()]
    return Grouping(tuple(sorted(groups, key=lambda group: (-group.share, group.rows[0]))), outside)


def signals(ranking: Ranking, grouping: Grouping, question: Question) -> list[float]:
    """Return the judges' signals for one ranked question with at least one act, in the order of ``SIGNALS``."""
    groups = grouping.groups
    outside = min(max(grouping.outside, 1e-4), 1 - 1e-4)
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
        _lead(ranking, groups[0], _SAID),
        _lead(ranking, groups[0], _PHRASE),
        float(_lead(ranking, groups[0], _TITLE) >= 0),
        float(np.log(outside / (1 - outside))),
    ]


def _lead(ranking: Ranking, first: Group, column: int) -> float:
    """Return by how much the first act leads all others in one feature (negative: it trails)."""
    values = ranking.features[:, column].tolist()
    others = [value for row, value in enumerate(values) if row not in first.rows]
    return float(values[first.rows[0]] - max(others, default=0.0))
