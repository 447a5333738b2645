from __future__ import annotations

from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import URL

from bot.errors import SettingsError, StorageError
from bot.storage import engine as module
from bot.storage.engine import database_url, driver_options, opened


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_address_is_read_as_people_write_it(scheme: str) -> None:
    url = database_url(f" {scheme}://an:m%40t@host:5433/name?sslmode=require\n")
    options = {"host": "host", "port": 5433, "user": "an", "password": "m@t", "dbname": "name", "sslmode": "require"}
    assert driver_options(url) == options


@pytest.mark.parametrize("value", ["host/name", "mysql://a/b", "postgresql+asyncpg://a/b", "postgresql://a:b/c", "'x'"])
def test_address_of_nothing_we_know_is_refused_without_repeating_it(value: str) -> None:
    with pytest.raises(SettingsError) as caught:
        database_url(value)
    assert value not in str(caught.value)


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=False)


async def test_database_that_cannot_hold_vietnamese_is_named(empty_database: URL) -> None:
    name = f"{empty_database.database}_ascii"
    with psycopg.connect(autocommit=True, **driver_options(empty_database)) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII'".encode())
        try:
            with pytest.raises(StorageError, match="SQL_ASCII"):
                async with opened(_shown(empty_database.set(database=name)), Path()):
                    pass
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


async def test_server_that_is_too_old_is_named(empty_database: URL, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_OLDEST", 99)
    with pytest.raises(StorageError, match="cần bản 99"):
        async with opened(_shown(empty_database), Path()):
            pass
