"""What came in one file goes on together, all or none, in few statements."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import Forbidden, Impossible
from bot.office import lots
from bot.office.staff import Clerk
from bot.office.stock import Stock
from bot.office.tables import RevisionState, Role
from knowledge.procedure import Procedure
from tests.bot.dialogue.records import BIRTH
from tests.bot.office.newsroom import GROUND, opened

COUNT = 30
RECORDS = [BIRTH.model_copy(update={"code": f"9.{number:06d}", "names": ()}) for number in range(COUNT)]


@contextmanager
def counted(engine: AsyncEngine) -> Iterator[list[str]]:
    """Note every statement."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    event.listen(engine.sync_engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine.sync_engine, "before_cursor_execute", note)


async def begun(engine: AsyncEngine, clerk: Clerk, *records: Procedure) -> str:
    async with engine.connect() as connection:
        stand = await Stock(GROUND).now(connection)
    return await lots.begin(engine, clerk, stand, "", "tep.json", records, lambda _: None)


async def states(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set((await connection.execute(text("SELECT DISTINCT state FROM revision"))).scalars())


async def test_many_go_on_in_few_statements_each_on_the_trail(engine: AsyncEngine) -> None:
    room = opened(engine)
    editor, second = await room.hire(Role.EDITOR), await room.hire(Role.PUBLISHER)
    key = await begun(engine, editor, *RECORDS)
    shares: list[float] = []
    with counted(engine) as seen:
        assert await lots.submit(engine, GROUND, editor, key, shares.append) == COUNT
        assert await states(engine) == {RevisionState.REVIEW}
        assert await lots.approve(engine, GROUND, second, key, shares.append) == COUNT
    assert len(seen) < COUNT
    assert shares
    assert await states(engine) == {RevisionState.APPROVED}
    acts = [act for act in await room.trail() if act.startswith("revision.")]
    assert acts == ["revision.begin"] * COUNT + ["revision.submit"] * COUNT + ["revision.approve"] * COUNT


async def test_one_that_may_not_go_on_keeps_all_where_they_are(engine: AsyncEngine) -> None:
    room = opened(engine)
    editor = await room.hire(Role.EDITOR)
    with pytest.raises(Impossible, match="giống hệt"):
        await lots.submit(engine, GROUND, editor, await begun(engine, editor, *RECORDS[:3], BIRTH), lambda _: None)
    assert await states(engine) == {RevisionState.DRAFT}


async def test_nobody_approves_a_lot_they_wrote_any_of(engine: AsyncEngine) -> None:
    room = opened(engine)
    author = await room.hire(Role.PUBLISHER)
    key = await begun(engine, author, *RECORDS[:3])
    await lots.submit(engine, GROUND, author, key, lambda _: None)
    with pytest.raises(Forbidden, match="không tự duyệt"):
        await lots.approve(engine, GROUND, author, key, lambda _: None)
    assert await states(engine) == {RevisionState.REVIEW}
