"""Dossiers on time, early and late, and how they were filed: the part of a report that comes from the register.

What is counted is what the one-stop software told us, and what other portals told of dossiers people asked us about.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from bot.dossiers import units
from bot.office.reports.figures import Figures
from bot.office.reports.report import Headline, Section, Table, Titles, headline, number, share, sums
from bot.office.staff import NATION, Territory

EARLY, ON_TIME, LATE, UNDATED, PAUSED, IN_TIME = "early", "on_time", "late", "undated", "paused", "in_time"
ONLINE, OTHERWISE = "online", "otherwise"
OPEN = {
    IN_TIME: "Còn trong hạn",
    LATE: "Đã quá hạn",
    PAUSED: "Chờ người dân bổ sung hoặc nộp tiền, tạm dừng",
    UNDATED: "Không ghi ngày hẹn",
}
UNKNOWN_UNIT = "Chưa rõ đơn vị"
EMPTY = "Trong kỳ này chưa có hồ sơ nào xong mà sổ hồ sơ ghi đủ ngày hẹn và ngày xong."
EMPTY_OPEN = "Lúc này sổ hồ sơ không có hồ sơ nào đang giải quyết."
EMPTY_FILED = "Chưa có số liệu: chưa nơi nào cho biết hồ sơ được nộp qua mạng hay cách khác."
KEPT = "Hồ sơ đã kết thúc chỉ nằm trong sổ một thời gian rồi được xóa, nên kỳ đã lâu có thể thiếu."
MOST = 60

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Place:
    """Says in which scope a dossier lies, by the code of the unit that gave it its number and its agency's name."""

    territory: Territory

    def scope(self, unit: str, agency: str) -> str | None:
        """Return a commune, a province, or None: nobody but the whole country."""
        name = units.today(unit)
        provinces = {full.casefold(): code for code, full in self.territory.provinces().items()}
        province = provinces.get(name.casefold()) if name else None
        if province is None:
            return None
        said = _plain(agency)
        named = [(len(full), code) for code, full in self.territory.communes(province).items() if _plain(full) in said]
        longest = max(named, default=(0, ""))
        return longest[1] if [size for size, _ in named].count(longest[0]) == 1 else province


class Handled:
    """The dossiers of a period, seen from a place."""

    def __init__(self, figures: Figures, scope: str, territory: Territory, titles: Titles) -> None:
        place = cache(Place(territory).scope)

        def here(rows: Sequence[Any]) -> list[Any]:
            if scope == NATION:
                return list(rows)
            held = [(row, place(row.unit, row.agency)) for row in rows]
            return [row for row, where in held if where is not None and territory.covers(scope, where)]

        self._settled = here(figures.settled)
        self._open = here(figures.open)
        self._filed = here(figures.filed)
        self._work = figures.work
        self._scope = scope
        self._titles = titles

    @property
    def settled(self) -> tuple[int, int]:
        """Return how many dossiers were done in time, of how many with a date."""
        return _timely(sums(self._settled, lambda row: row.outcome))

    @property
    def online(self) -> tuple[int, int]:
        """Return how many were filed online, of how many of which the register knows how; else by volunteers.

        The two are never added up: a dossier that a volunteer helped to file may be in the register too.
        """
        register, helped = self._online()
        return register if register[1] else helped

    def _online(self) -> tuple[tuple[int, int], tuple[int, int]]:
        filed = sums(self._filed, lambda row: row.outcome)
        helped = sums([row for row in self._work if row.online is not None], lambda row: row.online)
        return (filed[ONLINE], filed[ONLINE] + filed[OTHERWISE]), (helped[True], sum(helped.values()))

    def overdue(self) -> tuple[int, int]:
        """Return how many of the dossiers still open now are overdue."""
        counted = sums(self._open, lambda row: row.outcome)
        return counted[LATE], sum(counted.values())

    def headlines(self) -> tuple[Headline, ...]:
        """Return what matters most."""
        return headline("Hồ sơ xong đúng hoặc trước hạn", *self.settled), headline("Nộp qua mạng", *self.online)

    def sections(self) -> tuple[Section, ...]:
        """Return the section of dossiers."""
        theirs = sum(row.times for row in self._settled if not row.ours)
        lead = KEPT if self._scope == NATION else f"{KEPT} Địa bàn đọc từ mã hồ sơ và tên đơn vị xử lý."
        if theirs:
            lead += f" Kỳ này có {number(theirs)} hồ sơ xong là do cổng khác cho biết khi người dân tra cứu."
        tables = (
            self._timely("Hồ sơ xong trong kỳ, theo cấp", "Cấp", lambda row: self._titles.level(row.procedure)),
            self._timely("Hồ sơ xong trong kỳ, theo đơn vị", "Đơn vị", _unit),
            self._pending(),
            self._ways(),
        )
        return (Section("ho-so", "Hồ sơ", lead, tables),)

    def _timely(self, title: str, what: str, key: Callable[[Any], str]) -> Table:
        groups: dict[str, Counter[str]] = {}
        for row in self._settled:
            groups.setdefault(key(row), Counter())[row.outcome] += row.times
        rows = []
        for name, counted in sorted(groups.items(), key=lambda item: (-sum(item[1].values()), item[0]))[:MOST]:
            timely, dated = _timely(counted)
            each = (counted[EARLY], counted[ON_TIME], counted[LATE], share(timely, dated), counted[UNDATED])
            rows.append((name, dated, *each))
        heading = (what, "Có ngày hẹn", "Trước hạn", "Đúng hạn", "Quá hạn", "Đúng hoặc trước hạn", "Không ghi ngày hẹn")
        return Table(title, heading, tuple(rows), EMPTY, bars=1)

    def _pending(self) -> Table:
        counted = sums(self._open, lambda row: row.outcome)
        whole = sum(counted.values())
        rows = tuple((label, counted[outcome], share(counted[outcome], whole)) for outcome, label in OPEN.items())
        heading = ("Tình trạng", "Số hồ sơ", "Tỷ lệ")
        return Table("Hồ sơ đang giải quyết lúc này", heading, rows if whole else (), EMPTY_OPEN)

    def _ways(self) -> Table:
        named = zip(("Sổ hồ sơ và các cổng", "Tình nguyện viên giúp nộp"), self._online(), strict=True)
        told = tuple((name, whole, online, share(online, whole)) for name, (online, whole) in named if whole)
        heading = ("Theo", "Biết cách nộp", "Nộp qua mạng", "Tỷ lệ")
        note = "Một hồ sơ tình nguyện viên giúp nộp có thể cũng nằm trong sổ hồ sơ." if len(told) > 1 else ""
        return Table("Nộp qua mạng", heading, told, EMPTY_FILED, note=note)


def _timely(counted: Counter[str]) -> tuple[int, int]:
    """Return how many were early or on their day, of how many with a day."""
    timely = counted[EARLY] + counted[ON_TIME]
    return timely, timely + counted[LATE]


def _plain(name: str) -> str:
    return f" {' '.join(_WORD.findall(name.casefold()))} "


def _unit(row: Any) -> str:
    return row.agency or units.name(row.unit) or UNKNOWN_UNIT
