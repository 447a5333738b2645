"""Whose procedures they are: the agency that an account names, looked for among those that carry a procedure out.

Records name agencies in running text ("UBND cấp xã; Sở Nội vụ"), accounts by the name on their door ("UBND phường Ba
Đình", "Sở Nội vụ thành phố Hà Nội"). Both are brought to one spelling, in which a place is only its level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from bot.office.staff import Clerk
from knowledge.places import Gazetteer
from knowledge.places.gazetteer import bare
from knowledge.procedure import Procedure
from knowledge.vietnamese import normalise

COMMUNE, PROVINCE = " cấp xã ", " cấp tỉnh "

_SHORT = {
    "ubnd": "ủy ban nhân dân",
    "hđnd": "hội đồng nhân dân",
    "bhxh": "bảo hiểm xã hội",
    "vpđkđđ": "văn phòng đăng ký đất đai",
    "csgt": "cảnh sát giao thông",
}
_WORDS = re.compile(r"\w+")
_COMMUNES = re.compile(r"(?<!hợp tác )(?:cấp )?\b(?:xã|phường|đặc khu)\b(?! hội)(?: (?:xã|phường|đặc khu)\b)*")
_PROVINCES = re.compile(r"(?:cấp )?\b(?:tỉnh|thành phố)\b(?: (?:tỉnh|thành phố)\b)*")
_EVERYWHERE = (
    "ủy ban nhân dân",
    "hội đồng nhân dân",
    "công an",
    "bảo hiểm xã hội",
    "thuế",
    "thi hành án",
    "chỉ huy quân sự",
)
"""Agencies of which each level has its own; of others the level is the one there is, said or not."""
_LEVEL = re.compile(r"(?: cấp (?:tỉnh|xã))+$")


def answers_for(clerk: Clerk, places: Gazetteer, *records: Mapping[str, Any] | None) -> bool:
    """Say whether a clerk's agency carries out any of these records; who has no agency answers for all."""
    if not clerk.agency:
        return True
    names = names_of(places, clerk.scope)
    wanted = _wanted(clerk.agency, names)
    said = (str((record or {}).get("agency") or "") for record in records)
    return bool(wanted) and any(wanted in _plain(each, names) for each in said)


def carried_out(clerk: Clerk, places: Gazetteer, records: Iterable[Procedure]) -> int:
    """Count the procedures that a clerk's agency carries out."""
    return sum(answers_for(clerk, places, {"agency": record.agency}) for record in records)


def named(agency: str) -> bool:
    """Say whether there is a name in what somebody wrote as one."""
    return bool(_spelt(agency))


def same(one: str | None, other: str | None) -> bool:
    """Say whether two accounts name one agency."""
    return _plain(one or "", ()) == _plain(other or "", ())


Names = tuple[tuple[str, str], ...]
"""Names of places as agencies have them after their own, each with its level."""


def names_of(places: Gazetteer, scope: str) -> Names:
    """Return the names of a scope and of the provinces around it or in it."""
    commune = places.communes.get(scope)
    around = [commune.province] if commune else [each for each in places.provinces.values() if scope in ("", each.code)]
    found = [(commune.name, COMMUNE)] if commune else []
    found += [(name, PROVINCE) for each in around for name in (each.name, bare(each.name))]
    return _names(tuple(found))


@lru_cache(64)
def _names(found: Names) -> Names:
    return tuple((_spelt(name), level) for name, level in found)


def _wanted(agency: str, names: Names) -> str:
    """Return how an account's agency stands in a record, a space before and behind; empty when it is no name."""
    plain = _plain(agency, names).strip()
    if not any(normalise(each) in plain for each in _EVERYWHERE):
        plain = _LEVEL.sub("", plain)
    return f" {plain} " if plain else ""


@lru_cache(4096)
def _plain(said: str, names: Names) -> str:
    """Return the words of agencies in one spelling, a space before and behind."""
    text = " ".join(normalise(_SHORT.get(word, word)) for word in _spelt(said).split())
    for name, level in names:
        text = f" {text} ".replace(f" {name} ", level).strip()
    text = _COMMUNES.sub("cấp xã", " ".join(text.split()))
    return f" {_PROVINCES.sub('cấp tỉnh', text)} "


def _spelt(said: str) -> str:
    return " ".join(_WORDS.findall(normalise(said).lower()))
