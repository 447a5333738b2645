"""Pages as HTML: templates that escape whatever is put into them, and their files under names that tell the content."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from urllib.parse import urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined

_KINDS = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


@dataclass(frozen=True, slots=True)
class Asset:
    """A file of a page; ``name`` holds a digest of its content, so that it may be cached for ever."""

    name: str
    body: bytes
    content_type: str


def assets(folder: Traversable, *names: str) -> dict[str, Asset]:
    """Return files of a folder by their plain name."""
    return {plain: _asset((folder / plain).read_bytes(), plain) for plain in names}


def _asset(body: bytes, plain: str) -> Asset:
    stem, _, ending = plain.rpartition(".")
    return Asset(f"{stem}.{hashlib.sha256(body).hexdigest()[:12]}.{ending}", body, _KINDS[ending])


def templates(*folders: Traversable) -> Environment:
    """Return the templates of these folders, the first that has one; every value that one names must be given."""

    def found(name: str) -> str | None:
        files = (folder / name for folder in folders)
        return next((file.read_text(encoding="utf-8") for file in files if file.is_file()), None)

    environment = Environment(
        loader=FunctionLoader(found), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["host"] = lambda url: urlsplit(url).netloc
    return environment
