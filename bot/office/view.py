"""The pages of the office as HTML: Jinja2 templates in ``pages/``, one frame around all of them, no scripts needed."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from importlib import resources
from typing import Any

from jinja2 import Environment, FunctionLoader, StrictUndefined

from knowledge.calendar import VIETNAM

_FOLDER = resources.files("bot.office") / "pages"
_KINDS = {"css": "text/css", "js": "text/javascript"}
_ASSETS = ("office.css",)
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
        self._environment.filters |= {"moment": moment, "day": day}
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
