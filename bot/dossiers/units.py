"""Who gave out a dossier code: provinces (H) and ministries (G) by their electronic identification code."""

from __future__ import annotations

from functools import cache
from importlib import resources

_FILE = "units.tsv"
SINCE_MERGED = "{name} cũ, nay thuộc {now}"


@cache
def _names() -> dict[str, str]:
    names = {}
    for line in resources.files("bot.dossiers").joinpath(_FILE).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            code, name, *now = line.split("\t")
            names[code] = SINCE_MERGED.format(name=name, now=now[0]) if now else name
    return names


def name(unit: str) -> str | None:
    """Return the name of the province or ministry that a unit code (``000.00.53.H48``, ``H26.149``) belongs to."""
    parts = unit.split(".")
    top = parts[-1] if parts[0].isdigit() else parts[0]
    return _names().get(top)


def known() -> tuple[str, ...]:
    """Return the identification codes that dossiers can begin with, such as ``H48``."""
    return tuple(_names())
