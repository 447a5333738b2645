"""What a title demands of people's age, held against the ages that a question tells.

"Trẻ em dưới 6 tuổi" cannot be meant by who asks for a child of seven. Such a title is put behind the others and never
answered with outright; what fits takes its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from knowledge.vietnamese.ages import STOP, YEAR, Ages, Told, read_ages
from knowledge.vietnamese.normal import fold, normalise

CONTRADICTED = 5.0
"""What a title that contradicts the question loses of its score."""

DOUBTED = 0.35
"""The highest confidence in a title that contradicts the question."""

_ADULT = 18 * YEAR
_ELDER = 50 * YEAR
_CHILD_WORDS = frozenset(("con", "chau", "be", "nhoc", "tre", "dua", "nit"))
_ELDER_WORDS = frozenset(("me", "bo", "cha", "ong", "ba", "cu", "ma", "má", "tia"))
_SELF_WORDS = frozenset(("toi", "em", "minh", "anh", "chi", "tui", "tao", "vo", "chong"))
_PERSONS = _CHILD_WORDS | _ELDER_WORDS | _SELF_WORDS
_REACH = 7
_IN_TITLES = ("tuoi", "mau giao")
_IN_QUESTIONS = (*_IN_TITLES, "sinh", "sn", "lop", "2k")


class AgeLimits:
    """The ages that titles demand, by their place in the index."""

    def __init__(self, titles: Sequence[str], today: date) -> None:
        told = ((place, read_ages(title, today)) for place, title in enumerate(titles) if _tells(title, _IN_TITLES))
        self._of = {place: tuple(ages for _, ages in each.ages) for place, each in told if each.ages}

    def against(self, text: str, places: Iterable[int], today: date) -> list[int]:
        """Return the rows of ``places`` whose titles contradict every age that ``text`` tells."""
        rows = [(row, self._of[place]) for row, place in enumerate(places) if place in self._of]
        if not rows or not _tells(text, _IN_QUESTIONS):
            return []
        told = read_ages(text, today)
        if not told.ages:
            return []
        open_child = _ageless(told, _CHILD_WORDS, below=_ADULT)
        open_elder = _ageless(told, _ELDER_WORDS, above=_ELDER)
        return [row for row, limits in rows if _contradicts(told, limits, open_child, open_elder)]


def _tells(text: str, hints: Sequence[str]) -> bool:
    """Say whether reading ages in ``text`` may find any; far quicker than reading them."""
    folded = fold(normalise(text))
    return any(hint in folded for hint in hints)


def _contradicts(told: Told, limits: Sequence[Ages], open_child: bool, open_elder: bool) -> bool:
    if any(ages.meets(limit) for _, ages in told.ages for limit in limits):
        return False
    if open_child and any(limit.low < _ADULT for limit in limits):
        return False
    return not (open_elder and any(limit.high > _ELDER and limit.low > _ADULT for limit in limits))


def _ageless(told: Told, persons: frozenset[str], below: int = 0, above: int = 0) -> bool:
    """Say whether a question speaks of somebody like that without telling how old they are.

    "Tôi 30 tuổi, làm thẻ cho con" leaves the child's age open; an age ``below`` or ``above`` is taken for theirs.
    """
    if not persons.intersection(told.words):
        return False
    fitting = any(ages.low < below or (above and ages.high > above) for _, ages in told.ages)
    return not fitting and not any(_whose(told.words, place) in persons for place, _ in told.ages)


def _whose(words: Sequence[str], place: int) -> str:
    """Return the word for the person whose age stands at ``place``: "con" in "con trai tôi 35 tuổi", or ""."""
    near = list(words[max(place - _REACH, 0) : place])
    if STOP in near:
        near = near[len(near) - near[::-1].index(STOP) :]
    named = [at for at, word in enumerate(near) if word in _PERSONS]
    if not named:
        return ""
    last = named[-1]
    owner = named[-2] if len(named) > 1 and near[last] in _SELF_WORDS and last - named[-2] <= 2 else last
    return near[owner]
