"""What makes a procedure a special case of another: modifiers in titles, level twins, provincial copies.

A base procedure ("đăng ký khai sinh") must win over its rare variants (lưu động, có yếu tố nước ngoài) unless the
question names the variant. Twins are one act announced at several levels or by several provinces; a reader needs one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from knowledge.errors import LexiconError
from knowledge.matching.memory import Ints
from knowledge.vietnamese.lexicon import FOLDER
from knowledge.vietnamese.normal import fold, normalise
from knowledge.vietnamese.tokens import folded_words, words

Bools = npt.NDArray[np.bool_]

_LINKING = (
    *("thủ", "tục", "có", "yếu", "tố", "cho", "đối", "với", "tại", "ở", "khu", "vực", "trong", "trường", "hợp"),
    *("thực", "hiện", "cấp", "tỉnh", "xã", "trung", "ương", "bộ", "việt", "nam", "người", "các", "và", "đăng", "ký"),
)
"""Words that tie special cases to what a title is about, or that siblings have or have not."""

_ALIKE = 0.7
_FEWEST_COMMON = 3
_SPEAKING = range(2, 16)  # words that say enough to choose by, and not too much for a button
_PREFIX = re.compile(r"^(thu tuc|tthc)\b[:\s]*")
_LEVEL_NOTE = re.compile(
    r"\(?\s*(?:o |tai |thuc hien )*(?:tai )?(?:o )?(cap (?:xa|tinh|bo|trung uong|huyen)|trung uong)\s*\)?"
    r"|\((?:tinh|thanh pho) [^)]*\)|tren dia ban tinh .*$"
)


class Modifiers:
    """Phrases that mark a special case, each with the ways in which people ask for it.

    Marks tell words apart: "đối với" is no "đổi", "rồi" no "rơi". Words typed without marks may be either.
    """

    def __init__(self, ways: Sequence[tuple[str, ...]]) -> None:
        """Take one tuple per modifier: the phrase as titles have it first, then other ways to ask for it."""
        self._phrases = [way[0] for way in ways]
        self._longest_first = sorted(self._phrases, key=len, reverse=True)
        self._of_title: dict[str, bytes] = {}
        self._stem_of: dict[str, frozenset[str]] = {}
        self._asked_by: dict[str, list[tuple[list[str], list[str], int]]] = {}
        for number, phrases in enumerate(ways):
            for phrase in phrases:
                bare = fold(phrase).split()
                self._asked_by.setdefault(bare[0], []).append((bare, phrase.split(), number))

    def of_titles(self, titles: Sequence[str]) -> Bools:
        """Return which modifiers each title has: one row per title, one column per modifier."""
        known = self._of_title
        found = [known[title] if title in known else self._read(title) for title in titles]
        self._of_title = dict(zip(titles, found, strict=True))  # titles seldom change, and there are thousands
        return np.frombuffer(b"".join(found), bool).reshape(len(titles), len(self._phrases))

    def _read(self, title: str) -> bytes:
        padded = f" {' '.join(words(title))} "
        return bytes(f" {phrase} " in padded for phrase in self._phrases)

    def stems(self, titles: Sequence[str]) -> Ints:
        """Return a number for what each title is about when its special cases are left out; 0 for nothing.

        Equal numbers are siblings: "đăng ký giám hộ" and "đăng ký chấm dứt giám hộ có yếu tố nước ngoài".
        """
        known = self._stem_of
        found = [known[title] if title in known else self._stem(title) for title in titles]
        self._stem_of = dict(zip(titles, found, strict=True))
        numbers: dict[frozenset[str], int] = {frozenset(): 0}
        return np.array([numbers.setdefault(stem, len(numbers)) for stem in found], np.int32)

    def _stem(self, title: str) -> frozenset[str]:
        padded = f" {' '.join(words(title))} "
        for phrase in self._longest_first:
            padded = padded.replace(f" {phrase} ", " ")
        return frozenset(padded.split()).difference(_LINKING)

    def asked(self, said: list[str], folded: list[str]) -> Bools:
        """Return which modifiers the words of a question ask for, given as ``said`` and without marks."""
        found = np.zeros(len(self._phrases), bool)
        for place, word in enumerate(folded):
            for bare, written, number in self._asked_by.get(word, ()):
                end = place + len(bare)
                if folded[place:end] == bare and all(map(_may_be, said[place:end], written)):
                    found[number] = True
        return found


def _may_be(said: str, written: str) -> bool:
    return said == written or said.isascii()


def load_modifiers(path: Path = FOLDER / "modifiers.txt") -> Modifiers:
    """Read the modifier list; raise ``LexiconError`` when the file cannot be read."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LexiconError(f"Không đọc được {path.name}: {error}") from error
    found = []
    for line in lines:
        phrase, _, asked = normalise(line).lower().partition("=")
        if phrase.strip() and not line.startswith("#"):
            ways = (phrase.strip(), *(way.strip() for way in asked.split("|") if way.strip()))
            found.append(tuple(dict.fromkeys(ways)))
    return Modifiers(found)


@lru_cache(maxsize=20_000)
def twin_key(title: str) -> str:
    """Return the act a title names, without "Thủ tục", level and province: equal keys are twins."""
    text = _LEVEL_NOTE.sub(" ", _PREFIX.sub("", fold(normalise(title))))
    return " ".join(folded_words(text))


Title = tuple[list[str], list[str]]
"""A title's words as written, and the same words folded."""


def title_words(title: str) -> Title:
    """Cut a title into words for ``tell_apart``."""
    said = normalise(title.replace("(", " ( ").replace(")", " ) "))
    return said.split(), [word.strip(",.;:") for word in fold(said).split()]


def alike(keys: Sequence[Sequence[str]]) -> bool:
    """Say whether titles, as folded words, are nearly the same: variants of one act."""
    shared = set(keys[0]).intersection(*keys[1:])
    return len(shared) >= _ALIKE * min(len(set(key)) for key in keys)


def tell_apart(titles: Sequence[Title]) -> tuple[str, ...] | None:
    """Return, for titles that are nearly the same, the words that set each apart ("" for one with nothing of its own).

    None when the titles differ too much for one question to tell them apart.
    """
    keys = [key for _, key in titles]
    shortest = min(map(len, keys), default=0)
    if len(titles) < 2 or not shortest:
        return None
    if not alike(keys):
        return None
    start = _common(keys)
    end = min(_common([key[::-1] for key in keys]), shortest - start)
    if start + end < _FEWEST_COMMON:
        return None
    rest = [title[start : len(title) - end] for title, _ in titles]
    if not all(part == [] or len(part) in _SPEAKING for part in rest) or rest.count([]) > 1:
        return None
    return tuple(" ".join(part).strip(" ,.;:-()").replace("( ", "(").replace(" )", ")") for part in rest)


def _common(keys: Sequence[list[str]]) -> int:
    """Return how many words all begin with."""
    count = 0
    for column in zip(*keys, strict=False):
        if len(set(column)) > 1:
            break
        count += 1
    return count
