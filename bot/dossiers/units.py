"""Who gave out a dossier code: provinces (H) and ministries (G) by their electronic identification code."""

from __future__ import annotations

from functools import cache
from importlib import resources

_FILE = "units.tsv"
SINCE_MERGED = "{name} cũ, nay thuộc {now}"


@cache
def _rows() -> dict[str, tuple[str, str]]:
    """Return by code the name of then, and what that is today when it differs."""
    rows = {}
    for line in resources.files("bot.dossiers").joinpath(_FILE).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, name, *now = line.split("\t")
            rows[code] = name, now[0] if now else ""
    return rows


def name(unit: str) -> str | None:
    """Return the name of the province or ministry that a unit code (``000.00.53.H48``, ``H26.149``) belongs to."""
    then, now = _rows().get(_top(unit), ("", ""))
    return SINCE_MERGED.format(name=then, now=now) if now else then or None


def today(unit: str) -> str | None:
    """Return the name of the province or ministry of today that a unit code belongs to."""
    then, now = _rows().get(_top(unit), ("", ""))
    return now or then or None


def of_province(unit: str) -> bool:
    """Say whether a unit code belongs to a province, not to a ministry."""
    return _top(unit).startswith("H")


def _top(unit: str) -> str:
    parts = unit.split(".")
    return parts[-1] if parts[0].isdigit() else parts[0]


def known() -> tuple[str, ...]:
    """Return the identification codes that dossiers can begin with, such as ``H48``."""
    return tuple(_rows())
