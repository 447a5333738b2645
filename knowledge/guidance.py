"""A procedure and the answers about one's case become the checklist, the money, the day and the way.

Time is counted from a complete dossier, as the rules of the one-stop mechanism count (see ``knowledge.calendar``).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from knowledge.calendar import Calendar
from knowledge.case import Answers, Truth, checked, holds, pending, resolved
from knowledge.price import Price, price, rules
from knowledge.procedure import (
    CHANNEL,
    UNSURE,
    CaseQuestion,
    Channel,
    Handling,
    LocalRule,
    Procedure,
    RequiredDocument,
    Step,
    TimeLimit,
)

OR = "hoặc"
_ORDER = (Handling.HAND_IN, Handling.SHOW, Handling.LOOKED_UP)


@dataclass(frozen=True, slots=True)
class Item:
    """One paper on the checklist. ``sure``: this case needs it; otherwise only if ``document.condition`` holds, or as
    the questions in ``depends`` are answered. ``key`` names the paper as long as its name stays the same."""

    document: RequiredDocument
    sure: bool
    depends: tuple[str, ...]
    key: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """One time limit of a case; ``due`` is None when it has no number to count with."""

    limit: TimeLimit
    sure: bool
    due: datetime | None
    rule: LocalRule | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """One channel of a case: when the dossier counts as received there, when the result is due, what it costs."""

    channel: Channel
    sure: bool
    received: datetime
    deadlines: tuple[Deadline, ...]
    price: Price

    @property
    def due(self) -> datetime | None:
        """The latest moment that may apply, so that nobody comes too early; None when one limit has no number."""
        sure = [deadline for deadline in self.deadlines if deadline.sure]
        moments = [deadline.due for deadline in sure or self.deadlines]
        known = [moment for moment in moments if moment is not None]
        return max(known) if known and len(known) == len(moments) else None


@dataclass(frozen=True, slots=True)
class Guidance:
    """Everything one needs for one's case. ``ways`` is never empty when the record has a channel; the first is the one
    chosen, or the record's first when none was. ``unsure`` are the questions left open: what depends on them is kept.
    """

    procedure: Procedure
    answers: Answers
    items: tuple[Item, ...]
    ways: tuple[Way, ...]
    steps: tuple[str, ...]
    unsure: tuple[CaseQuestion, ...]
    next: CaseQuestion | None

    @property
    def needed(self) -> tuple[Item, ...]:
        """The papers a person must get together: to hand in or to show."""
        return tuple(item for item in self.items if item.document.handling is not Handling.LOOKED_UP)

    @property
    def own_steps(self) -> tuple[tuple[Step, tuple[str, ...]], ...]:
        """The steps that not everybody takes, each with the choices it hangs on where the person answered "không rõ".

        Left out is what hangs on a question that was not answered at all, or on several answers that are not known.
        """
        known = resolved(self.procedure, self.answers)
        texts = {(q.id, choice.id): choice.text for q in self.procedure.questions for choice in q.choices}
        found: dict[str, tuple[Step, tuple[str, ...]]] = {}
        for step in self.procedure.steps:
            if not isinstance(step, Step) or holds(step.when, known) is Truth.NO:
                continue
            open_ = [key for key in step.when if known.get(key, UNSURE) == UNSURE]
            if len(open_) < 2 and all(key != CHANNEL and self.answers.get(key) == UNSURE for key in open_):
                choices = tuple(texts[key, choice] for key in open_ for choice in step.when[key])
                found[step.text] = (step, () if found.get(step.text, (step, choices))[1] == () else choices)
        return tuple(found.values())

    @property
    def total(self) -> int | None:
        """What it costs in VND when that is the same whichever way is taken, else None."""
        totals = {way.price.total for way in self.ways}
        return next(iter(totals)) if len(totals) == 1 else None


def guide(
    procedure: Procedure,
    answers: Answers,
    calendar: Calendar,
    now: datetime,
    *,
    copies: int = 1,
    province: str = "",
) -> Guidance:
    """Work out one case handed in at ``now`` (local time); raise ``CaseError`` when an answer does not fit."""
    answers = checked(procedure, answers)
    known = resolved(procedure, answers)
    ways = tuple(_ways(procedure, known, calendar, now, copies, province))
    asked = [question for question in procedure.questions if _leaves_open(question, procedure, known)]
    return Guidance(
        procedure,
        answers,
        tuple(_items(procedure, known)),
        ways,
        tuple(_steps(procedure, known)),
        tuple(asked),
        pending(procedure, answers),
    )


def _leaves_open(question: CaseQuestion, procedure: Procedure, answers: Answers) -> bool:
    if answers.get(question.id, UNSURE) != UNSURE:
        return False
    conditions = [document.when for document in procedure.documents]
    conditions += [channel.when for channel in procedure.channels]
    conditions += [money.when for channel in procedure.channels for money in channel.money]
    conditions += [limit.when for channel in procedure.channels for limit in channel.time_limits]
    return any(question.id in when and holds(when, answers) is Truth.MAYBE for when in conditions)


def paper_key(document: RequiredDocument) -> str:
    """Return six hex digits that name a paper on a button and in what is kept."""
    return hashlib.sha256(f"{document.name}\x00{document.handling}".encode()).hexdigest()[:6]


def _items(procedure: Procedure, answers: Answers) -> Iterator[Item]:
    found = []
    for document in procedure.documents:
        truth = holds(document.when, answers)
        if truth is Truth.NO:
            continue
        sure = truth is Truth.YES and (bool(document.when) or document.condition is None)
        open_ = [key for key in document.when if answers.get(key, UNSURE) == UNSURE]
        found.append(Item(document, sure, tuple(open_), paper_key(document)))
    yield from sorted(_once(found), key=lambda item: (_ORDER.index(item.document.handling), not item.sure))


def _once(items: Iterable[Item]) -> list[Item]:
    """Name each paper once, though a record may list it for several conditions."""
    found: dict[str, Item] = {}
    for item in items:
        before = found.get(item.key)
        found[item.key] = item if before is None else _joined(before, item)
    return list(found.values())


def _joined(one: Item, other: Item) -> Item:
    """Return the paper that serves both: sure when either is, and as many of it as the more demanding one wants."""
    surer, less = (one, other) if one.sure or not other.sure else (other, one)
    update: dict[str, object] = {
        "originals": max(one.document.originals, other.document.originals),
        "copies": max(one.document.copies, other.document.copies),
    }
    if not surer.sure and surer.document.condition and less.document.condition:
        update["condition"] = f"{surer.document.condition}; {OR} {less.document.condition}"
    depends = tuple(dict.fromkeys((*one.depends, *other.depends)))
    return Item(surer.document.model_copy(update=update), surer.sure, depends, one.key)


def _ways(
    procedure: Procedure, answers: Answers, calendar: Calendar, now: datetime, copies: int, province: str
) -> Iterator[Way]:
    chosen = answers.get(CHANNEL, UNSURE)
    for channel in procedure.channels:
        truth = holds(channel.when, answers)
        if truth is Truth.NO or chosen not in (UNSURE, channel.kind.value):
            continue
        own = {**answers, CHANNEL: channel.kind.value}
        received = calendar.received(now, channel.kind)
        yield Way(
            channel,
            truth is Truth.YES,
            received,
            tuple(_deadlines(procedure, channel, own, calendar, received, province)),
            price(procedure, channel, own, copies, province),
        )


def _deadlines(
    procedure: Procedure, channel: Channel, answers: Answers, calendar: Calendar, received: datetime, province: str
) -> Iterator[Deadline]:
    rule = next((rule for rule in rules(procedure, channel, province) if rule.time_limits), None)
    for limit in rule.time_limits if rule else channel.time_limits:
        truth = holds(limit.when, answers)
        if truth is not Truth.NO:
            sure = truth is Truth.YES and (bool(limit.when) or limit.condition is None)
            yield Deadline(limit, sure, _due(limit, calendar, received), rule)


def _due(limit: TimeLimit, calendar: Calendar, received: datetime) -> datetime | None:
    if limit.amount is None or limit.unit is None:
        return None
    if limit.amount == 0:
        return calendar.same_day(received)
    return calendar.due(received, limit.amount, limit.unit)


def _steps(procedure: Procedure, answers: Answers) -> Iterator[str]:
    for step in procedure.steps:
        if isinstance(step, str):
            yield step
        elif holds(step.when, answers) is not Truth.NO:
            yield step.text
