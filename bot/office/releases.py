"""What is published together: weighed at the gate, noted, told to every replica, and taken back in one call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from bot.errors import GateClosed, Impossible, Outdated
from bot.office import audit, standing
from bot.office.gate import Report, judged
from bot.office.history import add, alone
from bot.office.review import CHANGED, OVERTAKEN, STATES, WRONG_STATE, allow, overtaken
from bot.office.revisions import Revision, get
from bot.office.rollback import rollback
from bot.office.staff import Clerk
from bot.office.standing import Ground, Overlay
from bot.office.tables import RevisionState, Role
from knowledge.catalogue import Catalogue
from knowledge.questions import LabelledQuestion

NOTHING = "Chưa chọn bản sửa nào để công bố."
TWICE = "Có hai bản sửa cùng một thủ tục ({code}) ở cùng địa bàn. Anh/chị công bố từng bản một."
CLOSED = "Bản phát hành làm hỏng {broken} câu hỏi mẫu, quá mức cho phép là {limit}. Cần người quản trị ghi rõ lý do."
BUSY = "Người khác vừa công bố trong lúc anh/chị bấm. Anh/chị thử lại giúp."

_Key = tuple[int, tuple[tuple[int, int], ...], tuple[LabelledQuestion, ...]]
_TRIES = 3
_REMEMBERED = 8
_PUBLISH = text("""
    UPDATE revision SET state = 'published', release = :release, version = version + 1, updated_at = now()
    WHERE id = ANY(:ids)
""")


@dataclass(frozen=True, slots=True)
class Weighed:
    """What publishing some revisions would do: on which overlay, and to which questions."""

    overlay: Overlay
    revisions: tuple[Revision, ...]
    report: Report


class Weighing(Protocol):
    """Anything that says what a release would change in the replies; ``bot.office.gate.Gate`` is one."""

    async def weigh(self, before: Catalogue, after: Catalogue, more: Sequence[LabelledQuestion] = ()) -> Report:
        """Compare the replies of two catalogues to the labelled questions and to ``more``."""
        ...


class Releases:
    """Publishes and takes back. ``limit`` is how many of the labelled questions a release may break."""

    def __init__(self, engine: AsyncEngine, ground: Ground, gate: Weighing, limit: int) -> None:
        self._engine = engine
        self._ground = ground
        self._gate = gate
        self.limit = limit
        self._weighed: dict[_Key, Report] = {}

    async def weigh(self, ids: Iterable[int]) -> Weighed:
        """Ask the gate what publishing these revisions would do; raise ``OfficeError`` when they cannot be."""
        async with self._engine.connect() as connection:
            revisions = tuple(await get(connection, ids))
            overlay = await standing.current(connection)
            questions = await judged(connection)
        self._check(overlay, revisions)
        key = overlay.release, tuple((each.id, each.version) for each in revisions), questions
        report = self._weighed.get(key)
        if report is None:
            before, after = map(self._ground.catalogue, (overlay, overlay.with_these(revisions)))
            same = before.release == after.release  # of articles nothing is known to the matcher
            report = Report() if same else await self._gate.weigh(before, after, questions)
            while len(self._weighed) >= _REMEMBERED:
                del self._weighed[next(iter(self._weighed))]
            self._weighed[key] = report
        return Weighed(overlay, revisions, report)

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
                allow(clerk, Role.PUBLISHER, revision.scope, self._ground)
            self._pass(clerk, weighed, reason)
            async with self._engine.begin() as connection:
                if await alone(connection) == weighed.overlay.release:
                    _at_versions(await get(connection, versions, lock=True), versions)
                    by = clerk.id if clerk else publisher
                    return await self._publish(connection, by, weighed, summary, reason)
        raise Outdated(BUSY)

    async def rollback(self, clerk: Clerk | None, release: int, reason: str | None = None) -> int:
        """Put back what stood before a release, as a new one, and return its number.

        The gate is not asked: what stood before has passed it. Raises ``Impossible`` when a later release changed the
        same records again.
        """
        async with self._engine.begin() as connection:
            return await rollback(connection, self._ground, clerk, release, reason)

    def _check(self, overlay: Overlay, revisions: Sequence[Revision]) -> None:
        """Raise ``OfficeError`` unless all are approved, made on what stands, and of different records."""
        seen = set()
        for revision in revisions:
            if revision.state is not RevisionState.APPROVED:
                raise Impossible(WRONG_STATE.format(state=STATES[revision.state]))
            if overtaken(self._ground, overlay, revision):
                raise Outdated(OVERTAKEN.format(code=revision.code))
            if (revision.subject, revision.scope, revision.code) in seen:
                raise Impossible(TWICE.format(code=revision.code))
            seen.add((revision.subject, revision.scope, revision.code))

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
        for revision in weighed.revisions:
            named = {"release": release, "code": revision.code, "scope": revision.scope}
            await audit.record(connection, publisher, "revision.publish", revision.name, **named)
        return release


def _at_versions(revisions: Iterable[Revision], versions: Mapping[int, int]) -> None:
    if any(revision.version != versions[revision.id] for revision in revisions):
        raise Outdated(CHANGED)
