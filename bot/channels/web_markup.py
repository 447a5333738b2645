"""Message bodies for a browser: our small HTML read by an allow-list into plain data, never passed on as HTML."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

_STYLES = {"b": "b", "strong": "b", "i": "i", "em": "i", "u": "u", "code": "code"}
_BULLET = re.compile(r"^• ")
_DASH = re.compile(r"^\s+– ")
_NUMBER = re.compile(r"^(\d{1,3})\. ")


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text in one style; ``href`` is a web address or None."""

    text: str
    styles: tuple[str, ...] = ()
    href: str | None = None


@dataclass(slots=True)
class Block:
    """A paragraph (``p``, one item) or a list (``ul``, ``sub``, ``ol``); ``gap`` asks for room above it."""

    kind: str
    items: list[list[Run]] = field(default_factory=list)
    start: int = 1
    gap: bool = False

    def plain(self) -> dict[str, Any]:
        """Return the block as JSON-ready data."""
        items = [[{"text": r.text, "styles": list(r.styles), "href": r.href} for r in item] for item in self.items]
        return {"kind": self.kind, "items": items, "start": self.start, "gap": self.gap}


class _Reader(HTMLParser):
    """Collects runs; a tag that is not ours is dropped and its text kept."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.runs: list[Run] = []
        self._styles: list[str] = []
        self._links: list[str | None] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _STYLES:
            self._styles.append(_STYLES[tag])
        elif tag == "a":
            self._links.append(web_address(dict(attrs).get("href")))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a" and self._links:
            self._links.pop()
        elif (style := _STYLES.get(tag)) in self._styles and style is not None:
            self._styles.reverse()
            self._styles.remove(style)
            self._styles.reverse()

    def handle_data(self, data: str) -> None:
        styles = tuple(dict.fromkeys(self._styles))
        self.runs.append(Run(data, styles, self._links[-1] if self._links else None))


def web_address(url: str | None) -> str | None:
    """Return ``url`` when it is a plain http(s) address, else None."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def blocks(body: str) -> list[Block]:
    """Return a message body as blocks of styled text.

    Lines that begin with "• ", "   – " or "1. " become list items, so that a screen reader counts them.
    """
    found: list[Block] = []
    gap = False
    for line in _lines(body):
        text = "".join(run.text for run in line)
        if not text.strip():
            gap = bool(found)
            continue
        kind, start, mark = _kind(text)
        if found and not gap and kind != "p" and found[-1].kind == kind:
            found[-1].items.append(_without(line, mark))
        else:
            found.append(Block(kind, [_without(line, mark)], start, gap))
        gap = False
    return found


def _lines(body: str) -> list[list[Run]]:
    reader = _Reader()
    reader.feed(body)
    reader.close()
    lines: list[list[Run]] = [[]]
    for run in reader.runs:
        first, *rest = run.text.split("\n")
        for text, is_new in ((first, False), *((part, True) for part in rest)):
            if is_new:
                lines.append([])
            if text:
                lines[-1].append(Run(text, run.styles, run.href))
    return lines


def _kind(text: str) -> tuple[str, int, int]:
    """Return the kind of block a line belongs to, its number, and how many characters its mark takes."""
    for kind, pattern in (("ul", _BULLET), ("sub", _DASH)):
        if found := pattern.match(text):
            return kind, 1, found.end()
    if found := _NUMBER.match(text):
        return "ol", int(found[1]), found.end()
    return "p", 1, 0


def _without(line: list[Run], mark: int) -> list[Run]:
    left: list[Run] = []
    for run in line:
        text, mark = run.text[mark:], max(0, mark - len(run.text))
        if text:
            left.append(Run(text, run.styles, run.href))
    return left
