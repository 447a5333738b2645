"""The checklist of one case as a message: papers to tick off, money, day, place, and what was left open."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.dialogue import cost, due, markup, parts, ways, wording
from bot.dialogue.services import Services
from bot.dialogue.session import Prepared
from knowledge.case import told
from knowledge.guidance import Guidance, Item
from knowledge.procedure import Handling

HEAD = "Hồ sơ của anh/chị: {title}"
CASE = "Trường hợp: {answers}."
UNSURE = "chưa rõ"
BARE = ("có", "không", "chưa", "rồi", "đã", "đúng", "phải")
BARE_WORDS = 2
PAPERS = "Giấy tờ cần nộp"
SHOW = "Mang theo để xuất trình, không phải nộp"
LOOKED_UP = "Cán bộ tự tra cứu, anh/chị không phải nộp"
HAVE = "đã có {have}/{all}"
NO_PAPERS = "Nguồn chưa ghi giấy tờ của thủ tục này. Anh/chị nên hỏi nơi nhận hồ sơ trước khi đi."
MORE_PAPERS = "… và {count} giấy nữa; bấm “Lưu PDF” để xem đủ."
PERHAPS = "Chỉ cần trong trường hợp riêng:"
LEFT_OPEN = "Vì chưa rõ “{question}”, danh sách này gồm cả giấy tờ của các trường hợp khác nhau."
LEFT_OPEN_MANY = "Vì còn {count} câu chưa rõ, danh sách này gồm cả giấy tờ của các trường hợp khác nhau."
OWN_STEPS = "Riêng trường hợp này"
IF = "Nếu “{choice}”: {step}"
OR = "” hoặc “"
HAS, HAS_NOT = "☑", "☐"

ROOM = 3400
"""Visible characters a checklist may have: it must stay one Telegram message, for ticks change it in place."""

_MESSAGE = 4000
MOST_PAPERS = 60
"""Papers that can be ticked off in one message; no keyboard takes many more buttons."""

_LENGTHS = tuple((name, condition, MOST_PAPERS) for name, condition in ((400, 300), (200, 120), (110, 70), (70, 40)))
_FEWER = tuple((70, 40, most) for most in (40, 30, 20, 12, 6))
_CASE = 700
_STEP = 240
_MOST_STEPS = 6


def body(guidance: Guidance, prepared: Prepared, services: Services, now: datetime, beside: int = 0) -> str:
    """Return the checklist: shorter names when it would not fit one message, then fewer papers and how many are left.

    ``beside`` visible characters stand in the same message.
    """
    room = min(ROOM, _MESSAGE - beside)
    for name, condition, most in (*_LENGTHS, *_FEWER):
        made = _body(guidance, prepared, services, now, name, condition, most)
        if markup.visible(made) <= room:
            break
    return made


def _body(
    guidance: Guidance, prepared: Prepared, services: Services, now: datetime, name: int, condition: int, most: int
) -> str:
    blocks = [
        _heading(guidance),
        papers(guidance, prepared, name, condition, most),
        left_open(guidance),
        own_steps(guidance),
        cost.money(guidance, services),
        due.time(guidance, now),
        ways.where(guidance, services),
        parts.source(guidance.procedure, brief=True),
    ]
    return "\n\n".join(filter(None, blocks))


def _heading(guidance: Guidance) -> str:
    head = markup.bold(HEAD.format(title=markup.title(guidance.procedure, 110)))
    answered = case_words(guidance)
    told = markup.clip("; ".join(answered), _CASE)
    return f"{head}\n{markup.italic(CASE.format(answers=told))}" if answered else head


def case_words(guidance: Guidance) -> list[str]:
    """Return what was answered, one short phrase a question."""
    return [
        _answered(question.text, choice.text if choice else UNSURE)
        for question, choice in told(guidance.procedure, guidance.answers)
    ]


def _answered(question: str, answer: str) -> str:
    """Return an answer that can stand alone; a bare "có" or "chưa rõ" with its question before it."""
    bare = answer == UNSURE or (len(answer.split()) <= BARE_WORDS and answer.split()[0].lower() in BARE)
    return f"{markup.tidy(question).rstrip('?').strip()}: {markup.lower_first(answer)}" if bare else markup.tidy(answer)


def papers(
    guidance: Guidance, prepared: Prepared, name: int = 400, condition: int = 300, most: int = MOST_PAPERS
) -> str:
    """Return the papers, numbered as the buttons below number them, those one has marked; beyond ``most`` counted."""
    if not guidance.items:
        return f"{markup.bold(PAPERS)}\n{NO_PAPERS}"
    needed = guidance.needed
    have = sum(item.key in prepared.ticked for item in needed)
    lines: list[str] = []
    number = 0
    for heading, handling in ((PAPERS, Handling.HAND_IN), (SHOW, Handling.SHOW)):
        group = [item for item in needed[:most] if item.document.handling is handling]
        if group:
            count = f" ({HAVE.format(have=have, all=len(needed))})" if not lines else ""
            lines.append(markup.bold(heading) + count)
        for item in group:
            number += 1
            if not item.sure and (number == 1 or needed[number - 2].sure):
                lines.append(markup.italic(PERHAPS))
            mark = HAS if item.key in prepared.ticked else HAS_NOT
            lines.append(f"{mark} {number}. {paper(item, name, condition)}")
    if len(needed) > most:
        lines.append(markup.italic(MORE_PAPERS.format(count=len(needed) - most)))
    known = [item for item in guidance.items if item.document.handling is Handling.LOOKED_UP][:most]
    if known:
        lines.append(markup.bold(LOOKED_UP))
        lines += [f"• {paper(item, name, condition)}" for item in known]
    return "\n".join(lines)


def paper(item: Item, name: int = 400, condition: int = 300) -> str:
    """Return one paper in words, with its condition when it is not sure to be needed."""
    said = markup.escape(wording.paper(item.document, name))
    if item.sure or not item.document.condition:
        return said
    only = markup.lower_first(markup.clip(item.document.condition.rstrip("."), condition))
    return f"{said} {markup.italic(f'({only})')}"


def own_steps(guidance: Guidance) -> str:
    """Return what is done in this case only, or perhaps only where an answer was "không rõ"; empty when nothing is."""
    steps = sorted(guidance.own_steps, key=lambda step: bool(step[1]))[:_MOST_STEPS]
    lines = [
        f"• {markup.escape(IF.format(choice=markup.clip(OR.join(choices), 120), step=said) if choices else said)}"
        for said, choices in ((markup.clip(step.text, _STEP), choices) for step, choices in steps)
    ]
    return "\n".join([markup.bold(OWN_STEPS), *lines]) if lines else ""


def left_open(guidance: Guidance) -> str:
    """Say that the list is longer than it need be, because questions are not answered; empty when all are."""
    if not guidance.unsure:
        return ""
    if len(guidance.unsure) == 1:
        return markup.italic(LEFT_OPEN.format(question=guidance.unsure[0].text.rstrip(" ?")))
    return markup.italic(LEFT_OPEN_MANY.format(count=len(guidance.unsure)))


def missing(items: Sequence[Item], prepared: Prepared) -> list[Item]:
    """Return the papers that are surely needed and not ticked."""
    return [item for item in items if item.sure and item.key not in prepared.ticked]
