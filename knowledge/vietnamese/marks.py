"""Put tone marks back into text typed without them, where a pair of neighbours leaves little doubt.

``"dang ky"`` is nearly always ``"đăng ký"`` in the language of procedures. The pairs are counted over the names of all
procedures and the phrase book by ``python -m knowledge train`` and kept in ``knowledge/lexicon/marks.txt``; pairs that
are read in several ways, or that carry no mark, are not in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from pathlib import Path

from knowledge.errors import LexiconError
from knowledge.vietnamese.lexicon import FOLDER
from knowledge.vietnamese.normal import fold
from knowledge.vietnamese.tokens import words

PATH = FOLDER / "marks.txt"
_CERTAIN = 0.75
_OFTEN = 2

Marks = Mapping[str, tuple[str, str]]
"""Folded neighbours ``"dang ky"`` to the words as written, ``("đăng", "ký")``."""


def load_marks(path: Path = PATH) -> dict[str, tuple[str, str]]:
    """Read the pairs; raise ``LexiconError`` when the file is missing or a line is not two words."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"Không đọc được {path.name}: {error}") from error
    found = {}
    for number, line in enumerate(lines, 1):
        pair = line.split(" ")
        if len(pair) != 2:
            raise LexiconError(f"{path.name}, dòng {number}: cần đúng hai từ")
        found[fold(line)] = (pair[0], pair[1])
    return found


def count_marks(texts: Iterable[str]) -> list[str]:
    """Return the pairs worth keeping, in alphabetical order: said often, marked, and nearly always the same way."""
    times: dict[str, Counter[str]] = {}
    for text in texts:
        for pair in map(" ".join, pairwise(words(text))):
            times.setdefault(fold(pair), Counter())[pair] += 1
    kept = []
    for ways in times.values():
        pair, count = ways.most_common(1)[0]
        if not pair.isascii() and count >= _OFTEN and count >= _CERTAIN * ways.total():
            kept.append(pair)
    return sorted(kept)


def restore(folded: Sequence[str], marks: Marks) -> list[str]:
    """Return the words with marks where a pair tells them; a word between two pairs goes with the first."""
    said = list(folded)
    for place, (first, second) in enumerate(pairwise(folded)):
        pair = marks.get(f"{first} {second}")
        if pair:
            if said[place] == first:
                said[place] = pair[0]
            said[place + 1] = pair[1]
    return said
