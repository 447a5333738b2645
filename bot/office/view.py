"""The pages of the office as HTML: Jinja2 templates in ``pages/``, one frame around all of them, no scripts needed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from bot.office.reports.report import number
from knowledge.calendar import VIETNAM
from knowledge.wording import in_words

_FOLDER = resources.files("bot.office") / "pages"
_KINDS = {"css": "text/css", "js": "text/javascript"}
_ASSETS = ("office.css", "office.js")
_BRIEF = ("name", "text", "number", "kind", "amount", "unit", "where", "province", "basis", "condition", "note")
_LONGEST = 90
ASSETS_PATH = "/canbo/assets/"


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of the pages; ``name`` holds a digest of its content, so that it may be cached for ever."""

    name: str
    body: bytes
    content_type: str


class View:
    """Renders pages; one for the life of the program."""

    def __init__(self, subtitle: str) -> None:
        found = [_asset(plain) for plain in _ASSETS]
        self.assets = {asset.name: asset for asset in found}
        self._environment = Environment(
            loader=FunctionLoader(lambda name: (_FOLDER / name).read_text(encoding="utf-8")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
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
            "assets": {plain: ASSETS_PATH + asset.name for plain, asset in zip(_ASSETS, found, strict=True)},
        }

    def render(self, template: str, **values: Any) -> str:
        """Return a page; every value a template names must be given."""
        return self._environment.get_template(template).render(values)


def _asset(plain: str) -> Asset:
    body = (_FOLDER / plain).read_bytes()
    stem, _, ending = plain.rpartition(".")
    return Asset(f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}", body, _KINDS[ending])


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
