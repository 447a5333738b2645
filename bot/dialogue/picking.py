"""How a person picks from named choices by typing: by number, by words of a label, several at once."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.dialogue import choice, markup
from knowledge.procedure import Procedure
from knowledge.vietnamese import fold, normalise

_LEAD = (
    r"(?:(?:toi|em|minh|chi|anh|bac|co|chau|cho|hay|xin|chon|lay|bam|la|thi|ok|vang|da|u|y|muon|xem|con|the|vay|coi) )*"
)
_NOUN = r"(?:(?:cai|muc|so|dong|lua chon|phuong an|thu tuc|truong hop|nut|y|dap an|thu|viec) )*"
_TAIL = r"(?: (?:di|nhe|nha|a|ha|do|day|ay|thoi|em|ban|giup|giup toi|voi|thi sao|thi the nao|nghe|ne|hen))*"
_WORDS = {
    "một": 1, "nhất": 1, "đầu": 1, "đầu tiên": 1, "trên cùng": 1, "hai": 2, "nhì": 2, "nhị": 2, "ba": 3, "bốn": 4,
    "tư": 4, "cuối": -1, "cuối cùng": -1, "sau cùng": -1, "dưới cùng": -1, "chót": -1,
}  # fmt: skip
_FOLDED = {fold(word): number for word, number in _WORDS.items()}
_SPELLED = _WORDS | _FOLDED
_NUMBER = rf"[1-9]|{'|'.join(sorted(_FOLDED, key=len, reverse=True))}"
_PICK = re.compile(rf"{_LEAD}{_NOUN}(?P<number>{_NUMBER}){_TAIL}", re.ASCII)
_ALL = ("tất cả", "toàn bộ", "xem hết", "lấy hết")
_MOST_WORDS = 12
_BESIDE = {
    "và", "với", "cùng", "rồi", "cả", "tất", "hết", "toàn", "bộ", "mọi", "luôn", "đều", "cần", "này", "cái", "mục",
    "số", "việc", "thủ", "tục", "trường", "hợp", "tôi", "em", "mình", "chị", "anh", "cho", "xem", "lấy", "chọn", "muốn",
    "nhé", "nha", "đi", "giúp", "ơi", "thứ", "hỏi", "làm", "dạ", "ok", "vâng", "tui", "con", "cháu", "phải", "các", "ạ",
}  # fmt: skip
_BESIDE |= set(map(fold, _BESIDE))
_SHORT_NUMBER = re.compile(r"\W*\d{1,2}\W*")
_NOISE = re.compile(r"[^\w\s]")
_COPIES = re.compile(r"\bbản\b|\b(?:[1-9]|mot|hai|ba|bon) ban\b")
"""A number of copies ("2 bản"), which picks nothing."""

_EMPTY = {
    "cua", "la", "cho", "o", "bi", "thi", "ma", "loai", "truong", "hop", "co", "toi", "em", "minh", "chau", "con", "a",
    "nhe", "nha", "di",
}  # fmt: skip
"""Words, without their marks, that tell no choice from another."""


def picks(text: str) -> bool:
    """Say whether a text does nothing but pick from a list, whether or not there is one."""
    return picked(text, 9) is not None or bool(several(text, 9)) or _SHORT_NUMBER.fullmatch(normalise(text)) is not None


def picked(text: str, count: int) -> int | None:
    """Return which of ``count`` choices a text picks, from 0; None when it picks none.

    ``"2"``, ``"số 2"``, ``"cái thứ hai"``, ``"so 3 nhe"``, ``"cái cuối cùng"``; a number with no choice of its own
    returns ``count``, so that the person can be told. A word that only without its marks is a number ("bà") is none.
    """
    words = _words(text)
    found = _PICK.fullmatch(fold(" ".join(words))) if len(words) <= _MOST_WORDS else None
    if found is None or count == 0:
        return None
    number = _number(words, found["number"], found.start("number"))
    if number is None or _COPIES.search(" ".join(words)):
        return None
    return count - 1 if number == -1 else min(number - 1, count)


def several(text: str, count: int) -> tuple[int, ...]:
    """Return which of ``count`` choices a text wants one after the other ("cả hai", "1 và 3"); empty when none do."""
    words = _words(text)
    numbers = [_value(word) for word in words]
    others = {word for n, word in zip(numbers, words, strict=True) if not n}
    if count < 2 or not others <= _BESIDE:
        return ()
    places = [n - 1 for n in numbers if n and n <= count]
    if _says(words, "cả") and places and places[-1]:
        return tuple(range(places[-1] + 1))
    if any(_says(words, said) for said in _ALL):
        return tuple(range(count))
    return tuple(dict.fromkeys(places)) if len(set(places)) > 1 else ()


def _says(words: list[str], phrase: str) -> bool:
    said = f" {' '.join(words)} "
    return f" {phrase} " in said or f" {fold(phrase)} " in said


def _value(word: str) -> int:
    """Return the number one word stands for, 0 when it is none."""
    return int(word) if word in set("123456789") else max(0, _SPELLED.get(word, 0))


def _words(text: str) -> list[str]:
    return _NOISE.sub(" ", normalise(text).lower()).split()


def _number(words: list[str], folded: str, start: int) -> int | None:
    """Return the number a word stands for; None when it is spelled with marks that make it another word."""
    if folded.isdigit():
        return int(folded)
    first = fold(" ".join(words))[:start].count(" ")
    return _SPELLED.get(" ".join(words[first : first + folded.count(" ") + 1]))


def named(text: str, choices: Sequence[Procedure], names: Sequence[str] = ()) -> int | None:
    """Return the one choice whose label holds every telling word of ``text``; None when none or several do."""
    words = set(_words(fold(text))) - _EMPTY
    if not words:
        return None
    if len(choices) == 1 and choices[0].variant:
        said = [choices[0].variant]
    elif choice.siblings(choices):
        said = choice.labels(choices, by_variant=True)
    else:
        titled = zip(choice.labels(choices, names=names), choices, strict=True)
        said = [f"{label} {choice.everyday(each)} {markup.title(each)}" for label, each in titled]
    exact = [_words(fold(label)) == _words(fold(text)) for label in (names or said)]
    if exact.count(True) == 1:
        return exact.index(True)
    held = [words <= set(_words(fold(label))) for label in said]
    return held.index(True) if held.count(True) == 1 else None
