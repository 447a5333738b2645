"""Codes of procedures that were typed with a digit wrong: the codes of the catalogue that are one slip away."""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

from bot.dialogue import opening, proposal
from bot.dialogue.services import Services
from bot.dialogue.session import Session
from bot.dialogue.turn import Message, Reply
from bot.dialogue.upshot import Came
from bot.dialogue.welcome import ways_on
from knowledge.procedure import Procedure

NEAR = "Không có thủ tục mã {code}, chỉ có mã gần giống: {codes}. Có phải anh/chị tìm việc dưới đây không?"
SHAPE = (
    "Mã thủ tục gồm bảy số, như 1.001193. Mã “{code}” thừa hoặc thiếu số, anh/chị xem lại giúp, hoặc gõ tên việc "
    "cần làm."
)

_MISSPELT = re.compile(
    r"\W*(?:(?:mã|ma)\W+(?:số\W+|so\W+)?)?(?:(?:thủ tục|thu tuc|tthc|tt)\W+)?(\d[.,]\d{4,5}|\d[.,]\d{7,8})\W*",
    re.ASCII | re.IGNORECASE,
)
_SLIPS = 1


def misspelt(said: str) -> str | None:
    """Return what looks like a code with a digit too many or too few, when a text is nothing else."""
    found = _MISSPELT.fullmatch(said)
    return found[1].replace(",", ".") if found else None


def offer(code: str, session: Session, services: Services) -> tuple[Reply, Session]:
    """Offer the procedures whose codes are one slip from ``code``; without any, say what is wrong with it."""
    near = _near(code, services)
    if near:
        codes = ", ".join(each.code for each in near)
        reply, session = proposal.offer(near, NEAR.format(code=code, codes=codes), session)
        return reply.told(Came.OFFERED), session
    if sum(map(str.isdigit, code)) == _DIGITS:
        return opening.show(code, session, services)
    return Reply((Message(SHAPE.format(code=code), ways_on()),)).told(Came.UNKNOWN), session


_DIGITS = 7


def _near(code: str, services: Services) -> list[Procedure]:
    records = (each for each in services.catalogue.procedures.values() if each.abolished_on is None)
    near = [each for each in records if OSA.distance(code, each.code, score_cutoff=_SLIPS) <= _SLIPS]
    return sorted(near, key=lambda each: (-each.prior, each.code))[: proposal.MOST_CHOICES]
