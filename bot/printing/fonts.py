"""The type printed pages are set in: Be Vietnam Pro (OFL 1.1), drawn for Vietnamese, from a package of its own."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import cast

import fontpkg
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFError, TTFont

from bot.errors import PrintingError

FAMILY = "BeVietnamPro"
BOLD = f"{FAMILY}-Bold"
ITALIC = f"{FAMILY}-Italic"

_STYLES = {FAMILY: (400, "normal"), BOLD: (700, "normal"), ITALIC: (400, "italic")}
_INSTEAD = {"№": "Số ", "→": "->", "←": "<-", "☐": "", "□": "", "☑": "", "✓": "", "✔": ""}
_UNKNOWN = "?"


def register() -> None:
    """Make the type known to reportlab; raise ``PrintingError`` when its package is not installed."""
    if FAMILY in pdfmetrics.getRegisteredFontNames():
        return
    try:
        for name, (weight, style) in _STYLES.items():
            pdfmetrics.registerFont(TTFont(name, fontpkg.path("Be Vietnam Pro", weight, style)))
    except (fontpkg.FontpkgError, TTFError, OSError) as error:
        raise PrintingError("Thiếu phông chữ để in: cài lại gói fontpkg-be-vietnam-pro.") from error
    pdfmetrics.registerFontFamily(FAMILY, FAMILY, BOLD, ITALIC, BOLD)


def printable(text: str) -> str:
    """Return ``text`` composed, with what the type has no letter for replaced by something like it."""
    composed = unicodedata.normalize("NFC", text)
    known = _known()
    if all(ord(letter) in known for letter in composed):
        return composed
    drawn = "".join(letter if ord(letter) in known else _like(letter, known) for letter in composed)
    # Where a mark between a letter and another mark was left out, the two are one letter now.
    return drawn if unicodedata.is_normalized("NFC", drawn) else printable(drawn)


def _like(letter: str, known: frozenset[int]) -> str:
    if letter.isspace():
        return " "
    if letter in _INSTEAD:
        return _INSTEAD[letter]
    plain = unicodedata.normalize("NFKC", letter)
    if all(ord(each) in known for each in plain):
        return plain
    return "" if unicodedata.category(letter)[0] in "CM" else _UNKNOWN


@cache
def _known() -> frozenset[int]:
    """Return the code points that every style has a letter for."""
    register()
    fonts = [cast(TTFont, pdfmetrics.getFont(name)) for name in _STYLES]
    return frozenset.intersection(*(frozenset(font.face.charToGlyph) for font in fonts))
