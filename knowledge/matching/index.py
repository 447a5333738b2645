"""The inverted index: one pass over the postings scores every side of every procedure.

Each procedure is indexed under several *sides*: its title, all its phrases together, its papers and results, its body
(steps and conditions) and its field. All sides share one vocabulary and
one posting list per term, so that a question costs one gather and one ``bincount`` however many sides there are. Single
phrases are many and short: they are kept the other way round, by procedure, and compared only for the procedures that
pass the first stage.

Terms are folded words, folded neighbours (``"khai sinh"``) and words with their marks (``"´mất"``). Title, field and
phrases are compared by cosine, the longer sides by BM25 (Robertson and Zaragoza, 2009).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from knowledge.matching.entry import Entry
from knowledge.matching.memory import Block, Floats, Ints, Memory
from knowledge.vietnamese.lexicon import Lexicon
from knowledge.vietnamese.normal import fold
from knowledge.vietnamese.tokens import folded_words, words

_Side = tuple[Ints, Ints, Floats]  # term numbers, document places, times said; one row per term of a document

TITLE, SAID, PAPERS, BODY, FIELD = range(5)
SIDES = 5
MARKED = "´"
_SATURATION = {SAID: (1.0, 0.4), PAPERS: (1.2, 0.5), BODY: (1.2, 0.6)}
_MARKED_WEIGHT = 0.5
_LOOSE_WEIGHT = 0.8


def _terms(text: str, lexicon: Lexicon) -> list[str]:
    """Return the terms of a title or phrase, its abbreviations written out behind it."""
    said = words(text)
    for word in tuple(said):
        longs = lexicon.abbreviations.get(word)
        if longs and len(longs) == 1:
            said += longs[0]
    folded = fold(" ".join(said)).split()
    return [*folded, *map(" ".join, pairwise(folded)), *(MARKED + word for word in said if not word.isascii())]


def _known_pairs(text: str, known: Callable[[str], bool]) -> list[str]:
    """Return words, and those neighbours that titles or phrases use too: the rest would only cost memory."""
    folded = folded_words(text)
    return [*folded, *filter(known, map(" ".join, pairwise(folded)))]


def _side(blocks: Sequence[Block]) -> _Side:
    lengths = np.concatenate([block.lengths for block in blocks])
    places = np.repeat(np.arange(len(lengths), dtype=np.int32), lengths)
    return np.concatenate([block.terms for block in blocks]), places, np.concatenate([block.times for block in blocks])


def _in_order(numbers: Ints) -> npt.NDArray[np.int64]:
    """Return the stable order of many small numbers, ten times as fast as ``argsort`` finds it."""
    bits = len(numbers).bit_length()
    keys = (numbers.astype(np.int64) << bits) | np.arange(len(numbers))
    keys.sort()
    return keys & ((1 << bits) - 1)


def _kind(term: str, compounds: frozenset[str]) -> float:
    if term[0] == MARKED:
        return _MARKED_WEIGHT
    return 1.0 if " " not in term or term in compounds else _LOOSE_WEIGHT


class Index:
    """Postings over all sides of all procedures. Immutable after building.

    ``memory``: what an index with the same word lists has read already. The index is the same with it or without.
    """

    def __init__(
        self,
        entries: Sequence[Entry],
        lexicon: Lexicon,
        compounds: frozenset[str] = frozenset(),
        memory: Memory | None = None,
    ) -> None:
        self.codes = [entry.code for entry in entries]
        self.memory = Memory(memory, partial(_kind, compounds=compounds))
        sides, single = self._read(entries, lexicon)
        count, size = len(entries), len(self.vocabulary)
        said, papers = (np.bincount(sides[side][0], minlength=size) for side in (SAID, PAPERS))
        self.frequency = np.maximum(said, papers).astype(np.int32)
        self.weight = self._rarity(count)
        self.rarity: list[float] = self.weight.tolist()
        self._post(sides, count, size)
        self._keep(single, [len(entry.said) for entry in entries])

    def _read(self, entries: Sequence[Entry], lexicon: Lexicon) -> tuple[list[_Side], _Side]:
        """Read the five sides of all procedures, and each phrase alone, and number the terms."""
        read, said = self.memory.read, partial(_terms, lexicon=lexicon)
        titles = [read(TITLE, (entry.name,), said) for entry in entries]
        phrases = [read(TITLE, entry.said, said) for entry in entries]
        both = [
            self.memory.together(SAID, (entry.name, *entry.said), parts)
            for entry, *parts in zip(entries, titles, phrases, strict=True)
        ]
        title, alone = _side(titles), _side(phrases)
        pairs = partial(_known_pairs, known=self.memory.pairs(PAPERS, [title[0], alone[0]]))
        sides = [
            title,
            _side(both),
            _side([read(PAPERS, (entry.papers,), pairs) for entry in entries]),
            _side([read(BODY, (entry.body,), folded_words) for entry in entries]),
            _side([read(BODY, (entry.field,), folded_words) for entry in entries]),
        ]
        read_in_order = (title, alone, *sides[PAPERS:])  # all terms, without the merged ones, which have no order
        self.vocabulary, numbers = self.memory.vocabulary([side[0] for side in read_in_order])
        *numbered, single = [(numbers[terms], places, times) for terms, places, times in (*sides, alone)]
        return numbered, single

    def _rarity(self, count: int) -> Floats:
        """Return each term's inverse procedure frequency.

        Words with marks count half, as they also count bare; neighbours that are no word of the language count less
        than those that are.
        """
        rarity = np.log((count + 1) / (self.frequency + 0.5))
        return (rarity * self.memory.weights).astype(np.float32)

    def _post(
        self,
        sides: list[_Side],
        count: int,
        size: int,
    ) -> None:
        impacts = []
        for side, (terms, documents, times) in enumerate(sides):
            saturation = _SATURATION.get(side)
            if saturation:
                impacts.append(self._bm25(terms, documents, times, count, *saturation))
            else:
                impact, norm = self._cosine(terms, documents, count)
                impacts.append(impact)
                if side == TITLE:
                    self.title_norm = norm
        terms = np.concatenate([side[0] for side in sides])
        places = np.concatenate([side[1] + number * count for number, side in enumerate(sides)])
        order = _in_order(terms)
        self.places: Ints = places[order]
        self.impacts: Floats = np.concatenate(impacts)[order]
        ends = np.cumsum(np.bincount(terms, minlength=size))
        self.ends: list[int] = ends.tolist()

    def _keep(self, single: _Side, phrases: Sequence[int]) -> None:
        """Keep each phrase's terms with their cosine impacts, phrases of one procedure side by side."""
        terms, places, _ = single
        count = sum(phrases)
        impacts, self._phrase_norm = self._cosine(terms, places, count)
        self._phrase_terms, self._phrase_impacts = terms, impacts
        start = np.searchsorted(places, np.arange(count + 1))
        self._phrase_start: list[int] = start.tolist()
        self._phrase_length = np.diff(start)
        self._phrase_numbers = np.arange(count)
        self._phrases_of: list[int] = np.concatenate([[0], np.cumsum(phrases)]).astype(int).tolist()

    def best_phrases(self, terms: Sequence[tuple[int, float]], places: Sequence[int]) -> tuple[Floats, Floats]:
        """Compare single phrases, for each procedure of ``places``.

        Returns its best phrase's cosine (not yet divided by the question's norm), and the largest share of a phrase's
        own weight that the question covers; 0 for a procedure without phrases.
        """
        best = np.zeros((2, len(places)), np.float32)
        spans = [(row, self._phrases_of[place], self._phrases_of[place + 1]) for row, place in enumerate(places)]
        spans = [span for span in spans if span[1] < span[2]]
        if not spans or not terms:
            return best[0], best[1]
        asked = np.zeros(len(self.rarity), np.float32)
        asked[[term for term, _ in terms]] = [weight for _, weight in terms]
        start = self._phrase_start
        held = [slice(start[first], start[last]) for _, first, last in spans]
        hits = asked[np.concatenate([self._phrase_terms[part] for part in held])]
        hits *= np.concatenate([self._phrase_impacts[part] for part in held])
        numbers = np.concatenate([self._phrase_numbers[first:last] for _, first, last in spans])
        lengths = self._phrase_length[numbers]
        cosine = np.add.reduceat(hits, np.cumsum(lengths) - lengths)
        counts = np.array([last - first for _, first, last in spans])
        owners = np.cumsum(counts) - counts
        rows = [row for row, _, _ in spans]
        best[0, rows] = np.maximum.reduceat(cosine, owners)
        best[1, rows] = np.maximum.reduceat(cosine / self._phrase_norm[numbers], owners)
        return best[0], best[1]

    def _bm25(self, terms: Ints, documents: Ints, times: Floats, count: int, k1: float, b: float) -> Floats:
        length = np.bincount(documents, weights=times, minlength=count)
        relative = length / max(float(length.mean()), 1e-6)
        factor = times * (k1 + 1) / (times + k1 * (1 - b + b * relative[documents]))
        return (factor * self.weight[terms]).astype(np.float32)

    def _cosine(self, terms: Ints, documents: Ints, count: int) -> tuple[Floats, Floats]:
        weight = self.weight[terms]
        norm = (np.sqrt(np.bincount(documents, weights=weight * weight, minlength=count)) + 1e-6).astype(np.float32)
        return (weight * weight / norm[documents]).astype(np.float32), norm

    def score(self, terms: Iterable[tuple[int, float]]) -> Floats:
        """Return the scores of ``terms`` (term number, weight), one row per side.

        Scores are raw sums; divide cosine sides by the question's norm and BM25 sides by its sum to compare questions.
        """
        size = len(self.codes) * SIDES
        places: list[Ints] = []
        impacts: list[Floats] = []
        for term, weight in terms:
            start, end = (self.ends[term - 1] if term else 0), self.ends[term]
            places.append(self.places[start:end])
            impact = self.impacts[start:end]
            impacts.append(impact if weight == 1.0 else impact * np.float32(weight))
        if not places:
            return np.zeros((SIDES, len(self.codes)), np.float32)
        scores = np.bincount(np.concatenate(places), np.concatenate(impacts), size)
        return scores.reshape(SIDES, len(self.codes)).astype(np.float32)

    def pairs(self, pair: str) -> int:
        """Return how many procedures say the two folded words of ``pair`` side by side in a title, name or phrase."""
        term = self.vocabulary.get(pair)
        return int(self.frequency[term]) if term is not None else 0

    def words(self) -> dict[str, int]:
        """Return the folded words of the catalogue with the number of procedures that use them."""
        terms = list(self.vocabulary)
        numbers = np.flatnonzero(self.memory.plain & (self.frequency > 0))
        counted = zip(numbers.tolist(), self.frequency[numbers].tolist(), strict=True)
        return {terms[number]: times for number, times in counted}
