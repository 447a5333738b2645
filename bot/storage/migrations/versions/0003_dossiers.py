"""Dossiers: our register, look-ups, proofs, followers, the job queue that asks the sources, and a pace for all."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from procrastinate.schema import SchemaManager
from sqlalchemy.dialects.postgresql import JSONB

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    _register()
    _followers()
    _lookups()
    _attempts()
    _pushes()
    _paces()
    _jobs()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True)


def _moment(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def _chat(primary_key: bool = False) -> sa.Column[int]:
    belongs = sa.ForeignKey("chat.id", ondelete="CASCADE")
    return sa.Column("chat_id", sa.BigInteger(), belongs, nullable=False, primary_key=primary_key)


def _list(name: str) -> sa.Column[object]:
    return sa.Column(name, JSONB(), nullable=False, server_default=sa.text("'[]'"))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("false"))


def _register() -> None:
    op.create_table(
        "dossier",
        sa.Column("code", sa.Text(), primary_key=True),
        sa.Column("report", JSONB(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        _moment("stored_at"),
    )
    op.create_table(
        "mapping",
        sa.Column("headings", sa.Text(), primary_key=True),
        sa.Column("columns", JSONB(), nullable=False),
        _moment("confirmed_at"),
    )


def _followers() -> None:
    op.create_table(
        "known",
        _id(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("report", JSONB()),
        sa.Column("version", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        sa.Column("failures", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        _moment("next_at"),
        _moment("read_at"),
        sa.UniqueConstraint("code", name="known_code_key"),
    )
    op.create_index("known_next_idx", "known", ["next_at"])
    op.create_table(
        "following",
        _id(),
        _chat(),
        sa.Column("known_id", sa.BigInteger(), sa.ForeignKey("known.id", ondelete="CASCADE"), nullable=False),
        _flag("whole"),
        sa.Column("told", sa.BigInteger(), nullable=False, server_default=sa.text("0")),
        _list("warned"),
        _moment("since"),
        sa.UniqueConstraint("chat_id", "known_id", name="following_once_key"),
    )
    op.create_index("following_known_idx", "following", ["known_id"])


def _lookups() -> None:
    op.create_table(
        "lookup",
        _id(),
        _chat(),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("proof", sa.Text()),
        _list("askers"),
        _flag("follow"),
        _flag("waiting"),
        _moment("asked_at"),
    )
    op.create_index("lookup_chat_idx", "lookup", ["chat_id"])


def _attempts() -> None:
    op.create_table(
        "attempt",
        _id(),
        sa.Column("lookup_id", sa.BigInteger(), nullable=False),
        sa.Column("asker", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        _flag("failed"),
        _moment("at"),
    )
    op.create_index("attempt_asker_idx", "attempt", ["asker", "at"])
    op.create_index("attempt_code_idx", "attempt", ["code", "at"], postgresql_where=sa.text("failed"))
    op.create_table("proved", _chat(primary_key=True), sa.Column("code", sa.Text(), primary_key=True), _moment("at"))
    op.create_table(
        "secret",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("value", sa.LargeBinary(), nullable=False),
    )


def _pushes() -> None:
    op.create_table(
        "pushed",
        sa.Column("key", sa.Text(), primary_key=True),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.Column("answer", JSONB(), nullable=False),
        _moment("at"),
    )


def _paces() -> None:
    op.create_table(
        "paced",
        sa.Column("name", sa.Text(), primary_key=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        prefixes=["UNLOGGED"],
    )


def _jobs() -> None:
    """Make the tables of the job queue, which brings its own schema; a cursor takes its many statements as they are."""
    cursor = op.get_bind().connection.cursor()
    cursor.execute(SchemaManager.get_schema())
    cursor.close()
