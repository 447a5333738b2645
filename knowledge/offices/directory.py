"""All offices we know of: by commune, by distance, and whether one is open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from knowledge.calendar import Calendar, local
from knowledge.offices.office import Kind, Office
from knowledge.places.distance import distance_km

_AHEAD = 30

REACH_KM = 80.0
"""How far an office may be to be named to somebody who shares where they are."""


class Directory:
    """Offices by commune."""

    def __init__(self, offices: Iterable[Office] = ()) -> None:
        self._offices = tuple(offices)
        self._by_commune: dict[str, list[Office]] = {}
        for office in sorted(self._offices, key=lambda each: (each.sample, each.kind is Kind.POST, each.name)):
            self._by_commune.setdefault(office.commune.code, []).append(office)

    def __len__(self) -> int:
        return len(self._offices)

    def of(self, commune: str) -> tuple[Office, ...]:
        """Return the offices of a commune by its code: real ones only, else its samples; one-stop offices first."""
        found = self._by_commune.get(commune, [])
        real = tuple(office for office in found if not office.sample)
        return real or tuple(found)

    def nearest(self, latitude: float, longitude: float, limit: int = 3) -> tuple[tuple[float, Office], ...]:
        """Return the nearest real offices whose place we know, with the distance in km; none that is out of reach."""
        known = (
            (distance_km(latitude, longitude, office.latitude, office.longitude), office)
            for office in self._offices
            if office.latitude is not None and office.longitude is not None and not office.sample
        )
        near = (pair for pair in known if pair[0] <= REACH_KM)
        return tuple(sorted(near, key=lambda pair: (pair[0], pair[1].name))[:limit])


@dataclass(frozen=True, slots=True)
class State:
    """Whether an office is open: until when, or when it opens next, and the holiday that keeps it closed."""

    is_open: bool
    until: datetime | None = None
    opens: datetime | None = None
    holiday: str | None = None


def state(office: Office, moment: datetime, calendar: Calendar) -> State | None:
    """Say whether ``office`` is open at ``moment``; None when its hours are not known."""
    if office.hours is None:
        return None
    own = calendar.keeping(office.hours)
    moment = local(moment)
    for day in (moment.date() + timedelta(days=ahead) for ahead in range(_AHEAD)):
        for first, last in own.open_spans(day):
            if first <= moment < last:
                return State(True, until=last)
            if first > moment:
                return State(False, opens=first, holiday=own.holiday_name(moment.date()))
    return State(False, holiday=own.holiday_name(moment.date()))
