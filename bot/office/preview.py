"""What people would be told if a record were published: the answer in the chat, and the checklist of a case."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from bot.channels.web_markup import Block, blocks
from bot.dialogue import card, checklist
from bot.dialogue.services import Services
from bot.dialogue.session import Prepared
from knowledge.case import channel_question, kept, questions
from knowledge.errors import KnowledgeError
from knowledge.guidance import guide
from knowledge.procedure import UNSURE, CaseQuestion, Procedure

NOT_YET = "Bản sửa còn chỗ chưa đúng nên chưa xem thử được. Anh/chị sửa các chỗ báo đỏ trước."
BROKEN = "Các câu hỏi tình huống còn mâu thuẫn nên chưa lập được danh sách: {why}"


@dataclass(frozen=True, slots=True)
class Preview:
    """A message as it would be shown; ``words`` says why there is none."""

    blocks: list[Block]
    buttons: tuple[str, ...] = ()
    words: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A case question with the answer chosen for the preview, "" for none."""

    question: CaseQuestion
    answer: str


def candidate(tree: Mapping[str, Any] | None) -> Procedure | None:
    """Return the record of a draft, None when it is not valid."""
    try:
        return Procedure.model_validate_json(json.dumps(tree)) if tree else None
    except ValidationError:
        return None


def services_with(services: Services, record: Procedure, commune: str | None) -> Services:
    """Return the services of somebody in that commune, once the record is published."""
    there = services.at(commune)
    return replace(there, catalogue=there.catalogue.amended({record.code: record}, {}))


def answer(tree: Mapping[str, Any] | None, services: Services, commune: str | None = None) -> Preview:
    """Return the answer in the chat."""
    record = candidate(tree)
    if record is None:
        return Preview([], words=NOT_YET)
    message = card.card(record, services_with(services, record, commune))
    return Preview(blocks(message.body), tuple(button.label for row in message.buttons for button in row))


def case(
    tree: Mapping[str, Any] | None, answers: Mapping[str, str], services: Services, province: str, commune: str | None
) -> tuple[list[Asked], Preview]:
    """Return the case questions as asked after these answers, and the checklist they lead to."""
    record = candidate(tree)
    if record is None:
        return [], Preview([], words=NOT_YET)
    try:
        known = kept(record, {key: value for key, value in answers.items() if value and value != UNSURE})
        there = services_with(services, record, commune)
        guidance = guide(record, known, there.calendar, there.clock(), province=province)
        asked = [*questions(record, known)]
        if not any(each.id == "channel" for each in asked) and (way := channel_question(record, known)):
            asked.append(way)
        body = checklist.body(guidance, Prepared(code=record.code, answers=known), there, there.clock())
    except KnowledgeError as error:
        return [], Preview([], words=BROKEN.format(why=error))
    return [Asked(each, known.get(each.id, "")) for each in asked], Preview(blocks(body))
