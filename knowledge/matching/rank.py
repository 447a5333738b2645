"""Rank procedures for one question: index scores first, then a small linear ranker over the best few.

Everything that counts is a named feature with one learned weight, so that a ranking can be explained.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import log1p

import numpy as np

from knowledge.matching.entry import Entry
from knowledge.matching.family import Bools, Modifiers
from knowledge.matching.index import MARKED, TITLE, Index
from knowledge.matching.memory import Floats, Ints
from knowledge.matching.question import FACET_WEIGHT, Question
from knowledge.vietnamese.tokens import folded_words

FEATURES = (
    "title",
    "phrase",
    "said",
    "papers",
    "body",
    "field",
    "title_share",
    "phrase_share",
    "unasked",
    "asked",
    "denied",
    "outdone",
    "citizen",
    "commune",
    "province",
    "local_copy",
    "length",
    "prior",
    "has_phrases",
    "bare_record",
    "outside",
)
"""Names of the ranker's features, in the order of its weights."""

_SIDES = [FEATURES.index(name) for name in ("title", "said", "papers", "body", "field")]
_PHRASE, _TITLE_SHARE, _PHRASE_SHARE = map(FEATURES.index, ("phrase", "title_share", "phrase_share"))
OUTDONE = FEATURES.index("outdone")
_UNASKED, _ASKED, _DENIED = map(FEATURES.index, ("unasked", "asked", "denied"))
_STATIC = FEATURES.index("citizen")
_FIRST = np.array([0.5, 1.8, 0.4, 0.6, 0.3], np.float32)
_FIRST_STATIC = np.array([0.04, 0.05, 0.03, -0.1, -0.02, 0.05, 0.0, 0.0, 0.05], np.float32)
KEPT = 32
"""How many procedures pass from the index to the ranker."""

_MOST_TERMS = 56
_FEWEST_TERMS = 10
_MOST_POSTINGS = 60_000
_SYNONYM_WEIGHT = 0.55
_ROOT_PAIR = 0.7
_STRONG = 0.3


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best procedures of one question, best first.

    ``places`` are positions in the index; ``features`` has one row per place, columns as in ``FEATURES``; ``mass`` is
    the weight of all that was said, ``known`` the part of it that the catalogue uses at all; ``terms`` maps what was
    looked up to its weight; ``doubt`` is what was taken off each score because the title contradicts the question.
    """

    places: Ints
    scores: Floats
    features: Floats
    terms: dict[str, float]
    mass: float
    known: float
    doubt: Floats | None = None

    def in_order(self, scores: Floats, doubt: Floats | None) -> Ranking:
        """Return the same procedures under other ``scores``, one for each row as it stands now."""
        order = np.argsort(-scores, kind="stable")
        taken = None if doubt is None else doubt[order]
        return replace(
            self, places=self.places[order], scores=scores[order], features=self.features[order], doubt=taken
        )

    def doubted(self, rows: Sequence[int], loss: float) -> Ranking:
        """Return the ranking with ``loss`` taken off the scores of ``rows``."""
        doubt = np.zeros(len(self.scores), np.float32)
        doubt[list(rows)] = loss
        return self.in_order(self.scores - doubt, doubt)


class Ranker:
    """Scores questions against one index with one set of weights."""

    def __init__(
        self,
        index: Index,
        entries: Sequence[Entry],
        modifiers: Modifiers,
        weights: Floats,
    ) -> None:
        self._index = index
        self._weights = weights
        self._modifiers = modifiers
        self._title_modifiers: Bools = modifiers.of_titles([entry.name for entry in entries])
        self._title_words = [_title_words(entry.name) for entry in entries]
        self._static = _static(entries)
        self._stems = modifiers.stems([entry.name for entry in entries])
        self._standing = self._static @ _FIRST_STATIC

    def rank(self, question: Question) -> Ranking:
        """Return the best ``KEPT`` procedures for ``question``, best first."""
        terms = weigh_terms(question)
        known, weights = self._look_up(terms)
        said = np.array(weights, np.float32)
        norm, mass = float(np.sqrt(said @ said)) + 1e-3, float(said.sum()) + 1e-3
        sides = self._index.score(known)
        scale = np.array([1 / norm, 1 / mass, 1 / mass, 1 / mass, 1 / norm], np.float32)
        first = (_FIRST * scale) @ sides + self._standing
        kept = min(KEPT, first.size)
        places = np.argpartition(-first, kept - 1)[:kept].astype(np.int32)
        features = self._features(places, question)
        features[:, _SIDES] = (sides[:, places] * scale[:, None]).T
        features[:, _TITLE_SHARE] = sides[TITLE, places] / self._index.title_norm[places]
        cosine, features[:, _PHRASE_SHARE] = self._index.best_phrases(known, places.tolist())
        features[:, _PHRASE] = cosine / norm
        scores = (features @ self._weights).astype(np.float32)
        order = np.argsort(-scores, kind="stable")
        vocabulary = self._index.vocabulary
        unknown = sum(w for t, w in terms.items() if t not in vocabulary and " " not in t and t[0] != MARKED)
        return Ranking(places[order], scores[order], features[order], terms, mass, mass / (mass + 6 * unknown))

    def _look_up(self, terms: dict[str, float]) -> tuple[list[tuple[int, float]], list[float]]:
        """Return the known terms that tell most (number, weight), and each weight times rarity.

        What tells little and stands everywhere is left out once enough is read, so that no question is slow.
        """
        vocabulary, rarity, ends = self._index.vocabulary, self._index.rarity, self._index.ends
        found = [
            (weight * rarity[number], number, weight)
            for term, weight in terms.items()
            if weight > 0 and (number := vocabulary.get(term)) is not None
        ]
        sizes = [ends[number] - (ends[number - 1] if number else 0) for _, number, _ in found]
        if len(found) > _MOST_TERMS or sum(sizes) > _MOST_POSTINGS:
            told_most = sorted(zip(found, sizes, strict=True), reverse=True)
            found, read = [], 0
            for term, size in told_most:
                read += size
                if len(found) >= _MOST_TERMS or (len(found) >= _FEWEST_TERMS and read > _MOST_POSTINGS):
                    break
                found.append(term)
        return [(number, weight) for _, number, weight in found], [told for told, _, _ in found]

    def _features(self, places: Ints, question: Question) -> Floats:
        """Return the features that need no index scores: modifiers asked and unasked, words ruled out, plain facts."""
        features = np.zeros((len(places), len(FEATURES)), np.float32)
        has = self._title_modifiers[places]
        words = [(word.said, word.folded) for word in question.words if word.weight > FACET_WEIGHT]
        asked = self._modifiers.asked([said for said, _ in words], [folded for _, folded in words])
        features[:, _UNASKED] = (has & ~asked).sum(1)
        features[:, _ASKED] = (has & asked).sum(1)
        misfits = features[:, _UNASKED] - features[:, _ASKED]
        features[:, OUTDONE] = _outdone(self._stems[places].tolist(), misfits.tolist())
        if question.denied:
            features[:, _DENIED] = [len(question.denied & self._title_words[place]) for place in places]
        features[:, _STATIC:] = self._static[places]
        return features


def _outdone(stems: Sequence[int], misfits: Sequence[float]) -> list[float]:
    """Return by how many special cases, two at most, each procedure fits worse than the best of its siblings.

    ``stems`` are equal for siblings and 0 for procedures without any.
    """
    least: dict[int, float] = {}
    for stem, misfit in zip(stems, misfits, strict=True):
        least[stem] = min(least.get(stem, misfit), misfit)
    return [min(misfit - least[stem], 2.0) if stem else 0.0 for stem, misfit in zip(stems, misfits, strict=True)]


@lru_cache(maxsize=20_000)
def _title_words(title: str) -> frozenset[str]:
    return frozenset(folded_words(title))


def _static(entries: Sequence[Entry]) -> Floats:
    columns: list[list[float]] = [
        [entry.citizen for entry in entries],
        [entry.commune for entry in entries],
        [entry.province for entry in entries],
        [entry.local_copy for entry in entries],
        [log1p(entry.name.count(" ") + 1) for entry in entries],
        [entry.prior for entry in entries],
        [bool(entry.said) for entry in entries],
        [entry.bare for entry in entries],
        [entry.outside for entry in entries],
    ]
    return np.array(columns, np.float32).T.copy()


def weigh_terms(question: Question) -> dict[str, float]:
    """Return the index terms of a question with their weights: words, neighbours, words with marks, expansions."""
    terms: dict[str, float] = {}
    previous = None
    for word in question.words:
        weight = word.weight
        _raise(terms, word.folded, weight)
        if not word.said.isascii():
            _raise(terms, MARKED + word.said, weight)
        if previous is not None and previous.clause == word.clause:
            weaker = min(previous.weight, weight)
            pair = weaker if weaker > _STRONG else _ROOT_PAIR * (previous.weight * weight) ** 0.5
            _raise(terms, f"{previous.folded} {word.folded}", pair)
        previous = word
    for words, weight in question.expansions:
        for place, folded in enumerate(words):
            _raise(terms, folded, weight * _SYNONYM_WEIGHT)
            if place:
                _raise(terms, f"{words[place - 1]} {folded}", weight * _SYNONYM_WEIGHT)
    return terms


def _raise(terms: dict[str, float], term: str, weight: float) -> None:
    if weight > terms.get(term, 0.0):
        terms[term] = weight
