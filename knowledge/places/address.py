"""What people type to say where they live, cut into words: "p12 q. Tân Bình, tphcm"."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from knowledge.vietnamese import fold, normalise
from knowledge.vietnamese.keying import decode

LONGEST = 160
MOST_WORDS = 14
COMMUNE_KINDS = {
    "phuong": "Phường", "p": "Phường", "f": "Phường", "xa": "Xã", "x": "Xã", "thi tran": "Thị trấn", "tt": "Thị trấn",
    "dac khu": "Đặc khu",
}  # fmt: skip
DISTRICT_KINDS = {
    "quan": "Quận", "q": "Quận", "huyen": "Huyện", "h": "Huyện", "thi xa": "Thị xã", "tx": "Thị xã",
    "thanh pho": "Thành phố", "tp": "Thành phố",
}  # fmt: skip
PROVINCE_KINDS = {"tinh": "Tỉnh", "t": "Tỉnh", "thanh pho": "Thành phố", "tp": "Thành phố"}
_FILLERS = frozenset({
    "toi", "minh", "em", "anh", "chi", "chau", "con", "bac", "co", "chu", "nha", "hien", "nay", "dang", "dinh",
    "song", "o", "tai", "thuong", "tru", "tam", "noi", "dia", "que", "la", "thuoc", "ub", "ubnd",
})  # fmt: skip
_STREET = frozenset({
    "so", "duong", "pho", "ngo", "ngach", "hem", "kiet", "thon", "ap", "khu", "to", "xom", "ban", "khom", "toa",
    "chung", "cu", "lo", "block",
})  # fmt: skip
_DISTRICT_STARTS = ("quan", "q", "huyen", "h")
_WORD = re.compile(r"[^\W_]+")
_BOUNDARY = re.compile(r"[,;\n/|()]+")
_NUMBERED = re.compile(r"(p|f|q|phuong|quan)(\d{1,2})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Word:
    """One word as said, in lower case, and without marks; ``ends`` when a comma follows."""

    said: str
    bare: str
    ends: bool = False


def read(text: str, syllables: Collection[str], nicknames: Collection[str]) -> list[Word]:
    """Cut an address into words: numbers taken off their kind ("q1"), Telex and VNI keys decoded where that helps."""
    words: list[Word] = []
    for clause in _BOUNDARY.split(text[:LONGEST]):
        cut = [part for said in pieces(normalise(clause).lower()) for part in _parts(said, syllables, nicknames)]
        if cut:
            words += [Word(said, fold(said)) for said in cut[:-1]] + [Word(cut[-1], fold(cut[-1]), True)]
    return words[:MOST_WORDS]


def pieces(text: str) -> list[str]:
    """Return the runs of letters and digits ("M'gar" is two)."""
    return _WORD.findall(text)


def _parts(said: str, syllables: Collection[str], nicknames: Collection[str]) -> tuple[str, ...]:
    bare = fold(said)
    numbered = _NUMBERED.fullmatch(bare)
    if numbered:
        return numbered[1], numbered[2]
    if bare.startswith("tp") and bare[2:] in nicknames:
        return "tp", bare[2:]
    if bare not in syllables and not bare.isdigit():
        decoded = decode(said)
        if decoded and fold(decoded) in syllables:
            return (decoded,)
    return (said,)


def starts(words: list[Word]) -> dict[int, bool]:
    """Return where the name may begin, with whether what stands before is plainly no part of it."""
    found = {0: True}
    idle = True
    clause = 0
    for at, word in enumerate(words):
        if idle and word.bare in _FILLERS:
            found[at + 1] = True
        else:
            idle = False
        if at and _kind_starts(words, at):
            found.setdefault(at, _street(words[clause:at]) or idle)
        if at and word.bare in _DISTRICT_STARTS:
            found.setdefault(at, False)
        if word.ends:
            clause = at + 1
            found.setdefault(clause, _street(words[:clause]))
    found.pop(len(words), None)
    return found


def _kind_starts(words: list[Word], at: int) -> bool:
    """Say whether the kind of a commune stands at this word; the "xã" of "thị xã" is none."""
    kind, rest = apart(words[at:], COMMUNE_KINDS)
    return bool(kind and rest) and not (words[at].bare == "xa" and words[at - 1].bare == "thi")


def _street(words: list[Word]) -> bool:
    return bool(words) and (words[0].bare[:1].isdigit() or words[0].bare in _STREET)


def apart(words: list[Word], kinds: dict[str, str]) -> tuple[str, list[Word]]:
    """Return the kind said in front ("Phường", or an empty text) and the words of the name."""
    for length in (2, 1):
        kind = kinds.get(" ".join(word.bare for word in words[:length]))
        if kind and len(words) > length:
            return kind, words[length:]
    return "", words
