"""An office that publishes: staff of every role, a small catalogue below, and a gate that says what a test wants."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.office import drafts, review
from bot.office.drafts import Proposal
from bot.office.gate import Report
from bot.office.releases import Releases
from bot.office.revisions import Revision, get
from bot.office.staff import Clerk
from bot.office.standing import Ground, plain
from bot.office.stock import Stock
from bot.office.tables import Effect, Role
from knowledge.catalogue import Catalogue
from knowledge.places import load_gazetteer
from knowledge.procedure import Procedure
from knowledge.questions import LabelledQuestion
from tests.bot.dialogue.records import BIRTH, LICENCE, MARRIAGE

BASE = Catalogue.of([BIRTH, MARRIAGE, LICENCE])
PLACES = load_gazetteer()
GROUND = Ground(BASE, PLACES)
HANOI, BA_DINH, HUE = "01", "00004", "46"

_HIRE = text("INSERT INTO staff (name, role, scope) VALUES (:name, :role, :scope) RETURNING id")


class Calm:
    """A gate that answers what it is told to, and counts how often it was asked."""

    def __init__(self) -> None:
        self.report = Report()
        self.asked = 0

    async def weigh(self, before: Catalogue, after: Catalogue, more: Sequence[LabelledQuestion] = ()) -> Report:
        assert before.release != after.release
        self.asked += 1
        return self.report


def priced(procedure: Procedure, where: str) -> dict[str, Any]:
    """Return a record with another agency, as an editor would save it."""
    changed = plain(procedure.model_copy(update={"agency": where}))
    assert changed
    return changed


@dataclass
class Newsroom:
    """One office on one database."""

    engine: AsyncEngine
    ground: Ground
    gate: Calm
    releases: Releases

    async def hire(self, role: Role, scope: str = "", name: str = "Lan") -> Clerk:
        """Make an account of that role."""
        async with self.engine.begin() as connection:
            values = {"name": name, "role": role, "scope": scope}
            number = (await connection.execute(_HIRE, values)).scalar_one()
        return Clerk(number, name, role, scope)

    async def begin(self, clerk: Clerk, proposal: Proposal) -> Revision:
        async with self.engine.begin() as connection:
            return await drafts.begin(connection, self.ground, clerk, proposal)

    async def write(self, clerk: Clerk, revision: Revision, record: dict[str, Any]) -> Revision:
        async with self.engine.begin() as connection:
            proposal = Proposal(revision.code, revision.scope, record)
            return await drafts.write(connection, self.ground, clerk, revision.id, revision.version, proposal)

    async def do(self, act: Any, clerk: Clerk, revision: Revision, *more: Any) -> Revision:
        """Do an act of ``review`` in a transaction of its own."""
        async with self.engine.begin() as connection:
            done = await act(connection, self.ground, clerk, revision.id, revision.version, *more)
            assert isinstance(done, Revision)
            return done

    async def approved(
        self,
        record: dict[str, Any] | None,
        code: str = BIRTH.code,
        scope: str = "",
        effect: Effect = Effect.RECORD,
        on: date | None = None,
    ) -> Revision:
        """Return a change that two people have agreed on."""
        editor, second = await self.hire(Role.EDITOR, scope), await self.hire(Role.PUBLISHER, scope, "Minh")
        revision = await self.begin(editor, Proposal(code, scope, record, effect, effective_on=on))
        revision = await self.do(review.submit, editor, revision)
        return await self.do(review.approve, second, revision)

    async def publish(self, *revisions: Revision, clerk: Clerk | None = None, reason: str | None = None) -> int:
        versions = {each.id: each.version for each in revisions}
        return await self.releases.publish(clerk, versions, "thử", reason)

    async def again(self, revision: Revision) -> Revision:
        """Read a revision anew."""
        async with self.engine.connect() as connection:
            (found,) = await get(connection, [revision.id])
            return found

    async def catalogue(self, ground: Ground | None = None) -> Catalogue:
        """Return what stands now, on this ground or the usual one."""
        async with self.engine.connect() as connection:
            return (await Stock(ground or self.ground).now(connection)).catalogue

    async def trail(self) -> list[str]:
        async with self.engine.connect() as connection:
            return list((await connection.execute(text("SELECT act FROM audit ORDER BY id"))).scalars())


def opened(engine: AsyncEngine, limit: int = 0) -> Newsroom:
    """Return an office on this database."""
    gate = Calm()
    return Newsroom(engine, GROUND, gate, Releases(engine, Stock(GROUND), gate, limit))
