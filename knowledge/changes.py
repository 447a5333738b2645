"""What people still name although it is gone: district bodies, household books, old provinces; and what came instead.

Kept as a plain text file, ``knowledge/lexicon/outdated.txt``, each change with one sentence and the act that made it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.errors import LexiconError
from knowledge.vietnamese.lexicon import FOLDER
from knowledge.vietnamese.normal import fold, normalise
from knowledge.vietnamese.tokens import words

PATH = FOLDER / "outdated.txt"
_ID = re.compile(r"\[([a-z0-9-]+)\]")
_NUMBER = re.compile(r"\d+")
_LONGEST = 300
"""Words of a question that are looked through."""

_LONG = 30
"""Words from which a question tells a story, in which a district is mostly scenery."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is gone: ``sentence`` says what came instead (without full stop), ``act`` which law says so."""

    id: str
    sentence: str
    act: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """How something outdated is named; without ``change``, how something else is named that sounds alike.

    ``bare`` is empty when the phrase counts with its marks only, and then in a short question only.
    """

    change: Change | None
    firsts: frozenset[str]
    marked: tuple[re.Pattern[str], ...]
    bare: tuple[re.Pattern[str], ...]

    def stands(self, said: Sequence[str], at: int) -> bool:
        """Say whether the phrase stands here: each word with its own marks, or with none where that will do."""
        if at + len(self.marked) > len(said) or (not self.bare and len(said) > _LONG):
            return False
        here = said[at : at + len(self.marked)]
        bare = self.bare or self.marked
        return all(
            marked.fullmatch(word) or unmarked.fullmatch(word)
            for word, marked, unmarked in zip(here, self.marked, bare, strict=True)
        )


class Changes:
    """Finds what is outdated in a text; immutable, shared."""

    def __init__(self, phrases: Iterable[Phrase] = ()) -> None:
        ordered = sorted(phrases, key=lambda phrase: -len(phrase.marked))
        self.all = tuple(dict.fromkeys(phrase.change for phrase in ordered if phrase.change))
        self._by_first: dict[str, list[Phrase]] = {}
        for phrase in ordered:
            for first in phrase.firsts:
                self._by_first.setdefault(first, []).append(phrase)

    def find(self, text: str) -> tuple[Change, ...]:
        """Return what ``text`` names that is gone, each once, in the order of the text."""
        said = words(text)[:_LONGEST]
        found: dict[Change, None] = {}
        at = 0
        while at < len(said):
            likely = self._by_first.get(_numberless(said[at]), ())
            phrase = next((each for each in likely if each.stands(said, at)), None)
            if phrase is not None and phrase.change is not None:
                found.setdefault(phrase.change)
            at += len(phrase.marked) if phrase else 1
        return tuple(found)


def load_outdated(path: Path = PATH) -> Changes:
    """Read the changes; raise ``LexiconError`` naming the line that is malformed."""
    return Changes(_load(path))


def _load(path: Path) -> Iterator[Phrase]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"Không đọc được {path.name}: {error}") from error
    name = sentence = act = ""
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        mark, rest = line[:1], line[1:].strip()
        heading = _ID.fullmatch(line.strip())
        if heading:
            if heading[1] in seen:
                raise LexiconError(f"{path.name}, dòng {number}: “{heading[1]}” ghi hai lần")
            seen.add(heading[1])
            name, sentence, act = heading[1], "", ""
        elif mark == "=":
            sentence = rest
        elif mark == "@":
            act = rest
        elif mark == "!" and rest:
            yield _phrase(None, rest)
        elif mark in ("-", "+") and name and sentence and act and rest:
            yield _phrase(Change(name, sentence, act), rest, marks_only=mark == "+")
        elif line.strip() and mark != "#":
            raise LexiconError(f"{path.name}, dòng {number}: không hiểu dòng “{line[:60]}”")


def _phrase(change: Change | None, text: str, *, marks_only: bool = False) -> Phrase:
    parts = normalise(text).lower().split()
    bare = [] if marks_only else [fold(part) for part in parts]
    firsts = (way for part in (*parts[:1], *bare[:1]) for way in part.split("|"))
    return Phrase(change, frozenset(map(_numberless, firsts)), _patterns(parts), _patterns(bare))


def _numberless(word: str) -> str:
    return _NUMBER.sub("#", word)


def _patterns(parts: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(re.escape(part).replace(r"\|", "|").replace(r"\#", r"\d+")) for part in parts)
