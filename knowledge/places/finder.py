"""From what people type about where they live to communes of today: fuzzy, old names included, never a wrong sure hit.

An address is read as commune, district, province, from small to large, each of them optional: every way of cutting the
words is tried, and a reading counts when its parts lie in each other. Only when none fits as written are typing errors
allowed; what is found so is never sure.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from knowledge.places.address import COMMUNE_KINDS, DISTRICT_KINDS, PROVINCE_KINDS, Word, pieces, read, starts
from knowledge.places.distance import distance_km, in_archipelago, near_vietnam
from knowledge.places.finding import SURE, Finding, Harvest, Region
from knowledge.places.gazetteer import Commune, Gazetteer, bare
from knowledge.places.names import Names, squash
from knowledge.places.reading import Levels, Reader
from knowledge.vietnamese import fold

_AFTER_OTHER_WORDS = 0.8
_LOOSELY_UP_TO = 8
_FARTHEST_KM = 40.0
"""No point of the mainland lies farther from the middle of its commune."""
_FARTHEST_ISLAND_KM = 450.0


class Finder:
    """Finds communes by name or by position; indexes are made when first asked."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.gazetteer = gazetteer

    def get(self, code: str | None) -> Commune | None:
        """Return the commune of that code, or None."""
        return self.gazetteer.communes.get(code or "")

    def find(self, text: str, near: str | None = None) -> Finding:
        """Return what ``text`` may name; among equals those of the province with code ``near`` come first."""
        words = read(text, self._syllables, self._nicknames)
        harvest = self._read(words, loosely=False)
        if not harvest.best and len(words) <= _LOOSELY_UP_TO:
            harvest = self._read(words, loosely=True)
        return harvest.finding(near)

    def nearest(self, latitude: float, longitude: float, limit: int = 4) -> tuple[Commune, ...]:
        """Return the communes whose middle is nearest; none when the point lies outside Vietnam or far out at sea."""
        if not near_vietnam(latitude, longitude):
            return ()
        ranked = sorted(
            (distance_km(latitude, longitude, commune.latitude, commune.longitude), commune.code)
            for commune in self.gazetteer.communes.values()
        )
        if in_archipelago(latitude, longitude):
            limit, farthest = 1, _FARTHEST_ISLAND_KM
        else:
            farthest = _FARTHEST_KM
        near = [code for distance, code in ranked[:limit] if distance <= farthest]
        return tuple(self.gazetteer.communes[code] for code in near)

    def _read(self, words: list[Word], *, loosely: bool) -> Harvest:
        readings = [self._read_in_order(order, loosely) for order in (words, _turned(words))]
        return max(readings, key=lambda harvest: harvest.best)

    def _read_in_order(self, words: list[Word], loosely: bool) -> Harvest:
        harvest = Harvest()
        reader = Reader(self._levels, words, loosely=loosely)
        for start, clean in starts(words).items():
            if harvest.best < SURE:
                reader.read(start, 1.0 if clean else _AFTER_OTHER_WORDS, harvest)
        return harvest

    @cached_property
    def _levels(self) -> Levels:
        known = self.gazetteer
        return Levels(
            Names(((each.name, each) for each in known.communes.values()), COMMUNE_KINDS),
            Names(((each.name, each) for each in known.former), COMMUNE_KINDS),
            Names(((each.name, each) for each in known.districts), DISTRICT_KINDS),
            Names(((name, region) for region, names in self._regions.items() for name in names), PROVINCE_KINDS),
        )

    @cached_property
    def _regions(self) -> dict[Region, tuple[str, ...]]:
        known = self.gazetteer
        today = {each.name: each for each in known.provinces.values()}
        regions = {Region(name, known.of_province(each.code)): (name, *each.nicknames) for name, each in today.items()}
        return regions | {
            Region(name, codes): (name,) for name, codes in known.former_provinces.items() if name not in today
        }

    @cached_property
    def _nicknames(self) -> frozenset[str]:
        return frozenset(fold(squash(bare(name))) for names in self._regions.values() for name in names)

    @cached_property
    def _syllables(self) -> frozenset[str]:
        known = self.gazetteer
        every: list[Sequence[str]] = [[each.name for each in known.communes.values()]]
        every += [
            [each.name for each in known.former],
            [each.name for each in known.districts],
            *self._regions.values(),
        ]
        return frozenset(syllable for names in every for name in names for syllable in pieces(fold(name)))


def _turned(words: list[Word]) -> list[Word]:
    """Return the clauses of an address in reverse; empty when there is only one."""
    clauses: list[list[Word]] = [[]]
    for word in words:
        clauses[-1].append(word)
        if word.ends:
            clauses.append([])
    clauses = [clause for clause in clauses if clause]
    return [word for clause in reversed(clauses) for word in clause] if len(clauses) > 1 else []
