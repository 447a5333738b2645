"""Lists of phrases in plain text files, and whether a text holds one of them.

A file has groups, ``[name]`` on a line of its own, and below it phrases separated by ``|``; ``#`` begins a comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import resources

from knowledge.vietnamese import fold, normalise

Phrase = tuple[str, ...]
"""One phrase as its words, composed and in lower case."""

_WORD = re.compile(r"[^\W_]+")
_GROUP = re.compile(r"^\[([\w-]+)\]\n([^\[]+)", re.MULTILINE)


def words(text: str) -> list[str]:
    """Return the words of a text, composed and in lower case."""
    return _WORD.findall(normalise(text).lower())


def groups(name: str) -> dict[str, list[Phrase]]:
    """Read the phrases of a file of this package by group."""
    text = (resources.files("bot.dialogue") / name).read_text(encoding="utf-8")
    return {
        found[1]: [tuple(normalise(entry).lower().split()) for entry in found[2].split("|") if entry.strip()]
        for found in _GROUP.finditer(text)
    }


def bare(phrase: Phrase) -> Phrase:
    """Return a phrase without marks."""
    return tuple(map(fold, phrase))


class Phrases:
    """Phrases looked for anywhere in a text; a text typed without any mark is compared without marks."""

    def __init__(self, entries: Iterable[Phrase]) -> None:
        self._spelt = [" ".join(entry) for entry in entries]
        self._bare = [fold(entry) for entry in self._spelt]

    def within(self, text: str) -> bool:
        """Say whether a phrase stands in ``text``, at the borders of words."""
        said = f" {' '.join(words(text))} "
        return any(f" {entry} " in said for entry in (self._bare if said.isascii() else self._spelt))
