"""The pages of the office as HTML: Jinja2 templates in ``pages/``, one frame around all of them, no scripts needed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from importlib import resources
from typing import Any

from bot.office.reports.report import number
from bot.pages import assets, templates
from knowledge.calendar import VIETNAM
from knowledge.wording import in_words

_FOLDER = resources.files("bot.office") / "pages"
_CHAT = resources.files("bot.channels") / "page"
_ASSETS = ("office.css", "office.js")
_BRIEF = ("name", "text", "number", "kind", "amount", "unit", "where", "province", "basis", "condition", "note")
_LONGEST = 90
ASSETS_PATH = "/canbo/assets/"


class View:
    """Renders pages; one for the life of the program."""

    def __init__(self, subtitle: str) -> None:
        found = assets(_FOLDER, *_ASSETS)
        self.assets = {asset.name: asset for asset in found.values()}
        self._environment = templates(_FOLDER, _CHAT)
        self._environment.filters |= {
            "moment": moment,
            "day": day,
            "dig": dig,
            "pairs": pairs,
            "is_day": is_day,
            "brief": brief,
            "amount": amount,
        }
        self._environment.globals |= {
            "subtitle": subtitle,
            "assets": {plain: ASSETS_PATH + asset.name for plain, asset in found.items()},
        }

    def render(self, template: str, **values: Any) -> str:
        """Return a page; every value a template names must be given."""
        return self._environment.get_template(template).render(values)


def moment(at: datetime) -> str:
    """Return a moment as people in Vietnam write it, in their time."""
    return at.astimezone(VIETNAM).strftime("%H:%M %d/%m/%Y")


def day(at: datetime) -> str:
    """Return the day of a moment as people in Vietnam write it."""
    return at.astimezone(VIETNAM).strftime("%d/%m/%Y")


def amount(value: Any) -> str:
    """Return a cell of a table: numbers as people in Vietnam write them, words as they are."""
    return number(value) if isinstance(value, int | float) else str(value)


def dig(entry: Any, path: str) -> Any:
    """Return a value of a tree by its path, "source.url"; None when it is not there."""
    for step in path.split("."):
        entry = entry.get(step) if isinstance(entry, Mapping) else None
    return entry


def pairs(when: Any) -> list[str]:
    """Return a condition as the values of drop-downs: "question=choice"."""
    if not isinstance(when, Mapping):
        return []
    return [f"{question}={choice}" for question, choices in when.items() for choice in choices]


def is_day(value: Any) -> bool:
    """Say whether a field for days holds one that a calendar can show, or nothing."""
    try:
        return not value or bool(date.fromisoformat(str(value)))
    except ValueError:
        return False


def brief(item: Any, part: str) -> str:
    """Return an entry of a record's list in a few words; "" while it says nothing."""
    if not isinstance(item, Mapping):
        return ""
    said = [in_words(part, field, item.get(field)) for field in _BRIEF]
    text = ", ".join(filter(None, said))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"
