"""The database: the one named by ``DATABASE_URL``, or an embedded server in the data folder."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from bot.errors import SettingsError, StorageError
from bot.storage.embedded import EmbeddedServer
from bot.storage.folder import locked

_OLDEST = 14
_SERVER = text("SELECT current_setting('server_version_num')::int, current_setting('server_encoding')")
_DIALECTS = {"postgres", "postgresql", "postgresql+psycopg"}


@dataclass(frozen=True)
class Database:
    """An open database. ``server`` is the embedded one, or None when the database is somebody else's."""

    engine: AsyncEngine
    server: EmbeddedServer | None = None


def database_url(value: str) -> URL:
    """Read a database address as people write it; raise ``SettingsError`` when it is not one of PostgreSQL."""
    try:
        url = make_url(value.strip())
    except (ArgumentError, ValueError) as error:
        raise SettingsError("DATABASE_URL không đúng dạng postgresql://người-dùng@máy/tên.") from error
    if url.drivername not in _DIALECTS:
        raise SettingsError("DATABASE_URL phải là một cơ sở dữ liệu PostgreSQL (postgresql://...).")
    return url.set(drivername="postgresql+psycopg")


def driver_options(url: URL) -> dict[str, Any]:
    """Return what psycopg's own ``connect`` needs to reach the same database."""
    return {**url.translate_connect_args(username="user", database="dbname"), **url.query}


def connect(url: URL) -> AsyncEngine:
    """Return an engine; it connects on first use. Parameters never reach messages of errors or logs."""
    return create_async_engine(
        url,
        pool_size=10,
        max_overflow=10,
        pool_timeout=20,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 5, "application_name": "mot-cua", "client_encoding": "utf8"},
    )


@asynccontextmanager
async def opened(url: str | None, data: Path) -> AsyncIterator[Database]:
    """Open the database for the life of the program.

    Raises ``SettingsError`` for a malformed address and ``StorageError`` when the database cannot be started, reached,
    or is in use by another instance.
    """
    if url is not None:
        engine = connect(database_url(url))
        try:
            await _reach(engine)
            yield Database(engine)
        finally:
            await engine.dispose()
        return
    with locked(data):
        server = EmbeddedServer(data / "postgres")
        starting = asyncio.create_task(asyncio.to_thread(server.start))
        try:
            await asyncio.shield(starting)
            engine = connect(server.url)
            try:
                await _reach(engine)
                yield Database(engine, server)
            finally:
                await engine.dispose()
        finally:
            await asyncio.wait([starting])  # an interrupted start goes on in its thread, and must not outlive us
            await asyncio.to_thread(server.stop)


@asynccontextmanager
async def beside(url: str | None, data: Path) -> AsyncIterator[Database]:
    """Open the database for one task: beside the running instance when there is one, as ``opened`` does otherwise."""
    server = EmbeddedServer(data / "postgres")
    if url is not None or not await asyncio.to_thread(server.joined):
        async with opened(url, data) as database:
            yield database
        return
    engine = connect(server.url)
    try:
        await _reach(engine)
        yield Database(engine)
    finally:
        await engine.dispose()


async def _reach(engine: AsyncEngine) -> None:
    try:
        async with engine.connect() as connection:
            version, encoding = (await connection.execute(_SERVER)).one()
    except (SQLAlchemyError, OSError) as error:
        raise StorageError(
            "Không kết nối được cơ sở dữ liệu: kiểm tra DATABASE_URL, máy chủ PostgreSQL và mật khẩu."
        ) from error
    if version < _OLDEST * 10_000:
        raise StorageError(f"Máy chủ PostgreSQL quá cũ (bản {version // 10_000}): cần bản {_OLDEST} trở lên.")
    if encoding != "UTF8":
        raise StorageError(
            f"Cơ sở dữ liệu dùng bảng mã {encoding}, không ghi được tiếng Việt: tạo cơ sở dữ liệu với ENCODING 'UTF8'."
        )
