from __future__ import annotations

import asyncio
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, text
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlmodel import SQLModel

from bot.errors import SettingsError, StorageError
from bot.storage.engine import connect, database_url
from bot.storage.migrate import migrate


def differences(connection: Connection) -> list[Any]:
    context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _ours})
    return list(compare_metadata(context, SQLModel.metadata))


def _ours(name: str | None, _kind: str, _parents: object) -> bool:
    """Leave out what the job queue brought; it keeps its tables itself."""
    return not (name or "").startswith("procrastinate_")


async def test_migrations_make_exactly_the_tables(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_replicas_may_migrate_at_the_same_time(empty_database: URL) -> None:
    engines = [connect(empty_database) for _ in range(3)]
    try:
        await asyncio.gather(*(migrate(engine) for engine in engines))
        await migrate(engines[0])
        async with engines[0].connect() as connection:
            assert await connection.run_sync(differences) == []
    finally:
        await asyncio.gather(*(engine.dispose() for engine in engines))


async def test_newer_database_is_refused_in_words(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = 'tomorrow'"))
    with pytest.raises(StorageError, match="mới hơn"):
        await migrate(engine)


@pytest.mark.parametrize("value", ["postgres://a:b@c/d", "postgresql://a:b@c/d", "postgresql+psycopg:///d?host=/tmp"])
def test_addresses_as_people_write_them(value: str) -> None:
    assert database_url(value).drivername == "postgresql+psycopg"


@pytest.mark.parametrize("value", ["mysql://a/b", "nonsense", "sqlite:///x.db", "://"])
def test_other_addresses_are_refused(value: str) -> None:
    with pytest.raises(SettingsError, match="DATABASE_URL"):
        database_url(value)
