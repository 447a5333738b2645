"""The tables: chats, updates that were counted, what was said, and what is to be said later.

A reply is a row before it is a message, so that a killed process loses none of them.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


class Author(StrEnum):
    PERSON = "person"
    ASSISTANT = "assistant"


class State(StrEnum):
    """``queued`` waits for delivery; ``sent`` is with the reader (web rows are born so); ``failed`` was given up."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


def _moment() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False, server_default=func.now())


class Chat(SQLModel, table=True):
    """One conversation on one channel; ``address`` is the channel's own name for it."""

    __tablename__ = "chat"
    __table_args__ = (UniqueConstraint("channel", "address", name="chat_address_key"),)

    id: int | None = Field(None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    channel: str = Field(sa_column=Column(Text, nullable=False))
    address: str = Field(sa_column=Column(Text, nullable=False))
    session: dict[str, Any] = Field(
        default_factory=dict, sa_column=Column(JSONB, nullable=False, server_default=text("'{}'"))
    )
    blocked: bool = Field(False, sa_column_kwargs={"server_default": text("false")})
    last_seen: datetime | None = Field(None, sa_column=_moment())


class Received(SQLModel, table=True):
    """An update that was counted; its key makes a second delivery of the same update do nothing."""

    __tablename__ = "received"

    channel: str = Field(sa_column=Column(Text, primary_key=True))
    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    received_at: datetime | None = Field(None, sa_column=_moment())


class Message(SQLModel, table=True):
    """One thing said.

    ``payload`` of a person: ``{"text": ...}``; of the assistant: ``{"body", "buttons": [[{"label", "action", "url"}]],
    "replaces"}``, and for channels that need it ``"origin"``, the channel's notes on the turn that is answered.
    ``sent`` lists the channel's ids of the parts already delivered, in order.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("message_history_idx", "chat_id", "id"),
        Index("message_queue_idx", "chat_id", "id", postgresql_where=text("state = 'queued'")),
    )

    id: int | None = Field(None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    chat_id: int = Field(sa_column=Column(BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False))
    author: str = Field(sa_column=Column(Text, nullable=False))
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    state: str = Field(sa_column=Column(Text, nullable=False))
    attempts: int = Field(0, sa_column=Column(SmallInteger, nullable=False, server_default=text("0")))
    not_before: datetime | None = Field(None, sa_column=_moment())
    sent: list[str] = Field(default_factory=list, sa_column=Column(JSONB, nullable=False, server_default=text("'[]'")))
    created_at: datetime | None = Field(None, sa_column=_moment())


class Reminder(SQLModel, table=True):
    """Something to say to a chat at a later moment; it becomes a message then.

    ``topic`` names what it is about ("case 1.001193"): a chat has at most one reminder for each. ``payload`` is the
    message, as in ``Message``.
    """

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("chat_id", "topic", name="reminder_topic_key"),
        Index("reminder_due_idx", "due_at"),
    )

    id: int | None = Field(None, sa_column=Column(BigInteger, Identity(), primary_key=True))
    chat_id: int = Field(sa_column=Column(BigInteger, ForeignKey("chat.id", ondelete="CASCADE"), nullable=False))
    topic: str = Field(sa_column=Column(Text, nullable=False))
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    due_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class TelegramFile(SQLModel, table=True):
    """A file Telegram already has: ``file_id`` is good for one bot only, and sends it again without uploading."""

    __tablename__ = "telegram_file"

    digest: str = Field(sa_column=Column(Text, primary_key=True))
    bot: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    file_id: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime | None = Field(None, sa_column=_moment())
