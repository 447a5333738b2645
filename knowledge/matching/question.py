"""Read a question: repair its words, weigh them, find what is asked about and what is ruled out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from knowledge.matching.match import Facet
from knowledge.vietnamese.lexicon import Lexicon, Words
from knowledge.vietnamese.marks import Marks, restore
from knowledge.vietnamese.normal import fold, normalise
from knowledge.vietnamese.spelling import Speller
from knowledge.vietnamese.tokens import words

LONGEST_QUESTION = 3000
"""Characters read of a question; the rest is left unread."""

_TELLING = 0.5
_MOST_BESIDE = 12
_LONGER = 3
FILLER_WEIGHT = 0.12
_MAYBE_FILLER_WEIGHT = 0.5
FACET_WEIGHT = 0.2
DENIED_WEIGHT = 0.0
_CODE = re.compile(r"(?<![\d.])(\d)\.?(\d{6})(?![\d.]*\d)")
_DENIAL = (("khong", "phai"), ("chu", "khong"), ("dung", "noi"), ("dung", "nham"), ("khong", "phai", "la"))
_DENIED_AT_MOST = 8
_SEVERAL = re.compile(r"[?!;\n]+|\.\s|,?\s(?:còn|con)\s(?=.*\?)|\s(?:với lại|voi lai|ngoài ra|ngoai ra|đồng thời)\s")
_REQUEST = re.compile(r"\b(muon|can|xin|lam|dang ky|hoi|the nao|ra sao|gi|dau|sao)\b")
_SHOWN = re.compile(r"\b(?:viec|(?:thu tuc|ho so|truong hop)(?: \w+){0,2}) (?:nay|do|ay|kia)\b")
_PARTS = 3
_LONGEST_SEVERAL = 300
_BREAKS = re.compile(r"[.,;:!?()\n]|\s[-–]\s")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a question after repair; ``said`` keeps the marks, ``weight`` is how much it tells of the need."""

    said: str
    folded: str
    weight: float
    clause: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question ready for the index.

    ``expansions`` are folded words added by abbreviations and synonyms with the weight of what they stand for;
    ``denied`` are folded words that the person ruled out; ``guessed`` are folded words that nobody typed but a repair
    put there; ``notes`` say what was read differently from what was typed.
    """

    words: tuple[Word, ...]
    expansions: tuple[tuple[Words, float], ...]
    facets: tuple[Facet, ...]
    denied: frozenset[str]
    guessed: frozenset[str]
    codes: tuple[str, ...]
    accented: bool
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Finds:
    """What is found while words are read one by one."""

    notes: list[str] = field(default_factory=list)
    expansions: list[tuple[Words, float]] = field(default_factory=list)
    guessed: set[str] = field(default_factory=set)


class Reader:
    """Turns text into ``Question`` with one lexicon and one speller; immutable, shared."""

    def __init__(
        self, lexicon: Lexicon, speller: Speller, marks: Marks, compounds: frozenset[str] = frozenset()
    ) -> None:
        self._lexicon = lexicon
        self._marks = marks
        self._compounds = compounds
        self._speller = speller
        self._longest = _longest((*lexicon.facets, *lexicon.filler))
        self._longest_synonym = _longest(lexicon.synonyms)

    def read(self, text: str) -> Question:
        """Read ``text``; never fails, whatever the text."""
        text = normalise(text[:LONGEST_QUESTION]).lower()
        codes = tuple(f"{a}.{b}" for a, b in _CODE.findall(text))
        said, clause_of = _split(text)
        marked = any(not word.isascii() for word in said)
        finds = _Finds()
        said, clause_of = self._spell_out(said, clause_of, finds)
        folded = [fold(word) for word in said]
        accented = 3 * sum(not word.isascii() for word in said) >= len(said)
        restored = restore(folded, self._marks)
        weights, facets = self._weigh(said if marked else restored, folded, accented, marked)
        denied = _deny(folded, clause_of, weights)
        self._expand(said, folded, weights, finds.expansions)
        return Question(
            tuple(map(Word, said if accented else restored, folded, weights, clause_of)),
            tuple(finds.expansions),
            facets,
            denied,
            frozenset(finds.guessed),
            codes,
            accented,
            tuple(finds.notes),
        )

    def _spell_out(self, typed: list[str], clauses: list[int], finds: _Finds) -> tuple[list[str], list[int]]:
        """Write chat spellings and abbreviations out and repair what is no word."""
        said: list[str] = []
        clause_of: list[int] = []
        for place in range(len(typed)):
            parts = self._read_word(typed, place, said, finds)
            said += parts
            clause_of += [clauses[place]] * len(parts)
        return said, clause_of

    def _read_word(self, typed: list[str], place: int, said: list[str], finds: _Finds) -> Sequence[str]:
        word = typed[place]
        longs = self._lexicon.abbreviations.get(word)
        if longs:
            finds.notes.append(f"{word} = {' / '.join(' '.join(long) for long in longs)}")
            if len(longs) == 1:
                return longs[0]
            finds.expansions.extend((tuple(map(fold, long)), 0.7) for long in longs)
            return (word,)
        chat = self._lexicon.teencode.get(word)
        if chat:
            return chat
        if self._speller.knows(word):
            return (word,)
        before = fold(said[-1]) if said else None
        after = fold(typed[place + 1]) if place + 1 < len(typed) else None
        repair = self._speller.repair(word, before, after)
        if repair is None:
            return (word,)
        finds.notes.append(f"{word} → {' '.join(repair.words)}")
        finds.guessed.update(map(fold, repair.words))
        return repair.words

    def _weigh(
        self, said: list[str], folded: list[str], accented: bool, marked: bool
    ) -> tuple[list[float], tuple[Facet, ...]]:
        """Say what each word weighs and which sides are asked about; ``said`` has the marks as typed or as restored.

        One word alone asks for a side only when it is that very word: "lần đầu", "con dâu" do not ask where. One that
        was typed without marks tells nothing only where its marks can be restored from beside it: "lam khai sinh".
        """
        weights = [1.0] * len(said)
        facets: dict[Facet, None] = {}
        place = 0
        while place < len(said):
            length = 1
            for size in range(min(self._longest.get(folded[place], 0), len(said) - place), 0, -1):
                key = tuple(folded[place : place + size])
                written, facet = self._lexicon.facets.get(key, ((), ""))
                unmarked = not marked and said[place] == folded[place]
                asks = facet and (size > 1 or unmarked or (said[place],) == written)
                if asks and not self._in_longer(place, size, said, folded, marked):
                    facets[Facet(facet)] = None
                    weights[place : place + size] = [FACET_WEIGHT] * size
                    length = size
                    break
                filler = self._lexicon.filler.get(key)
                exact = (said[place],) in filler if filler else False
                if filler and (not accented or size > 1 or exact):
                    restored = exact and said[place] != folded[place]
                    weight = FILLER_WEIGHT if accented or size > 1 or restored else _MAYBE_FILLER_WEIGHT
                    weights[place : place + size] = [weight] * size
                    length = size
                    break
            place += length
        return weights, tuple(facets)

    def _in_longer(self, place: int, size: int, said: list[str], folded: list[str], marked: bool) -> bool:
        """Say whether words that could ask for a side are part of a longer known term, which asks for none.

        "Lệ phí trước bạ" is what a synonym says; "học phí" is one word; "phi nong" typed without marks is "phi nông".
        """
        end = place + size
        for start in range(max(0, place - _LONGER), place + 1):
            for longer in range(self._longest_synonym.get(folded[start], 0), max(size, end - start - 1), -1):
                if tuple(folded[start : start + longer]) in self._lexicon.synonyms:
                    return True
        if size > 1:
            return False
        for start in (place - 1, place):
            pair = " ".join(folded[start : start + 2]) if start >= 0 else ""
            written = self._marks.get(pair)
            if pair in self._compounds and (not marked or written == tuple(said[start : start + 2])):
                return True
            if not marked and written and written[place - start] == folded[place]:
                return True
        return False

    def _expand(
        self, said: list[str], folded: list[str], weights: list[float], expansions: list[tuple[Words, float]]
    ) -> None:
        taken = 0
        for place in range(len(said)):
            if place < taken:
                continue
            for size in range(min(self._longest_synonym.get(folded[place], 0), len(said) - place), 0, -1):
                found = self._lexicon.synonyms.get(tuple(folded[place : place + size]))
                if not found:
                    continue
                written, meant = found
                heard = said[place : place + size]
                if size == 1 and heard != list(written) and not heard[0].isascii():
                    continue
                expansions.append((tuple(map(fold, meant)), max(weights[place : place + size])))
                taken = place + size
                break


def _longest(phrases: Iterable[Words]) -> dict[str, int]:
    """Return, by first word, the length of the longest phrase that begins with it."""
    found: dict[str, int] = {}
    for phrase in phrases:
        found[phrase[0]] = max(found.get(phrase[0], 0), len(phrase))
    return found


def points_back(question: Question) -> bool:
    """Say whether a question speaks of something shown before ("làm thủ tục này mất bao lâu") and names little else."""
    folded = " ".join(word.folded for word in question.words)
    found = _SHOWN.search(folded)
    if not found:
        return False
    pointing = set(found.group().split())
    named = sum(word.weight > _TELLING and word.folded not in pointing for word in question.words)
    return named <= _MOST_BESIDE


def parts(text: str) -> list[str]:
    """Return the separate requests of a short message, at most three; empty when it makes only one or is a story."""
    if len(text) > _LONGEST_SEVERAL:
        return []
    found = [part.strip() for part in _SEVERAL.split(normalise(text[:LONGEST_QUESTION])) if part and part.strip()]
    asking = [part for part in found if _REQUEST.search(fold(part)) and len(part.split()) > _PARTS]
    return asking if 1 < len(asking) <= _PARTS else []


def _split(text: str) -> tuple[list[str], list[int]]:
    said: list[str] = []
    clause_of: list[int] = []
    for number, clause in enumerate(_BREAKS.split(text)):
        found = words(clause)
        said += found
        clause_of += [number] * len(found)
    return said, clause_of


def _deny(folded: list[str], clause_of: list[int], weights: list[float]) -> frozenset[str]:
    """Silence what follows "không phải ...", "chứ không ..." up to the end of the clause, and return its words."""
    denied: set[str] = set()
    for place in range(1, len(folded) - 2):
        opens = clause_of[place] != clause_of[place - 1] or folded[place - 1] in ("chu", "ma")
        starts = any(tuple(folded[place : place + len(d)]) == d for d in _DENIAL)
        if not (starts and (opens or folded[place] in ("chu", "dung"))):
            continue
        end = place
        while end < len(folded) and clause_of[end] == clause_of[place] and end < place + _DENIED_AT_MOST:
            weights[end] = DENIED_WEIGHT
            denied.add(folded[end])
            end += 1
    return frozenset(denied - set(folded[: place_of_first(denied, folded)])) if denied else frozenset()


def place_of_first(denied: set[str], folded: list[str]) -> int:
    """Return where the first denied word stands; words said before it are meant, not denied."""
    return next((place for place, word in enumerate(folded) if word in denied and word in ("khong", "chu", "dung")), 0)
