"""Parts of a whole journey: a Bot API server, a browser, a catalogue file, and processes that end with the test."""

from __future__ import annotations

import asyncio
import json
import random
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.async_api import Browser, async_playwright, expect
from sqlalchemy.engine import URL

from tests.acceptance.botapi import TOKEN, BotApi
from tests.acceptance.nursery import Nursery, nursery
from tests.acceptance.process import BotProcess
from tests.acceptance.visit import PHONE, Visit, chromium, visit
from tests.bot.channels.house import House, open_house
from tests.bot.dialogue.records import RECORDS
from tests.conftest import folder_for_data
from tests.patience import PATIENCE_SECONDS

Launch = Callable[..., BotProcess]

expect.set_options(timeout=PATIENCE_SECONDS * 1000)


@pytest.fixture(scope="session")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small catalogue file."""
    path = tmp_path_factory.mktemp("catalogue") / "procedures.json"
    records = [record.model_dump(mode="json") for record in RECORDS]
    path.write_text(json.dumps({"schema": 1, "procedures": records}), encoding="utf-8")
    return path


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    """A running Bot API server."""
    api = BotApi()
    await api.start()
    yield api
    await api.stop()


@pytest.fixture(scope="session")
def forks() -> Iterator[Nursery]:
    """Where runs of the bot are forked."""
    with folder_for_data() as folder, nursery(folder) as opened:
        yield opened


@pytest.fixture
async def process(place: Path, catalogue: Path, forks: Nursery, database: URL) -> AsyncIterator[Launch]:
    """Makes processes of the bot, each in a folder of its own; whatever still runs at the end is killed.

    That is before the test's ``database`` is lent to another test.
    ``fresh``: in an interpreter of its own instead of a fork of one that has imported everything.
    """
    made: list[BotProcess] = []

    def make(name: str = "bot", *, fresh: bool = False, **settings: str) -> BotProcess:
        folder = place / name
        folder.mkdir(exist_ok=True)
        made.append(BotProcess(folder, None if fresh else forks, **({"CATALOGUE": str(catalogue)} | settings)))
        return made[-1]

    yield make
    await asyncio.gather(*(each.kill() for each in made), return_exceptions=True)


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A browser, closed after the test."""
    path = chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()


@pytest.fixture
async def house(database: URL) -> AsyncIterator[House]:
    """The chat page, served in this process."""
    async with open_house(database) as opened:
        yield opened


@pytest.fixture
async def person(browser: Browser, house: House) -> AsyncIterator[Visit]:
    """Someone with a phone; the browser must have nothing to complain about in the end (CSP and errors included)."""
    context = await browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce")  # type: ignore[arg-type]
    opened = await visit(context, house)
    await opened.open()
    yield opened
    await context.close()
    assert opened.complaints == []


@pytest.fixture
def shared(database: URL) -> str:
    """The address of a fresh database, as ``DATABASE_URL``."""
    return as_setting(database)


def as_setting(database: URL) -> str:
    """Return the address of a database as ``DATABASE_URL`` has it."""
    return database.render_as_string(hide_password=False).replace("+psycopg", "")


def telegram(api: BotApi, **more: str) -> dict[str, str]:
    """Return the settings of a bot that polls ``api``."""
    return {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": api.url, **more}


def free_port() -> int:
    """Return a port nobody uses now, nor will be given unasked: systems take those from above."""
    while True:
        port = random.randint(10_000, 32_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def by_webhook(api: BotApi, **more: str) -> dict[str, str]:
    """Return the settings of a bot that ``api`` calls."""
    port = str(free_port())
    return telegram(api, TELEGRAM_MODE="webhook", PORT=port, WEBHOOK_URL=f"http://127.0.0.1:{port}", **more)
