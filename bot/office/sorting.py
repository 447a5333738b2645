"""Puts questions asked in vain into groups of those that are alike, as they come in, one replica at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.locks import Lock
from knowledge.grouping import Gist, Groups, Reading, grouped

_AT_ONCE = 2000
_TRY = text("SELECT pg_try_advisory_xact_lock(:key)")
_NEW = text("""
    SELECT id, text FROM unanswered WHERE cluster IS NULL AND kind <> 'followup' ORDER BY id LIMIT :most
""")
_FIRSTS = text("""
    SELECT DISTINCT ON (cluster) cluster, text FROM unanswered WHERE cluster IS NOT NULL ORDER BY cluster, id
""")
_PUT = text("UPDATE unanswered SET cluster = :group WHERE id = :id")


class Sorting:
    """Groups questions."""

    def __init__(self, engine: AsyncEngine, reading: Reading) -> None:
        self._engine = engine
        self._reading = reading
        self._gists: dict[str, Gist] = {}
        self._one = asyncio.Lock()

    async def sort(self) -> int:
        """Put what is new into groups and return how many; 0 also when another replica is at it."""
        done = 0
        async with self._one:
            while some := await self._some():
                done += some
        return done

    async def _some(self) -> int:
        async with self._engine.begin() as connection:
            if not (await connection.execute(_TRY, {"key": int(Lock.SORTING)})).scalar_one():
                return 0
            new = [tuple(row) for row in await connection.execute(_NEW, {"most": _AT_ONCE})]
            if not new:
                return 0
            firsts = [tuple(row) for row in await connection.execute(_FIRSTS)]
            found = await asyncio.to_thread(self._grouped, firsts, new)
            await connection.execute(_PUT, [{"id": number, "group": group} for number, group in found])
        return len(new)

    def _grouped(self, firsts: Sequence[tuple[int, str]], new: Sequence[tuple[int, str]]) -> list[tuple[int, int]]:
        reading, groups = self._reading, Groups()
        known = self._gists
        self._gists = {said: known.get(said) or reading.gist(said) for _, said in firsts}
        for number, said in firsts:
            groups.begin(number, self._gists[said])
        return list(grouped(new, reading, groups))
