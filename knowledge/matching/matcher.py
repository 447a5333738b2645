"""The matcher: one question in, one verdict out."""

from __future__ import annotations

from rapidfuzz import fuzz, process

from knowledge.catalogue import Catalogue
from knowledge.matching.match import Candidate, Match, Outcome
from knowledge.vietnamese import fold, normalise


class Matcher:
    """Matches questions against one catalogue release. Immutable after building; safe to share between threads."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._codes = list(catalogue.procedures)
        self._names = [fold(" ; ".join((p.name, *p.names))) for p in catalogue.procedures.values()]

    def match(self, question: str, rejected: tuple[str, ...] = ()) -> Match:
        """Say which procedure ``question`` means; never one of the codes in ``rejected``."""
        found = process.extract(fold(normalise(question)), self._names, scorer=fuzz.token_set_ratio, limit=10)
        ranked = tuple(Candidate(self._codes[i], s / 100) for _, s, i in found if self._codes[i] not in rejected)
        if not ranked or ranked[0].confidence < 0.5:
            return Match(Outcome.UNKNOWN, ranked)
        if ranked[0].confidence > 0.8:
            return Match(Outcome.ANSWER, ranked)
        return Match(Outcome.OFFER, ranked, tuple(c.code for c in ranked[:4]))
