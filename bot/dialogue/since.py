"""Today's answer to a question that names something gone: one sentence on what changed, told once a conversation.

A procedure that was abolished is named by its whole official name only: what people call it in words of their own holds
for its successor as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from bot.dialogue import card, markup, smalltalk, wording
from bot.dialogue.phrases import words
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Reply
from bot.dialogue.upshot import Came
from knowledge.matching import Match, Outcome
from knowledge.procedure import Procedure
from knowledge.vietnamese import fold

SAID = "{sentence} ({act})."
NEXT = "Anh/chị cần làm việc gì, gõ tên việc ấy, tôi chỉ chỗ làm bây giờ."
REPLACED = "Thủ tục “{name}” (mã {code}) đã bãi bỏ từ ngày {day}, nay thay bằng thủ tục mã {heir}."
SHORT = 8
"""Words up to which a text that names something gone, and is not understood, asks about nothing else."""

MOST = 2
"""Sentences under one answer; what is left is told when it is named again."""

REMEMBERED = 60

_ASKS_WHETHER = re.compile(r"\b(?:con|co) .*(?:khong|ko|k|hong|hok)\W*(?:a|nhi|vay|em|chau)?\W*$|\bhet han chua")
"""How people ask whether what is gone still counts; what changed is then what they want to hear first."""


def match(said: str, services: Services) -> Match:
    """Match a question without what is gone, unless that leaves nothing: "làm KT3", "hộ chiếu ở công an huyện".

    Where both ways lead to the same procedure, the question as it was asked has the better word.
    """
    found = services.matcher.match(said)
    today = services.changes.today(said)
    if today == said:
        return found
    other = services.matcher.match(today)
    if other.outcome is Outcome.UNKNOWN or (found.outcome is Outcome.ANSWER and _first(found) == _first(other)):
        return found
    return other


def _first(found: Match) -> str | None:
    return found.candidates[0].code if found.candidates else None


def noted(said: str, reply: Reply, session: Session, services: Services) -> tuple[Reply, Session]:
    """Add, under the answer to ``said``, what changed about the outdated things named there and not yet told."""
    named = services.changes.find(said)
    lost = any(upshot.came in (Came.UNKNOWN, Came.ABSENT) for upshot in reply.upshots)
    found = [change for change in named if lost or change.id not in session.told][:MOST]
    old = {each.code: _replaced(each, heir) for each, heir in _abolished(said, reply, services)}
    old = {code: line for code, line in old.items() if code not in session.told}
    if not (found or old) or not reply.messages or reply.messages[-1].body in (smalltalk.OFF_TOPIC, smalltalk.INSULTED):
        return reply, session
    lines = [markup.italic(SAID.format(sentence=change.sentence, act=change.act)) for change in found]
    lines += old.values()
    *before, last = reply.messages
    told_first = lost or _ASKS_WHETHER.search(fold(said.lower())) is not None
    unknown = any(upshot.came is Came.UNKNOWN for upshot in reply.upshots)
    rest = NEXT if unknown and len(said.split()) <= SHORT else last.body
    body = "\n\n".join([*lines, rest] if told_first else [last.body, *lines])
    told = (*session.told, *(change.id for change in found), *old)[-REMEMBERED:]
    reply = replace(reply, messages=(*before, replace(last, body=body)))
    return reply, session.model_copy(update={"told": told})


def _abolished(said: str, reply: Reply, services: Services) -> Iterable[tuple[Procedure, str]]:
    """Yield the procedures gone that a question calls by their whole name, with the successor that answers it."""
    answered = {upshot.code for upshot in reply.upshots if upshot.came is Came.ANSWERED and upshot.code}
    for each in services.catalogue.procedures.values() if answered else ():
        if each.abolished_on is None or not _names(said, each):
            continue
        heir = card.successor(each, services)
        if heir is None or heir.code not in answered:
            continue
        if not (_names(heir.name, each) and _names(said, heir)):  # else it is the name of today that was typed
            yield each, heir.code


def _names(said: str, procedure: Procedure) -> bool:
    """Say whether a text holds the whole name of a procedure, at the borders of words."""
    text, name = (f" {' '.join(words(each))} " for each in (said, markup.title(procedure, len(procedure.name))))
    return (fold(name) if said.isascii() else name) in text


def _replaced(old: Procedure, heir: str) -> str:
    day = wording.day(old.abolished_on) if old.abolished_on else ""
    return markup.italic(REPLACED.format(name=markup.title(old, 90), code=old.code, day=day, heir=heir))
