"""The small HTML of message bodies: everything that comes from a person or a record passes through here."""

from __future__ import annotations

import html
import re
import unicodedata
from urllib.parse import urlsplit

from knowledge.procedure import Procedure

_TAG = re.compile(r"<[^<>]*>")
_PREFIX = re.compile(r"^thủ tục\s+", re.IGNORECASE)
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]")
_SHOUTED = 3
"""Spaces from which a name in capitals is no abbreviation."""

_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")


def tidy(text: str) -> str:
    """Return ``text`` composed, on one line, without control or direction marks; spelling and tone places are kept."""
    return _BLANK.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def escape(text: str) -> str:
    """Return ``text`` safe to stand between tags, on one line, without control characters."""
    return html.escape(tidy(text), quote=False)


def bold(text: str) -> str:
    """Return plain text in bold, as markup."""
    return f"<b>{escape(text)}</b>"


def italic(text: str) -> str:
    """Return plain text in italics, as markup."""
    return f"<i>{escape(text)}</i>"


def link(text: str, url: str) -> str:
    """Return a link, or the bare text when ``url`` is not a web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return escape(text)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return escape(text)
    return f'<a href="{html.escape(url, quote=True)}">{escape(text)}</a>'


def visible(body: str) -> int:
    """Return how many characters of a body a reader sees."""
    return len(html.unescape(_TAG.sub("", body)))


def clip(text: str, limit: int) -> str:
    """Return ``text`` cut at a word to at most ``limit`` characters, with an ellipsis when something is left off."""
    text = tidy(text)
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    word = head.rfind(" ")
    return (head[:word] if word > limit // 2 else head).rstrip(" ,;:.-–(") + "…"


def capital(text: str) -> str:
    """Return ``text`` with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Return ``text`` fit to follow a colon; words in capitals (CCCD, UBND) and names of two capitals stay."""
    second = text[1:2]
    return text if second.isupper() or not second.isalpha() else text[:1].lower() + text[1:]


def title(procedure: Procedure, limit: int = 160) -> str:
    """Return the official name without the word "Thủ tục" in front, clipped for a heading."""
    return heading(procedure.name, limit)


def heading(name: str, limit: int = 160) -> str:
    """Return an official name without the word "Thủ tục" in front, clipped."""
    return clip(capital(_calm(_PREFIX.sub("", tidy(name)))), limit)


def _calm(name: str) -> str:
    """Return a name that is written in capitals throughout in small letters."""
    return name.lower() if name.isupper() and name.count(" ") >= _SHOUTED else name
