"""One spelling for every way Vietnamese reaches us: composed letters, tone on the modern vowel, folded forms.

Vietnamese letters arrive composed or decomposed (NFC/NFD), with the tone mark in the old or the new place (hòa/hoà),
and with look-alikes from other blocks. ``normalise`` gives one form for reading and storing; ``fold`` a further one,
without any mark, for comparing.
"""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACE = re.compile(r"\s+")
_OLD_PLACE = re.compile(r"(?i)(?:[òóõỏọ][ae]|[ùúũủụ]y)(?![^\W\d_])")
_COMBINING = re.compile("[\u0300-\u036f]+")


def _folding() -> dict[int, str]:
    """Return every composed Latin letter with its bare lower-case letter (đ counts as d with a mark)."""
    table = {ord(letter): "d" for letter in "đĐðÐ"}
    for point in (*range(0xC0, 0x250), *range(0x1E00, 0x1F00)):
        parts = unicodedata.normalize("NFD", chr(point))
        if len(parts) > 1 and parts[0].isascii():
            table[point] = parts[0].lower()
    return table


_FOLDING = _folding()


def normalise(text: str) -> str:
    """Return ``text`` in NFKC without invisible or control characters, spaces collapsed, tones in the modern place.

    ``hòa`` becomes ``hoà``, ``khỏe`` ``khoẻ``, ``thủy`` ``thuỷ``, and the slip ``qũy`` becomes ``quỹ``: the forms in
    which the tone stands on the main vowel of an open rime. Case is kept.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _INVISIBLE.sub("", text)).replace("ð", "đ").replace("Ð", "Đ")
        text = _OLD_PLACE.sub(_tone_last, text)
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip()


def _tone_last(found: re.Match[str]) -> str:
    first, second = found.group()[0], found.group()[1]
    parts = unicodedata.normalize("NFD", first)
    return parts[0] + unicodedata.normalize("NFC", second + parts[1])


def fold(text: str) -> str:
    """Return ``text`` in lower case without marks (``Đăng ký``: ``dang ky``), for comparing, never for showing."""
    if text.isascii():
        return text.lower()
    return _COMBINING.sub("", text.translate(_FOLDING)).lower()
