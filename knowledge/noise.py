"""Make clean questions look typed in a hurry, reproducibly: no tone marks, typing errors, chat spelling."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache
from unicodedata import normalize

from knowledge.vietnamese.lexicon import load_lexicon
from knowledge.vietnamese.normal import fold, normalise

_NEIGHBOURS = {
    "q": "wa", "w": "qes", "e": "wrd", "r": "etf", "t": "ryg", "y": "tuh", "u": "yij", "i": "uok", "o": "ipl",
    "p": "ol", "a": "qsz", "s": "awdx", "d": "sefc", "f": "drgv", "g": "fthb", "h": "gyjn", "j": "hukm", "k": "jil",
    "l": "kop", "z": "asx", "x": "zsdc", "c": "xdfv", "v": "cfgb", "b": "vghn", "n": "bhjm", "m": "njk",
}  # fmt: skip
_TELEX = {"ă": "aw", "â": "aa", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_TONES = {"\u0301": "s", "\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0323": "j"}

Noise = Callable[[str, random.Random], str]


def strip(text: str, _: random.Random) -> str:
    """Take all marks off, as on a phone without a Vietnamese keyboard."""
    return fold(normalise(text))


def typo1(text: str, chance: random.Random) -> str:
    """Put one typing error into one word: a letter lost, doubled, swapped, hit beside, or a Telex left-over."""
    words = text.split(" ")
    places = [place for place, word in enumerate(words) if len(word) > 2 and word.isalpha()]
    if places:
        place = chance.choice(places)
        words[place] = chance.choice((_lose, _double, _swap, _beside, _telex))(words[place], chance)
    return " ".join(words)


def typo2(text: str, chance: random.Random) -> str:
    """Put two typing errors into a question."""
    return typo1(typo1(text, chance), chance)


def teencode(text: str, chance: random.Random) -> str:
    """Write some words as in chats: every word that has a short form, two times in three, and no capital letters."""
    text = f" {normalise(text).lower()} "
    for long, shorts in _short_forms():
        if f" {long} " in text and chance.random() < 2 / 3:
            text = text.replace(f" {long} ", f" {chance.choice(shorts)} ")
    return text.strip()


@cache
def _short_forms() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return what has short forms, the longest first, with those forms."""
    shorts: dict[str, list[str]] = {}
    lexicon = load_lexicon()
    for short, words in lexicon.teencode.items():
        shorts.setdefault(" ".join(words), []).append(short)
    for short, longs in lexicon.abbreviations.items():
        if len(longs) == 1:
            shorts.setdefault(" ".join(longs[0]), []).append(short)
    return tuple((long, tuple(shorts[long])) for long in sorted(shorts, key=lambda phrase: (-len(phrase), phrase)))


NOISES: dict[str, Noise] = {"strip": strip, "typo1": typo1, "typo2": typo2, "teencode": teencode}


def _lose(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    return word[:place] + word[place + 1 :]


def _double(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    return word[:place] + word[place] + word[place:]


def _swap(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def _beside(word: str, chance: random.Random) -> str:
    place = chance.randrange(len(word))
    near = _NEIGHBOURS.get(fold(word[place]), "")
    return word[:place] + chance.choice(near) + word[place + 1 :] if near else _lose(word, chance)


def _telex(word: str, chance: random.Random) -> str:
    keys, tone = "", ""
    for letter in word:
        parts = normalize("NFD", letter)
        tone = next((_TONES[mark] for mark in parts[1:] if mark in _TONES), tone)
        bare = normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
        keys += _TELEX.get(bare, bare)
    return keys + tone if keys + tone != word else _swap(word, chance)
