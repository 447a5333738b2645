"""Which neighbours are one word: "khai sinh" is, "cho con" is not.

underthesea segments the names of all procedures and the phrase book when the model is trained; neighbours inside its
words are kept in ``knowledge/lexicon/compounds.txt``. At answer time only the list is needed: segmenting a question
takes as long as answering it, and goes wrong on text without marks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

from knowledge.errors import LexiconError
from knowledge.vietnamese.lexicon import FOLDER
from knowledge.vietnamese.normal import fold, normalise

PATH = FOLDER / "compounds.txt"
_OFTEN = 2


def load_compounds(path: Path = PATH) -> frozenset[str]:
    """Return the folded neighbours (``"khai sinh"``) that are one word; raise ``LexiconError`` without the file."""
    try:
        return frozenset(path.read_text(encoding="utf-8").splitlines())
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"Không đọc được {path.name}: {error}") from error


def count_compounds(texts: Iterable[str]) -> list[str]:
    """Return, in alphabetical order, the folded neighbours that underthesea finds inside a word at least twice."""
    from underthesea import word_tokenize  # needed only here: importing it takes longer than building the index

    times: Counter[str] = Counter()
    for text in texts:
        for word in word_tokenize(normalise(text).lower()):
            times.update(map(" ".join, pairwise(fold(word).split())))
    return sorted(pair for pair, count in times.items() if count >= _OFTEN and pair.replace(" ", "").isalnum())
