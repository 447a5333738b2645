"""What a text about a place may name."""

from __future__ import annotations

from dataclasses import dataclass, field

from knowledge.places.gazetteer import Commune, District

SURE = 0.93
_RIVAL = 0.6
_BESIDE_BEST = 0.2
_REGION_BESIDE_BEST = 0.05


@dataclass(frozen=True, slots=True)
class Place:
    """A commune that may be meant, how well the text fits it from 0 to 1, and the former name it was found by."""

    commune: Commune
    confidence: float
    former: str | None = None


@dataclass(frozen=True, slots=True)
class Region:
    """A province of today or of before, with the codes of its communes."""

    name: str
    communes: frozenset[str]


@dataclass(frozen=True, slots=True)
class Finding:
    """Communes, likely ones first; former districts and provinces when they are named without a commune."""

    places: tuple[Place, ...] = ()
    districts: tuple[District, ...] = ()
    provinces: tuple[Region, ...] = ()

    @property
    def sure(self) -> Place | None:
        """The commune meant, when nothing else can be."""
        if not self.places or self.districts or self.provinces or self.places[0].confidence < SURE:
            return None
        return None if any(place.confidence > _RIVAL for place in self.places[1:]) else self.places[0]

    def __bool__(self) -> bool:
        return bool(self.places or self.districts or self.provinces)


@dataclass
class Harvest:
    """Readings as they are found: the best of each commune, district and province."""

    places: dict[str, Place] = field(default_factory=dict)
    districts: dict[str, tuple[float, District]] = field(default_factory=dict)
    provinces: dict[str, tuple[float, Region]] = field(default_factory=dict)
    best: float = 0.0

    def add_place(self, place: Place) -> None:
        """Take a reading of a commune, if it is the surest so far."""
        known = self.places.get(place.commune.code)
        if known is None or known.confidence < place.confidence:
            self.places[place.commune.code] = place
        self.best = max(self.best, place.confidence)

    def add_district(self, district: District, quality: float) -> None:
        """Take a reading of a former district, if it is the surest so far."""
        self.districts[district.full] = max((quality, district), self.districts.get(district.full, (0.0, district)))
        self.best = max(self.best, quality)

    def add_province(self, region: Region, quality: float) -> None:
        """Take a reading of a province, if it is the surest so far."""
        self.provinces[region.name] = (max(quality, self.provinces.get(region.name, (0.0, region))[0]), region)
        self.best = max(self.best, quality)

    def finding(self, near: str | None) -> Finding:
        """Return what was found in order; among equals the province with code ``near`` comes first."""
        places = sorted(
            (place for place in self.places.values() if place.confidence >= self.best - _BESIDE_BEST),
            key=lambda place: (
                -round(place.confidence, 2),
                place.commune.province.code != near,
                place.former is not None,
                place.commune.full,
            ),
        )
        least = self.best - _REGION_BESIDE_BEST
        return Finding(
            tuple(places),
            tuple(district for quality, district in self.districts.values() if quality >= least),
            tuple(region for quality, region in self.provinces.values() if quality >= least),
        )
