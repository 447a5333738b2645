"""The matcher: one question in, one verdict out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from time import perf_counter

import numpy as np

from knowledge.errors import ModelError
from knowledge.matching.codes import by_code
from knowledge.matching.condition import CONTRADICTED, DOUBTED, AgeLimits
from knowledge.matching.decide import CHOICES, OUTSIDE, SIGNALS, UNFIT, Grouping, group_twins, signals
from knowledge.matching.entry import Entries, Entry, outside_entry
from knowledge.matching.family import Modifiers, alike, load_modifiers, tell_apart, title_words, twin_key
from knowledge.matching.index import Index
from knowledge.matching.match import RANKED, Candidate, Match, Outcome
from knowledge.matching.model import Model, load_model
from knowledge.matching.question import FACET_WEIGHT, LONGEST_QUESTION, Question, Reader, parts, points_back
from knowledge.matching.rank import FEATURES, OUTDONE, Ranker, Ranking
from knowledge.names import load_names
from knowledge.outside import load_outside
from knowledge.phrases import PhraseBook, load_phrases
from knowledge.procedure import Procedure
from knowledge.vietnamese.compounds import load_compounds
from knowledge.vietnamese.lexicon import Lexicon, load_lexicon
from knowledge.vietnamese.marks import Marks, load_marks
from knowledge.vietnamese.spelling import Speller, load_syllables

ASK_CASE = "Anh/chị thuộc trường hợp nào?"
ASK_SEVERAL = "Anh/chị hỏi mấy việc một lúc. Mình xem việc nào trước ạ?"
PLAIN_CASE = "Trường hợp thông thường"

CERTAIN = 0.99
"""Confidence in an act whose official name was said and nothing else."""

LEAST_NAMED = 0.4
"""Probability from which a procedure that we have no record of is named as the one meant."""

LEAST_OFFERED = 0.15
"""Probability that the choices we have records of must hold together to be worth offering."""

LEAST_MASS = 1.0
"""Weight of known words below which nothing was said that could be matched."""

SURE_DESPITE_POINTING = 0.99
_NEARLY_ALL = 0.9


@dataclass(frozen=True, slots=True)
class Reading:
    """All that was found out about one question, for explaining and for training.

    ``exact`` says that the question is the official name of one act and nothing else; that act then leads ``grouping``.
    """

    question: Question
    ranking: Ranking
    grouping: Grouping
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Lists:
    """What a matcher knows beside the procedures: words, phrases, names, topics that are no procedure."""

    entries: Entries
    outside: Sequence[Entry]
    lexicon: Lexicon
    compounds: frozenset[str]
    syllables: frozenset[str]
    marks: Marks
    modifiers: Modifiers

    @classmethod
    def load(cls, phrases: PhraseBook | None) -> Lists:
        """Read all lists, or all but the phrases; raise ``KnowledgeError`` when one is unusable."""
        book = load_phrases() if phrases is None else phrases
        lists = load_compounds(), load_syllables(), load_marks(), load_modifiers()
        outside = [outside_entry(topic, said) for topic, said in load_outside().items()]
        return cls(Entries(book, load_names()), outside, load_lexicon(), *lists)


class Matcher:
    """Matches questions against one catalogue release. Immutable after building; safe to share between threads.

    ``names`` maps the codes it knows to official names; ``codes`` are those indexed, in order, empty for what is no
    procedure; ``twins`` holds a key for each (equal keys are one act); ``built_in`` is the time of indexing in seconds.
    """

    def __init__(
        self,
        procedures: Iterable[Procedure],
        phrases: PhraseBook | None = None,
        model: Model | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        """Build the index; raise ``KnowledgeError`` when a word list, the phrase book or the model is unusable.

        ``procedures`` are read once and not kept, so that a whole catalogue can be streamed in. ``today`` tells the day
        from which the age of who names a year of birth is counted.
        """
        self._today = today
        self._model = model or load_model()
        judges = (self._model.first, self._model.choices)
        if self._model.features != FEATURES or any(judge.signals != SIGNALS for judge in judges):
            raise ModelError("Mô hình không khớp với chương trình; hãy chạy: python -m knowledge train")
        self._lists = Lists.load(phrases)
        self._build(*self._lists.entries.gather(procedures), None)

    def renewed(self, procedures: Iterable[Procedure]) -> Matcher:
        """Return a matcher for other procedures with the same word lists; quick when most are the same.

        It gives the replies that one built from nothing would give: this very one when nothing that it reads differs.
        """
        entries, names = self._lists.entries.gather(procedures)
        if entries == self._entries and list(names.items()) == list(self.names.items()):
            return self
        other = object.__new__(Matcher)
        other._model, other._lists, other._today = self._model, self._lists, self._today
        other._build(entries, names, self)
        return other

    def _build(self, entries: list[Entry], names: dict[str, str], before: Matcher | None) -> None:
        lists = self._lists
        self._entries, self.names = entries, names
        self._undescribed = {entry.code: entry.name for entry in entries if not entry.described}
        start = perf_counter()
        entries = [*entries, *lists.outside]
        self._index: Index = Index(entries, lists.lexicon, lists.compounds, before._index.memory if before else None)
        words, pairs = self._index.words(), self._index.pairs
        syllables = lists.syllables
        self._speller: Speller = before._speller.renewed(words, pairs) if before else Speller(syllables, words, pairs)
        self._reader = Reader(lists.lexicon, self._speller, lists.marks, lists.compounds)
        weights = np.array(self._model.weights, np.float32)
        self._ranker = Ranker(self._index, entries, lists.modifiers, weights)
        self._limits = AgeLimits([entry.name for entry in entries], self._today())
        self.codes = self._index.codes
        self.twins = [OUTSIDE if entry.outside else twin_key(entry.name) for entry in entries]
        self._place = {entry.code: place for place, entry in enumerate(entries)}
        self.built_in = perf_counter() - start

    def match(self, question: str, rejected: Sequence[str] = ()) -> Match:
        """Say which procedure ``question`` means; never one of the codes in ``rejected``."""
        reading = self.read(question)
        named = by_code(question, reading.question, self.names, self._undescribed, rejected)
        if named is not None:
            return named
        if not reading.grouping.groups:
            return Match(Outcome.UNKNOWN, facets=reading.question.facets)
        match = self._decide(reading, frozenset(rejected))
        return match if rejected else self._several(question, match)

    def read(self, question: str) -> Reading:
        """Read and rank ``question`` without deciding."""
        read = self._reader.read(question)
        ranking = self._ranker.rank(read)
        against = self._limits.against(question[:LONGEST_QUESTION], ranking.places.tolist(), self._today())
        if against:
            ranking = ranking.doubted(against, CONTRADICTED)
        grouping = group_twins(ranking, self.twins)
        said = " ".join(word.folded for word in read.words if word.weight > FACET_WEIGHT)
        for group in grouping.groups:
            if self.twins[int(ranking.places[group.rows[0]])] == said:
                first = replace(group, share=max(group.share, CERTAIN))
                rest = (other for other in grouping.groups if other is not group)
                return Reading(read, ranking, replace(grouping, groups=(first, *rest)), exact=True)
        return Reading(read, ranking, grouping)

    def _several(self, question: str, match: Match) -> Match:
        """Offer one procedure for each separate request of a message, when each is clear and they differ."""
        requests = [self._decide(self.read(part), frozenset()) for part in parts(question)]
        firsts = [request.candidates[0] for request in requests if request.outcome is Outcome.ANSWER]
        wanted = {self.twins[self._place[c.code]]: c for c in firsts}
        if len(wanted) < 2:
            return match
        ranked = (*wanted.values(), *(c for c in match.candidates if c.code not in {w.code for w in wanted.values()}))
        choices = tuple(candidate.code for candidate in wanted.values())
        return replace(
            match,
            outcome=Outcome.OFFER,
            candidates=ranked[:RANKED],
            choices=choices,
            ask=ASK_SEVERAL,
            labels=tuple(self.names[code] for code in choices),
        )

    def _decide(self, reading: Reading, rejected: frozenset[str]) -> Match:
        question, ranking = reading.question, reading.ranking
        if not reading.grouping.groups:
            return Match(Outcome.UNKNOWN, facets=question.facets)
        values = signals(ranking, reading.grouping, question)
        first, among = self._model.first.probability(values), self._model.choices.probability(values)
        first = min(first, self._most(reading))
        if reading.exact and not rejected:
            first = max(first, CERTAIN)
        among = max(first, among)
        wanted = RANKED + len(rejected)
        found = [c for c in self._candidates(reading, first, among, wanted) if c.code not in rejected]
        ranked = tuple(c for c in found if c.code not in self._undescribed)[:RANKED]
        match = Match(Outcome.UNKNOWN, ranked, facets=question.facets)
        asks_only = bool(question.facets) and all(word.weight <= FACET_WEIGHT for word in question.words)
        if asks_only or (first < SURE_DESPITE_POINTING and points_back(question)):
            return replace(match, bare=True)
        if ranking.mass < LEAST_MASS or among < self._model.offer_from or not found:
            return match
        if found[0].code in self._undescribed and first >= LEAST_NAMED:
            match = replace(match, elsewhere=(found[0].code, self._undescribed[found[0].code]))
        if first >= self._model.answer_from and not rejected:
            return match if match.elsewhere else replace(match, outcome=Outcome.ANSWER)
        choices, labels = self._choices([c for c in found[:CHOICES] if c.code not in self._undescribed])
        believed = sum(candidate.confidence for candidate in ranked if candidate.code in choices)
        if not choices or (believed < LEAST_OFFERED and not rejected):
            return match
        return replace(match, outcome=Outcome.OFFER, choices=choices, ask=ASK_CASE if labels else None, labels=labels)

    def _most(self, reading: Reading) -> float:
        """Return the highest confidence that the first act may have, whatever the judge says."""
        if self._contradicts(reading):
            return DOUBTED
        outdone = reading.ranking.features[reading.grouping.groups[0].rows[0], OUTDONE] > 0
        return UNFIT if outdone or _only_guessed(reading.question) else 1.0

    def _contradicts(self, reading: Reading) -> bool:
        """Say whether the question contradicts the first act, or one unlike it that would have come first."""
        ranking, rows = reading.ranking, reading.grouping.groups[0].rows
        if ranking.doubt is None:
            return False
        led = int(np.argmax(ranking.scores + ranking.doubt))
        if not ranking.doubt[led]:
            return False
        titles = [title_words(self._entries[int(ranking.places[row])].name)[1] for row in (led, rows[0])]
        return led in rows or not alike(titles)

    def _choices(self, ranked: Sequence[Candidate]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the codes to offer and, when they are variants of one act, what sets each apart.

        Variants that hold nearly all the probability are offered alone: one question instead of a list of look-alikes.
        """
        offered = ranked[:CHOICES]
        titles = [title_words(self.names[candidate.code]) for candidate in offered]
        total = sum(candidate.confidence for candidate in offered)
        for count in range(len(offered), 1, -1):
            held = sum(candidate.confidence for candidate in offered[:count])
            if held < _NEARLY_ALL * total:
                break
            labels = tell_apart(titles[:count])
            if labels:
                return tuple(c.code for c in offered[:count]), tuple(label or PLAIN_CASE for label in labels)
        return tuple(candidate.code for candidate in offered), ()

    def _candidates(self, reading: Reading, first: float, among: float, wanted: int) -> Iterable[Candidate]:
        """Yield one procedure per act; the first has ``first``, the others share what is left of ``among``."""
        rest = sum(group.share for group in reading.grouping.groups[1:CHOICES]) or 1.0
        for number, group in enumerate(reading.grouping.groups[:wanted]):
            row = group.rows[0]
            confidence = first if number == 0 else min(first, (among - first) * group.share / rest)
            code = self._index.codes[int(reading.ranking.places[row])]
            features = reading.ranking.features[row].tolist()
            yield Candidate(code, confidence, dict(zip(FEATURES, features, strict=True)))

    def contributions(self, reading: Reading, first: int = 3) -> dict[str, dict[str, float]]:
        """Return, for the best ``first`` procedures, what each feature added to the score, largest first."""
        found = {}
        for row, place in enumerate(reading.ranking.places[:first].tolist()):
            added = zip(FEATURES, self._model.weights, reading.ranking.features[row].tolist(), strict=True)
            parts = {name: round(weight * value, 2) for name, weight, value in added if weight * value}
            if reading.ranking.doubt is not None and reading.ranking.doubt[row]:
                parts["contradicted"] = -float(reading.ranking.doubt[row])
            found[self._index.codes[place]] = dict(sorted(parts.items(), key=lambda item: -abs(item[1])))
        return found


def _only_guessed(question: Question) -> bool:
    """Say whether all that tells of the need was put there by a repair: it may be another language, or a name."""
    telling = [word.folded for word in question.words if word.weight > FACET_WEIGHT]
    return bool(telling) and question.guessed.issuperset(telling)
