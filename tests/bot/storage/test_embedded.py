from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.errors import StorageError
from bot.storage.embedded import EmbeddedServer
from bot.storage.engine import connect, opened
from bot.storage.folder import locked


async def ask(server: EmbeddedServer) -> str:
    engine = connect(server.url)
    try:
        async with engine.connect() as connection:
            return str((await connection.execute(text("SHOW listen_addresses"))).scalar_one())
    finally:
        await engine.dispose()


@pytest.mark.parametrize("name", ["plain", "có dấu, phẩy và 'nháy'", "x" * 120])
async def test_any_folder_will_do(place: Path, name: str) -> None:
    server = EmbeddedServer(place / name / "postgres")
    server.start()
    try:
        assert await ask(server) == ""
        socket = Path(str(server.url.query["host"])) / ".s.PGSQL.5432"
        assert socket.stat().st_mode & 0o077 == 0
        assert socket.parent.stat().st_mode & 0o077 == 0
        assert server.alive()
    finally:
        server.stop()
    assert not server.alive()


async def test_running_server_is_taken_over(place: Path) -> None:
    EmbeddedServer(place / "postgres").start()
    record = (place / "postgres/postmaster.pid").read_text()
    second = EmbeddedServer(place / "postgres")
    second.start()
    assert (place / "postgres/postmaster.pid").read_text() == record
    assert await ask(second) == ""
    second.stop()


def test_half_made_database_of_a_killed_start_is_made_anew(place: Path) -> None:
    (place / "postgres.new").mkdir()
    (place / "postgres.new/PG_VERSION").write_text("18\n")
    server = EmbeddedServer(place / "postgres")
    server.start()
    assert server.alive()
    server.stop()


def test_folder_with_other_things_is_left_alone(place: Path) -> None:
    (place / "postgres").mkdir()
    (place / "postgres/thesis.txt").write_text("")
    with pytest.raises(StorageError, match="tệp lạ"):
        EmbeddedServer(place / "postgres").start()
    assert (place / "postgres/thesis.txt").exists()


def test_data_of_a_version_we_do_not_have_is_named(place: Path) -> None:
    (place / "postgres").mkdir()
    for found in ("9", "rác"):
        (place / "postgres/PG_VERSION").write_text(f"{found}\n")
        with pytest.raises(StorageError, match=f"PostgreSQL '{found}'"):
            EmbeddedServer(place / "postgres").start()


def test_damaged_data_is_told_in_one_line(place: Path) -> None:
    server = EmbeddedServer(place / "postgres")
    server.start()
    server.stop()
    (place / "postgres/global/pg_control").unlink()
    with pytest.raises(StorageError) as caught:
        server.start()
    assert "\n" not in str(caught.value)


async def test_one_instance_per_folder(place: Path) -> None:
    with locked(place), pytest.raises(StorageError, match="một bản khác"):
        async with opened(None, place):
            pass
    async with opened(None, place) as database:
        assert database.server
    assert not database.server.alive()


async def test_interrupted_start_leaves_no_server(place: Path) -> None:
    async def use() -> None:
        async with opened(None, place):
            await asyncio.Event().wait()

    task = asyncio.create_task(use())
    await asyncio.sleep(0.2)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert not EmbeddedServer(place / "postgres").alive()
