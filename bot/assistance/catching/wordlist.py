"""The word lists of ``words.txt``."""

from __future__ import annotations

from functools import cache
from importlib import resources

_FILE = "words.txt"


@cache
def _sections() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    section: set[str] = set()
    for line in resources.files("bot.assistance.catching").joinpath(_FILE).read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = found.setdefault(line.strip("[]"), set())
        elif not line.startswith("#"):
            section.update(line.split())
    return {name: frozenset(words) for name, words in found.items()}


def words(section: str) -> frozenset[str]:
    """Return the words of a section; KeyError when there is none of that name."""
    return _sections()[section]
