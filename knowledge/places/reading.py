"""One reading of an address: which words name the commune, which the district, which the province."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from knowledge.places.address import Word
from knowledge.places.finding import Harvest, Place, Region
from knowledge.places.gazetteer import Commune, District, Former
from knowledge.places.names import Hit, Names

_FORMER = 0.85
_NOT_MAIN = 0.9

Entry = TypeVar("Entry")


class _Level(Generic[Entry]):
    """Names of one level, each run of words looked up once."""

    def __init__(self, names: Names[Entry], words: Sequence[Word], loosely: bool) -> None:
        self._names = names
        self._words = words
        self._loosely = loosely
        self._seen: dict[tuple[int, int], list[Hit[Entry]]] = {}

    def __call__(self, start: int, end: int) -> list[Hit[Entry]]:
        if (start, end) not in self._seen:
            run = list(self._words[start:end])
            broken = any(word.ends for word in run[:-1])
            self._seen[start, end] = [] if broken or not run else self._names.find(run, loosely=self._loosely)
        return self._seen[start, end]


@dataclass(frozen=True, slots=True)
class Levels:
    """The names of all levels."""

    communes: Names[Commune]
    former: Names[Former]
    districts: Names[District]
    provinces: Names[Region]


@dataclass(frozen=True, slots=True)
class _Around:
    """What was said about where the commune lies."""

    district: District | None
    province: Region | None
    quality: float

    def holds(self, commune: Commune) -> bool:
        inside = self.district is None or commune.code in self.district.touched
        return inside and (self.province is None or commune.code in self.province.communes)


class Reader:
    """Reads one order of words in every way that fits."""

    def __init__(self, levels: Levels, words: Sequence[Word], *, loosely: bool) -> None:
        self._end = len(words)
        self._communes = _Level(levels.communes, words, loosely)
        self._former = _Level(levels.former, words, loosely)
        self._districts = _Level(levels.districts, words, loosely)
        self._provinces = _Level(levels.provinces, words, loosely)

    def read(self, start: int, weight: float, harvest: Harvest) -> None:
        """Note every reading from word ``start`` on; ``weight`` is what the words before it leave of belief."""
        for second in range(start, self._end + 1):
            for around in self._arounds(second, weight):
                if start == second:
                    _region(around, harvest)
                else:
                    self._commune(start, second, around, harvest)

    def _arounds(self, second: int, weight: float) -> list[_Around]:
        found = [_Around(None, None, weight)] if second == self._end else []
        for third in range(second, self._end + 1):
            provinces = self._provinces(third, self._end)
            districts = self._districts(second, third)
            if third == second:
                found += [_Around(None, each.entry, weight * each.quality) for each in provinces]
            elif third == self._end:
                found += [_Around(each.entry, None, weight * each.quality) for each in districts]
            else:
                found += [
                    _Around(district.entry, province.entry, weight * district.quality * province.quality)
                    for district in districts
                    for province in provinces
                    if district.entry.touched & province.entry.communes
                ]
        return found

    def _commune(self, start: int, end: int, around: _Around, harvest: Harvest) -> None:
        for hit in self._communes(start, end):
            if around.holds(hit.entry):
                harvest.add_place(Place(hit.entry, hit.quality * around.quality))
        for former in self._former(start, end):
            _became(former, around, harvest)


def _became(hit: Hit[Former], around: _Around, harvest: Harvest) -> None:
    """Note what a former commune became; without its district said, a commune of today by that name comes first."""
    if around.district not in (None, hit.entry.district):
        return
    quality = hit.quality * around.quality * (1.0 if around.district else _FORMER)
    name = f"{hit.entry.name}, {hit.entry.district.full}"
    for place, commune in enumerate(hit.entry.communes):
        if around.province is None or commune.code in around.province.communes:
            harvest.add_place(Place(commune, quality * (_NOT_MAIN if place else 1.0), name))


def _region(around: _Around, harvest: Harvest) -> None:
    if around.district:
        harvest.add_district(around.district, around.quality)
    elif around.province:
        harvest.add_province(around.province, around.quality)
