"""One person's case: which answers were given, which question comes next, and what still depends on an answer.

Answers are a mapping from question id to choice id, or to ``unsure``: the person does not know, so whatever depends on
it stays possible. An unanswered question leaves the same possible.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from enum import Enum

from knowledge.errors import CaseError
from knowledge.procedure import (
    CHANNEL,
    UNSURE,
    CaseChoice,
    CaseQuestion,
    ChannelKind,
    Procedure,
    Step,
    When,
)

Answers = Mapping[str, str]

CHANNEL_QUESTION = "Anh/chị định nộp hồ sơ bằng cách nào?"
CHANNEL_CHOICES = {
    ChannelKind.IN_PERSON: "Nộp trực tiếp",
    ChannelKind.ONLINE: "Nộp qua mạng",
    ChannelKind.POST: "Gửi bưu điện",
}

_NOT_ASKED = ""
_SYMBOLS = "0123456789"
_UNSURE_SYMBOL = "z"
_OPEN_SYMBOL = "-"
_TOKEN = re.compile(r"(\d)(\d{6})_([0-9a-f]{4})_([0-9z-]{1,40})", re.ASCII)


class Truth(Enum):
    """Whether a condition holds for a case."""

    YES = "yes"
    MAYBE = "maybe"
    NO = "no"


def holds(when: When, answers: Answers) -> Truth:
    """Say whether ``when`` holds under ``answers``: MAYBE as long as an answer is missing or unsure."""
    truth = Truth.YES
    for question, choices in when.items():
        answer = answers.get(question, UNSURE)
        if answer == UNSURE:
            truth = Truth.MAYBE
        elif answer not in choices:
            return Truth.NO
    return truth


def conditions(procedure: Procedure) -> Iterator[When]:
    """Yield every condition on what a person is told in the end: channels, their money and time, papers, steps."""
    for channel in procedure.channels:
        yield channel.when
        yield from ({**channel.when, **money.when} for money in channel.money)
        yield from ({**channel.when, **limit.when} for limit in channel.time_limits)
    for rule in procedure.local_rules:
        yield from (money.when for money in rule.money)
        yield from (limit.when for limit in rule.time_limits)
    yield from (document.when for document in procedure.documents)
    yield from (step.when for step in procedure.steps if isinstance(step, Step))


def channel_question(procedure: Procedure, answers: Answers) -> CaseQuestion | None:
    """Return the question how to hand in, with the channels that ``answers`` leave open; None: there is no choice."""
    open_ = dict.fromkeys(c.kind for c in procedure.channels if holds(c.when, answers) is not Truth.NO)
    if len(open_) < 2:
        return None
    choices = tuple(CaseChoice(id=kind.value, text=CHANNEL_CHOICES[kind]) for kind in open_)
    return CaseQuestion(id=CHANNEL, text=CHANNEL_QUESTION, choices=choices)


def questions(procedure: Procedure, answers: Answers) -> tuple[CaseQuestion, ...]:
    """Return the questions that matter for this case, answered or not, in the order in which they are asked.

    A question matters while something that depends on it is not ruled out by the answers before it. One that is ruled
    out rules out in turn what hangs on any answer to it.
    """
    relevant: list[CaseQuestion] = []
    known = {CHANNEL: answers[CHANNEL]} if CHANNEL in answers else {}
    for question in procedure.questions:
        if holds(question.when, known) is Truth.NO:
            known[question.id] = _NOT_ASKED
        elif _matters(question, procedure, known):
            relevant.append(question)
            if question.id in answers:
                known[question.id] = answers[question.id]
    channel = channel_question(procedure, {key: answer for key, answer in known.items() if key != CHANNEL})
    return (*relevant, channel) if channel else tuple(relevant)


def pending(procedure: Procedure, answers: Answers) -> CaseQuestion | None:
    """Return the next question whose answer still changes something, or None when the case is clear."""
    return next((each for each in questions(procedure, answers) if each.id not in answers), None)


def _matters(question: CaseQuestion, procedure: Procedure, known: Answers) -> bool:
    """Say whether something told in the end, directly or through a later question, depends on ``question``."""
    told = [*conditions(procedure), *(later.when for later in procedure.questions)]
    others = [{key: choices for key, choices in when.items() if key != question.id} for when in told]
    return any(
        question.id in when and holds(rest, known) is not Truth.NO for when, rest in zip(told, others, strict=True)
    )


def kept(procedure: Procedure, answers: Answers) -> dict[str, str]:
    """Return the answers that still mean something to the record: known question, known choice, not ruled out.

    What an earlier answer makes pointless is dropped, so that changing an answer never leaves a contradiction behind.
    """
    known: dict[str, str] = {}
    for question in procedure.questions:
        answer = answers.get(question.id)
        if holds(question.when, known) is Truth.NO:
            known[question.id] = _NOT_ASKED
        elif answer in {UNSURE, *(choice.id for choice in question.choices)} and _matters(question, procedure, known):
            known[question.id] = answer
    found = {key: answer for key, answer in known.items() if answer != _NOT_ASKED}
    way = answers.get(CHANNEL)
    open_ = {channel.kind.value for channel in procedure.channels if holds(channel.when, known) is not Truth.NO}
    if way == UNSURE or way in open_:
        found[CHANNEL] = way
    return found


def resolved(procedure: Procedure, answers: Answers) -> dict[str, str]:
    """Return ``answers`` with what follows from them.

    A question that is ruled out is answered by none of its choices, and the only way left to hand in is the way taken.
    """
    found = dict(answers)
    for question in procedure.questions:
        if holds(question.when, found) is Truth.NO:
            found[question.id] = _NOT_ASKED
    open_ = {channel.kind.value for channel in procedure.channels if holds(channel.when, found) is not Truth.NO}
    if len(open_) == 1 and found.get(CHANNEL, UNSURE) == UNSURE:
        found[CHANNEL] = open_.pop()
    return found


def checked(procedure: Procedure, answers: Answers) -> dict[str, str]:
    """Return ``answers`` when every one of them fits the record; raise ``CaseError`` in words otherwise."""
    asked = {question.id: question for question in procedure.questions}
    for question, choice in answers.items():
        if question == CHANNEL:
            _check_channel(procedure, choice)
            continue
        if question not in asked:
            known = ", ".join(asked) or "không có câu hỏi nào"
            raise CaseError(f"Thủ tục {procedure.code} không có câu hỏi “{question}” (có: {known}).")
        choices = [each.id for each in asked[question].choices]
        if choice != UNSURE and choice not in choices:
            raise CaseError(f"Câu hỏi “{question}” không có lựa chọn “{choice}” (có: {', '.join(choices)}, {UNSURE}).")
    found = dict(answers)
    way = found.get(CHANNEL, UNSURE)
    if way != UNSURE and way not in {c.kind.value for c in procedure.channels if holds(c.when, found) is not Truth.NO}:
        raise CaseError("Với các câu trả lời này thì không nộp được bằng cách đã chọn.")
    return found


def _check_channel(procedure: Procedure, choice: str) -> None:
    kinds = list(dict.fromkeys(channel.kind.value for channel in procedure.channels))
    if choice != UNSURE and choice not in kinds:
        raise CaseError(f"Thủ tục {procedure.code} không nhận nộp theo cách “{choice}” (có: {', '.join(kinds)}).")


def digest(procedure: Procedure) -> str:
    """Return four hex digits of what the record asks: a case kept under another digest was asked other questions."""
    asked = [(question.id, *(choice.id for choice in question.choices)) for question in procedure.questions]
    asked.append((CHANNEL, *dict.fromkeys(channel.kind.value for channel in procedure.channels)))
    return hashlib.sha256(repr(asked).encode()).hexdigest()[:4]


def papers_digest(procedure: Procedure) -> str:
    """Return four hex digits of which papers the record names: a list made under another digest may have changed."""
    named = sorted(document.name for document in procedure.documents)
    return hashlib.sha256(repr(named).encode()).hexdigest()[:4]


def token(procedure: Procedure, answers: Answers) -> str:
    """Return the case in at most 54 characters of ``A-Za-z0-9_-``: it fits a link, and holds nobody's data.

    ``<code>_<digest>_<one character for each question>``.
    """
    symbols = [_symbol(question, answers.get(question.id)) for question in _all_questions(procedure)]
    return f"{procedure.code.replace('.', '')}_{digest(procedure)}_{''.join(symbols)}"


def token_code(text: str) -> str | None:
    """Return the procedure code that a token names; None when ``text`` is no token."""
    found = _TOKEN.fullmatch(text)
    return f"{found[1]}.{found[2]}" if found else None


def read_token(text: str, procedure: Procedure) -> dict[str, str]:
    """Return the answers in a token; raise ``CaseError`` when it was made for other questions, or by somebody else.

    A token cut short at its end, as when a messenger leaves the last "-" out of a link, still says what is left of it.
    """
    found = _TOKEN.fullmatch(text)
    asked = _all_questions(procedure)
    if not found or found[3] != digest(procedure) or len(found[4]) > len(asked):
        raise CaseError("Thủ tục này đã được cập nhật từ khi đường dẫn được tạo, nên cần trả lời lại các câu hỏi.")
    answers: dict[str, str] = {}
    for question, symbol in zip(asked, found[4], strict=False):
        if symbol == _UNSURE_SYMBOL:
            answers[question.id] = UNSURE
        elif symbol != _OPEN_SYMBOL and int(symbol) < len(question.choices):
            answers[question.id] = question.choices[int(symbol)].id
    return kept(procedure, answers)


def _all_questions(procedure: Procedure) -> tuple[CaseQuestion, ...]:
    choices = tuple(CaseChoice(id=kind.value, text=CHANNEL_CHOICES[kind]) for kind in ChannelKind)
    return (*procedure.questions, CaseQuestion(id=CHANNEL, text=CHANNEL_QUESTION, choices=choices))


def _symbol(question: CaseQuestion, answer: str | None) -> str:
    if answer is None:
        return _OPEN_SYMBOL
    places = [choice.id for choice in question.choices]
    return _SYMBOLS[places.index(answer)] if answer in places else _UNSURE_SYMBOL


def told(procedure: Procedure, answers: Answers) -> tuple[tuple[CaseQuestion, CaseChoice | None], ...]:
    """Return each question answered with the choice taken (None: unsure), in the order in which they are asked."""
    return tuple(
        (question, next((choice for choice in question.choices if choice.id == answers[question.id]), None))
        for question in questions(procedure, answers)
        if question.id in answers
    )
