"""Telegram's HTML, read as strictly as Telegram reads it, or more so."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

TAGS = frozenset(
    "b strong i em u ins s strike del code pre blockquote a span tg-spoiler tg-emoji".split()  # noqa: SIM905
)
_TAG = re.compile(r"<(/?)([a-z0-9-]+)((?:\s+[a-z-]+(?:=\"[^\"<>]*\")?)*)\s*>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d{1,7}|#x[0-9a-fA-F]{1,6});")


class MarkupError(Exception):
    """What Telegram says after "can't parse entities: "."""


@dataclass
class Marked:
    """Text as shown, with (tag, start, length, attributes) of each mark in UTF-16 units."""

    text: str
    marks: list[tuple[str, int, int, str]] = field(default_factory=list)


def units(text: str) -> int:
    """Return the length Telegram counts: UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def parse(source: str) -> Marked:
    """Read a body; raise ``MarkupError`` for anything that is not exactly Telegram's HTML."""
    shown = ""
    marks: list[tuple[str, int, int, str]] = []
    opened: list[tuple[str, int, str]] = []
    at = 0
    while at < len(source):
        char = source[at]
        if char == "<":
            at += _tag(source, at, shown, opened, marks)
        elif char == "&":
            found = _ENTITY.match(source, at)
            if not found:
                raise MarkupError(f"bad entity at byte offset {at}")
            shown += html.unescape(found.group())
            at = found.end()
        else:
            shown += char
            at += 1
    if opened:
        raise MarkupError(f'Can\'t find end tag corresponding to start tag "{opened[-1][0]}"')
    return Marked(shown.strip(), marks)


def _tag(
    source: str, at: int, shown: str, opened: list[tuple[str, int, str]], marks: list[tuple[str, int, int, str]]
) -> int:
    found = _TAG.match(source, at)
    if not found or found[2] not in TAGS:
        raise MarkupError(f"Unsupported start tag at byte offset {at}")
    name, attributes = found[2], found[3].strip()
    if found[1]:
        if not opened or opened[-1][0] != name:
            raise MarkupError(f'Unmatched end tag at byte offset {at}, found "</{name}>"')
        _, start, given = opened.pop()
        marks.append((name, start, units(shown) - start, given))
        return len(found.group())
    if attributes and name not in {"a", "span", "code", "blockquote", "tg-emoji"}:
        raise MarkupError(f'Attributes are not allowed in "{name}" at byte offset {at}')
    if name == "a" and not attributes.startswith('href="'):
        raise MarkupError(f"Link without address at byte offset {at}")
    opened.append((name, units(shown), attributes))
    return len(found.group())
