"""One embedded PostgreSQL for the whole run; an empty, migrated database for each test that asks for one.

A usual run tries the same examples of each property as long as the code is the same (hypothesis takes constants from
it); ``--hypothesis-profile=thorough`` looks for new ones, four times as many.

What goes through real servers, processes or a browser depends on how busy the machine is: such a test gets one second
try, and the run lists it as RERUN, to be looked into. ``--reruns 0`` gives none, to look for such tests.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.embedded import EmbeddedServer
from bot.storage.engine import connect
from bot.storage.migrate import migrate
from tests.databases import TEMPLATE, Databases, copy_of, execute

_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "200"}

_ANY_MACHINE = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])  # a busy one is no fault of ours

settings.register_profile("usual", _ANY_MACHINE, max_examples=50, derandomize=True)
settings.register_profile("thorough", _ANY_MACHINE, max_examples=200)
settings.load_profile("usual")


_REAL = frozenset({"server", "api", "browser"})


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give tests that go through something real a second try."""
    if config.getoption("reruns") is not None:
        return
    for item in items:
        if isinstance(item, pytest.Function) and _REAL & set(item.fixturenames):
            item.add_marker(pytest.mark.flaky(reruns=1))


@pytest.fixture(scope="session")
def server() -> Iterator[EmbeddedServer]:
    """A running server with a migrated template database."""
    with folder_for_data() as folder:
        server = EmbeddedServer(folder / "data", _FAST)
        server.start()
        try:
            execute(server.url, f"CREATE DATABASE {TEMPLATE}")
            asyncio.run(_migrated(server.url.set(database=TEMPLATE)))
            yield server
        finally:
            server.stop()


@contextmanager
def folder_for_data() -> Iterator[Path]:
    """Make a folder for data of a server that may run as another user.

    Not one of pytest's: each new run of pytest closes the way to those of all runs to other users.
    """
    with TemporaryDirectory(prefix="mot-cua-test-", ignore_cleanup_errors=True) as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in which servers may run; whatever server is left there is stopped."""
    with folder_for_data() as folder:
        yield folder
        for record in folder.rglob("postmaster.pid"):
            EmbeddedServer(record.parent).stop()


async def _migrated(url: URL) -> None:
    engine = connect(url)
    await migrate(engine)
    await engine.dispose()


@pytest.fixture(scope="session")
def databases(server: EmbeddedServer) -> Databases:
    """Where tests borrow databases."""
    return Databases(server)


@pytest.fixture
def empty_database(server: EmbeddedServer) -> Iterator[URL]:
    """A database without tables, dropped after the test."""
    with copy_of(server, "template1") as url:
        yield url


@pytest.fixture
def database(databases: Databases) -> Iterator[URL]:
    """A migrated, empty database."""
    with databases.lent() as url:
        yield url


@pytest.fixture
async def engine(database: URL) -> AsyncIterator[AsyncEngine]:
    """An engine on a fresh database."""
    engine = connect(database)
    yield engine
    await engine.dispose()
