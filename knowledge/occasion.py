"""Say which life event a question is nothing but: "tôi mới sinh con thì phải làm gì", "nha co nguoi mat".

A question counts only when, once the words around it are off, the whole rest is a phrase of the event; whatever names a
procedure ("làm giấy khai sinh", "đăng ký kết hôn") has more in it and is left to the matcher.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from pathlib import Path

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from knowledge.catalogue import Catalogue
from knowledge.errors import EventsError
from knowledge.events import Events
from knowledge.standins import StandIns
from knowledge.vietnamese import fold
from knowledge.vietnamese.lexicon import FOLDER
from knowledge.vietnamese.tokens import words

PATH = FOLDER / "occasions.txt"
_LONGEST = 24
"""Words of a question that may still be nothing but an event."""

_NEAR = 92.0
_LEAST_BARE = 2
_LEAST_NEAR = 10
"""Letters from which a phrase may hold a typing error."""

Words = tuple[str, ...]


class Occasions:
    """Reads events out of questions; immutable, shared.

    ``names`` are names people use for procedures: a question that is one of them is about that procedure alone.
    """

    def __init__(self, events: Events, names: Iterable[str] = (), path: Path = PATH) -> None:
        self.events = events
        self._keys = {name: _folded(words(name)) for name in names}
        self._names = frozenset(self._keys.values())
        lists = _load(path)
        self._around, self._inside = lists["around"], lists["inside"]
        self._longest = max(map(len, self._around))
        self._events = {tuple(words(phrase)): event.id for event in events.all for phrase in event.phrases}
        self._whole: dict[Words, list[Words]] = {}
        self._bare: dict[Words, list[Words]] = {}
        for phrase in self._events:
            self._whole.setdefault(_folded(phrase), []).append(phrase)
            if self._without_inside(phrase) == phrase:
                self._bare.setdefault(_folded(phrase), []).append(phrase)
        self._standing = StandIns()
        self._plain: dict[Words, Words] = {}
        for phrase in self._events:
            if self._standing.speaks_of(phrase):
                self._plain.setdefault(_folded(self._without_inside(self._standing.plain(phrase))), phrase)
        self._joined = {" ".join(folded): folded for folded in self._whole if len(" ".join(folded)) >= _LEAST_NEAR}

    @classmethod
    def of(cls, events: Events, catalogue: Catalogue) -> Occasions:
        """Return a reader that leaves the names of this catalogue's procedures alone."""
        return cls(events, _names(catalogue))

    def knowing(self, catalogue: Catalogue) -> Occasions:
        """Return a reader of the same events that leaves the names of another catalogue's procedures alone."""
        other = copy(self)
        other._keys = {name: self._keys.get(name) or _folded(words(name)) for name in _names(catalogue)}
        other._names = frozenset(other._keys.values())
        return other

    def read(self, question: str) -> str | None:
        """Return the id of the event the question is nothing but, or None."""
        said = tuple(words(question))
        if not 0 < len(said) <= _LONGEST or _folded(said) in self._names:
            return None
        cores = list(self._cores(said))
        found = (self._exact(core) or self._exact_bare(core) for core in cores)
        phrase = next((each for each in found if each), None) or self._near(cores[-1]) or self._told(said)
        return self._events[phrase] if phrase else None

    def _told(self, said: Words) -> Words | None:
        """Return the phrase that ``said`` is with its own people, places and things: "mẹ chồng em mới mất"."""
        plain = self._standing.plain(said)
        if plain == said:
            return None
        for core in self._cores(plain):
            bare = self._without_inside(core)
            phrase = self._plain.get(_folded(bare)) if len(bare) >= _LEAST_BARE else None
            if phrase and _spells(bare, self._without_inside(self._standing.plain(phrase))):
                return phrase
        subject = self._standing.terms[0]
        if plain[: len(subject)] != subject:
            return None
        cores = self._cores(plain[len(subject) :])
        return next((phrase for core in cores if (phrase := self._exact(core) or self._exact_bare(core))), None)

    def _exact(self, said: Words) -> Words | None:
        return next((each for each in self._whole.get(_folded(said), ()) if _spells(said, each)), None)

    def _exact_bare(self, said: Words) -> Words | None:
        """Return the phrase that ``said`` is but for words such as "tôi", "mới" in the middle: "bố em mới mất"."""
        bare = self._without_inside(said)
        if len(bare) < _LEAST_BARE:
            return None
        phrases = self._bare.get(_folded(bare), ())
        return next((each for each in phrases if _spells(bare, each)), None)

    def _without_inside(self, said: Words) -> Words:
        return tuple(word for word in said if not self._stands_inside(word))

    def _stands_inside(self, word: str) -> bool:
        return any(_spells((word,), way) for way in self._inside.get((fold(word),), ()))

    def _near(self, said: Words) -> Words | None:
        """Return the phrase that ``said`` is but for one slip of the fingers; None when there is none."""
        folded = " ".join(_folded(said))
        found = process.extractOne(folded, self._joined.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        if found is None:
            return None
        phrase = self._whole[self._joined[found[0]]][0]
        if len(said) != len(phrase):
            return None
        slips = [(a, b) for a, b in zip(said, phrase, strict=True) if not _spells((a,), (b,))]
        slipped = len(slips) == 1 and OSA.distance(fold(slips[0][0]), fold(slips[0][1])) == 1
        return phrase if slipped else None

    def _cores(self, said: Words) -> Iterator[Words]:
        """Yield what is left with fewer and fewer words around it, the whole first."""
        starts = list(self._peeled(said))
        for start in starts:
            yield from (core for core in (start, *self._trimmed(start)) if core)

    def _peeled(self, said: Words) -> Iterator[Words]:
        yield said
        while size := self._around_at(said, from_end=False):
            said = said[size:]
            yield said

    def _trimmed(self, said: Words) -> Iterator[Words]:
        while size := self._around_at(said, from_end=True):
            said = said[:-size]
            yield said

    def _around_at(self, said: Words, *, from_end: bool) -> int:
        """Return how many words at one end only stand around the matter, at least one word left over."""
        for size in range(min(self._longest, len(said) - 1), 0, -1):
            part = said[-size:] if from_end else said[:size]
            written = self._around.get(_folded(part), ())
            if any(_spells(part, way) for way in written):
                return size
        return 0


def _names(catalogue: Catalogue) -> Iterator[str]:
    return (name for record in catalogue for name in (record.name, *record.names))


def _folded(said: Sequence[str]) -> Words:
    return tuple(map(fold, said))


def _spells(said: Words, phrase: Words) -> bool:
    """Say whether ``said`` is ``phrase``, each word with its own marks or with none."""
    return all(word in (spelt, fold(spelt)) for word, spelt in zip(said, phrase, strict=True))


def _load(path: Path) -> dict[str, dict[Words, tuple[Words, ...]]]:
    """Read the two lists, each by folded phrase with the ways it is written."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EventsError(f"Không đọc được {path.name}: {error}") from error
    lists: dict[str, dict[Words, tuple[Words, ...]]] = {"around": {}, "inside": {}}
    into: dict[Words, tuple[Words, ...]] | None = None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            into = lists.get(line.strip("[] "))
        phrase = tuple(words(line))
        if into is None or not phrase:
            raise EventsError(f"{path.name}, dòng {number}: không hiểu dòng “{line[:60]}”")
        if not line.startswith("["):
            into[_folded(phrase)] = (*into.get(_folded(phrase), ()), phrase)
    return lists
