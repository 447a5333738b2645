"""Columns as migrations write them. Not to be changed, for databases were made so; another kind is another function."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB


def identity() -> sa.Column[int]:
    """A number the database gives each row, by which the row is known."""
    return sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True)


def now(name: str) -> sa.Column[object]:
    """A moment in UTC, by default that of the insertion."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def moment(name: str, *, required: bool = False) -> sa.Column[object]:
    """A moment in UTC; null unless ``required``."""
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not required)


def words(name: str, default: str | None = None) -> sa.Column[str]:
    """Text, never null; ``default`` where a row does not say."""
    said = None if default is None else sa.text(f"'{default}'")
    return sa.Column(name, sa.Text(), nullable=False, server_default=said)


def maybe(*names: str) -> list[sa.Column[str]]:
    """Columns of text that may be null."""
    return [sa.Column(name, sa.Text()) for name in names]


def number(name: str, default: int) -> sa.Column[int]:
    """A whole number, never null."""
    return sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text(str(default)))


def small(name: str, default: int) -> sa.Column[int]:
    """A whole number up to 32767, never null."""
    return sa.Column(name, sa.SmallInteger(), nullable=False, server_default=sa.text(str(default)))


def flag(name: str) -> sa.Column[bool]:
    """Yes or no, by default no."""
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("false"))


def json(name: str, default: str) -> sa.Column[object]:
    """Any JSON, never null; ``default`` as text."""
    return sa.Column(name, JSONB(), nullable=False, server_default=sa.text(f"'{default}'"))


def of(name: str, table: str, *, key: bool = False) -> sa.Column[int]:
    """A row of another table, with which this one goes."""
    belongs = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.BigInteger(), belongs, nullable=False, primary_key=key)


def perhaps(name: str, table: str) -> sa.Column[int]:
    """A row of another table, forgotten when that goes."""
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{table}.id", ondelete="SET NULL"))
