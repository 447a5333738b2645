"""Figures summed up: by team, commune and province, for the list of teams and its workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.assistance.leading import Asked, Figures, Sum
from bot.office.staff import Territory
from bot.office.volunteers import Team

COMMUNE, PROVINCE = "Xã, phường", "Tỉnh, thành phố"


@dataclass(frozen=True, slots=True)
class Line:
    """A row of sums: of a team, a commune or a province."""

    name: str
    sum: Sum
    members: int
    on_duty: int
    asked: Asked = field(default_factory=Asked)
    team: Team | None = None


def by_team(teams: Iterable[Team], figures: Figures) -> dict[int, Sum]:
    """Return what each team did, by its number."""
    sums = {each.id: Sum() for each in teams}
    for member in figures.members:
        sums[member.team] += member.sum
    return sums


def totals(
    territory: Territory, scope: str, teams: list[Team], sums: Mapping[int, Sum], asked: Mapping[str, Asked]
) -> list[tuple[str, list[Line]]]:
    """Return the sums by commune and by province, of those that lie in ``scope`` as a whole."""
    ways: list[tuple[str, Callable[[Team], str]]] = [
        (COMMUNE, lambda team: team.commune),
        (PROVINCE, lambda team: territory.split(team.commune)[0]),
    ]
    found = []
    for title, key in ways:
        places: dict[str, list[Team]] = {}
        for team in teams if len(teams) > 1 else ():
            if territory.covers(scope, key(team)):
                places.setdefault(key(team), []).append(team)
        lines = [_line(territory.name(code), inside, sums, asked) for code, inside in places.items()]
        found.append((title, sorted(lines, key=lambda line: line.name)))
    return [each for each in found if each[1]]


def _line(name: str, teams: list[Team], sums: Mapping[int, Sum], asked: Mapping[str, Asked]) -> Line:
    several = [asked.get(commune, Asked()) for commune in {each.commune for each in teams}]
    together = Asked(
        sum(each.open for each in several), sum(each.overdue for each in several), sum(each.live for each in several)
    )
    whole = sum((sums[each.id] for each in teams), Sum())
    return Line(name, whole, sum(each.members for each in teams), sum(each.on_duty for each in teams), together)


def cells(done: Sum) -> tuple[str | int | float, ...]:
    """Return a sum as cells of a row; a share of nothing stays empty."""
    share = "" if done.share is None else done.share
    return done.hours, done.sittings, done.talks, done.filed, done.online, share
