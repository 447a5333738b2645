"""Learn the small text model from labelled questions: ranker weights, judges, thresholds.

The ranker is trained listwise (softmax over the procedures that pass the first stage, every right one counting), the
judges by logistic regression on cross-validated rankings, so that they see the ranker's real mistakes. Weights are
rounded, and nothing depends on chance but a fixed seed: the same inputs give the same file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from knowledge.errors import KnowledgeError
from knowledge.matching.decide import CHOICES, OUTSIDE, SIGNALS, UNFIT, group_twins, signals
from knowledge.matching.matcher import Matcher, Reading
from knowledge.matching.model import Judge, Model
from knowledge.matching.rank import FEATURES
from knowledge.names import load_names
from knowledge.phrases import load_phrases
from knowledge.procedure import Procedure
from knowledge.questions import LabelledQuestion
from knowledge.vietnamese.compounds import PATH as COMPOUNDS
from knowledge.vietnamese.compounds import count_compounds
from knowledge.vietnamese.marks import PATH as MARKS
from knowledge.vietnamese.marks import count_marks
from knowledge.vietnamese.normal import fold, normalise
from knowledge.vietnamese.spelling import SYLLABLES, dictionary_syllables

Array = npt.NDArray[np.float64]
FOLDS = 5
ANSWER_PRECISION = 0.97
OFFER_FLOOR = 0.35
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled question as the ranker saw it: which rows of its ranking are right, and how much it counts."""

    question: LabelledQuestion
    reading: Reading
    right: npt.NDArray[np.bool_]
    weight: float = 1.0


def blank_model() -> Model:
    """Return a model that ranks by the index alone, to collect training rankings with."""
    judge = Judge(signals=SIGNALS, weights=(0.0,) * len(SIGNALS), bias=0.0)
    return Model(
        features=FEATURES, weights=(0.0,) * len(FEATURES), first=judge, choices=judge, answer_from=1, offer_from=1
    )


def train(
    procedures: Iterable[Procedure], questions: Sequence[LabelledQuestion], rough: Sequence[LabelledQuestion] = ()
) -> tuple[Model, dict[str, Any]]:
    """Return the model learned from ``questions`` over ``procedures``, and its cross-validated figures.

    ``rough`` are further questions whose labels are less sure: they help to rank, but neither judges nor thresholds nor
    figures look at them. Raises ``KnowledgeError`` when too few questions find their procedure to cross-validate.
    """
    matcher = Matcher(procedures, model=blank_model())
    questions = [*questions, *_unmarked(questions)]
    examples = read_examples(matcher, questions)
    more = read_examples(matcher, [*rough, *_unmarked(rough)])
    twins = matcher.twins
    folds = _folds(questions)
    if len({f for e, f in zip(examples, folds.tolist(), strict=True) if e.right.any()}) < 2:
        raise KnowledgeError("Quá ít câu hỏi để học: cần câu hỏi về nhiều thủ tục có trong danh mục")
    values = np.zeros((len(examples), len(SIGNALS)))
    hits = np.zeros((len(examples), 2), bool)
    for number in range(FOLDS):
        weights = fit_ranker([*(e for e, f in zip(examples, folds, strict=True) if f != number), *more])
        for place in np.flatnonzero(folds == number):
            values[place], hits[place] = _judged(examples[place], weights, twins)
    first, among = fit_judge(values, hits[:, 0]), fit_judge(values, hits[:, 1])
    first_odds = _crossed(values, hits[:, 0], folds)
    first_odds = np.where(values[:, SIGNALS.index("outdone")] > 0, np.minimum(first_odds, UNFIT), first_odds)
    among_odds = _crossed(values, hits[:, 1], folds)
    inside = np.array([bool(question.codes) for question in questions])
    answer_from = _threshold(first_odds, hits[:, 0] & inside, ANSWER_PRECISION)
    weights = fit_ranker([*examples, *more])
    model = Model(
        features=FEATURES,
        weights=tuple(np.round(weights, _DIGITS).tolist()),
        first=first,
        choices=among,
        answer_from=answer_from,
        offer_from=OFFER_FLOOR,
        trained_on={"questions": len(questions), "rough": len(more), "procedures": len(matcher.codes)},
    )
    return model, _figures(first_odds, among_odds, hits, inside, model)


def read_examples(matcher: Matcher, questions: Sequence[LabelledQuestion]) -> list[Example]:
    """Rank every question; those about one procedure share its weight, so that no procedure drowns the others."""
    times = Counter(_key(question) for question in questions)
    examples = []
    for question in questions:
        reading = matcher.read(question.text)
        wanted = question.codes or {OUTSIDE}
        right = np.array([matcher.codes[place] in wanted for place in reading.ranking.places])
        weight = times[_key(question)] ** -0.5 if question.codes else 1.0
        examples.append(Example(question, reading, right, weight))
    return examples


def _unmarked(questions: Sequence[LabelledQuestion]) -> list[LabelledQuestion]:
    """Return the questions again as typed without tone marks."""
    found = (LabelledQuestion(fold(normalise(q.text)), q.codes, q.group) for q in questions if not q.text.isascii())
    return list(found)


def _key(question: LabelledQuestion) -> str:
    return min(question.codes, default=fold(normalise(question.text)))


def _folds(questions: Sequence[LabelledQuestion]) -> npt.NDArray[np.int64]:
    """Deal questions into folds so that questions about the same procedure fall into the same fold."""
    chance = np.random.default_rng(0)
    fold_of: dict[str, int] = {}
    folds = []
    for question in questions:
        key = _key(question)
        if key not in fold_of:
            fold_of[key] = int(chance.integers(FOLDS))
        folds.append(fold_of[key])
    return np.array(folds)


def fit_ranker(examples: Sequence[Example], decay: float = 0.01, steps: int = 500) -> Array:
    """Return feature weights that maximise the softmax share of the right rows (Adam, full batch)."""
    usable = [example for example in examples if example.right.any()]
    rows = np.stack([example.reading.ranking.features for example in usable]).astype(np.float64)
    right = np.stack([example.right for example in usable])
    counts = np.array([example.weight for example in usable])
    counts /= counts.sum()
    scale = rows.std((0, 1)) + 1e-6
    rows = (rows - rows.mean((0, 1))) / scale

    def gradient(weights: Array) -> Array:
        share = _softmax(rows @ weights)
        wanted = share * right
        wanted /= wanted.sum(1, keepdims=True)
        slope: Array = -np.einsum("q,qc,qcf->f", counts, wanted - share, rows) + decay * weights
        return slope

    found: Array = _descend(gradient, rows.shape[2], steps) / scale
    return found


def fit_judge(values: Array, right: npt.NDArray[np.bool_], decay: float = 0.01, steps: int = 800) -> Judge:
    """Return a logistic regression of ``right`` on the signals."""
    mean, scale = values.mean(0), values.std(0) + 1e-6
    rows = np.hstack([(values - mean) / scale, np.ones((len(values), 1))])
    shrink = np.r_[np.full(values.shape[1], decay), 0.0]

    def gradient(weights: Array) -> Array:
        odds = 1 / (1 + np.exp(-rows @ weights))
        slope: Array = rows.T @ (odds - right) / len(rows) + shrink * weights
        return slope

    found = _descend(gradient, rows.shape[1], steps)
    weights = found[:-1] / scale
    return Judge(
        signals=SIGNALS,
        weights=tuple(np.round(weights, _DIGITS).tolist()),
        bias=round(float(found[-1] - weights @ mean), _DIGITS),
    )


def _descend(gradient: Callable[[Array], Array], size: int, steps: int, rate: float = 0.05) -> Array:
    weights, first, second = np.zeros(size), np.zeros(size), np.zeros(size)
    for step in range(1, steps + 1):
        slope = gradient(weights)
        first = 0.9 * first + 0.1 * slope
        second = 0.999 * second + 0.001 * slope * slope
        weights = weights - rate * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
    return weights


def _softmax(scores: Array) -> Array:
    odds = np.exp(scores - scores.max(1, keepdims=True))
    share: Array = odds / odds.sum(1, keepdims=True)
    return share


def _judged(example: Example, weights: Array, twins: Sequence[str]) -> tuple[list[float], tuple[bool, bool]]:
    """Return the judges' signals under ``weights``, and whether the first act and the choices are right."""
    old = example.reading.ranking
    scores = (old.features @ weights).astype(np.float32)
    if old.doubt is not None:
        scores -= old.doubt
    ranking = old.in_order(scores, old.doubt)
    grouping = group_twins(ranking, twins)
    right = example.right[np.argsort(-scores, kind="stable")]
    offered = [bool(right[group.rows[0]]) for group in grouping.groups[:CHOICES]]
    return signals(ranking, grouping, example.reading.question), (offered[0], any(offered))


def _crossed(values: Array, right: npt.NDArray[np.bool_], folds: npt.NDArray[np.int64]) -> Array:
    odds = np.zeros(len(right))
    for number in range(FOLDS):
        judge = fit_judge(values[folds != number], right[folds != number])
        for place in np.flatnonzero(folds == number):
            odds[place] = judge.probability(values[place].tolist())
    return odds


def _threshold(odds: Array, right: npt.NDArray[np.bool_], precision: float) -> float:
    """Return the lowest probability from which on at least ``precision`` of all that is answered is right."""
    order = np.argsort(-odds, kind="stable")
    correct = np.cumsum(right[order]) / np.arange(1, len(order) + 1)
    enough = np.flatnonzero(correct >= precision)
    return round(float(odds[order][enough[-1]]), _DIGITS) if len(enough) else 1.0


def _figures(
    first: Array, among: Array, hits: npt.NDArray[np.bool_], inside: npt.NDArray[np.bool_], model: Model
) -> dict[str, Any]:
    answered = first >= model.answer_from
    offered = ~answered & (np.maximum(first, among) >= model.offer_from)
    bins = [
        {"from": round(low, 1), "n": int(held.sum()), "said": _mean(first[held]), "right": _mean(hits[held, 0])}
        for low in np.arange(0, 1, 0.1)
        if (held := (first >= low) & (first < low + 0.1)).any()
    ]
    return {
        "top1": _mean(hits[inside, 0]),
        "top4": _mean(hits[inside, 1]),
        "answered": _mean(answered[inside]),
        "answered_right": _mean(hits[inside & answered, 0]),
        "offered_right": _mean(hits[inside & offered, 1]),
        "out_of_scope_answered": _mean(answered[~inside]),
        "out_of_scope_offered": _mean(offered[~inside]),
        "reliability": bins,
    }


def _mean(values: npt.NDArray[Any]) -> float | None:
    return round(float(values.mean()), 4) if values.size else None


def keep_words() -> None:
    """Write what the names of all procedures and the phrase book tell of marks and of words of several syllables."""
    texts = [named.name for named in load_names()]
    texts += [phrase for said in load_phrases().values() for phrase in said]
    MARKS.write_text("\n".join(count_marks(texts)) + "\n", encoding="utf-8")
    COMPOUNDS.write_text("\n".join(count_compounds(texts)) + "\n", encoding="utf-8")


def keep_syllables() -> None:
    """Write the valid syllables of underthesea's word list where the speller reads them."""
    found = sorted(dictionary_syllables())
    lines = (" ".join(found[start : start + 16]) for start in range(0, len(found), 16))
    SYLLABLES.write_text("\n".join(lines) + "\n", encoding="utf-8")
