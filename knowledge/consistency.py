"""What can be wrong with the case questions of a record, in words: every case must lead somewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice

from knowledge.case import Answers, Truth, holds, pending, resolved
from knowledge.price import rules
from knowledge.procedure import (
    CHANNEL,
    UNSURE,
    CaseQuestion,
    Channel,
    LocalRule,
    Money,
    Procedure,
    Record,
    RequiredDocument,
    Step,
    TimeLimit,
    When,
)

MOST_CASES = 3000
MOST_QUESTIONS = 39
"""As many as a link to one's case can hold, beside the way of handing in."""
_RESERVED = {CHANNEL, UNSURE, "skip"}

Part = tuple[str, When]
Applying = tuple[int, When]
"""Something that may be told, by a number that it shares with all that reads the same, and when it applies."""

Outcome = tuple[str, tuple[int, ...]]

_Told = Channel | RequiredDocument | Money | TimeLimit | Step


def cases(procedure: Procedure, answers: Answers | None = None) -> Iterator[dict[str, str]]:
    """Yield every complete case of a record: each way to answer the questions as they are asked."""
    given = dict(answers or {})
    question = pending(procedure, given)
    if question is None:
        yield given
        return
    for choice in question.choices:
        yield from cases(procedure, {**given, question.id: choice.id})


def case_faults(record: Procedure) -> Iterator[str]:
    """Yield, in words, what is wrong with the record's questions and the conditions that refer to them."""
    faults = [*_questions(record), *_references(record)]
    yield from faults
    if faults:
        return
    if len(record.questions) > MOST_QUESTIONS:
        yield f"có hơn {MOST_QUESTIONS} câu hỏi: bớt câu hỏi"
        return
    reachable = list(islice(cases(record), MOST_CASES + 1))
    if len(reachable) > MOST_CASES:
        yield f"các câu hỏi tạo hơn {MOST_CASES} trường hợp: bớt câu hỏi"
        return
    yield from _unreachable(record, reachable)
    yield from _dead_ends(record, reachable)
    yield from _idle(record)


def _questions(record: Procedure) -> Iterator[str]:
    for name, times in Counter(question.id for question in record.questions).items():
        if times > 1:
            yield f"câu hỏi “{name}” có hai lần"
        if name in _RESERVED:
            yield f"câu hỏi không được mang mã “{name}”"
    for question in record.questions:
        if len({choice.text for choice in question.choices}) < len(question.choices):
            yield f"câu hỏi “{question.id}” có hai lựa chọn viết giống nhau"
        for name, times in Counter(choice.id for choice in question.choices).items():
            if times > 1:
                yield f"câu hỏi “{question.id}” có lựa chọn “{name}” hai lần"
            if name in _RESERVED:
                yield f"câu hỏi “{question.id}” có lựa chọn mang mã “{name}” dành riêng"


def _references(record: Procedure) -> Iterator[str]:
    """Yield conditions on questions or choices that do not exist, or that come too late to be known."""
    known: dict[str, set[str]] = {}
    for question in record.questions:
        yield from _unknown(f"câu hỏi “{question.id}”", question.when, known)
        known[question.id] = {choice.id for choice in question.choices}
    for name, when in _channels(record):
        yield from _unknown(name, when, known)
    known[CHANNEL] = {channel.kind.value for channel in record.channels}
    for name, when in _rest(record):
        yield from _unknown(name, when, known)


def _unknown(name: str, when: When, known: dict[str, set[str]]) -> Iterator[str]:
    for question, choices in when.items():
        if question not in known:
            yield f"{name}: điều kiện nhắc câu hỏi “{question}” chưa có"
            continue
        for choice in choices:
            if choice not in known[question]:
                yield f"{name}: điều kiện nhắc lựa chọn “{choice}” không có ở câu hỏi “{question}”"
        if len(set(choices)) < len(choices):
            yield f"{name}: điều kiện nhắc một lựa chọn của câu hỏi “{question}” hai lần"
        if known[question] and set(choices) >= known[question] and question != CHANNEL:
            yield f"{name}: điều kiện nhận mọi lựa chọn của câu hỏi “{question}”, vậy là không có điều kiện"


def _channels(record: Procedure) -> Iterator[Part]:
    for channel in record.channels:
        yield f"cách nộp {channel.kind}", channel.when


def _rest(record: Procedure) -> Iterator[Part]:
    for document in record.documents:
        yield f"giấy tờ “{document.name[:60]}”", document.when
    for channel in record.channels:
        for money in channel.money:
            yield f"khoản tiền {_sum(money.amount)} ({channel.kind})", money.when
        for limit in channel.time_limits:
            yield f"thời hạn {_sum(limit.amount)} ({channel.kind})", limit.when
    for rule in record.local_rules:
        for when in (*(money.when for money in rule.money), *(limit.when for limit in rule.time_limits)):
            yield f"quy định của tỉnh {rule.province}", when
    for step in record.steps:
        if isinstance(step, Step):
            yield f"bước “{step.text[:60]}”", step.when


def _sum(amount: int | None) -> str:
    return "chưa ghi số" if amount is None else str(amount)


def _unreachable(record: Procedure, reachable: list[dict[str, str]]) -> Iterator[str]:
    known = [resolved(record, case) for case in reachable]
    local = record.local_rules
    asked = [(f"câu hỏi “{question.id}”", question.when) for question in record.questions]
    for name, when in (*asked, *_channels(record), *_rest(record)):
        if when and not any(holds(when, case) is Truth.YES for case in known):
            yield f"{name}: không trường hợp nào dẫn tới"
    for question in record.questions:
        if not any(question.id in case for case in reachable):
            yield f"câu hỏi “{question.id}” không thay đổi điều gì"
    yield from _alike(record, reachable)
    told = [("giấy tờ", document.name, document.when, document.condition) for document in record.documents]
    told += [("khoản tiền", _sum(m.amount), m.when, m.condition) for c in record.channels for m in c.money]
    told += [("thời hạn", _sum(t.amount), t.when, t.condition) for c in record.channels for t in c.time_limits]
    told += [
        ("khoản tiền", f"{_sum(m.amount)} (tỉnh {r.province})", m.when, m.condition) for r in local for m in r.money
    ]
    told += [
        ("thời hạn", f"{_sum(t.amount)} (tỉnh {r.province})", t.when, t.condition) for r in local for t in r.time_limits
    ]
    for kind, name, when, condition in told:
        if when and not condition and set(when) != {CHANNEL}:
            yield f"{kind} “{name[:60]}”: có điều kiện theo câu hỏi nhưng thiếu lời nói điều kiện đó"


def _alike(record: Procedure, reachable: list[dict[str, str]]) -> Iterator[str]:
    """Yield questions of the same words that one person may be asked both."""
    first: dict[str, str] = {}
    for question in record.questions:
        other = first.setdefault(question.text, question.id)
        if other != question.id and any(question.id in case and other in case for case in reachable):
            yield f"câu hỏi “{question.id}” hỏi giống hệt câu hỏi “{other}”"


def _dead_ends(record: Procedure, reachable: list[dict[str, str]]) -> Iterator[str]:
    """Yield cases that leave a person without a way to hand in, a paper, a price or a time; one of each kind."""
    found: dict[str, Answers] = {}
    for case in reachable:
        open_ = [
            channel
            for channel in record.channels
            if holds(channel.when, case) is Truth.YES and case.get(CHANNEL) in (None, channel.kind.value)
        ]
        if record.channels and not open_:
            found.setdefault("không còn cách nộp nào", case)
        known = resolved(record, case)
        if record.documents and not any(holds(each.when, known) is Truth.YES for each in record.documents):
            found.setdefault("không còn giấy tờ nào", case)
        for channel in open_:
            own = {**case, CHANNEL: channel.kind.value}
            if channel.money and not any(holds(each.when, own) is Truth.YES for each in channel.money):
                found.setdefault(f"không còn khoản tiền nào ({channel.kind}); miễn phí thì ghi rõ 0", case)
            if channel.time_limits and not any(holds(each.when, own) is Truth.YES for each in channel.time_limits):
                found.setdefault(f"không còn thời hạn nào ({channel.kind})", case)
            for province, part, lists in _local(record, channel):
                if not any(holds(each.when, own) is Truth.YES for each in lists):
                    found.setdefault(f"quy định của tỉnh {province}: không còn {part} nào ({channel.kind})", case)
    for fault, answers in found.items():
        answered = ", ".join(f"{question}={choice}" for question, choice in answers.items()) or "mọi trường hợp"
        yield f"{fault} khi {answered}"


def _local(record: Procedure, channel: Channel) -> Iterator[tuple[str, str, tuple[Money | TimeLimit, ...]]]:
    """Yield what stands in the place of a channel's sums and time limits for the people of a province."""
    for province in dict.fromkeys(rule.province for rule in record.local_rules):
        own = rules(record, channel, province)
        yield from ((province, "khoản tiền", rule.money) for rule in [r for r in own if r.money][:1])
        yield from ((province, "thời hạn", rule.time_limits) for rule in [r for r in own if r.time_limits][:1])


def _idle(record: Procedure) -> Iterator[str]:
    """Yield questions whose answer never makes a difference to what is told."""
    told = _applying(record)
    for question in record.questions:
        if not any(_differs(question, record, before, told) for before in _moments(record, question.id, {})):
            yield f"câu hỏi “{question.id}” không thay đổi điều gì"


def _moments(record: Procedure, name: str, answers: Answers) -> Iterator[Answers]:
    """Yield the answers given by the time that question ``name`` is asked, each way to get there."""
    question = pending(record, answers)
    if question is None:
        return
    if question.id == name:
        yield answers
        return
    for choice in question.choices:
        yield from _moments(record, name, {**answers, question.id: choice.id})


def _differs(question: CaseQuestion, record: Procedure, before: Answers, told: Sequence[Applying]) -> bool:
    outcomes = {
        frozenset(_outcome(record, case, told) for case in cases(record, {**before, question.id: choice.id}))
        for choice in question.choices
    }
    return len(outcomes) > 1 or any(choice.note for choice in question.choices)


def _outcome(record: Procedure, case: Answers, told: Sequence[Applying]) -> Outcome:
    """Return what a complete case is told: the way it is handed in, and the numbers of what applies to it."""
    known = resolved(record, case)
    return case.get(CHANNEL, ""), tuple(sorted(number for number, when in told if holds(when, known) is Truth.YES))


def _applying(record: Procedure) -> list[Applying]:
    """Return every part of a record that may apply: a paper that two answers ask for alike is the same paper."""
    everywhere: tuple[_Told, ...] = (*record.channels, *record.documents, *_conditional(record))
    parts = [("", each) for each in everywhere]
    parts += [(channel.kind.value, each) for channel in record.channels for each in _sums(channel)]
    parts += [(f"{rule.province} {rule.channel}", each) for rule in record.local_rules for each in _sums(rule)]
    numbers: dict[tuple[str, Record], int] = {}
    return [(numbers.setdefault((place, _bare(part)), len(numbers)), part.when) for place, part in parts]


def _conditional(record: Procedure) -> tuple[Step, ...]:
    return tuple(step for step in record.steps if isinstance(step, Step))


def _sums(part: Channel | LocalRule) -> tuple[_Told, ...]:
    return (*part.money, *part.time_limits)


def _bare(part: _Told) -> Record:
    """Return what is told of a part once it applies: its condition is not, where there is more to say."""
    update: dict[str, object] = {"when": {}}
    if isinstance(part, Channel):
        update |= {"money": (), "time_limits": ()}
    elif part.when and (isinstance(part, RequiredDocument) or getattr(part, "amount", None) is not None):
        update["condition"] = None
    return part.model_copy(update=update)
