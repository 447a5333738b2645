"""Questions asked in vain as staff see them: in groups, with how often and lately, and what they said was meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.errors import Impossible
from bot.office import audit
from bot.office.staff import Clerk

NOTHING_WAITS = "Nhóm câu này không còn câu nào chờ. Có thể người khác vừa xem rồi."
NOTHING_SAID = "Nhóm câu này chưa có kết luận nào để bỏ."
NEAR = 4
_TELLING = 0.5


class Verdict(StrEnum):
    """What staff say a group of questions is."""

    PROCEDURE = "procedure"
    ARTICLE = "article"
    OUTSIDE = "outside"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that are alike; ``text`` is the one asked most, ``week`` and ``month`` count the last 7 and 28 days.

    ``wishes``: how many chats want to be told of an answer. ``near``: procedures that came near, most often first.
    """

    id: int
    text: str
    count: int
    week: int
    month: int
    last: datetime
    kinds: tuple[str, ...]
    wishes: int
    near: tuple[str, ...] = ()

    @property
    def trend(self) -> int:
        """1 when the last week had clearly more than a week of the three before it, -1 when clearly fewer, else 0."""
        usual = (self.month - self.week) / 3
        if self.week > usual * (1 + _TELLING) + 1:
            return 1
        return -1 if self.week < usual * (1 - _TELLING) - 1 else 0


@dataclass(frozen=True, slots=True)
class Said:
    """One wording in a group, and how often it was asked."""

    text: str
    count: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What somebody said a group is; ``count`` questions were asked until then."""

    verdict: Verdict
    answer: str | None
    name: str
    at: datetime
    count: int


_MINE = "kind <> 'followup' AND (CAST(:scopes AS text[]) IS NULL OR commune = ANY(:scopes))"
_GROUPS = text(f"""
    SELECT cluster, mode() WITHIN GROUP (ORDER BY text) AS text, count(*) AS asked,
           count(*) FILTER (WHERE at > now() - interval '7 days') AS week,
           count(*) FILTER (WHERE at > now() - interval '28 days') AS month,
           max(at) AS last, array_agg(DISTINCT kind) AS kinds,
           (SELECT count(*) FROM wish JOIN unanswered AS wanted ON wanted.id = wish.unanswered
            WHERE wanted.cluster = unanswered.cluster) AS wishes
    FROM unanswered
    WHERE cluster IS NOT NULL AND {_MINE}
      AND (CAST(:one AS bigint) IS NOT NULL OR (verdict IS NULL) = :waiting)
      AND (CAST(:one AS bigint) IS NULL OR cluster = :one) AND (:kind = '' OR kind = :kind)
    GROUP BY cluster ORDER BY week DESC, asked DESC, last DESC, cluster LIMIT :limit OFFSET :skip
""")  # noqa: S608
_NEAR = text("""
    SELECT cluster, code FROM unanswered, jsonb_array_elements_text(codes) WITH ORDINALITY AS near (code, place)
    WHERE cluster = ANY(:groups) AND kind = 'unknown'
    GROUP BY cluster, code ORDER BY cluster, sum(1.0 / place) DESC, code
""")
_COUNT = text(f"SELECT count(DISTINCT cluster) FROM unanswered WHERE verdict IS NULL AND {_MINE}")  # noqa: S608
_SAID = text(f"""
    SELECT text, count(*) FROM unanswered WHERE cluster = :group AND {_MINE}
    GROUP BY text ORDER BY count(*) DESC, max(at) DESC, text LIMIT :limit
""")  # noqa: S608
_JUDGED = text(f"""
    SELECT verdict, answer, coalesce(staff.name, '') AS name, max(judged_at) AS at, count(*) AS asked
    FROM unanswered LEFT JOIN staff ON staff.id = judge
    WHERE cluster = :group AND verdict IS NOT NULL AND {_MINE}
    GROUP BY verdict, answer, staff.name ORDER BY at DESC
""")  # noqa: S608
_JUDGE = text(f"""
    UPDATE unanswered SET verdict = :verdict, answer = :answer, judge = :judge, judged_at = now()
    WHERE cluster = :group AND verdict IS NULL AND {_MINE} RETURNING id
""")  # noqa: S608
_UNDO = text(f"""
    UPDATE unanswered SET verdict = NULL, answer = NULL, judge = NULL, judged_at = NULL
    WHERE cluster = :group AND verdict IS NOT NULL AND {_MINE} RETURNING id
""")  # noqa: S608
_FOLLOWED = text("""
    SELECT codes->>0 AS code, text, count(*) AS asked FROM unanswered
    WHERE kind = 'followup' AND at > now() - interval '28 days'
      AND (CAST(:scopes AS text[]) IS NULL OR commune = ANY(:scopes))
    GROUP BY 1, 2 ORDER BY count(*) DESC, 1, 2 LIMIT 2000
""")

Scopes = Sequence[str] | None
"""The scopes whose questions somebody answers for; None: all, also those of people who did not say where they live."""


async def groups(
    connection: AsyncConnection,
    scopes: Scopes,
    *,
    waiting: bool = True,
    kind: str = "",
    one: int | None = None,
    limit: int = 31,
    skip: int = 0,
) -> list[Group]:
    """Return groups that wait for a word of staff (or have one), those asked most this week first; or just ``one``."""
    values = {"scopes": _list(scopes), "waiting": waiting, "kind": kind, "one": one, "limit": limit, "skip": skip}
    found = (await connection.execute(_GROUPS, values)).all()
    near: dict[int, list[str]] = {}
    for group, code in await connection.execute(_NEAR, {"groups": [row.cluster for row in found]}):
        near.setdefault(group, []).append(code)
    return [
        Group(
            row.cluster, row.text, row.asked, row.week, row.month, row.last, tuple(row.kinds), row.wishes,
            tuple(near.get(row.cluster, ())[:NEAR]),
        )
        for row in found
    ]  # fmt: skip


async def waiting_count(connection: AsyncConnection, scopes: Scopes) -> int:
    """Return how many groups wait for a word of staff."""
    return int((await connection.execute(_COUNT, {"scopes": _list(scopes)})).scalar_one())


async def wordings(connection: AsyncConnection, group: int, scopes: Scopes, limit: int = 50) -> list[Said]:
    """Return the wordings of a group, those asked most first."""
    rows = await connection.execute(_SAID, {"group": group, "scopes": _list(scopes), "limit": limit})
    return [Said(*row) for row in rows]


async def judgements(connection: AsyncConnection, group: int, scopes: Scopes) -> list[Judgement]:
    """Return what staff said of a group, the latest first."""
    rows = await connection.execute(_JUDGED, {"group": group, "scopes": _list(scopes)})
    return [Judgement(Verdict(row.verdict), row.answer, row.name, row.at, row.asked) for row in rows]


async def judge(
    connection: AsyncConnection, clerk: Clerk, scopes: Scopes, group: int, verdict: Verdict, answer: str | None = None
) -> int:
    """Note what the waiting questions of a group are and return how many; raise ``Impossible`` when none waits.

    With a procedure, or when none of ours, they count at the gate from now on.
    """
    values = {"group": group, "scopes": _list(scopes), "verdict": verdict, "answer": answer, "judge": clerk.id}
    count = len((await connection.execute(_JUDGE, values)).all())
    if not count:
        raise Impossible(NOTHING_WAITS)
    said = {"verdict": verdict, "answer": answer, "questions": count}
    await audit.record(connection, clerk.id, "question.judge", f"question {group}", **said)
    return count


async def undo(connection: AsyncConnection, clerk: Clerk, scopes: Scopes, group: int) -> int:
    """Take back what was said of a group; its questions wait again. Raises ``Impossible`` when nothing was said."""
    count = len((await connection.execute(_UNDO, {"group": group, "scopes": _list(scopes)})).all())
    if not count:
        raise Impossible(NOTHING_SAID)
    await audit.record(connection, clerk.id, "question.undo", f"question {group}", questions=count)
    return count


async def followed(connection: AsyncConnection, scopes: Scopes) -> list[tuple[str, str, int]]:
    """Return code, words and count of what was asked again about procedures in four weeks, most often first."""
    return [tuple(row) for row in await connection.execute(_FOLLOWED, {"scopes": _list(scopes)})]


def _list(scopes: Iterable[str] | None) -> list[str] | None:
    return None if scopes is None else list(scopes)
