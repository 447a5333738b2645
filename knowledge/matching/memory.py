"""What has been read of texts, so that an index of nearly the same catalogue need not read them again."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import count as count_up
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

_MANY = 200

Ints = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]
Bools = npt.NDArray[np.bool_]


class Block(NamedTuple):
    """Some texts read: the numbers of their terms, text after text, each as it first stands there, and how often.

    ``lengths`` has the number of terms of each text.
    """

    terms: Ints
    times: Floats
    lengths: Ints


class Memory:
    """Texts read, by side; their terms are numbered as they came.

    An index numbers the terms anew, in the order in which they stand in it, so that it is the same whatever was
    remembered. What an index no longer has is not handed on to the next. What a term is (``weight`` by its kind, two
    neighbours, a plain word) is found out once.
    """

    def __init__(self, before: Memory | None = None, weight: Callable[[str], float] = lambda _: 1.0) -> None:
        """Start from what another remembers, which stays as it is."""
        self._before = before._read if before else {}
        self._read: dict[tuple[int, tuple[str, ...]], Block] = {}
        self._numbers: dict[str, int] = defaultdict(count_up(len(before._numbers) if before else 0).__next__)
        if before:
            self._numbers.update(before._numbers)
        self._weight = weight
        self._weights: Floats = before._weights if before else np.zeros(0, np.float32)
        self._two: Bools = before._two if before else np.zeros(0, bool)
        self._plain: Bools = before._plain if before else np.zeros(0, bool)
        self._pairs: Bools = before._pairs if before else np.zeros(0, bool)
        self._used: Ints = before._used if before else np.zeros(0, np.int32)
        self._vocabulary: dict[str, int] = before._vocabulary if before else {}

    def read(self, side: int, texts: tuple[str, ...], terms: Callable[[str], Iterable[str]]) -> Block:
        """Return texts read, by ``terms`` when they are not remembered."""
        key = side, texts
        found = self._read.get(key) or self._before.get(key) or self._new(texts, terms)
        self._read[key] = found
        return found

    def _new(self, texts: tuple[str, ...], terms: Callable[[str], Iterable[str]]) -> Block:
        counted = [Counter(terms(each)) for each in texts]
        numbers = [self._numbers[term] for each in counted for term in each]
        times = [often for each in counted for often in each.values()]
        lengths = np.array([len(each) for each in counted], np.int32)
        return Block(np.array(numbers, np.int32), np.array(times, np.float32), lengths)

    def together(self, side: int, texts: tuple[str, ...], parts: Sequence[Block]) -> Block:
        """Return texts as one, of what was read of each."""
        key = side, texts
        found = self._read.get(key) or self._before.get(key)
        if found is None:
            terms, where = np.unique(np.concatenate([part.terms for part in parts]), return_inverse=True)
            times = np.bincount(where, np.concatenate([part.times for part in parts]))
            found = Block(terms, times.astype(np.float32), np.array([len(terms)], np.int32))
        self._read[key] = found
        return found

    def pairs(self, side: int, terms: Sequence[Ints]) -> Callable[[str], bool]:
        """Return what says whether a term is two neighbours among these terms.

        Texts of ``side``, where they are counted, are forgotten when one that came or went may stand in them.
        """
        words = self._told()
        used = np.zeros(len(words), bool)
        for each in terms:
            used[each] = True
        used &= self._two
        changed = used.copy()
        changed[: len(self._pairs)] ^= self._pairs
        self._forget(side, [words[number] for number in np.flatnonzero(changed).tolist()])
        self._pairs = used
        known, numbers = used.tobytes(), self._numbers
        return lambda term: (number := numbers.get(term, -1)) >= 0 and number < len(known) and known[number] == 1

    def _told(self) -> list[str]:
        """Return all terms by number, after finding out what the new ones are."""
        words = list(self._numbers)
        new = words[len(self._weights) :]
        if new:
            self._weights = np.concatenate([self._weights, np.array([self._weight(term) for term in new], np.float32)])
            self._two = np.concatenate([self._two, np.array([" " in term for term in new], bool)])
            plain = np.array([term.isalpha() and term.isascii() for term in new], bool)
            self._plain = np.concatenate([self._plain, plain])
        return words

    def _forget(self, side: int, pairs: Sequence[str]) -> None:
        """Forget the texts of a side that have both words of one of these pairs; all when there are many pairs."""
        keys = [key for key in self._before if key[0] == side]
        if not pairs or not keys:
            return
        blocks = [self._before[key] for key in keys]
        terms = np.concatenate([block.terms for block in blocks])
        places = np.repeat(np.arange(len(blocks)), [len(block.terms) for block in blocks])
        stale = np.full(len(blocks), len(pairs) > _MANY)
        for pair in pairs[:_MANY]:
            both = np.ones(len(blocks), bool)
            for word in pair.split(" "):
                has = np.zeros(len(blocks), bool)
                has[places[terms == self._numbers.get(word, -1)]] = True
                both &= has
            stale |= both
        gone = {keys[place] for place in np.flatnonzero(stale).tolist()}
        self._before = {key: block for key, block in self._before.items() if key not in gone}

    def vocabulary(self, terms: Sequence[Ints]) -> tuple[dict[str, int], Ints]:
        """Return the terms in use in the order in which they first stand there, and the new number of each old one.

        Nothing is read after that.
        """
        self._before = {}
        words = self._told()
        said = np.concatenate(terms)
        size = len(words)
        first = np.full(size, len(said))
        first[said[::-1]] = np.arange(len(said))[::-1]
        stands = np.flatnonzero(first < len(said))
        used: Ints = stands[np.argsort(first[stands])].astype(np.int32)
        numbers = np.full(size, -1, np.int32)
        numbers[used] = np.arange(len(used), dtype=np.int32)
        if not np.array_equal(used, self._used):
            self._vocabulary = dict(zip(map(words.__getitem__, used.tolist()), range(len(used)), strict=True))
            self._used = used
        return self._vocabulary, numbers

    @property
    def weights(self) -> Floats:
        """The weight of each term of the vocabulary by its kind."""
        return self._weights[self._used]

    @property
    def plain(self) -> Bools:
        """Which terms of the vocabulary are plain words of ASCII letters."""
        return self._plain[self._used]
