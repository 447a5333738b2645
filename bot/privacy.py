"""Personal data that must not be kept: numbers that name a person."""

from __future__ import annotations

import re

HIDDEN = "[số đã ẩn]"

# Digits with at most three separators between two of them, as people write numbers ("0912 345-678", "+84 (91) 234...").
_BETWEEN = r"[\s.,·•_()\-‐-―\u200b-\u200f\u2060\ufeff]{0,3}"
_NUMBER = re.compile(rf"\+?\d(?:{_BETWEEN}\d)+")
_PASSPORT = re.compile(r"(?<![^\W\d_])[A-Za-z]\d{7,8}(?!\d)")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")
_CURRENCY = re.compile(r"\s*(?:đồng|đ|₫|vnđ|vnd|dong)(?!\w)", re.IGNORECASE)
_SHORTEST = 9  # an old identity card; the codes and sums people ask about are shorter


def mask(text: str) -> str:
    """Return ``text`` with identity-card, passport, insurance, tax and phone numbers replaced by a fixed mark.

    Any number of nine digits or more goes, however it is spaced, except a sum of money written in thousands and
    followed by its currency. Procedure codes (``1.001193``) have seven digits and stay.
    """
    return _PASSPORT.sub(HIDDEN, _NUMBER.sub(_hide, text))


def _hide(found: re.Match[str]) -> str:
    number = found.group()
    if sum(char.isdigit() for char in number) < _SHORTEST:
        return number
    if _THOUSANDS.fullmatch(number) and _CURRENCY.match(found.string, found.end()):
        return number
    return HIDDEN
