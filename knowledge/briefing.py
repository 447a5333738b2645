"""One case as the command line tells it: plain lines, or one JSON object."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowledge.case import told
from knowledge.guidance import Deadline, Guidance, Item, Way
from knowledge.price import Line
from knowledge.procedure import CaseQuestion, Handling, Money, TimeLimit, TimeUnit

UNITS = {
    TimeUnit.HOUR: "giờ",
    TimeUnit.DAY: "ngày",
    TimeUnit.WORKING_DAY: "ngày làm việc",
    TimeUnit.MONTH: "tháng",
}
HANDLING = {
    Handling.HAND_IN: "nộp",
    Handling.SHOW: "xuất trình",
    Handling.LOOKED_UP: "cán bộ tự tra cứu",
}
UNKNOWN_SUM = "chưa rõ số tiền"


def as_json(guidance: Guidance) -> dict[str, Any]:
    """Return the case as plain data.

    ``total`` is in VND, null when not every sum is known; ``due_date`` is the day of the first way in ``ways``.
    """
    first = guidance.ways[0] if guidance.ways else None
    due = first.due if first else None
    return {
        "code": guidance.procedure.code,
        "name": guidance.procedure.name,
        "answers": dict(guidance.answers),
        "next_question": _question(guidance.next) if guidance.next else None,
        "unsure": [question.id for question in guidance.unsure],
        "checklist": [_item(number, item) for number, item in enumerate(guidance.items, 1)],
        "total": first.price.total if first else None,
        "at_least": first.price.at_least if first else 0,
        "price": price_words(first) if first else UNKNOWN_SUM,
        "received": first.received.isoformat() if first else None,
        "due_date": due.date().isoformat() if due else None,
        "due": due.isoformat() if due else None,
        "ways": [_way(way) for way in guidance.ways],
        "exemptions": list(guidance.procedure.exemptions),
        "steps": list(guidance.steps),
        "notes": list(_notes(guidance)),
        "source": guidance.procedure.source.model_dump(mode="json"),
    }


def _question(question: CaseQuestion) -> dict[str, Any]:
    choices = [{"id": choice.id, "text": choice.text} for choice in question.choices]
    return {"id": question.id, "text": question.text, "choices": choices}


def _item(number: int, item: Item) -> dict[str, Any]:
    document = item.document
    return {
        "number": number,
        "name": document.name,
        "form": document.form,
        "form_url": document.form_url,
        "originals": document.originals,
        "copies": document.copies,
        "handling": document.handling.value,
        "sure": item.sure,
        "condition": None if item.sure else document.condition,
        "depends": list(item.depends),
    }


def _way(way: Way) -> dict[str, Any]:
    return {
        "channel": way.channel.kind.value,
        "where": way.channel.where,
        "received": way.received.isoformat(),
        "due": way.due.isoformat() if way.due else None,
        "time_limits": [_deadline(deadline) for deadline in way.deadlines],
        "total": way.price.total,
        "at_least": way.price.at_least,
        "money": [_line(line) for line in way.price.lines],
    }


def _deadline(deadline: Deadline) -> dict[str, Any]:
    limit = deadline.limit
    return {
        "amount": limit.amount,
        "unit": limit.unit.value if limit.unit else None,
        "sure": deadline.sure,
        "condition": limit.condition,
        "note": limit.note,
        "due": deadline.due.isoformat() if deadline.due else None,
        "province": deadline.rule.province if deadline.rule else None,
    }


def _line(line: Line) -> dict[str, Any]:
    money = line.money
    return {
        "kind": money.kind.value,
        "amount": money.amount,
        "unit": money.unit,
        "times": line.times,
        "sum": line.amount,
        "sure": line.sure,
        "condition": money.condition,
        "set_by": money.set_by.value,
        "basis": line.rule.basis if line.rule else money.basis,
        "province": line.rule.province if line.rule else None,
        "note": money.note,
    }


def _notes(guidance: Guidance) -> Iterator[str]:
    """Yield what somebody who answered like this must know."""
    yield from (choice.note for _, choice in told(guidance.procedure, guidance.answers) if choice and choice.note)


def as_text(guidance: Guidance, province: str = "") -> str:
    """Return the case in plain Vietnamese lines; ``province`` is the name of the one whose own rules count."""
    return "\n".join(_lines(guidance, province))


def _lines(guidance: Guidance, province: str) -> Iterator[str]:
    yield f"{guidance.procedure.code}  {guidance.procedure.name}"
    for question, choice in told(guidance.procedure, guidance.answers):
        yield f"  {question.text} {choice.text if choice else 'Không rõ'}"
    yield "Giấy tờ:"
    for number, item in enumerate(guidance.items, 1):
        yield f"  {number}. {paper_words(item)}"
    for way in guidance.ways:
        yield f"Nộp {way.channel.kind.value}: {way.channel.where or ''}".rstrip(" :")
        yield f"  tiền: {price_words(way)}{_basis(way, province)}"
        yield f"  tính là nhận lúc {way.received:%H:%M %d/%m/%Y}"
        yield from (f"  thời hạn: {deadline_words(deadline)}" for deadline in way.deadlines)
    yield from (f"Miễn, giảm: {who}" for who in guidance.procedure.exemptions)
    yield from (f"Lưu ý: {note}" for note in _notes(guidance))
    yield from (f"Riêng trường hợp này: {_own_step(step.text, choices)}" for step, choices in guidance.own_steps)
    if guidance.unsure:
        left_open = "; ".join(f"{question.id} ({question.text})" for question in guidance.unsure)
        yield f"Còn để ngỏ, nên gồm cả giấy tờ của các trường hợp khác nhau: {left_open}"
    if guidance.next:
        choices = ", ".join(choice.id for choice in guidance.next.choices)
        yield f"Câu hỏi tiếp theo: --answer {guidance.next.id}=... ({choices}): {guidance.next.text}"


def _own_step(text: str, choices: tuple[str, ...]) -> str:
    return f"nếu “{'” hoặc “'.join(choices)}”: {text}" if choices else text


def paper_words(item: Item) -> str:
    """Return one paper: name, form, how many, what becomes of it, and when it is needed."""
    document = item.document
    counts = ((document.originals, "bản chính"), (document.copies, "bản sao"))
    details = [
        document.form or "",
        *(f"{count} {name}" for count, name in counts if count),
        HANDLING[document.handling],
    ]
    said = f"{document.name} ({', '.join(filter(None, details))})"
    return said if item.sure or not document.condition else f"{said} – chỉ khi: {document.condition}"


def price_words(way: Way) -> str:
    """Return the price of one way in words."""
    price = way.price
    if price.total is not None:
        return "0 đồng, miễn phí" if price.total == 0 else vnd(price.total)
    if not price.lines:
        return UNKNOWN_SUM
    lead = f"ít nhất {vnd(price.at_least)}; " if price.at_least else ""
    return lead + "; ".join(_money(line) for line in price.lines)


def _basis(way: Way, province: str) -> str:
    """Return which acts set the price of one way, and of which province; empty when the record names none."""
    rule = next((line.rule for line in way.price.lines if line.rule), None)
    if rule:
        return f" (mức của {province or f'tỉnh mã {rule.province}'}, theo {rule.basis})"
    acts = dict.fromkeys(line.money.basis for line in way.price.lines if line.money.basis)
    return f" (theo {'; '.join(acts)})" if acts else ""


def _money(line: Line) -> str:
    money: Money = line.money
    if money.amount is None:
        said = money.note or ("do tỉnh quy định" if money.set_by.value == "province" else UNKNOWN_SUM)
    else:
        said = vnd(money.amount) + (f"/{money.unit}" if money.unit else "")
    return said if line.sure or not money.condition else f"{said} nếu {_bare(money.condition)}"


def deadline_words(deadline: Deadline) -> str:
    """Return one time limit and the moment it ends."""
    limit: TimeLimit = deadline.limit
    if limit.amount is None or limit.unit is None:
        return limit.note or "chưa rõ"
    said = "giải quyết ngay" if limit.amount == 0 else f"{limit.amount} {UNITS[limit.unit]}"
    if limit.condition and not deadline.sure:
        said += f" nếu {_bare(limit.condition)}"
    return f"{said}, xong trước {deadline.due:%H:%M %d/%m/%Y}" if deadline.due else said


def _bare(condition: str) -> str:
    """Return a condition without the word "nếu" in front."""
    return condition[4:] if condition.lower().startswith("nếu ") else condition


def vnd(amount: int) -> str:
    """Return an amount as people write it: 1.500.000 đồng."""
    return f"{amount:,}".replace(",", ".") + " đồng"
