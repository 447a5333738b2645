"""What people write for what: abbreviations, chat spellings, everyday words, empty words, words for a side of a matter.

Kept as plain text files under ``knowledge/lexicon`` so that staff can extend them without a programmer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import LexiconError
from knowledge.vietnamese.normal import fold, normalise

FOLDER = Path(__file__).resolve().parent.parent / "lexicon"

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """The word lists, keys in lower case.

    ``abbreviations`` and ``teencode`` are keyed by one written word; ``synonyms``, ``filler`` and ``facets`` by a
    phrase as a tuple of folded words. Phrases keep their written form too: "mô" (where) is empty and "mở" is not,
    "đâu" asks for the place and "đầu" does not.
    """

    abbreviations: dict[str, tuple[Words, ...]]
    teencode: dict[str, Words]
    synonyms: dict[Words, tuple[Words, Words]]
    filler: dict[Words, frozenset[Words]]
    facets: dict[Words, tuple[Words, str]]


def load_lexicon(folder: Path = FOLDER) -> Lexicon:
    """Read the word lists; raise ``LexiconError`` naming file and line when one is malformed."""
    return Lexicon(
        abbreviations={
            short: tuple(_split(long) for long in longs.split("|"))
            for short, longs in _pairs(folder / "abbreviations.txt", "=")
        },
        teencode={short: _split(long) for short, long in _pairs(folder / "teencode.txt", "=")},
        synonyms={_fold(said): (_split(said), _split(meant)) for said, meant in _pairs(folder / "synonyms.txt", "=")},
        filler=_written(line for _, line in _lines(folder / "filler.txt")),
        facets={_fold(phrase): (_split(phrase), facet) for facet, phrase in _pairs(folder / "facets.txt", ":")},
    )


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"Không đọc được {path.name}: {error}") from error
    for number, line in enumerate(text.splitlines(), 1):
        line = normalise(line).lower()
        if line and not line.startswith("#"):
            yield number, line


def _pairs(path: Path, separator: str) -> Iterator[tuple[str, str]]:
    for number, line in _lines(path):
        left, found, right = (part.strip() for part in line.partition(separator))
        if not (left and found and right):
            raise LexiconError(f"{path.name}, dòng {number}: cần hai vế cách nhau bằng “{separator}”")
        yield left, right


def _written(phrases: Iterable[str]) -> dict[Words, frozenset[Words]]:
    """Return, by folded phrase, every way in which it is written: "ạ" and "à" are one word without marks."""
    found: dict[Words, set[Words]] = {}
    for phrase in phrases:
        found.setdefault(_fold(phrase), set()).add(_split(phrase))
    return {folded: frozenset(ways) for folded, ways in found.items()}


def _split(text: str) -> Words:
    return tuple(text.split())


def _fold(text: str) -> Words:
    return tuple(fold(text).split())
