"""What has been read of texts, so that an index of nearly the same catalogue need not read them again."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from itertools import count as count_up
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int32]
Reading: TypeAlias = "tuple[array[int], array[float]]"
"""The numbers of a text's terms in the order in which they first stand in it, and how often each does."""


class Memory:
    """Readings of texts by side, their terms numbered as they came.

    An index numbers the terms anew, in the order in which they stand in it, so that it is the same whatever was
    remembered. What an index no longer has is not handed on to the next.
    """

    def __init__(self, before: Memory | None = None) -> None:
        """Start from what another remembers, which stays as it is."""
        self._before = before._read if before else {}
        self._read: dict[tuple[int, str], Reading] = {}
        self._pairs: frozenset[str] = before._pairs if before else frozenset()
        self._numbers: dict[str, int] = defaultdict(count_up(len(before._numbers) if before else 0).__next__)
        if before:
            self._numbers.update(before._numbers)

    def read(self, side: int, text: str, terms: Callable[[str], Iterable[str]]) -> Reading:
        """Return the reading of a text, by ``terms`` when it is not remembered."""
        key = side, text
        found = self._read.get(key) or self._before.get(key)
        if found is None:
            counted = Counter(terms(text))
            found = array("i", map(self._numbers.__getitem__, counted)), array("f", counted.values())
        self._read[key] = found
        return found

    def pairs(self, side: int, terms: Sequence[Ints]) -> frozenset[str]:
        """Return the neighbours among these terms; readings of ``side``, which counts them, hold while they stay."""
        words = list(self._numbers)
        numbers = np.unique(np.concatenate(terms))
        found = frozenset(word for word in map(words.__getitem__, numbers.tolist()) if " " in word)
        if found != self._pairs:
            self._before = {key: reading for key, reading in self._before.items() if key[0] != side}
        self._pairs = found
        return found

    def vocabulary(self, terms: Sequence[Ints]) -> tuple[dict[str, int], Ints]:
        """Return the terms in use in the order in which they first stand there, and the new number of each old one."""
        said = np.concatenate(terms)
        size = len(self._numbers)
        first = np.full(size, len(said))
        first[said[::-1]] = np.arange(len(said))[::-1]
        used = np.flatnonzero(first < len(said))
        used = used[np.argsort(first[used])]
        numbers = np.full(size, -1, np.int32)
        numbers[used] = np.arange(len(used), dtype=np.int32)
        words = list(self._numbers)
        return {words[number]: place for place, number in enumerate(used.tolist())}, numbers
