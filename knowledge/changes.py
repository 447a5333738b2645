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
_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+")
_LONGEST = 300
"""Words of a question that are looked through."""

_AT = {"ở", "tại", "trên", "ra", "lên", "bên", "o", "tai", "tren", "len", "ben"}
_NAME = 3
"""Words of a place's name at most."""

_LONG = 30
"""Words from which a question tells a story, in which a district is mostly scenery."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is gone: ``sentence`` says what came instead (without full stop), ``act`` which law says so.

    ``today`` is what to look up in its place: "" to leave it out, None to look it up as it is.
    """

    id: str
    sentence: str
    act: str
    today: str | None = None


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
        return tuple(dict.fromkeys(change for _, _, change in self._spans(words(text)[:_LONGEST])))

    def today(self, text: str) -> str:
        """Return ``text`` with what is gone replaced by what to look up today; ``text`` itself when nothing is."""
        normal = normalise(text)
        found = list(_WORD.finditer(normal))[:_LONGEST]
        parts, end = [], 0
        for first, after, change in self._spans([word.group().lower() for word in found]):
            if change.today is None:
                continue
            if not change.today:
                first, after = _with_place(found, first, after)
            parts += [normal[end : max(end, found[first].start())], change.today]
            end = found[after - 1].end()
        return " ".join("".join([*parts, normal[end:]]).split()) if parts else text

    def _spans(self, said: Sequence[str]) -> Iterator[tuple[int, int, Change]]:
        """Yield where something outdated is named: its first word, the word after it, what it is."""
        at = 0
        while at < len(said):
            likely = self._by_first.get(_numberless(said[at]), ())
            phrase = next((each for each in likely if each.stands(said, at)), None)
            after = at + (len(phrase.marked) if phrase else 1)
            if phrase is not None and phrase.change is not None:
                yield at, after, phrase.change
            at = after


def _with_place(found: Sequence[re.Match[str]], first: int, after: int) -> tuple[int, int]:
    """Widen a span by the preposition before it and the name written in capitals after it: "ở huyện Củ Chi"."""
    if first and found[first - 1].group().lower() in _AT:
        first -= 1
    last = min(after + _NAME, len(found))
    while after < last and found[after].group()[0].isupper():
        after += 1
    return first, after


def load_outdated(path: Path = PATH) -> Changes:
    """Read the changes; raise ``LexiconError`` naming the line that is malformed."""
    return Changes(_load(path))


def _load(path: Path) -> Iterator[Phrase]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"Không đọc được {path.name}: {error}") from error
    section: dict[str, str] = {}
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        mark, rest = line[:1], line[1:].strip()
        heading = _ID.fullmatch(line.strip())
        if heading and heading[1] not in seen:
            seen.add(heading[1])
            section = {"[": heading[1]}
        elif mark in ("=", "@", ">"):
            section[mark] = rest
        elif mark == "!" and rest:
            yield _phrase(None, rest)
        elif mark in ("-", "+") and rest and section.keys() >= {"[", "=", "@"}:
            change = Change(section["["], section["="], section["@"], section.get(">"))
            yield _phrase(change, rest, marks_only=mark == "+")
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
