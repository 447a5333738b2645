"""Repair what is no Vietnamese syllable, with the catalogue's own vocabulary as the judge.

A word that is a valid syllable, or that the catalogue uses, is left alone. Anything else is decoded as Telex or VNI
keys, cut where two words were typed as one, or replaced by the vocabulary word within one letter's error (insert,
delete, replace, swap) that fits its neighbours best. Candidates come from a delete-1 index: two words within one edit
share a form with at most one letter deleted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from rapidfuzz.distance import OSA

from knowledge.errors import LexiconError
from knowledge.vietnamese.keying import decode
from knowledge.vietnamese.lexicon import FOLDER
from knowledge.vietnamese.normal import fold
from knowledge.vietnamese.tokens import words

SYLLABLES = FOLDER / "syllables.txt"
_LONGEST = 24
_SYLLABLE = re.compile(
    r"(?:b|ch?|d|g[hi]?|h|kh?|l|m|ng?h?|p|ph|qu?|r|s|th?|tr|v|x)?"
    r"(?:[aeiouy]|a[iouy]|e[ou]|i[aeu]|ieu|o[aeio]|oa[ioy]|oeo|u[aeiouy]|ua[y]|uo[iu]|uy[aeu]|ye|yeu)"
    r"(?:ch?|m|n[gh]?|p|t)?"
)


@dataclass(frozen=True, slots=True)
class Repair:
    """What a word was taken for: folded ``words`` (two when it was cut), and how it was found."""

    words: tuple[str, ...]
    how: str


def dictionary_syllables() -> frozenset[str]:
    """Return the syllables of underthesea's word list, with marks, in lower case; raise ``LexiconError`` without it."""
    spec = find_spec("underthesea")
    if spec is None or not spec.submodule_search_locations:
        raise LexiconError("Thiếu gói underthesea, không lấy được danh sách âm tiết")
    path = Path(spec.submodule_search_locations[0]) / "corpus" / "data" / "Viet74K.txt"
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise LexiconError(f"Không đọc được danh sách từ của underthesea: {error}") from error
    return frozenset(word for word in words(text) if _SYLLABLE.fullmatch(fold(word)))


class Speller:
    """Repairs words against valid syllables and the catalogue's vocabulary.

    ``frequency`` counts folded words; ``pairs`` tells how many procedures say two folded words ``"a b"`` together.
    """

    def __init__(self, syllables: Iterable[str], frequency: Mapping[str, int], pairs: Callable[[str], int]) -> None:
        self._syllables = frozenset(syllables)
        self._folded = frozenset(fold(syllable) for syllable in self._syllables)
        self._frequency = frequency
        self._pairs = pairs
        self._deletes = _deletes(frequency)

    def renewed(self, frequency: Mapping[str, int], pairs: Callable[[str], int]) -> Speller:
        """Return a speller with the same syllables for another catalogue; quick when its words are the same."""
        other = object.__new__(Speller)
        other._syllables, other._folded = self._syllables, self._folded
        other._frequency, other._pairs = frequency, pairs
        same = list(frequency) == list(self._frequency)
        other._deletes = self._deletes if same else _deletes(frequency)
        return other

    def knows(self, word: str) -> bool:
        """Say whether ``word`` needs no repair: a syllable as written, a bare one, a number, or a catalogue word."""
        if not word.isascii():
            return word in self._syllables
        return word in self._folded or word in self._frequency or word.isdigit()

    def repair(self, word: str, before: str | None, after: str | None) -> Repair | None:
        """Return what ``word`` (lower case, unknown) most likely stands for between its folded neighbours, or None."""
        if len(word) > _LONGEST:
            return None
        decoded = decode(word)
        if decoded and (decoded in self._syllables or (decoded.isascii() and decoded in self._folded)):
            return Repair((fold(decoded),), "keys")
        bare = fold(word)
        if bare != word and bare in self._folded:
            return Repair((bare,), "marks")
        cut = self._cut(bare)
        if cut:
            return Repair(cut, "cut")
        found = self.nearest(bare, before, after)
        return Repair((found,), "letter") if found else None

    def nearest(self, word: str, before: str | None, after: str | None, *, fitting: bool = False) -> str | None:
        """Return the vocabulary word one error away from folded ``word`` that fits best.

        With ``fitting``, only one that stands beside a neighbour somewhere in the catalogue.
        """
        best, best_score = None, 0.0
        seen = set()
        for form in _forms(word):
            for candidate in self._deletes.get(form, ()):
                if candidate == word or candidate in seen:
                    continue
                seen.add(candidate)
                if OSA.distance(word, candidate, score_cutoff=1) > 1:
                    continue
                beside = self._beside(candidate, before, after)
                if fitting and not beside:
                    continue
                score = (1 + beside * 50) * self._frequency[candidate] * (1.5 if candidate[0] == word[0] else 1)
                if score > best_score:
                    best, best_score = candidate, score
        return best

    def _beside(self, word: str, before: str | None, after: str | None) -> int:
        found = self._pairs(f"{before} {word}") if before else 0
        return found + (self._pairs(f"{word} {after}") if after else 0)

    def fits(self, word: str, before: str | None, after: str | None) -> bool:
        """Say whether folded ``word`` stands beside one of its neighbours anywhere in the catalogue."""
        return self._beside(word, before, after) > 0

    def _cut(self, word: str) -> tuple[str, str] | None:
        best, most = None, 0
        for place in range(2, len(word) - 1):
            left, right = word[:place], word[place:]
            count = self._pairs(f"{left} {right}")
            if count > most and left in self._folded and right in self._folded:
                best, most = (left, right), count
        return best


def _deletes(words: Iterable[str]) -> dict[str, list[str]]:
    """Return, by form with at most one letter deleted, the words that have it, in their order."""
    found: dict[str, list[str]] = {}
    for word in words:
        if word.isalpha() and len(word) > 1:
            for form in _forms(word):
                found.setdefault(form, []).append(word)
    return found


def _forms(word: str) -> list[str]:
    return [word, *(word[:place] + word[place + 1 :] for place in range(len(word)))]


def load_syllables(path: Path = SYLLABLES) -> frozenset[str]:
    """Read the valid syllables kept by ``python -m knowledge train``; raise ``LexiconError`` when they are missing."""
    try:
        return frozenset(path.read_text(encoding="utf-8").split())
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"Không đọc được {path.name}: {error}") from error
