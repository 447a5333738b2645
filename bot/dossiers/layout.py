"""How the digits of a national dossier code fall into unit, date and number, whatever stands between them.

``000.00.53.H48-220921-0099`` is read as an anchor (``H48``), the digits before it (``000.00.53``) and a run of digit
groups behind it. People leave out dots, double them, put spaces for hyphens; so every way to cut the run is weighed,
and the one that agrees best with the separators typed wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, product

DIGIT = "[0-9OoIl]"
_IN_UNIT = r"(?:[\s.-]{0,5}|,)"
_GAP = r"(?:[\s.-]{0,5}|,|\s?/\s?)"
_GROUP = re.compile(rf"(?P<gap>{_GAP})(?=[OoIl]*[0-9]|[OoIl]{{4}})(?P<digits>(?:[0-9]|[OoIl](?![^\W\d_OoIl]))+)")
_BEFORE = re.compile(
    rf"(?<![0-9])(?P<four>{DIGIT}{{3}})(?P<first>{_IN_UNIT})(?P<three>{DIGIT}{{2}})(?P<second>{_IN_UNIT})"
    rf"(?P<two>{DIGIT}{{2}})(?P<last>{_IN_UNIT})\Z"
)
_OF_ANOTHER = re.compile(r"(?:[0-9][.-]|(?<![^\W\d_])[^\W\d_])\Z")
_ATTACHED = re.compile(r"[0-9][0-9.-]*\Z")
_TWO = rf"(?=[OoIl]?[0-9]|[OoIl]{{2}}(?![^\W\d_OoIl]))(?P<two>{DIGIT}{{2}})"
_ANCHOR = re.compile(rf"(?<![Qq])(?P<letter>[GgHh])(?P<space>[\s.]{{0,2}}){_TWO}")
_WORD = re.compile(r"\s*[^\W\d_]")
_LOOK_ALIKE = str.maketrans("OoIl", "0011")
_MOST_GROUPS = 12
_FAR_BACK = 40
_INNER_GAP = 3
_WORST = 6
FIRST_YEAR = 2010
"""No code is older: the one-stop software that writes them came later."""


@dataclass(frozen=True, slots=True)
class Group:
    """Digits without anything between them, what separates them from those before, and where they end in the text.

    ``counts``: a word follows, as in "2 bản".
    """

    gap: str
    digits: str
    end: int
    counts: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """An anchor with the digits around it. ``before`` are seven digits or none; ``attached`` counts any others."""

    start: int
    anchor: str
    before: str
    attached: int
    tight: bool
    groups: tuple[Group, ...]

    @property
    def unit(self) -> str:
        """The unit as far as it stands before the groups, in canonical form."""
        head = f"{self.before[:3]}.{self.before[3:5]}.{self.before[5:]}." if self.before else ""
        return head + self.anchor

    @property
    def end(self) -> int:
        """Where its last group ends in the text."""
        return self.groups[-1].end


@dataclass(frozen=True, slots=True)
class Fit:
    """One way to cut a run; ``end`` is where it ends in the text."""

    inner: tuple[str, ...]
    day: date
    number: str
    suffix: str | None
    end: int


def digits(text: str) -> str:
    """Return ``text`` with letters that look like digits replaced by those."""
    return text.translate(_LOOK_ALIKE)


def day_of(six: str) -> date | None:
    """Read yyMMdd; None when there is no such day or no code can be so old."""
    try:
        found = date(2000 + int(six[:2]), int(six[2:4]), int(six[4:]))
    except ValueError:
        return None
    return found if found.year >= FIRST_YEAR else None


def runs(text: str) -> Iterator[Run]:
    """Yield every anchor in ``text`` that has at least something around it."""
    for found in _ANCHOR.finditer(text):
        groups: list[Group] = []
        end = found.end()
        while len(groups) < _MOST_GROUPS and (group := _GROUP.match(text, end)):
            end = group.end()
            groups.append(Group(group["gap"], digits(group["digits"]), end, bool(_WORD.match(text, end))))
        back = text[max(0, found.start() - _FAR_BACK) : found.start()]
        before = _BEFORE.search(back)
        if before and not _of_unit(back, before):
            before = None
        attached = _ATTACHED.search(back)
        yield Run(
            start=found.start() - (len(back) - before.start() if before else 0),
            anchor=found["letter"].upper() + digits(found["two"]),
            before=digits(before["four"] + before["three"] + before["two"]) if before else "",
            attached=sum(map(str.isdigit, attached.group())) if attached and not before else 0,
            tight=not found["space"],
            groups=tuple(groups) or (Group("", "", found.end()),),
        )


def _of_unit(back: str, before: re.Match[str]) -> bool:
    """Say whether seven digits before an anchor belong to it, rather than to a phone number or a passport.

    They do when they are parted as in a unit. Written otherwise they must begin as those of nearly all units do or be
    tied together, and not go on from something else.
    """
    gaps = before["first"] + before["second"] + before["last"]
    if before["first"] and before["second"]:
        return True
    if _OF_ANOTHER.search(back[: before.start()]):
        return False
    usual, loose = digits(before["four"]).startswith("0" if "." in gaps else "00"), bool(re.search(r"\s", gaps))
    goes_on = bool(re.search(r"[0-9]\s\Z", back[: before.start()]))
    return not loose or (usual and (not goes_on or "." in gaps))


def fit(run: Run, today: date) -> Fit | None:
    """Return the best way to cut a run, or None when there is none with a possible date."""
    ways = [
        (cost, -count, len(way.inner), way)
        for count in range(1, len(run.groups) + 1)
        if _may_end(run.groups, count)
        for cost, way in _ways(run, run.groups[:count], today)
    ]
    if not ways:
        return None
    best = min(ways, key=lambda way: way[:3])
    doubtful = run.groups[-1].gap == "." and sum(way[:2] == best[:2] for way in ways) > 1
    return None if doubtful else best[3]


def _may_end(groups: Sequence[Group], count: int) -> bool:
    """Say whether a code can end after ``count`` groups: not where the next one is tied to it."""
    return count == len(groups) or bool(re.search(r"[\s,/]", groups[count].gap))


def _ways(run: Run, groups: Sequence[Group], today: date) -> Iterator[tuple[int, Fit]]:
    whole = "".join(group.digits for group in groups)
    typed = {0} if groups[0].gap else set()
    ends = list(accumulate(len(group.digits) for group in groups[:-1]))
    signs = {at for at, group in zip(ends, groups[1:], strict=True) if re.search(r"[-/]", group.gap)}
    typed |= set(ends)
    glued = groups[0].gap in ("", ".") and all(group.gap == "." for group in groups[1:])
    for inner in _INNER[:1] if run.before else _INNER:
        start = sum(inner)
        day = day_of(whole[start : start + 6])
        apart = not inner or start in typed or (glued and len(groups) in (1, len(inner)))
        if day is None or day > today or not apart:
            continue
        for length, tail in product((4, 5, 6), (0, 5)):
            cuts = [*accumulate(inner, initial=0), start + 6, *([start + 6 + length] if tail else [])]
            if start + 6 + length + tail != len(whole) or (tail and not _tied(groups)):
                continue
            made, passed = set(cuts) - typed, typed - set(cuts)
            cost = len(made) + _INNER_GAP * len(passed)
            if cost <= _WORST and not (made and passed) and not passed & signs and not _counting(groups, passed):
                parts = tuple(whole[a:b] for a, b in zip(cuts, [*cuts[1:], len(whole)], strict=True))
                yield cost, _fitted(parts, len(inner), day, groups[-1].end)


_INNER = ((), *((a,) for a in (2, 3)), *product((2, 3), repeat=2), *product((2, 3), repeat=3))


def _fitted(parts: tuple[str, ...], inner: int, day: date, end: int) -> Fit:
    number, *suffix = parts[inner + 1 :]
    return Fit(parts[:inner], day, number, suffix[0] if suffix else None, end)


def _counting(groups: Sequence[Group], passed: set[int]) -> bool:
    """Say whether a number or suffix one digit too short would be filled up with the count of something else."""
    last = groups[-1]
    size = sum(len(group.digits) for group in groups[:-1])
    return size in passed and last.counts and len(last.digits) < 3 and len(groups[-2].digits) in (3, 4)


def _tied(groups: Sequence[Group]) -> bool:
    """Say whether the last group can be a suffix: joined by a sign, or by a space where all is joined by spaces."""
    if len(groups) < 2:
        return True
    last, before = groups[-1].gap, groups[-2].gap
    return not last or bool(re.search("[-.]", last)) or before.isspace() or ("/" in last and "/" in before)
