"""Pages of releases: whose changes the gate is asked about."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import Impossible
from bot.office.accounts import Draft
from bot.office.release_pages import NO_TOPIC, meant
from bot.office.releases import Weighed
from bot.office.tables import Role
from knowledge.catalogue import Catalogue
from tests.bot.dialogue.records import BIRTH, MARRIAGE
from tests.bot.office.desk import at_work, head, open_desk
from tests.bot.office.newsroom import HANOI, HUE, opened, priced


async def test_the_gate_works_for_nobody_who_does_not_see_to_the_place(
    engine: AsyncEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs = await opened(engine).approved(priced(BIRTH, "Ủy ban nhân dân phường"), scope=HUE)
    weighed: list[int] = []

    async def weigh(numbers: Iterable[int]) -> Weighed:
        weighed.extend(numbers)
        raise Impossible("đang thử")

    async with open_desk(engine) as desk:
        await desk.hire(head())
        monkeypatch.setattr(desk.office.press.releases, "weigh", weigh)
        told = {}
        for scope in (HANOI, HUE):
            async with at_work(desk, Draft("Lê Văn An", Role.PUBLISHER, scope)) as somebody:
                told[scope] = (await somebody.get(f"/canbo/phat-hanh/thu?ban={theirs.id}"))[0], list(weighed)
    assert told == {HANOI: (404, []), HUE: (400, [theirs.id])}


def test_what_a_question_is_about_is_told_by_name_where_there_is_one() -> None:
    catalogue = Catalogue.of([BIRTH, MARRIAGE])
    assert meant(("9.000001", BIRTH.code, MARRIAGE.code), catalogue) == f"{BIRTH.name}; {MARRIAGE.name}"
    assert meant(("9.000001", "9.000002"), catalogue) == "9.000001; 9.000002"
    assert meant((), catalogue) == NO_TOPIC
