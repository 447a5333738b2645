"""Names of one level, found as written, without marks, spaces or number behind, or with a letter wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from rapidfuzz import process
from rapidfuzz.distance import OSA

from knowledge.places.address import Word, apart
from knowledge.places.gazetteer import bare, kind_of
from knowledge.vietnamese import fold, normalise

EXACT = 1.0
UNMARKED = 0.99
OTHER_MARKS = 0.9
OTHER_KIND = 0.9
_MISSPELT = 0.9
_ONE_OF_SEVERAL = 0.8
_SHORTEST = 6
_NUMBERED = re.compile(r"(\S+\s.*\D)\s(?:\d{1,2}|[A-DĐ]|I{1,3}|IV|V)")
"""Names of which there are several: "Mỹ Đình 1", "Vĩnh Lộc A"."""

Entry = TypeVar("Entry")


@dataclass(frozen=True, slots=True)
class Hit(Generic[Entry]):
    """An entry whose name was found, and how well from 0 to 1."""

    entry: Entry
    quality: float


class Names(Generic[Entry]):
    """All entries of one level by name; ``kinds`` are the words that stand in front of such names."""

    def __init__(self, entries: Iterable[tuple[str, Entry]], kinds: dict[str, str]) -> None:
        self._kinds = kinds
        self._by_key: dict[str, list[tuple[str, str, Entry]]] = {}
        self._by_stem: dict[str, list[tuple[str, str, Entry]]] = {}
        for name, entry in entries:
            marked = squash(bare(name))
            self._by_key.setdefault(fold(marked), []).append((marked, kind_of(name), entry))
            if numbered := _NUMBERED.fullmatch(bare(name)):
                marked = squash(numbered[1])
                self._by_stem.setdefault(fold(marked), []).append((marked, kind_of(name), entry))
        self._keys = [key for key in self._by_key if len(key) >= _SHORTEST and not key[-1].isdigit()]

    def find(self, words: list[Word], *, loosely: bool) -> list[Hit[Entry]]:
        """Return the entries that ``words`` name, with or without a kind in front; ``loosely`` allows typing errors."""
        kind, rest = apart(words, self._kinds)
        found = self._named(rest, kind, loosely)
        if kind:
            found += self._named(words, "", loosely)
        return found

    def _named(self, words: list[Word], kind: str, loosely: bool) -> list[Hit[Entry]]:
        key = "".join(word.bare for word in words)
        if key.isdigit():
            if not kind:
                return []
            key = key.lstrip("0")
        said = "".join(word.said for word in words)
        for index, weight in ((self._by_key, 1.0), (self._by_stem, _ONE_OF_SEVERAL)):
            if key in index:
                return [
                    Hit(entry, weight * _closeness(said, marked) * _agreement(kind, of))
                    for marked, of, entry in index[key]
                ]
        return self._nearly(key, kind) if loosely else []

    def _nearly(self, key: str, kind: str) -> list[Hit[Entry]]:
        if len(key) < _SHORTEST or any(letter.isdigit() for letter in key):
            return []
        allowed = 1 if len(key) < 10 else 2
        close = process.extract(key, self._keys, scorer=OSA.distance, score_cutoff=allowed, limit=8)
        return [
            Hit(entry, _MISSPELT * (1 - distance / len(key)) * _agreement(kind, of))
            for name, distance, _ in close
            for _, of, entry in self._by_key[name]
        ]


def squash(name: str) -> str:
    """Return letters and digits of a name, in lower case with their marks."""
    return "".join(letter for letter in normalise(name).lower() if letter.isalnum())


def _closeness(said: str, marked: str) -> float:
    if said == marked:
        return EXACT
    return UNMARKED if said.isascii() else OTHER_MARKS


def _agreement(said: str, kind: str) -> float:
    return 1.0 if not said or said == kind else OTHER_KIND
