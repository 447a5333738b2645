"""Suggestions and complaints as rows: kept without names, followed by a code, answered by staff of the place."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.assistance.tables import FeedbackState

MOST_A_DAY = 5
PAGE = 50
PREFIX = "PA-"

LETTERS, NUMBERS = "CDFHJKMNPRVWXY", "34679"
"""None of them looks like another, or sounds like another when it is read out."""

_LENGTH, _LEAST_LETTERS = 6, 3
_CODE = re.compile(rf"(?<!\w)PA[\s-]?([{LETTERS}{NUMBERS}]{{{_LENGTH}}})(?!\w)", re.IGNORECASE)
_MOST_WORDS = 9
_TRIES = 8
_HERE = "(CAST(:scopes AS text[]) IS NULL OR commune = ANY(:scopes))"
_COLUMNS = "feedback.id, code, kind, text, commune, state, answer, feedback.at, answered_at, coalesce(staff.name, '')"
_ADD = text("""
    INSERT INTO feedback (code, chat_id, kind, text, commune) VALUES (:code, :chat, :kind, :text, :commune)
    ON CONFLICT DO NOTHING RETURNING id
""")
_TODAY = text("SELECT count(*) FROM feedback WHERE chat_id = :chat AND at > now() - interval '1 day'")
_STATUS = text("SELECT kind, state, answer, at FROM feedback WHERE code = :code")
_LISTED = text(f"""
    SELECT {_COLUMNS} FROM feedback LEFT JOIN staff ON staff.id = feedback.staff
    WHERE state = ANY(:states) AND {_HERE} ORDER BY feedback.id DESC LIMIT {PAGE + 1} OFFSET :offset
""")  # noqa: S608
_ONE = text(f"""
    SELECT {_COLUMNS} FROM feedback LEFT JOIN staff ON staff.id = feedback.staff
    WHERE feedback.id = :id AND {_HERE}
""")  # noqa: S608
_COUNT = text(f"SELECT count(*) FROM feedback WHERE state = 'new' AND {_HERE}")  # noqa: S608
_TAKE = text(f"""
    UPDATE feedback SET state = 'taken', staff = :staff WHERE id = :id AND state = 'new' AND {_HERE} RETURNING id
""")  # noqa: S608
_ANSWER = text(f"""
    UPDATE feedback SET state = 'answered', staff = :staff, answer = :answer, answered_at = now()
    WHERE id = :id AND state IN ('new', 'taken') AND {_HERE} RETURNING chat_id
""")  # noqa: S608
_FORGET = text("UPDATE feedback SET chat_id = NULL WHERE id = :id")
_CLOSE = text(f"""
    UPDATE feedback SET state = 'closed', staff = coalesce(staff, :staff), chat_id = NULL
    WHERE id = :id AND state <> 'closed' AND {_HERE} RETURNING id
""")  # noqa: S608

Scopes = Sequence[str] | None
"""The places whose feedback somebody sees; None: all, and what names no place."""


class Kind(StrEnum):
    """``suggestion``: how to do better; ``complaint``: something that went wrong; ``request``: what should be done."""

    SUGGESTION = "suggestion"
    COMPLAINT = "complaint"
    REQUEST = "request"


@dataclass(frozen=True, slots=True)
class Status:
    """What whoever has the code may know."""

    kind: str
    state: FeedbackState
    answer: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One of them as staff see it; ``name`` is who has it, "" nobody."""

    id: int
    code: str
    kind: str
    text: str
    commune: str | None
    state: str
    answer: str | None
    at: datetime
    answered_at: datetime | None
    name: str


@dataclass(frozen=True, slots=True)
class Answered:
    """``chat`` is where the answer is told, None when that is gone."""

    chat: int | None


def new_code() -> str:
    """Return a code like PA-7K3M9Y: six signs, half of them letters at least, so that it is no number to be hidden."""
    while True:
        signs = "".join(secrets.choice(LETTERS + NUMBERS) for _ in range(_LENGTH))
        if sum(map(str.isalpha, signs)) >= _LEAST_LETTERS:
            return PREFIX + signs


def code_in(said: str) -> str | None:
    """Read the code that a short message names, however it is typed; None when it names none."""
    found = _CODE.search(said) if len(said.split()) <= _MOST_WORDS else None
    return PREFIX + found[1].upper() if found else None


async def add(connection: AsyncConnection, chat: int, kind: Kind, words: str, commune: str | None) -> str:
    """Keep words, masked already, and return the code by which they are followed."""
    for _ in range(_TRIES):
        values = {"code": new_code(), "chat": chat, "kind": kind, "text": words, "commune": commune}
        if (await connection.execute(_ADD, values)).first() is not None:
            return str(values["code"])
    raise RuntimeError("no free code was found")


async def today(connection: AsyncConnection, chat: int) -> int:
    """Return how many this chat sent within a day."""
    return int((await connection.execute(_TODAY, {"chat": chat})).scalar_one())


async def status(connection: AsyncConnection, code: str) -> Status | None:
    """Return how far one is; None when there is no such code."""
    row = (await connection.execute(_STATUS, {"code": code})).first()
    return Status(row.kind, FeedbackState(row.state), row.answer, row.at) if row else None


async def listed(
    connection: AsyncConnection, scopes: Scopes, states: Sequence[FeedbackState], offset: int = 0
) -> list[Item]:
    """Return one page, newest first, and one more when there is a next page."""
    values = {"scopes": _plain(scopes), "states": list(states), "offset": offset}
    return [Item(*row) for row in await connection.execute(_LISTED, values)]


async def one(connection: AsyncConnection, scopes: Scopes, number: int) -> Item | None:
    """Return one; None when there is none there."""
    row = (await connection.execute(_ONE, {"scopes": _plain(scopes), "id": number})).first()
    return Item(*row) if row else None


async def waiting(connection: AsyncConnection, scopes: Scopes) -> int:
    """Return how many nobody has taken yet."""
    return int((await connection.execute(_COUNT, {"scopes": _plain(scopes)})).scalar_one())


async def take(connection: AsyncConnection, scopes: Scopes, number: int, staff: int) -> bool:
    """Say that somebody sees to it; False when it is not new any more."""
    values = {"scopes": _plain(scopes), "id": number, "staff": staff}
    return (await connection.execute(_TAKE, values)).first() is not None


async def answer(connection: AsyncConnection, scopes: Scopes, number: int, staff: int, words: str) -> Answered | None:
    """Answer one and forget which chat it came from; None when it was answered or closed before."""
    values = {"scopes": _plain(scopes), "id": number, "staff": staff, "answer": words}
    row = (await connection.execute(_ANSWER, values)).first()
    if row is None:
        return None
    await connection.execute(_FORGET, {"id": number})
    return Answered(row.chat_id)


async def close(connection: AsyncConnection, scopes: Scopes, number: int, staff: int) -> bool:
    """Close one and forget which chat it came from; False when it was closed before."""
    values = {"scopes": _plain(scopes), "id": number, "staff": staff}
    return (await connection.execute(_CLOSE, values)).first() is not None


def _plain(scopes: Scopes) -> list[str] | None:
    return None if scopes is None else list(scopes)
