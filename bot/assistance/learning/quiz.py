"""Short questions about one procedure, made from its case questions: what this resident needs, and what not.

Nothing here is written by hand: a question is a case, what ``knowledge.guidance`` says of it, and what it says of
other cases of the same record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random

from bot.assistance.learning.scenes import chanced
from bot.dialogue import markup, wording
from knowledge import case
from knowledge.calendar import Calendar
from knowledge.catalogue import Catalogue
from knowledge.guidance import Guidance, guide
from knowledge.price import counted
from knowledge.procedure import CHANNEL, Handling, Procedure, RequiredDocument, When
from knowledge.vietnamese import fold, normalise

QUESTIONS = 5
CHOICES = 4

WHY_NEEDLESS = "“{paper}” chỉ cần khi: {when}."
WHY_NEEDED = "Trường hợp này cần “{paper}”, vì: {when}."
WHY_ALWAYS = "Ai làm thủ tục này cũng cần “{paper}”."
WHY_COST = "Trường hợp này: {sum}. Trường hợp khác có thể là: {other}."
OR, AND = " hoặc ", "; "

_LOOKED_AT = 24
_FORMS = ("tờ khai", "đơn ", "giấy đề nghị", "văn bản đề nghị", "phiếu ")
_STEP = 5000
_LONGEST = 160


class Kind(StrEnum):
    """What is asked: the one paper of four that is not needed, the one that is, or the money."""

    NEEDLESS = "needless"
    NEEDED = "needed"
    COST = "cost"


@dataclass(frozen=True, slots=True)
class Question:
    """A resident's case and four choices; ``right`` counts from 0, ``why`` explains it."""

    kind: Kind
    answers: Mapping[str, str]
    choices: tuple[str, ...]
    right: int
    why: str

    @property
    def key(self) -> str:
        """Six hex digits that name the question on its buttons."""
        said = "\x00".join((self.kind, str(sorted(self.answers.items())), *self.choices))
        return hashlib.sha256(said.encode()).hexdigest()[:6]


@dataclass(frozen=True, slots=True)
class _Case:
    guidance: Guidance
    needed: tuple[str, ...]
    named: frozenset[str]
    total: int | None


@dataclass(frozen=True, slots=True)
class Rules:
    """What a case is worked out by: working days, the moment, the province (its code)."""

    calendar: Calendar
    now: datetime
    province: str = ""

    def guide(self, procedure: Procedure, answers: Mapping[str, str]) -> Guidance:
        """Return what a person who gave these answers has to bring, pay and wait for."""
        return guide(procedure, answers, self.calendar, self.now, province=self.province)


def quiz(procedure: Procedure, catalogue: Catalogue, rules: Rules, seed: int) -> tuple[Question, ...]:
    """Return up to five questions about a procedure, the same ones for the same seed; none when it asks nothing."""
    if not procedure.questions or procedure.abolished_on is not None:
        return ()
    chance = Random(f"{procedure.code}:{seed}")  # noqa: S311
    views = [_case(rules.guide(procedure, answers)) for answers in _cases(procedure, chance)]
    asked: dict[tuple[str, str], Question] = {}
    spare: dict[str, Question] = {}
    for question in _questions(procedure, _forms(catalogue, procedure), views, chance):
        kept = asked.setdefault((question.kind, question.choices[question.right]), question)
        if kept is not question:
            spare.setdefault(question.key, question)
        if len(asked) == QUESTIONS:
            break
    return (*asked.values(), *spare.values())[:QUESTIONS]


def _cases(procedure: Procedure, chance: Random) -> list[dict[str, str]]:
    """Return some complete cases of a record, each once."""
    found: dict[tuple[tuple[str, str], ...], dict[str, str]] = {}
    for _ in range(_LOOKED_AT):
        answers = chanced(procedure, chance, {})
        found.setdefault(tuple(answers.items()), answers)
    return list(found.values())


def choice_of(paper: str) -> str:
    """Return a paper's name as it stands among choices."""
    return markup.capital(markup.clip(paper, _LONGEST))


def _case(guidance: Guidance) -> _Case:
    needed = dict.fromkeys(item.document.name for item in guidance.needed if item.sure)
    named = frozenset(_plain(item.document.name) for item in guidance.items)
    by_piece = any(counted(line.money) for way in guidance.ways for line in way.price.lines)
    return _Case(guidance, tuple(needed), named, None if by_piece else guidance.total)


def _plain(name: str) -> str:
    return fold(normalise(name))


def _forms(catalogue: Catalogue, procedure: Procedure) -> list[str]:
    """Return forms of other procedures, which nobody needs for this one."""
    own = [_plain(each.name) for each in procedure.documents]
    names = {
        document.name: None
        for other in catalogue
        if other.code != procedure.code and other.abolished_on is None
        for document in other.documents
        if document.handling is Handling.HAND_IN and document.name.lower().startswith(_FORMS)
    }
    return [name for name in names if not _among(name, own)]


def _among(name: str, papers: Sequence[str]) -> bool:
    """Say whether a paper is one of these, or one of these in other words."""
    said = _plain(name)
    return any(said in paper or paper in said for paper in papers)


def _questions(
    procedure: Procedure, forms: Sequence[str], views: Sequence[_Case], chance: Random
) -> Iterator[Question]:
    """Yield questions, each about another case and of another kind as long as there are some."""
    makers = (_needless, _cost, _differing, _needed)
    for turn in range(len(makers)):
        for place, view in enumerate(views):
            question = makers[(place + turn) % len(makers)](procedure, forms, view, views, chance)
            if question:
                yield question


def _needless(
    procedure: Procedure, _: Sequence[str], view: _Case, views: Sequence[_Case], chance: Random
) -> Question | None:
    others = [name for name in _elsewhere(view, views) if not _among(name, list(view.named))]
    if len(view.needed) < CHOICES - 1 or not others:
        return None
    right = chance.choice(others)
    why = WHY_NEEDLESS.format(paper=choice_of(right), when=_when(procedure, right, None))
    return _shuffled(Kind.NEEDLESS, view, right, chance.sample(view.needed, CHOICES - 1), why, chance)


def _differing(
    procedure: Procedure, forms: Sequence[str], view: _Case, views: Sequence[_Case], chance: Random
) -> Question | None:
    """Ask for a paper that this case needs and another does not."""
    wanted = [name for name in view.needed if any(_plain(name) not in other.named for other in views)]
    return _of_these(procedure, forms, view, views, wanted, chance)


def _needed(
    procedure: Procedure, forms: Sequence[str], view: _Case, views: Sequence[_Case], chance: Random
) -> Question | None:
    return _of_these(procedure, forms, view, views, view.needed, chance)


def _of_these(
    procedure: Procedure,
    forms: Sequence[str],
    view: _Case,
    views: Sequence[_Case],
    wanted: Sequence[str],
    chance: Random,
) -> Question | None:
    named = list(view.named)
    others = [name for name in _elsewhere(view, views) if not _among(name, named)]
    more = [name for name in chance.sample(forms, min(len(forms), 8)) if name not in others]
    wrong = [*chance.sample(others, min(len(others), CHOICES - 1)), *more][: CHOICES - 1]
    if not wanted or len(wrong) < CHOICES - 1:
        return None
    right = chance.choice(wanted)
    when = _when(procedure, right, view.guidance.answers)
    why = (WHY_NEEDED if when else WHY_ALWAYS).format(paper=choice_of(right), when=when)
    return _shuffled(Kind.NEEDED, view, right, wrong, why, chance)


def _elsewhere(view: _Case, views: Sequence[_Case]) -> list[str]:
    """Return the papers that other cases of the record surely need and this one does not."""
    names = dict.fromkeys(name for other in views for name in other.needed)
    return [name for name in names if _plain(name) not in view.named]


def _cost(
    _procedure: Procedure, _: Sequence[str], view: _Case, views: Sequence[_Case], chance: Random
) -> Question | None:
    """Ask for the money where it differs between cases."""
    sums = list(dict.fromkeys(other.total for other in views if other.total is not None))
    if view.total is None or len(sums) < 2:
        return None
    others = [each for each in sums if each != view.total]
    chance.shuffle(others)
    top = max(sums)
    made = [each for each in (top * 2, top + _STEP, top // 2 // 1000 * 1000, top * 3) if each not in sums]
    wrong = [*others, *dict.fromkeys(made)][: CHOICES - 1]
    why = WHY_COST.format(sum=_sum(view.total), other=_sum(others[0]))
    return _shuffled(Kind.COST, view, _sum(view.total), [_sum(each) for each in wrong], why, chance)


def _sum(amount: int) -> str:
    return wording.vnd(amount) if amount else wording.FREE


def _when(procedure: Procedure, paper: str, answers: Mapping[str, str] | None) -> str:
    """Return in words when a paper is needed: as ``answers`` meet it, or at all; empty: always."""
    found = [each for each in procedure.documents if each.name == paper]
    if answers is not None:
        known = case.resolved(procedure, answers)
        found = [each for each in found if case.holds(each.when, known) is case.Truth.YES]
    told = [_condition(procedure, each) for each in found]
    return "" if "" in told else OR.join(dict.fromkeys(told))


def _condition(procedure: Procedure, document: RequiredDocument) -> str:
    if document.condition:
        return markup.lower_first(markup.tidy(document.condition).rstrip(".:"))
    return AND.join(_said(procedure, document.when))


def _said(procedure: Procedure, when: When) -> Iterator[str]:
    """Yield each question that a condition depends on, with the answers that meet it."""
    for question in procedure.questions:
        if question.id in when:
            texts = [choice.text for choice in question.choices if choice.id in when[question.id]]
            yield f"{question.text} {OR.join(texts)}"
    if CHANNEL in when:
        yield OR.join(text for kind, text in case.CHANNEL_CHOICES.items() if kind.value in when[CHANNEL])


def _shuffled(kind: Kind, view: _Case, right: str, wrong: Sequence[str], why: str, chance: Random) -> Question | None:
    choices = [choice_of(each) for each in (right, *wrong)]
    if len({_plain(each) for each in choices}) < CHOICES:
        return None
    first = choices[0]
    chance.shuffle(choices)
    return Question(kind, dict(view.guidance.answers), tuple(choices), choices.index(first), why)
