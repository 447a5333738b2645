"""Decode what is left when an input method was off: Telex ("ddawng kys") and VNI ("d9a8ng ky1") key sequences.

Rules: Telex as in TCVN 6064 practice (aa ee oo dd, w for breve and horn, s f r x j for tones), VNI digits 1-5 for
tones, 6 circumflex, 7 horn, 8 breve, 9 for đ.
"""

from __future__ import annotations

import unicodedata

_TONES = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_CIRCUMFLEX = {"a": "â", "e": "ê", "o": "ô"}
_HORN = {"o": "ơ", "u": "ư"}
_VOWELS = frozenset("aăâeêioôơuưy")
_MARKED = frozenset("ăâêôơư")
_OPEN_SECOND = frozenset(("oa", "oe", "uy", "uê", "uơ"))
_MARKS = frozenset((*_TONES.values(),))


def decode(word: str) -> str | None:
    """Return the word that the keys of ``word`` would have written, or None when no key has an effect.

    The result is in lower case and need not be a Vietnamese syllable; the caller checks.
    """
    letters: list[str] = []
    tone = ""
    changed = False
    for char in word:
        bare, mark = _apart(char)
        if mark:
            letters.append(bare)
            tone = mark
            continue
        effect, key_tone = _press(letters, char)
        if key_tone:
            tone = key_tone
        if effect:
            changed = True
        else:
            letters.append(char)
    if not changed or not letters:
        return None
    if letters[-2:] == ["ư", "ơ"]:
        letters[-2] = "u"  # an open rime has the horn on the last vowel only: thuở, huơ
    return compose(letters, tone)


def _apart(char: str) -> tuple[str, str]:
    if char.isascii():
        return char, ""
    parts = unicodedata.normalize("NFD", char)
    tone = next((mark for mark in parts[1:] if mark in _MARKS), "")
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _MARKS)), tone


def _press(letters: list[str], key: str) -> tuple[bool, str]:
    """Apply one key to the letters so far; say whether it had an effect and which tone it set."""
    has_vowel = any(letter in _VOWELS for letter in letters)
    tone = _TONES.get(key) or _VNI_TONES.get(key)
    if tone and has_vowel:
        return True, tone
    if key in ("d", "9") and letters and letters[0] == "d":
        letters[0] = "đ"
        return True, ""
    if key in _CIRCUMFLEX and key in letters:
        return _turn(letters, {key: _CIRCUMFLEX[key]}), ""
    if key == "6":
        return _turn(letters, _CIRCUMFLEX), ""
    if key in ("w", "7"):
        return _hook(letters, breve=key == "w"), ""
    if key == "8":
        return _turn(letters, {"a": "ă"}), ""
    return False, ""


def _turn(letters: list[str], change: dict[str, str]) -> bool:
    for place in range(len(letters) - 1, -1, -1):
        if letters[place] in change:
            letters[place] = change[letters[place]]
            return True
    return False


def _hook(letters: list[str], *, breve: bool) -> bool:
    place = "".join(letters).find("uo")
    if place >= 0 and letters[place - 1 : place] != ["q"]:
        letters[place : place + 2] = ["ư", "ơ"]
        return True
    return _turn(letters, {**_HORN, "a": "ă"} if breve else _HORN)


def compose(letters: list[str], tone: str) -> str:
    """Put ``tone`` on the vowel that carries it and return the word."""
    if tone:
        place = _tone_place(letters)
        if place is not None:
            letters = [*letters]
            letters[place] = unicodedata.normalize("NFC", letters[place] + tone)
    return "".join(letters)


def _tone_place(letters: list[str]) -> int | None:
    start = 2 if letters[:2] in (["q", "u"], ["g", "i"]) and any(x in _VOWELS for x in letters[2:]) else 0
    vowels = [place for place, letter in enumerate(letters) if place >= start and letter in _VOWELS]
    if not vowels:
        return None
    marked = [place for place in vowels if letters[place] in _MARKED]
    if marked:
        return marked[-1]
    if len(vowels) == 1 or vowels[-1] < len(letters) - 1:
        return vowels[-1]
    pair = letters[vowels[0]] + letters[vowels[1]]
    return vowels[1] if len(vowels) > 2 or pair in _OPEN_SECOND else vowels[0]
