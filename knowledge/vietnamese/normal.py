"""One spelling for every way Vietnamese reaches us: composed letters, tone on the modern vowel, folded forms.

Vietnamese letters arrive composed or decomposed (NFC/NFD), with the tone mark in the old or the new place (hòa/hoà),
and with look-alikes from other blocks. ``normalise`` gives one form for reading and storing; ``fold`` a further one,
without any mark, for comparing.
"""

from __future__ import annotations

import re
import unicodedata

_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook above, dot below
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACE = re.compile(r"\s+")
_TONED_FIRST = re.compile(rf"(?i)(?<!q)(o|u)([{_TONES}])(a|e|y)(?![\w\u0300-\u036f])")
_FOLD = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})


def normalise(text: str) -> str:
    """Return ``text`` in NFKC without invisible or control characters, spaces collapsed, tones in the modern place.

    ``hòa`` becomes ``hoà``, ``khỏe`` becomes ``khoẻ``, ``thủy`` becomes ``thuỷ``: the forms in which the tone stands on
    the main vowel of an open rime. Case is kept.
    """
    text = _CONTROL.sub(" ", _INVISIBLE.sub("", text))
    text = unicodedata.normalize("NFKC", text).replace("ð", "đ").replace("Ð", "Đ")
    if not text.isascii():
        text = unicodedata.normalize("NFC", _TONED_FIRST.sub(r"\1\3\2", _tone_apart(text)))
    return _SPACE.sub(" ", text).strip()


def _tone_apart(text: str) -> str:
    """Write each tone as a mark of its own behind its letter; marks that make a letter (ă â ê ô ơ ư) stay in it."""
    out: list[str] = []
    for char in text:
        if char.isascii():
            out.append(char)
            continue
        parts = unicodedata.normalize("NFD", char)
        tone = "".join(mark for mark in parts[1:] if mark in _TONES)
        if not tone:
            out.append(char)
            continue
        out.append(unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES)) + tone)
    return "".join(out)


def fold(text: str) -> str:
    """Return ``text`` in lower case without any mark: ``Đăng ký`` becomes ``dang ky``. For comparing, never for showing."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", text).translate(_FOLD).lower())
    return "".join(char for char in parts if not unicodedata.combining(char))
