"""The page, served to one visitor."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from sqlalchemy.engine import URL

from tests.bot.channels.browser import Browser
from tests.bot.channels.house import House, open_house


@pytest.fixture
async def house(database: URL) -> AsyncIterator[House]:
    async with open_house(database) as opened:
        yield opened


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    visitor = Browser(house)
    yield visitor
    await visitor.session.close()
