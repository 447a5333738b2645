"""Named choices: how they are shown, and how a person picks one by typing."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.dialogue import markup
from bot.dialogue.action import Action, Verb
from bot.dialogue.turn import Button
from knowledge.procedure import Procedure
from knowledge.vietnamese import fold, normalise

PLAIN_CASE = "Trường hợp thông thường"
LABEL = 44
"""Characters of a button's label that a small phone still shows."""

_LEAD = r"(?:(?:toi|em|minh|chi|anh|bac|co|chau|cho|hay|xin|chon|lay|bam|la|thi|ok|vang|da|u|y|muon|xem) )*"
_NOUN = r"(?:(?:cai|muc|so|dong|lua chon|phuong an|thu tuc|truong hop|nut|y|dap an|thu) )*"
_TAIL = r"(?: (?:di|nhe|nha|nhe em|a|ha|do|day|ay|thoi|em|ban|giup|giup toi|giup em|voi))*"
_WORDS = {
    "mot": 1, "nhat": 1, "dau": 1, "dau tien": 1, "hai": 2, "nhi": 2, "ba": 3, "bon": 4, "tu": 4,
    "cuoi": -1, "cuoi cung": -1, "sau cung": -1,
}  # fmt: skip
_PICK = re.compile(
    rf"{_LEAD}{_NOUN}(?P<number>[1-9]|{'|'.join(sorted(_WORDS, key=len, reverse=True))}){_TAIL}", re.ASCII
)
_NOISE = re.compile(r"[^\w\s]")


def siblings(choices: Sequence[Procedure]) -> bool:
    """Say whether the choices are variants of one procedure, so that only what sets them apart need be named."""
    return len(choices) > 1 and choices[0].family is not None and len({each.family for each in choices}) == 1


def everyday(procedure: Procedure) -> str:
    """Return the official name when it fits a button, else the first name that people use for the procedure."""
    official = markup.title(procedure)
    if len(official) <= LABEL or not procedure.names:
        return official
    return markup.capital(markup.clip(procedure.names[0], 80))


def labels(choices: Sequence[Procedure], by_variant: bool = False) -> list[str]:
    """Return one label per choice, no two alike: the variant's words, or the name."""
    said = [
        markup.capital(markup.clip(each.variant or PLAIN_CASE, 120)) if by_variant else everyday(each)
        for each in choices
    ]
    return [
        text if said.count(text) == 1 else f"{markup.clip(text, 100)} ({procedure.code})"
        for text, procedure in zip(said, choices, strict=True)
    ]


def listed(
    choices: Sequence[Procedure], verb: Verb = Verb.SHOW, start: int = 1, by_variant: bool | None = None
) -> tuple[str, tuple[tuple[Button, ...], ...]]:
    """Return the choices as a numbered text (empty when the buttons say it all) and as one button a row."""
    if by_variant is None:
        by_variant = verb is Verb.PICK and siblings(choices)
    full = labels(choices, by_variant)
    short = [markup.clip(text, LABEL) for text in full]
    told = [markup.escape(text) for text in full]
    if not by_variant:
        told = [_with_official(*each) for each in zip(full, choices, strict=True)]
    says_more = told != [markup.escape(text) for text in short]
    body = "\n".join(f"{n}. {line}" for n, line in enumerate(told, start)) if says_more else ""
    rows = tuple(
        (Button(f"{n}. {text}", Action(verb, procedure.code).payload()),)
        for n, (procedure, text) in enumerate(zip(choices, short, strict=True), start)
    )
    return body, rows


def _with_official(name: str, procedure: Procedure) -> str:
    official = markup.title(procedure, 100)
    return markup.escape(name) if name == official else f"{markup.bold(name)}: {markup.italic(official)}"


def picked(text: str, count: int) -> int | None:
    """Return which of ``count`` choices a text picks, from 0; None when it picks none.

    ``"2"``, ``"số 2"``, ``"cái thứ hai"``, ``"so 3 nhe"``, ``"cái cuối cùng"``; a number with no choice of its own
    returns ``count``, so that the person can be told.
    """
    said = " ".join(_NOISE.sub(" ", fold(normalise(text))).split())
    found = _PICK.fullmatch(said)
    if found is None or count == 0:
        return None
    number = _WORDS[found["number"]] if found["number"] in _WORDS else int(found["number"])
    if number == -1:
        return count - 1
    return min(number - 1, count)


def named(text: str, choices: Sequence[Procedure]) -> int | None:
    """Return the one choice whose label holds every word of ``text``; None when none or several do."""
    words = set(_NOISE.sub(" ", fold(normalise(text))).split())
    if not words:
        return None
    said = [f"{label} {markup.title(each)}" for label, each in zip(labels(choices), choices, strict=True)]
    if siblings(choices):
        said = labels(choices, by_variant=True)
    held = [words <= set(_NOISE.sub(" ", fold(text)).split()) for text in said]
    return held.index(True) if held.count(True) == 1 else None
