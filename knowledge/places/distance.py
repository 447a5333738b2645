"""How far apart two points on the ground are, and whether a point lies in Vietnam."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt

_EARTH_KM = 6371.0
_LAND = ((8.1, 23.5), (102.1, 109.7))
_ISLANDS = ((6.3, 17.3), (109.7, 115.5))
_ARCHIPELAGOS = (((15.7, 17.3), (111.0, 113.0)), ((6.5, 11.9), (111.4, 116.9)))
"""Waters of Hoàng Sa and of Trường Sa, whose islands lie hundreds of kilometres apart."""

Area = tuple[tuple[float, float], tuple[float, float]]
"""From south to north, from west to east, in degrees."""


def distance_km(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """Return the distance over ground by the haversine formula; all angles in degrees."""
    north, south = radians(latitude), radians(to_latitude)
    across = sin((south - north) / 2) ** 2
    along = sin(radians(to_longitude - longitude) / 2) ** 2
    return 2 * _EARTH_KM * asin(min(1.0, sqrt(across + cos(north) * cos(south) * along)))


def near_vietnam(latitude: float, longitude: float) -> bool:
    """Say whether a point may lie in Vietnam: within the rectangles around its land and islands."""
    return any(_within(area, latitude, longitude) for area in (_LAND, _ISLANDS, *_ARCHIPELAGOS))


def in_archipelago(latitude: float, longitude: float) -> bool:
    """Say whether a point lies among the islands of Hoàng Sa or of Trường Sa."""
    return any(_within(area, latitude, longitude) for area in _ARCHIPELAGOS)


def _within(area: Area, latitude: float, longitude: float) -> bool:
    (south, north), (west, east) = area
    return south <= latitude <= north and west <= longitude <= east
