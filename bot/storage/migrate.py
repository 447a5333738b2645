"""Bring the database to the current schema; safe when several replicas start at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.errors import StorageError
from bot.storage.locks import Lock

_SCRIPTS = Path(__file__).parent / "migrations"


async def migrate(engine: AsyncEngine) -> None:
    """Run the missing migrations in one transaction; raise ``StorageError`` when the schema cannot be brought up."""
    try:
        async with engine.begin() as connection:
            await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": Lock.MIGRATION})
            await connection.run_sync(_upgrade)
    except CommandError as error:
        raise StorageError(
            "Cơ sở dữ liệu có cấu trúc mới hơn chương trình này: hãy dùng đúng phiên bản chương trình đã tạo ra nó."
        ) from error
    except SQLAlchemyError as error:
        raise StorageError(
            "Không nâng cấp được cấu trúc cơ sở dữ liệu: kiểm tra quyền của tài khoản và dung lượng đĩa."
        ) from error


def configuration(connection: Connection) -> Config:
    """Return Alembic's configuration for our scripts on an open connection."""
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    command.upgrade(configuration(connection), "head")
