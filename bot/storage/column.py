"""The kinds of columns our tables have."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Integer,
    SmallInteger,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB


def identity() -> Column[int]:
    """The number of a row, counted by the database."""
    return Column(BigInteger, Identity(), primary_key=True)


def now() -> Column[datetime]:
    """A moment: that of the insertion, where none is given."""
    return Column(DateTime(timezone=True), nullable=False, server_default=func.now())


def moment() -> Column[datetime]:
    """A moment that whoever makes the row knows."""
    return Column(DateTime(timezone=True), nullable=False)


def later() -> Column[datetime]:
    """A moment that has not come yet, or never will."""
    return Column(DateTime(timezone=True), nullable=True)


def words(default: str | None = None, *, key: bool = False) -> Column[str]:
    """Words, never none; ``key``: they name the row."""
    said = None if default is None else text(f"'{default}'")
    return Column(Text, nullable=False, server_default=said, primary_key=key)


def maybe() -> Column[str]:
    """Words, or none."""
    return Column(Text, nullable=True)


def number(default: int) -> Column[int]:
    """A number of up to nine digits."""
    return Column(Integer, nullable=False, server_default=text(str(default)))


def small(default: int) -> Column[int]:
    """A number of up to four digits."""
    return Column(SmallInteger, nullable=False, server_default=text(str(default)))


def large(default: int) -> Column[int]:
    """A number that never ceases to grow."""
    return Column(BigInteger, nullable=False, server_default=text(str(default)))


def flag() -> Column[bool]:
    """False, unless somebody says otherwise."""
    return Column(Boolean, nullable=False, server_default=text("false"))


def json(default: str | None = None) -> Column[Any]:
    """JSON, never null."""
    said = None if default is None else text(f"'{default}'")
    return Column(JSONB, nullable=False, server_default=said)


def of(table: str, *, key: bool = False, required: bool = True) -> Column[int]:
    """The row of another table with which this one goes."""
    belongs = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(BigInteger, belongs, nullable=not (required or key), primary_key=key)


def perhaps(table: str) -> Column[int]:
    """The row of another table without which this one stays."""
    return Column(BigInteger, ForeignKey(f"{table}.id", ondelete="SET NULL"), nullable=True)
