"""Which questions are alike: what each is about, and groups of those that are about the same.

A question is read as the matcher reads it, repaired and with its empty words weighed down; what is left are words and
pairs of neighbours, each with the weight its rarity gives it. Two questions are alike when what they share weighs at
least 45 in 100 of what they hold together. Groups are made one question after another and never change, so that new
questions join at any time; the same questions in the same order give the same groups.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from knowledge.matching.match import Facet
from knowledge.matching.question import FACET_WEIGHT, Reader
from knowledge.phrases import PhraseBook
from knowledge.vietnamese.lexicon import load_lexicon
from knowledge.vietnamese.marks import load_marks
from knowledge.vietnamese.spelling import Speller, load_syllables
from knowledge.vietnamese.tokens import folded_words

ALIKE = 0.45
"""Share of what two questions hold together that they must have in common, to be alike."""

_PAIR = 0.6
_MOST = 60

Gist = Mapping[str, float]
"""What a question is about: folded words and pairs of them, each with its weight, the rarest first."""


class Reading:
    """Reads what questions are about; ``phrases`` tell how rare a word is. Immutable, shared."""

    def __init__(self, phrases: PhraseBook) -> None:
        said = [folded_words(phrase) for each in phrases.values() for phrase in each]
        self._count = len(said)
        self._seen = Counter(feature for phrase in said for feature in (*phrase, *map(_joined, pairwise(phrase))))
        words = {feature: count for feature, count in self._seen.items() if " " not in feature}
        self._reader = Reader(load_lexicon(), Speller(load_syllables(), words, self._seen.__getitem__), load_marks())

    def gist(self, text: str) -> Gist:
        """Return what ``text`` is about; empty when it holds no word."""
        read = self._reader.read(text).words
        words = [word.folded for word in read if word.weight > FACET_WEIGHT] or [word.folded for word in read]
        words = words[:_MOST]
        found = {word: self._rarity(word) for word in words}
        found |= {pair: _PAIR * self._rarity(pair) for pair in map(_joined, pairwise(words))}
        return dict(sorted(found.items(), key=_rarest_first))

    def facets(self, text: str) -> tuple[Facet, ...]:
        """Return which sides of a procedure ``text`` asks about."""
        return self._reader.read(text).facets

    def _rarity(self, feature: str) -> float:
        return math.log1p((self._count + 1) / (self._seen[feature] + 1))


def likeness(one: Gist, other: Gist) -> float:
    """Return the share, 0..1, that two questions have in common of what they hold together."""
    shared = sum(min(weight, other[feature]) for feature, weight in one.items() if feature in other)
    together = sum(one.values()) + sum(other.values()) - shared
    return shared / together if together else 0.0


class Groups:
    """Groups of questions that are alike, each named by the number of its first question.

    A question joins the group whose first it is most like (the older one of two), or begins one of its own.
    """

    def __init__(self, alike: float = ALIKE) -> None:
        self._alike = alike
        self._firsts: dict[int, Gist] = {}
        self._holding: dict[str, list[int]] = {}

    def __len__(self) -> int:
        return len(self._firsts)

    def begin(self, number: int, gist: Gist) -> None:
        """Begin a group by its first question."""
        self._firsts[number] = gist
        for feature in self._telling(gist):
            self._holding.setdefault(feature, []).append(number)

    def join(self, number: int, gist: Gist) -> int:
        """Put a question where it belongs and return the number of its group."""
        best, group = 0.0, None
        for candidate in self._near(gist):
            found = likeness(gist, self._firsts[candidate])
            if found > best:
                best, group = found, candidate
        if group is not None and best >= self._alike:
            return group
        self.begin(number, gist)
        return number

    def _near(self, gist: Gist) -> list[int]:
        """Return, in order, the groups that may be alike: no other can share enough."""
        return sorted({number for feature in self._telling(gist) for number in self._holding.get(feature, ())})

    def _telling(self, gist: Gist) -> Iterator[str]:
        """Yield the rarest features, until what is left is too light to make two questions alike by itself.

        Features stand in one order in every gist, so that two that are alike share one of these.
        """
        left = sum(gist.values())
        least = self._alike * left
        for feature, weight in gist.items():
            if left < least:
                return
            yield feature
            left -= weight


def grouped(questions: Iterable[tuple[int, str]], reading: Reading, into: Groups) -> Iterator[tuple[int, int]]:
    """Yield each question's number with that of its group; the same words are read once."""
    read: dict[str, Gist] = {}
    for number, text in questions:
        if text not in read:
            read[text] = reading.gist(text)
        yield number, into.join(number, read[text])


def _joined(words: Sequence[str]) -> str:
    return " ".join(words)


def _rarest_first(feature: tuple[str, float]) -> tuple[float, str]:
    word, weight = feature
    return -weight, word
