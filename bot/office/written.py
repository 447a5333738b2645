"""A notice as staff type it after a command: its words, and lines that say until when, from when and where."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from bot.errors import Impossible
from bot.office.notices import Draft
from bot.office.staff import Territory
from knowledge.places import Finder
from knowledge.vietnamese import fold

BAD_TIME = "Tôi chưa đọc được giờ “{said}”. Anh/chị ghi như: 14:00, hoặc 14:00 25/11, hoặc 25/11."
BAD_PLACE = "Tôi chưa thấy nơi nào là “{said}”. Anh/chị ghi tên tỉnh, hoặc tên xã, phường kèm tên tỉnh."

_LINE = re.compile(r"\s*(từ|tu|đến|den|nơi|noi)\s*:(.*)", re.IGNORECASE)
_TIME = re.compile(
    r"(?:(?P<hour>\d{1,2})\s*(?::|h|g|giờ)\s*(?:(?P<minute>\d{1,2})(?!\d|\s*/))?\s*(?:ngày|,)?\s*)?"
    r"(?:(?P<day>\d{1,2})\s*/\s*(?P<month>\d{1,2})(?:\s*/\s*(?P<year>\d{4}))?)?",
    re.IGNORECASE,
)
_KIND = re.compile(r"^(?:tinh|thanh pho|tp\.?)\s+")


def read(said: str, own: str, territory: Territory, places: Finder, now: datetime) -> Draft:
    """Return the notice that ``said`` writes; ``own``: where it is for when no line says so.

    Lines "từ:", "đến:" and "nơi:" give moments in the local time of Vietnam and a place; all others are its words.
    Raises ``Impossible``, in words, when one of them cannot be read.
    """
    words: list[str] = []
    named: dict[str, str] = {}
    for line in said.splitlines():
        found = _LINE.fullmatch(line)
        if found:
            named[fold(found[1])] = found[2].strip()
        else:
            words.append(line.rstrip())
    scope = _scope(named["noi"], territory, places) if named.get("noi") else own
    starts = moment(named["tu"], now) if named.get("tu") else None
    ends = moment(named["den"], now, last=True) if named.get("den") else None
    return Draft("\n".join(words).strip(), scope, starts, ends)


def moment(said: str, now: datetime, *, last: bool = False) -> datetime:
    """Return the moment that "14:00", "14h 25/11" or "25/11" means; a day alone begins it, or with ``last`` ends it.

    Without a year, a day that is long over is one of the year to come.
    """
    found = _TIME.fullmatch(said.strip())
    if not found or not (found["hour"] or found["day"]):
        raise Impossible(BAD_TIME.format(said=said[:40]))
    try:
        day = now
        if found["day"]:
            day = day.replace(day=1, month=int(found["month"]), year=int(found["year"] or now.year))
            day = day.replace(day=int(found["day"]))
            if not found["year"] and day < now - timedelta(days=180):
                day = day.replace(year=day.year + 1)
        if found["hour"]:
            return day.replace(hour=int(found["hour"]), minute=int(found["minute"] or 0))
    except ValueError as error:
        raise Impossible(BAD_TIME.format(said=said[:40])) from error
    midnight = day.replace(hour=0, minute=0)
    return midnight + timedelta(days=1) if last else midnight


def _scope(said: str, territory: Territory, places: Finder) -> str:
    wanted = _KIND.sub("", fold(said))
    if wanted == "ca nuoc":
        return ""
    for code, name in territory.provinces().items():
        if _KIND.sub("", fold(name)) == wanted:
            return code
    sure = places.find(said).sure
    if sure is None:
        raise Impossible(BAD_PLACE.format(said=said[:80]))
    return sure.commune.code
