"""The tables: chats, updates that were counted, what was said, and what is to be said later.

A reply is a row before it is a message, so that a killed process loses none of them.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Column, Date, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from bot.storage import column


class Author(StrEnum):
    """Who said a message: whoever writes to us, or we."""

    PERSON = "person"
    ASSISTANT = "assistant"


class State(StrEnum):
    """``queued`` waits for delivery; ``sent`` is with the reader (web rows are born so); ``failed`` was given up."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"


class Chat(SQLModel, table=True):
    """One conversation on one channel; ``address`` is the channel's own name for it."""

    __tablename__ = "chat"
    __table_args__ = (UniqueConstraint("channel", "address", name="chat_address_key"),)

    id: int | None = Field(None, sa_column=column.identity())
    channel: str = Field(sa_column=column.words())
    address: str = Field(sa_column=column.words())
    session: dict[str, Any] = Field(default_factory=dict, sa_column=column.json("{}"))
    blocked: bool = Field(False, sa_column=column.flag())
    last_seen: datetime | None = Field(None, sa_column=column.now())


class Received(SQLModel, table=True):
    """An update that was counted; its key makes a second delivery of the same update do nothing."""

    __tablename__ = "received"

    channel: str = Field(sa_column=column.words(key=True))
    update_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    received_at: datetime | None = Field(None, sa_column=column.now())


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

    id: int | None = Field(None, sa_column=column.identity())
    chat_id: int = Field(sa_column=column.of("chat"))
    author: str = Field(sa_column=column.words())
    payload: dict[str, Any] = Field(sa_column=column.json())
    state: str = Field(sa_column=column.words())
    attempts: int = Field(0, sa_column=column.small(0))
    not_before: datetime | None = Field(None, sa_column=column.now())
    sent: list[str] = Field(default_factory=list, sa_column=column.json("[]"))
    created_at: datetime | None = Field(None, sa_column=column.now())


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

    id: int | None = Field(None, sa_column=column.identity())
    chat_id: int = Field(sa_column=column.of("chat"))
    topic: str = Field(sa_column=column.words())
    payload: dict[str, Any] = Field(sa_column=column.json())
    due_at: datetime = Field(sa_column=column.moment())


class TelegramFile(SQLModel, table=True):
    """A file Telegram already has: ``file_id`` is good for one bot only, and sends it again without uploading."""

    __tablename__ = "telegram_file"

    digest: str = Field(sa_column=column.words(key=True))
    bot: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    file_id: str = Field(sa_column=column.words())
    created_at: datetime | None = Field(None, sa_column=column.now())


class Dossier(SQLModel, table=True):
    """A dossier of our own register, as the one-stop software exported or pushed it.

    ``report`` is a ``bot.dossiers.report.Report`` without names, its proofs sealed (``bot.dossiers.proof``).
    ``updated_at`` is the software's time: an older row never takes the place of a newer one.
    """

    __tablename__ = "dossier"

    code: str = Field(sa_column=column.words(key=True))
    report: dict[str, Any] = Field(sa_column=column.json())
    updated_at: datetime = Field(sa_column=column.moment())
    stored_at: datetime | None = Field(None, sa_column=column.now())


class Known(SQLModel, table=True):
    """What the sources last said of a dossier that somebody asked for or follows.

    ``version`` counts the changes worth telling; ``next_at`` is when a followed one is to be asked for again.
    """

    __tablename__ = "known"
    __table_args__ = (
        UniqueConstraint("code", name="known_code_key"),
        Index("known_next_idx", "next_at"),
    )

    id: int | None = Field(None, sa_column=column.identity())
    code: str = Field(sa_column=column.words())
    report: dict[str, Any] | None = Field(None, sa_column=Column(JSONB, nullable=True))
    version: int = Field(0, sa_column=column.large(0))
    failures: int = Field(0, sa_column=column.small(0))
    next_at: datetime | None = Field(None, sa_column=column.now())
    read_at: datetime | None = Field(None, sa_column=column.now())


class Following(SQLModel, table=True):
    """A chat that is told of each change of a dossier. ``whole``: it has proved to be the applicant's.

    ``told`` is the last version told; ``warned`` names the dates of which it was told that they are near or past.
    ``expected`` is the day that follows from the time limit of the procedure, for as long as no source tells of one.
    """

    __tablename__ = "following"
    __table_args__ = (
        UniqueConstraint("chat_id", "known_id", name="following_once_key"),
        Index("following_known_idx", "known_id"),
    )

    id: int | None = Field(None, sa_column=column.identity())
    chat_id: int = Field(sa_column=column.of("chat"))
    known_id: int = Field(sa_column=column.of("known"))
    whole: bool = Field(False, sa_column=column.flag())
    told: int = Field(0, sa_column=column.large(0))
    warned: list[str] = Field(default_factory=list, sa_column=column.json("[]"))
    since: datetime | None = Field(None, sa_column=column.now())
    expected: date | None = Field(None, sa_column=Column(Date, nullable=True))


class Lookup(SQLModel, table=True):
    """A look-up that waits for its answer. ``proof`` and ``askers`` (chat, network address) are sealed.

    ``follow``: what is found shall be followed. ``waiting``: the person was told that it takes a while.
    """

    __tablename__ = "lookup"
    __table_args__ = (Index("lookup_chat_idx", "chat_id"),)

    id: int | None = Field(None, sa_column=column.identity())
    chat_id: int = Field(sa_column=column.of("chat"))
    code: str = Field(sa_column=column.words())
    proof: str | None = Field(None, sa_column=column.maybe())
    askers: list[str] = Field(default_factory=list, sa_column=column.json("[]"))
    follow: bool = Field(False, sa_column=column.flag())
    waiting: bool = Field(False, sa_column=column.flag())
    asked_at: datetime | None = Field(None, sa_column=column.now())


class Attempt(SQLModel, table=True):
    """Somebody asked for a dossier; ``failed`` tells that a proof was given and did not fit."""

    __tablename__ = "attempt"
    __table_args__ = (
        Index("attempt_asker_idx", "asker", "at"),
        Index("attempt_code_idx", "code", "at", postgresql_where=text("failed")),
    )

    id: int | None = Field(None, sa_column=column.identity())
    lookup_id: int = Field(sa_column=Column(BigInteger, nullable=False))
    asker: str = Field(sa_column=column.words())
    code: str = Field(sa_column=column.words())
    failed: bool = Field(sa_column=column.flag())
    at: datetime | None = Field(None, sa_column=column.now())


class Proved(SQLModel, table=True):
    """A chat that has proved to be the applicant's: it need not prove it again."""

    __tablename__ = "proved"

    chat_id: int = Field(sa_column=column.of("chat", key=True))
    code: str = Field(sa_column=column.words(key=True))
    at: datetime | None = Field(None, sa_column=column.now())


class Paced(SQLModel, table=True):
    """How far sending has been promised ahead: for all of a channel ("telegram") and for each chat ("chat 7").

    Unlogged: after a crash of the database, at most one short burst is too many.
    """

    __tablename__ = "paced"
    __table_args__ = {"prefixes": ["UNLOGGED"]}

    name: str = Field(sa_column=column.words(key=True))
    next_at: datetime = Field(sa_column=column.moment())


class Secret(SQLModel, table=True):
    """A secret all replicas share, made at the first start."""

    __tablename__ = "secret"

    name: str = Field(sa_column=column.words(key=True))
    value: bytes = Field(sa_column=Column(LargeBinary, nullable=False))


class Mapping(SQLModel, table=True):
    """Which column of a table with these headings means what, as somebody confirmed at an import."""

    __tablename__ = "mapping"

    headings: str = Field(sa_column=column.words(key=True))
    columns: dict[str, Any] = Field(sa_column=column.json())
    confirmed_at: datetime | None = Field(None, sa_column=column.now())


class Pushed(SQLModel, table=True):
    """A batch that was pushed under an idempotency key, and what we answered."""

    __tablename__ = "pushed"

    key: str = Field(sa_column=column.words(key=True))
    digest: str = Field(sa_column=column.words())
    answer: dict[str, Any] = Field(sa_column=column.json())
    at: datetime | None = Field(None, sa_column=column.now())


class Tally(SQLModel, table=True):
    """How many things of a kind happened on a day (of Vietnam), without anybody's data.

    ``kind`` "question" with ``outcome`` "answered", "offered", "unknown", ...; other kinds have their own. ``commune``
    and ``code`` (the procedure) are "" where they are not known.
    """

    __tablename__ = "tally"

    day: date = Field(sa_column=Column(Date, primary_key=True))
    kind: str = Field(sa_column=column.words(key=True))
    outcome: str = Field(sa_column=column.words(key=True))
    channel: str = Field(sa_column=column.words(key=True))
    commune: str = Field(sa_column=column.words(key=True))
    code: str = Field(sa_column=column.words(key=True))
    count: int = Field(0, sa_column=column.number(0))
