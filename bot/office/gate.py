"""The gate: the labelled questions are asked of what is to be published, and compared with what is answered today.

The questions are those that ship with the program, and what people asked in vain once staff said what was meant.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from enum import IntEnum
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.office.matchers import Matchers
from knowledge.catalogue import Catalogue
from knowledge.matching import Match, Matcher, Outcome
from knowledge.questions import SHIPPED, LabelledQuestion, load_questions

_MOST_KEPT = 100
_JUDGED = text("""
    SELECT DISTINCT text, CASE verdict WHEN 'procedure' THEN answer ELSE '' END AS code FROM unanswered
    WHERE verdict = 'outside' OR (verdict = 'procedure' AND answer IS NOT NULL)
    ORDER BY text
""")


class Grade(IntEnum):
    """How good the reply to one question is, worst first."""

    WRONG = 0
    NOTHING = 1
    OFFERED = 2
    RIGHT = 3


@dataclass(frozen=True, slots=True)
class Shift:
    """One question whose reply becomes better or worse; ``codes`` are the right ones, "" none of them."""

    question: str
    codes: tuple[str, ...]
    before: Grade
    after: Grade


@dataclass(frozen=True, slots=True)
class Report:
    """What a release would change in the replies to the labelled questions."""

    asked: int = 0
    improved: tuple[Shift, ...] = ()
    broken: tuple[Shift, ...] = ()

    def kept(self) -> dict[str, Any]:
        """Return what is kept of it with the release: the numbers, and the first hundred of each kind."""
        return {
            "asked": self.asked,
            "improved": len(self.improved),
            "broken": len(self.broken),
            "better": [asdict(shift) for shift in self.improved[:_MOST_KEPT]],
            "worse": [asdict(shift) for shift in self.broken[:_MOST_KEPT]],
        }


async def judged(connection: AsyncConnection) -> tuple[LabelledQuestion, ...]:
    """Return what people asked in vain and staff have said what was meant by."""
    rows = await connection.execute(_JUDGED)
    return tuple(LabelledQuestion(said, frozenset({code} - {""}), "unanswered") for said, code in rows)


class Gate:
    """Weighs catalogues against each other, one after the other, beside the event loop."""

    def __init__(self, matchers: Matchers) -> None:
        """Raise ``QuestionSetError`` when the questions that ship are spoilt."""
        self._matchers = matchers
        self._shipped = tuple(load_questions(SHIPPED))
        self._thread = ThreadPoolExecutor(1, "gate")
        self._known: tuple[str, Sequence[LabelledQuestion], list[Grade]] = ("", (), [])

    async def weigh(self, before: Catalogue, after: Catalogue, more: Sequence[LabelledQuestion] = ()) -> Report:
        """Ask the questions that ship, and ``more``, of both catalogues and compare the replies."""
        questions = (*self._shipped, *more)
        known = self._known
        if known[:2] != (before.release, questions):
            known = self._known = (before.release, questions, await self._grades(before, questions))
        return compare(questions, known[2], await self._grades(after, questions))

    async def _grades(self, catalogue: Catalogue, questions: Sequence[LabelledQuestion]) -> list[Grade]:
        matcher = await self._matchers.of(catalogue)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, grades, matcher, catalogue, questions)

    def close(self) -> None:
        """Weigh nothing more."""
        self._thread.shutdown(wait=False, cancel_futures=True)


def grades(matcher: Matcher, catalogue: Catalogue, questions: Iterable[LabelledQuestion]) -> list[Grade]:
    """Ask every question and grade the replies. An abolished procedure's successors answer for it."""
    return [_grade(matcher.match(each.text), _answers(each.codes, catalogue)) for each in questions]


def compare(questions: Sequence[LabelledQuestion], before: Sequence[Grade], after: Sequence[Grade]) -> Report:
    """Return which questions get a better reply and which a worse one, the worst first."""
    shifts = [
        Shift(question.text, tuple(sorted(question.codes)), was, now)
        for question, was, now in zip(questions, before, after, strict=True)
        if was is not now
    ]
    improved = tuple(shift for shift in shifts if shift.after > shift.before)
    broken = sorted((shift for shift in shifts if shift.after < shift.before), key=lambda s: (s.after, -s.before))
    return Report(len(questions), improved, tuple(broken))


def _answers(codes: frozenset[str], catalogue: Catalogue) -> frozenset[str]:
    """Return the right codes with all that came in their place."""
    found = set(codes)
    waiting = list(codes)
    while waiting:
        record = catalogue.get(waiting.pop())
        if record and record.successor and record.successor not in found:
            found.add(record.successor)
            waiting.append(record.successor)
    return frozenset(found)


def _grade(match: Match, codes: frozenset[str]) -> Grade:
    if not codes:
        return {Outcome.ANSWER: Grade.WRONG, Outcome.OFFER: Grade.NOTHING, Outcome.UNKNOWN: Grade.RIGHT}[match.outcome]
    if match.outcome is Outcome.ANSWER:
        return Grade.RIGHT if match.candidates[0].code in codes else Grade.WRONG
    if match.outcome is Outcome.OFFER and codes.intersection(match.choices):
        return Grade.OFFERED
    return Grade.OFFERED if match.elsewhere and match.elsewhere[0] in codes else Grade.NOTHING
