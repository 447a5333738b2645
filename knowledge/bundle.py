"""One list of papers for several procedures: each paper once, how often it is needed, and by which procedure.

Papers are told apart by name, without what stands in brackets, and by form number; a hand-checked list says which names
mean the same paper. When in doubt two papers stay two: a paper listed twice costs a glance, a paper missing a trip.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from knowledge.procedure import Handling, Procedure, RequiredDocument
from knowledge.vietnamese import fold, normalise

_BRACKETS = re.compile(r"\s*\([^()]*\)")
_APPLICATION = re.compile(
    r"(?:to khai|don|giay de nghi|van ban de nghi|phieu|ban khai|danh sach|van ban uy quyen|giay khai|de nghi)\b"
)
_NAMELESS = {
    "to khai", "to khai dien tu", "don", "don de nghi", "giay de nghi", "van ban de nghi", "phieu de nghi",
    "danh sach", "giay chung nhan da cap", "giay chung nhan", "van ban ve dai dien", "van ban ve viec dai dien",
    "giay to cua chu xe", "ban khai", "ban ke khai",
}  # fmt: skip
"""Names that say nothing without the procedure they belong to."""

_STRICTEST = (Handling.HAND_IN, Handling.SHOW, Handling.LOOKED_UP)


@dataclass(frozen=True, slots=True)
class Need:
    """That one procedure asks for a paper; ``place`` is the procedure's place in the list combined, from 0."""

    place: int
    document: RequiredDocument


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper, for all procedures that ask for it.

    ``originals`` is the largest number that makes sense: an application, a list or an authorisation is written anew for
    each procedure that keeps one, of any other paper there is one original. Copies handed in add up.
    """

    name: str
    form: str | None
    originals: int
    copies: int
    handling: Handling
    needs: tuple[Need, ...]

    @property
    def always(self) -> bool:
        """Whether some procedure asks everybody for it."""
        return any(need.document.condition is None and not need.document.when for need in self.needs)


def combine(records: Sequence[Procedure], same: Iterable[Sequence[str]] = ()) -> tuple[Paper, ...]:
    """Return every paper of ``records`` once: what everybody brings, what some bring, what officials look up.

    ``same`` are groups of names of one paper; the first name of a group is the one shown.
    """
    shown = {_key(name): group[0] for group in same for name in group}
    groups: dict[tuple[str, str, str], list[Need]] = {}
    for place, record in enumerate(records):
        for document in record.documents:
            groups.setdefault(_identity(document, record.code, shown), []).append(Need(place, document))
    papers = [_paper(needs, shown) for needs in _joined(groups).values()]
    return tuple(sorted(papers, key=_order))


def _order(paper: Paper) -> tuple[bool, bool, int]:
    return paper.handling is Handling.LOOKED_UP, not paper.always, _STRICTEST.index(paper.handling)


def _key(name: str) -> str:
    bare = _BRACKETS.sub("", normalise(name)).strip(" .,;:") or normalise(name)
    return " ".join(fold(bare).split())


def _identity(document: RequiredDocument, code: str, shown: dict[str, str]) -> tuple[str, str, str]:
    """Return name, form and, when the name alone says nothing, the procedure."""
    key = _key(document.name)
    key = _key(shown.get(key, key))
    form = fold(normalise(document.form)) if document.form else ""
    return key, form, code if key in _NAMELESS and not form else ""


def _joined(groups: dict[tuple[str, str, str], list[Need]]) -> dict[tuple[str, str, str], list[Need]]:
    """Let a paper without form number join its namesake when only one form of that name is about."""
    forms: dict[str, list[tuple[str, str, str]]] = {}
    for identity in groups:
        if identity[1]:
            forms.setdefault(identity[0], []).append(identity)
    joined: dict[tuple[str, str, str], list[Need]] = {}
    for identity, needs in groups.items():
        others = forms.get(identity[0], [])
        lone = not identity[1] and not identity[2] and len(others) == 1
        joined.setdefault(others[0] if lone else identity, []).extend(needs)
    return joined


def _paper(needs: list[Need], shown: dict[str, str]) -> Paper:
    documents = [need.document for need in needs]
    names = sorted({document.name for document in documents}, key=lambda name: (-len(name), name))
    known = shown.get(_key(names[0]))
    name = known if known and len({_key(each) for each in names}) > 1 else names[0]
    handed = [need for need in needs if need.document.handling is Handling.HAND_IN]
    again = _APPLICATION.match(_key(name)) is not None
    originals = sum(max(need.document.originals for need in each) for each in _by_place(handed))
    copies = sum(max(need.document.copies for need in each) for each in _by_place(handed))
    return Paper(
        name=name,
        form=next((document.form for document in documents if document.form), None),
        originals=max(originals if again else 0, *(document.originals for document in documents)),
        copies=max(copies, *(document.copies for document in documents)),
        handling=min((document.handling for document in documents), key=_STRICTEST.index),
        needs=tuple(needs),
    )


def _by_place(needs: list[Need]) -> list[list[Need]]:
    """Group by procedure; the cases of one procedure exclude each other or share the paper, so they do not add up."""
    places = dict.fromkeys(need.place for need in needs)
    return [[need for need in needs if need.place == place] for place in places]
