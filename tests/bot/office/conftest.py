"""A running office and somebody at work in it; a file of tests may say what is known there, and who that is."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.dialogue.services import Services
from bot.office.accounts import Draft
from bot.office.tables import Role
from tests.bot.dialogue import records
from tests.bot.office.desk import Desk, Visitor, at_work, head, open_desk


@pytest.fixture
def known() -> Services:
    """What the assistant answers from."""
    return records.services()


@pytest.fixture
def account() -> Draft:
    """Who the clerk is."""
    return Draft("Phạm Thị Hoa", Role.PUBLISHER, "01")


@pytest.fixture
async def desk(engine: AsyncEngine, known: Services) -> AsyncIterator[Desk]:
    """An office that has an administrator."""
    async with open_desk(engine, services=known) as opened:
        await opened.hire(head())
        yield opened


@pytest.fixture
async def clerk(desk: Desk, account: Draft) -> AsyncIterator[Visitor]:
    """Somebody at work."""
    async with at_work(desk, account) as somebody:
        yield somebody
