"""A round of short questions about one procedure, one after the other; the best result of each is kept."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance import tables
from bot.assistance.learning.quiz import Kind, Question, quiz
from bot.assistance.learning.scenes import NAMES
from bot.assistance.learning.table import Row, Table, menu_row
from bot.assistance.pressing import button
from bot.dialogue import markup
from bot.dialogue.turn import Message
from bot.moment import Outcome
from knowledge import case
from knowledge.procedure import Procedure

HEAD = "<b>Câu {number}/{count}</b> · {title}"
CASE = "{name} kể:"
ASKS = {
    Kind.NEEDLESS: "Giấy nào KHÔNG cần?",
    Kind.NEEDED: "Giấy nào cần có?",
    Kind.COST: "{name} hết bao nhiêu tiền?",
}
LETTERS = "ABCD"
RIGHT = "Đúng rồi."
WRONG = "Chưa đúng. Câu trả lời là {letter}."
DONE = "<b>Xong.</b> Anh/chị đúng {right}/{asked} câu."
BEST = "Kết quả cao nhất của anh/chị với thủ tục này: {right}/{asked}."
OLD = "Câu này đã qua. Câu đang hỏi là:"
AGAIN, MEET, OTHER = "Làm lại", "Gặp một người dân", "Thủ tục khác"
NONE = "Thủ tục này chưa có câu hỏi. Anh/chị chọn thủ tục khác giúp."

_SEEDS = 1_000_000
_TABLE = tables.Quizzed.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class _Round:
    """How far a round is: ``place`` counts the questions answered, ``right`` those answered rightly."""

    procedure: Procedure
    seed: int
    questions: tuple[Question, ...]
    place: int = 0
    right: int = 0


async def begin(table: Table, procedure: Procedure | None) -> Outcome:
    """Ask the first question about a procedure."""
    found = await _round(table, procedure, secrets.randbelow(_SEEDS))
    return _ask(table, found) if found else _none(table)


async def answered(table: Table, key: str, choice: str) -> Outcome:
    """Say whether the choice was right, and ask the next question or tell the result."""
    noted = table.noted
    seed, place, right = (int(noted.get(name, "0")) for name in ("seed", "place", "right"))
    found = await _round(table, table.procedure(noted.get("quiz", "")), seed)
    if found is None or place >= len(found.questions):
        return _none(table)
    now, question = replace(found, place=place, right=right), found.questions[place]
    if question.key != key or choice not in tuple("0123"):
        return _ask(table, now, OLD)
    hit = int(choice) == question.right
    told = RIGHT if hit else WRONG.format(letter=LETTERS[question.right])
    told = markup.escape(f"{told} {question.why}")
    after = replace(now, place=place + 1, right=right + hit)
    return _ask(table, after, told) if after.place < len(after.questions) else await _done(table, after, told)


async def _round(table: Table, procedure: Procedure | None, seed: int) -> _Round | None:
    """Return a round from its beginning; None when there is nothing to ask."""
    if procedure is None:
        return None
    questions = await asyncio.to_thread(quiz, procedure, table.moment.services.catalogue, table.rules, seed)
    return _Round(procedure, seed, questions) if questions else None


def _ask(table: Table, now: _Round, before: str = "") -> Outcome:
    place, procedure = now.place, now.procedure
    question, name = now.questions[place], NAMES[(now.seed + place) % len(NAMES)]
    lines = [before, ""] if before else []
    title = markup.escape(markup.title(procedure, 100))
    lines += [HEAD.format(number=place + 1, count=len(now.questions), title=title), "", CASE.format(name=name)]
    for each, choice in case.told(procedure, question.answers):
        lines.append(markup.escape(f"• {each.text} {choice.text}." if choice else f"• {each.text}"))
    lines += ["", markup.bold(ASKS[question.kind].format(name=name))]
    lines += [markup.escape(f"{letter}. {choice}") for letter, choice in zip(LETTERS, question.choices, strict=True)]
    letters: Row = tuple(button(letter, "quiz", question.key, at) for at, letter in enumerate(LETTERS))
    noted = {"quiz": procedure.code, "seed": str(now.seed), "place": str(place), "right": str(now.right)}
    return table.say(Message("\n".join(lines), (letters, menu_row())), noted=noted)


async def _done(table: Table, now: _Round, told: str) -> Outcome:
    code, right, asked = now.procedure.code, now.right, len(now.questions)
    best = await keep(table.moment.connection, table.helper.id, code, right, asked)
    lines = [told, "", DONE.format(right=right, asked=asked), BEST.format(right=best[0], asked=best[1])]
    ways = ((button(AGAIN, "quizof", code), button(MEET, "learnmeet", code)), (button(OTHER, "learn"),))
    return table.say(Message("\n".join(lines), ways))


async def keep(connection: AsyncConnection, volunteer: int, procedure: str, right: int, asked: int) -> tuple[int, int]:
    """Keep a result when it is the volunteer's best with this procedure; return the best: right ones, and asked."""
    made = insert(_TABLE).values(volunteer=volunteer, procedure=procedure, right=right, asked=asked)
    better = made.excluded.right * _TABLE.c.asked >= _TABLE.c.right * made.excluded.asked
    values = {"right": made.excluded.right, "asked": made.excluded.asked, "at": func.now()}
    await connection.execute(
        made.on_conflict_do_update(index_elements=["volunteer", "procedure"], set_=values, where=better)
    )
    best = select(_TABLE.c.right, _TABLE.c.asked)
    row = (await connection.execute(best.where(_TABLE.c.volunteer == volunteer, _TABLE.c.procedure == procedure))).one()
    return int(row.right), int(row.asked)


def _none(table: Table) -> Outcome:
    return table.say(Message(NONE, (menu_row(),)))
