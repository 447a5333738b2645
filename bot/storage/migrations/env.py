"""Alembic's entry: run on the connection that ``bot.storage.migrate`` hands over."""

from alembic import context
from sqlmodel import SQLModel

import bot.assistance.tables
import bot.office.tables
import bot.storage.tables  # noqa: F401  (names the tables)

context.configure(connection=context.config.attributes["connection"], target_metadata=SQLModel.metadata)
with context.begin_transaction():
    context.run_migrations()
