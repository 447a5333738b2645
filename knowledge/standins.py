"""One word for many: "mẹ chồng" and "ông cụ" are "người nhà", "từ Hà Nội vào Sài Gòn" is "nơi khác".

What somebody tells of a life event names their own people, places and things; which event it is does not hang on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import EventsError
from knowledge.vietnamese import fold
from knowledge.vietnamese.lexicon import FOLDER
from knowledge.vietnamese.tokens import words

PATH = FOLDER / "standins.txt"
_JOINS = {"va", "voi", "lan", "cung"}

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Kind:
    """What stands for ``names``, each by its folded words as it is written; words ``before`` a name go with it."""

    term: Words
    before: frozenset[str]
    names: dict[Words, tuple[Words, ...]]
    longest: int

    def at(self, said: Words, place: int) -> int:
        """Return how many words from ``place`` on are one of the names with what stands before it; 0: none."""
        start = place
        while start < len(said) and said[start] in self.before:
            start += 1
        for size in range(min(self.longest, len(said) - start), 0, -1):
            part = said[start : start + size]
            if any(_spells(part, name) for name in self.names.get(tuple(map(fold, part)), ())):
                return start + size - place
        return 0


class StandIns:
    """Puts one word for many; immutable."""

    def __init__(self, path: Path = PATH) -> None:
        self._kinds = _load(path)
        self.terms = tuple(kind.term for kind in self._kinds)

    def plain(self, said: Sequence[str]) -> Words:
        """Return the words with each name, or row of names, replaced by what stands for it."""
        found = tuple(said)
        for kind in self._kinds:
            found = _replaced(found, kind)
        return found

    def speaks_of(self, phrase: Words) -> bool:
        """Say whether a phrase is written with a word that stands for others."""
        return any(
            phrase[at : at + len(term)] == term for term in self.terms for at in range(len(phrase) - len(term) + 1)
        )


def _replaced(said: Words, kind: _Kind) -> Words:
    found: list[str] = []
    place = 0
    while place < len(said):
        size = kind.at(said, place)
        if not size:
            found.append(said[place])
            place += 1
            continue
        if tuple(found[-len(kind.term) :]) != kind.term:
            found += kind.term
        place += size
        if place + 1 < len(said) and fold(said[place]) in _JOINS and kind.at(said, place + 1):
            place += 1
    return tuple(found)


def _spells(said: Words, name: Words) -> bool:
    """Say whether ``said`` is ``name``; a single word needs its marks, for without them "mở" is "mợ", "đi" is "dì"."""
    return (
        said == name
        if len(name) == 1
        else all(word in (spelt, fold(spelt)) for word, spelt in zip(said, name, strict=True))
    )


def _load(path: Path) -> tuple[_Kind, ...]:
    """Read sections of names: ``[term: words before]`` and a name or several, with commas between, on each line."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EventsError(f"Không đọc được {path.name}: {error}") from error
    sections: list[tuple[Words, frozenset[str], dict[Words, tuple[Words, ...]]]] = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            term, _, before = line.strip("[] ").partition(":")
            sections.append((tuple(words(term)), frozenset(words(before)), {}))
        names = [tuple(words(name)) for name in ([] if line.startswith("[") else line.split(","))]
        if not sections or not sections[-1][0] or not all(names):
            raise EventsError(f"{path.name}, dòng {number}: không hiểu dòng “{line[:60]}”")
        for name in names:
            key = tuple(map(fold, name))
            sections[-1][2][key] = (*sections[-1][2].get(key, ()), name)
    return tuple(_Kind(term, before, names, max(map(len, names), default=0)) for term, before, names in sections)
