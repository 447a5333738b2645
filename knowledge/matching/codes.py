"""Questions that name procedures by their codes: whole, or the part of one that somebody remembers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from knowledge.matching.decide import CHOICES
from knowledge.matching.match import RANKED, Candidate, Facet, Match, Outcome
from knowledge.matching.question import Question

CODE_PART = re.compile(r"\D{0,12}?(\d\.\d{3,5}|\d{5,6})\D{0,3}")
"""A message that is part of a code: its end without the first digit ("001193"), or its beginning ("1.00119")."""


def by_code(
    text: str, question: Question, names: Mapping[str, str], undescribed: Mapping[str, str], rejected: Collection[str]
) -> Match | None:
    """Return the procedures whose codes ``text``, read as ``question``, says; None when it says none that we know.

    ``names`` are those we answer from, ``undescribed`` those we know by name only, both by code.
    """
    codes, facets = dict.fromkeys(question.codes), question.facets
    named = tuple(code for code in codes if code in names and code not in rejected)[:RANKED]
    if named:
        return _named(named, facets)
    part = CODE_PART.fullmatch(text.strip()[:40]) if not codes else None
    if part:
        whole = tuple(code for code in names if _has_part(code, part.group(1)) and code not in rejected)
        if 0 < len(whole) <= CHOICES:
            return _named(whole, facets)
    missing = next((code for code in codes if code in undescribed and code not in rejected), None)
    return Match(Outcome.UNKNOWN, facets=facets, elsewhere=(missing, undescribed[missing])) if missing else None


def _named(codes: tuple[str, ...], facets: tuple[Facet, ...]) -> Match:
    outcome = Outcome.ANSWER if len(codes) == 1 else Outcome.OFFER
    return Match(outcome, tuple(Candidate(code, 1.0 / len(codes)) for code in codes), codes[:CHOICES], facets)


def _has_part(code: str, part: str) -> bool:
    return code.startswith(part) if "." in part else code.endswith(part)
