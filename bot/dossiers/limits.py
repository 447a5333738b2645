"""How often dossiers may be asked for, so that nobody finds those of others by trying.

Codes follow each other, so whoever asks for many, or for neighbours, is kept waiting. A proof is one of two numbers out
of ten thousand: five wrong ones an hour for each chat and ten a day for each dossier leave a guesser one chance in five
hundred a day. Counting is done in the database, for all replicas: who asked (sealed), which code, and whether a proof
failed; it goes after a week.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.storage.locks import chat_key

_LOCK = text("SELECT pg_advisory_xact_lock(:key)")
_ASKED = text("""
    SELECT asker, code, bool_or(failed) AS failed, count(*) FILTER (WHERE failed) AS failures FROM attempt
    WHERE asker = ANY(CAST(:askers AS text[])) AND at > now() - interval '1 hour' AND lookup_id <> :lookup
    GROUP BY asker, code
""")
_TRIED = text("""
    SELECT count(DISTINCT lookup_id) FROM attempt
    WHERE code = :code AND failed AND at > now() - interval '1 day' AND lookup_id <> :lookup
""")
_NOTE = text("""
    INSERT INTO attempt (lookup_id, asker, code, failed)
    SELECT :lookup, asker, :code, :failed FROM unnest(CAST(:askers AS text[])) AS asker
    WHERE NOT EXISTS (SELECT FROM attempt WHERE lookup_id = :lookup)
""")
_CLEAR = text("UPDATE attempt SET failed = false WHERE lookup_id = :lookup")
_NUMBER = re.compile(r"(.*?)-(\d{4,6})(?:-\d{5})?|(.*)/(\d{5})", re.ASCII)


class Verdict(StrEnum):
    """Whether a look-up may go on: else too many codes or neighbours of one, or too many wrong proofs."""

    FREE = "free"
    MANY_CODES = "many codes"
    MANY_PROOFS = "many proofs"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one asker may do in an hour. A network address stands for an office or a village: it may do more."""

    codes: int
    neighbours: int
    proofs: int


OF_CHAT = Bounds(codes=12, neighbours=5, proofs=5)
OF_NETWORK = Bounds(codes=120, neighbours=30, proofs=40)
PROOFS_OF_CODE = 10


async def judge(connection: AsyncConnection, lookup: int, code: str, askers: Sequence[str], *, proof: bool) -> Verdict:
    """Say whether a look-up may go on, and count it. A proof counts as wrong until ``clear`` says otherwise.

    ``askers`` are the chat and, where known, its network address. Judging one look-up again does not count it twice.
    """
    await connection.execute(_LOCK, {"key": chat_key("proof", code)})
    asked: dict[str, dict[str, int]] = {asker: {} for asker in askers}
    for row in await connection.execute(_ASKED, {"askers": list(askers), "lookup": lookup}):
        asked[row.asker][row.code] = row.failures
    for asker, bounds in zip(askers, (OF_CHAT, OF_NETWORK), strict=False):
        before = asked[asker]
        if proof and sum(before.values()) >= bounds.proofs:
            return Verdict.MANY_PROOFS
        if code not in before and (len(before) >= bounds.codes or _neighbours(code, before) >= bounds.neighbours):
            return Verdict.MANY_CODES
    tried = (await connection.execute(_TRIED, {"code": code, "lookup": lookup})).scalar_one() if proof else 0
    if tried >= PROOFS_OF_CODE:
        return Verdict.LOCKED
    await connection.execute(_NOTE, {"lookup": lookup, "code": code, "askers": list(askers), "failed": proof})
    return Verdict.FREE


async def clear(connection: AsyncConnection, lookup: int) -> None:
    """Note that the proof of a look-up was right."""
    await connection.execute(_CLEAR, {"lookup": lookup})


def _neighbours(code: str, others: Sequence[str] | dict[str, int]) -> int:
    """Return how many of the other codes are of the same unit and day, and close by in number."""
    place = _place(code)
    if place is None:
        return 0
    near = 0
    for other in others:
        found = _place(other)
        near += found is not None and found[0] == place[0] and abs(found[1] - place[1]) <= _SPAN
    return near


_SPAN = 50


def _place(code: str) -> tuple[str, int] | None:
    found = _NUMBER.fullmatch(code)
    if found is None:
        return None
    return (found[1], int(found[2])) if found[2] else (found[3], int(found[4]))
