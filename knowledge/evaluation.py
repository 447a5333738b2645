"""Measure a matcher on labelled questions."""

from __future__ import annotations

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from knowledge.matching import Match, Matcher, Outcome
from knowledge.noise import NOISES
from knowledge.questions import LabelledQuestion

_WARM_UP = 20


@dataclass(frozen=True, slots=True)
class Trial:
    """One question, what the matcher said, and how long it took in seconds."""

    question: LabelledQuestion
    match: Match
    seconds: float

    @property
    def rank(self) -> int | None:
        """Return the place (from 1) of the first right procedure, or None."""
        codes = self.question.codes
        return next((n for n, c in enumerate(self.match.candidates, 1) if c.code in codes), None)

    @property
    def offered_right(self) -> bool:
        """Whether one of the right procedures is among the choices offered."""
        return bool(self.question.codes.intersection(self.match.choices))


def perturb(questions: Iterable[LabelledQuestion], noise: str, seed: int) -> list[LabelledQuestion]:
    """Return the questions with one kind of noise (see ``NOISES``), the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - noise for measuring, not a secret
    apply = NOISES[noise]
    return [LabelledQuestion(apply(q.text, chance), q.codes, q.group) for q in questions]


def run(matcher: Matcher, questions: Sequence[LabelledQuestion]) -> list[Trial]:
    """Ask every question, one after the other, timing each."""
    for question in questions[:_WARM_UP]:
        matcher.match(question.text)
    trials = []
    for question in questions:
        start = time.perf_counter()
        match = matcher.match(question.text)
        trials.append(Trial(question, match, time.perf_counter() - start))
    return trials


def measure(trials: Sequence[Trial]) -> dict[str, Any]:
    """Return the figures of a run.

    ``n`` and all shares are over the questions in scope, except ``out_of_scope_*``. ``answered_right`` is the share of
    the answered that are right, ``offered_right`` the share of the offered whose choices hold a right procedure.
    """
    asked = [trial for trial in trials if trial.question.codes]
    outside = [trial for trial in trials if not trial.question.codes]
    answered = [trial for trial in asked if trial.match.outcome is Outcome.ANSWER]
    offered = [trial for trial in asked if trial.match.outcome is Outcome.OFFER]
    ranks = [trial.rank for trial in asked]
    times = sorted(trial.seconds * 1000 for trial in trials)
    return {
        "n": len(asked),
        "top1": _share(rank == 1 for rank in ranks),
        "top3": _share(rank is not None and rank <= 3 for rank in ranks),
        "top4": _share(rank is not None and rank <= 4 for rank in ranks),
        "mrr10": round(sum(1 / rank for rank in ranks if rank) / len(ranks), 4) if ranks else None,
        "answered": _share(trial.match.outcome is Outcome.ANSWER for trial in asked),
        "answered_right": _share(trial.rank == 1 for trial in answered),
        "offered_right": _share(trial.offered_right for trial in offered),
        "abstained": _share(trial.match.outcome is Outcome.UNKNOWN for trial in asked),
        "out_of_scope_n": len(outside),
        "out_of_scope_answered": _share(trial.match.outcome is Outcome.ANSWER for trial in outside),
        "latency_ms": {
            "p50": _quantile(times, 0.5),
            "p99": _quantile(times, 0.99),
            "max": round(times[-1], 3) if times else None,
        },
    }


def by_group(trials: Sequence[Trial]) -> dict[str, dict[str, Any]]:
    """Return ``measure`` for each group of questions that has a name."""
    groups: dict[str, list[Trial]] = {}
    for trial in trials:
        groups.setdefault(trial.question.group, []).append(trial)
    return {name: measure(found) for name, found in sorted(groups.items()) if name}


def reliability(trials: Sequence[Trial], steps: int = 10) -> list[dict[str, Any]]:
    """Return, by confidence of the first procedure, how many there were, what was said and how many were right.

    A question out of scope is never right. Equal steps of confidence; empty ones are left out.
    """
    held: dict[int, list[Trial]] = {}
    for trial in trials:
        if trial.match.candidates:
            step = min(int(trial.match.candidates[0].confidence * steps), steps - 1)
            held.setdefault(step, []).append(trial)
    return [
        {
            "from": step / steps,
            "n": len(found),
            "said": round(sum(trial.match.candidates[0].confidence for trial in found) / len(found), 4),
            "right": _share(trial.rank == 1 for trial in found),
        }
        for step, found in sorted(held.items())
    ]


def misses(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    """Return every trial whose first procedure is wrong, or that answered a question out of scope, with its ranking."""
    return [
        {
            "question": trial.question.text,
            "codes": sorted(trial.question.codes),
            "group": trial.question.group,
            "outcome": trial.match.outcome.value,
            "rank": trial.rank,
            "ranking": [
                {
                    "code": candidate.code,
                    "confidence": round(candidate.confidence, 4),
                    "features": {name: round(value, 4) for name, value in candidate.features.items()},
                }
                for candidate in trial.match.candidates
            ],
        }
        for trial in trials
        if (trial.rank != 1 if trial.question.codes else trial.match.outcome is Outcome.ANSWER)
    ]


def resident_mb() -> float | None:
    """Return the resident memory of this process in MB (2**20 bytes), or None where the system does not tell."""
    try:
        status = Path("/proc/self/status").read_text(encoding="ascii")
    except OSError:
        return None
    line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


def _share(hits: Iterable[bool]) -> float | None:
    found = list(hits)
    return round(sum(found) / len(found), 4) if found else None


def _quantile(ordered: Sequence[float], share: float) -> float | None:
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 3) if ordered else None
