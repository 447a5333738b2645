"""The address of one report, as the console serves it and as a message names its picture."""

from __future__ import annotations

from datetime import date
from urllib.parse import parse_qs, urlencode

from bot.office.reports.period import Period

PAGE = "/canbo/bao-cao"
WORKBOOK, PICTURE = f"{PAGE}.xlsx", f"{PAGE}.png"


def query(period: Period, scope: str) -> str:
    """Return what chooses a report."""
    return urlencode({"tu": period.first.isoformat(), "den": period.last.isoformat(), "noi": scope})


def picture(period: Period, scope: str) -> str:
    """Return the address of the picture of a report."""
    return f"{PICTURE}?{query(period, scope)}"


def read_picture(path: str) -> tuple[Period, str] | None:
    """Return period and scope of an address that ``picture`` wrote, else None."""
    place, _, asked = path.partition("?")
    if place != PICTURE:
        return None
    values = {name: said[0] for name, said in parse_qs(asked).items()}
    try:
        return Period(date.fromisoformat(values["tu"]), date.fromisoformat(values["den"])), values.get("noi", "")
    except (KeyError, ValueError):
        return None
