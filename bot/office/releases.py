"""What is published together: weighed at the gate, noted, told to every replica, and taken back in one call."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import GateClosed, Impossible, Outdated
from bot.office import audit
from bot.office.gate import Report, judged
from bot.office.history import add, alone
from bot.office.review import CHANGED, OVERTAKEN, STATES, WRONG_STATE, allow_on, moved_on, overtaken
from bot.office.revisions import Revision, get
from bot.office.rollback import rollback
from bot.office.staff import Clerk
from bot.office.stand import Stand
from bot.office.stock import Stock
from bot.office.tables import RevisionState, Role, Subject
from knowledge.catalogue import Catalogue
from knowledge.questions import LabelledQuestion

NOTHING = "Chưa chọn bản sửa nào để công bố."
TWICE = "Có hai bản sửa cùng một thủ tục ({code}) ở cùng địa bàn. Anh/chị công bố từng bản một."
CLOSED = "Bản phát hành làm hỏng {broken} câu hỏi mẫu, quá mức cho phép là {limit}. Cần người quản trị ghi rõ lý do."
BUSY = "Người khác vừa công bố trong lúc anh/chị bấm. Anh/chị thử lại giúp."

_Key = tuple[int, tuple[tuple[int, int], ...], tuple[LabelledQuestion, ...]]
_TRIES = 3
_REMEMBERED = 8
_CHUNK = 100
_LOCK = text("SELECT id, version FROM revision WHERE id = ANY(:ids) ORDER BY id FOR UPDATE")
_NOTE = text("""
    INSERT INTO audit (staff, act, object, detail)
    SELECT :staff, 'revision.publish', 'revision ' || id,
           jsonb_build_object('release', CAST(:release AS bigint), 'code', code, 'scope', scope)
    FROM revision WHERE id = ANY(:ids) ORDER BY id
""")
_PUBLISH = text("""
    UPDATE revision SET state = 'published', release = :release, version = version + 1, updated_at = now()
    WHERE id = ANY(:ids)
""")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What publishing some revisions would do: what stands before and after, and how questions fare.

    Of the records of ``revisions`` the names only.
    """

    before: Stand
    after: Stand
    revisions: tuple[Revision, ...]
    report: Report


class Weighing(Protocol):
    """Anything that says what a release would change in the replies; ``bot.office.gate.Gate`` is one."""

    async def weigh(self, before: Catalogue, after: Catalogue, more: Sequence[LabelledQuestion] = ()) -> Report:
        """Compare the replies of two catalogues to the labelled questions and to ``more``."""
        ...


class Releases:
    """Publishes and takes back. ``limit`` is how many of the labelled questions a release may break."""

    def __init__(self, engine: AsyncEngine, stock: Stock, gate: Weighing, limit: int) -> None:
        self._engine = engine
        self._stock = stock
        self._gate = gate
        self.limit = limit
        self._weighed: dict[_Key, Weighed] = {}

    async def weigh(self, ids: Iterable[int]) -> Weighed:
        """Ask the gate what publishing these revisions would do; raise ``OfficeError`` when they cannot be."""
        async with self._engine.connect() as connection:
            revisions = tuple(await get(connection, ids, brief=True))
            before = await self._stock.now(connection)
            questions = await judged(connection)
            key = before.release, tuple((each.id, each.version) for each in revisions), questions
            if key in self._weighed:
                return self._weighed[key]
            _check(revisions)
            whole = await _made_on(connection, before, [each.id for each in revisions])
            after = await self._stock.after(connection, before, whole)
        old, new = before.catalogue, after.catalogue
        same = old.release == new.release  # of articles nothing is known to the matcher
        report = Report() if same else await self._gate.weigh(old, new, questions)
        self._remember(key, Weighed(before, after, revisions, report))
        return self._weighed[key]

    def _remember(self, key: _Key, weighed: Weighed) -> None:
        """Keep what was weighed on what stands now, for the press that publishes it."""
        kept = {known: each for known, each in self._weighed.items() if each.before is weighed.before}
        self._weighed = dict(list(kept.items())[-_REMEMBERED + 1 :]) | {key: weighed}

    async def publish(
        self,
        clerk: Clerk | None,
        versions: Mapping[int, int],
        summary: str = "",
        reason: str | None = None,
        publisher: int | None = None,
    ) -> int:
        """Publish approved revisions, each at the version its reader saw, and return the number of the release.

        ``clerk`` None: the program does it, for the ``publisher`` who had it put on the calendar. Raises
        ``OfficeError``: ``GateClosed`` when it breaks more than the limit and no administrator gives a reason.
        """
        if not versions:
            raise Impossible(NOTHING)
        for _ in range(_TRIES):
            weighed = await self.weigh(versions)
            _at_versions(weighed.revisions, versions)
            for revision in weighed.revisions:
                allow_on(clerk, Role.PUBLISHER, revision, self._stock.ground)
            self._pass(clerk, weighed, reason)
            async with self._engine.begin() as connection:
                if await alone(connection) != weighed.before.release:
                    continue
                if not await _unchanged(connection, versions):
                    raise Outdated(CHANGED)
                by = clerk.id if clerk else publisher
                release = await self._publish(connection, by, weighed, summary, reason)
            self._stock.published(weighed.before, weighed.after, release)
            self._weighed = {}
            return release
        raise Outdated(BUSY)

    async def rollback(self, clerk: Clerk | None, release: int, reason: str | None = None) -> int:
        """Put back what stood before a release, as a new one, and return its number.

        The gate is not asked: what stood before has passed it. Raises ``Impossible`` when a later release changed the
        same records again.
        """
        async with self._engine.begin() as connection:
            return await rollback(connection, self._stock.ground, clerk, release, reason)

    def _pass(self, clerk: Clerk | None, weighed: Weighed, reason: str | None) -> None:
        """Raise ``GateClosed`` when too much breaks and nobody who may has said why it must be."""
        broken = len(weighed.report.broken)
        allowed = bool(reason and reason.strip()) and (clerk is None or clerk.may(Role.ADMINISTRATOR))
        if broken > self.limit and not allowed:
            raise GateClosed(CLOSED.format(broken=broken, limit=self.limit), weighed.report)

    async def _publish(
        self,
        connection: AsyncConnection,
        publisher: int | None,
        weighed: Weighed,
        summary: str,
        reason: str | None,
    ) -> int:
        ids = [revision.id for revision in weighed.revisions]
        release = await add(connection, publisher, summary, weighed.report.kept(), reason)
        await connection.execute(_PUBLISH, {"release": release, "ids": ids})
        counted = {"improved": len(weighed.report.improved), "broken": len(weighed.report.broken)}
        said = {"revisions": ids, "summary": summary, "reason": reason, **counted}
        await audit.record(connection, publisher, "release.publish", f"release {release}", **said)
        await connection.execute(_NOTE, {"staff": publisher, "release": release, "ids": ids})
        return release


def _check(revisions: Sequence[Revision]) -> None:
    """Raise ``OfficeError`` unless all are approved and of different records."""
    seen = set()
    for revision in revisions:
        if revision.state is not RevisionState.APPROVED:
            raise Impossible(WRONG_STATE.format(state=STATES[revision.state]))
        if (revision.subject, revision.scope, revision.code) in seen:
            raise Impossible(TWICE.format(code=revision.code))
        seen.add((revision.subject, revision.scope, revision.code))


async def _made_on(connection: AsyncConnection, before: Stand, ids: Sequence[int]) -> list[Revision]:
    """Return these revisions, of procedures without records, after a look whether each was made on what stands.

    A few are read at a time, beside the event loop. Raises ``Outdated`` for one that was made on something else.
    """
    found: list[Revision] = []
    for start in range(0, len(ids), _CHUNK):
        whole = await get(connection, ids[start : start + _CHUNK])
        await asyncio.to_thread(_check_bases, before, whole)
        found += [each if each.subject is Subject.ARTICLE else replace(each, record=None, base=None) for each in whole]
    return found


def _check_bases(before: Stand, revisions: Sequence[Revision]) -> None:
    for each in revisions:
        if each.subject is Subject.PROCEDURE:
            moved = moved_on(before.stands(each.code, each.scope), each)
        else:
            moved = overtaken(before.ground, before.overlay, each)
        if moved:
            raise Outdated(OVERTAKEN.format(code=each.code))


def _at_versions(revisions: Iterable[Revision], versions: Mapping[int, int]) -> None:
    if any(revision.version != versions[revision.id] for revision in revisions):
        raise Outdated(CHANGED)


async def _unchanged(connection: AsyncConnection, versions: Mapping[int, int]) -> bool:
    """Lock the revisions and say whether each still has its version."""
    rows = await connection.execute(_LOCK, {"ids": sorted(versions)})
    return {row.id: row.version for row in rows} == dict(versions)
