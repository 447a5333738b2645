"""The tables of the staff office: who works there, what they change, what was published, what people asked in vain.

A ``scope`` is where something holds: "" the whole country, two digits a province, five digits a commune.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel

from bot.storage import column


class Role(StrEnum):
    """What a member of staff may do; each may do all that those before it may."""

    VIEWER = "viewer"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    ADMINISTRATOR = "administrator"


class RevisionState(StrEnum):
    """A draft is asked to be reviewed, then approved or returned by somebody else, then published.

    ``withdrawn``: its author, or whoever may publish, let go of it.
    """

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"


class Subject(StrEnum):
    """What a revision changes: a procedure, or an article beside the procedures."""

    PROCEDURE = "procedure"
    ARTICLE = "article"


class Effect(StrEnum):
    """What a revision does once published.

    ``record``: its record stands. ``removed``: nothing of that code is known in its scope. ``base``: the office's own
    change is taken back, and what lies below (the catalogue file, or the wider scope) stands again.
    """

    RECORD = "record"
    REMOVED = "removed"
    BASE = "base"


class BroadcastState(StrEnum):
    """News is written, then being sent (from its hour on); it may rest meanwhile, and ends done or stopped."""

    DRAFT = "draft"
    SENDING = "sending"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


def _staff(*, required: bool = False) -> Column[int]:
    return Column(BigInteger, ForeignKey("staff.id"), nullable=not required)


class Staff(SQLModel, table=True):
    """A member of staff. Nobody is ever deleted, for the audit trail names them; who leaves is ``disabled``.

    ``telegram`` is the address of the chat with the bot. ``totp_secret`` is sealed; ``totp_step`` is the last time step
    that was used, so that no code serves twice. ``weekly``: wants the report of the week.
    """

    __tablename__ = "staff"
    __table_args__ = (
        UniqueConstraint("login", name="staff_login_key"),
        UniqueConstraint("telegram", name="staff_telegram_key"),
    )

    id: int | None = Field(None, sa_column=column.identity())
    name: str = Field(sa_column=column.words())
    login: str | None = Field(None, sa_column=column.maybe())
    password_hash: str | None = Field(None, sa_column=column.maybe())
    totp_secret: str | None = Field(None, sa_column=column.maybe())
    totp_step: int | None = Field(None, sa_column=Column(BigInteger, nullable=True))
    telegram: str | None = Field(None, sa_column=column.maybe())
    role: str = Field(sa_column=column.words())
    scope: str = Field("", sa_column=column.words(""))
    agency: str | None = Field(None, sa_column=column.maybe())
    disabled: bool = Field(False, sa_column=column.flag())
    weekly: bool = Field(False, sa_column=column.flag())
    failed_logins: int = Field(0, sa_column=column.small(0))
    locked_until: datetime | None = Field(None, sa_column=column.later())
    created_at: datetime | None = Field(None, sa_column=column.now())


class StaffSession(SQLModel, table=True):
    """A browser that is signed in; only the digest of its token is kept."""

    __tablename__ = "staff_session"
    __table_args__ = (Index("staff_session_staff_idx", "staff"),)

    digest: str = Field(sa_column=column.words(key=True))
    staff: int = Field(sa_column=column.of("staff"))
    csrf: str = Field(sa_column=column.words())
    created_at: datetime | None = Field(None, sa_column=column.now())
    last_seen: datetime | None = Field(None, sa_column=column.now())
    expires_at: datetime = Field(sa_column=column.moment())
    address_hash: str | None = Field(None, sa_column=column.maybe())


class LoginLink(SQLModel, table=True):
    """A link that signs in once. ``purpose``: "sign_in" or "enrol"; ``browser``: digest of the one that asked."""

    __tablename__ = "login_link"
    __table_args__ = (Index("login_link_staff_idx", "staff"),)

    digest: str = Field(sa_column=column.words(key=True))
    staff: int = Field(sa_column=column.of("staff"))
    purpose: str = Field("sign_in", sa_column=column.words("sign_in"))
    browser: str | None = Field(None, sa_column=column.maybe())
    created_at: datetime | None = Field(None, sa_column=column.now())
    expires_at: datetime = Field(sa_column=column.moment())
    used_at: datetime | None = Field(None, sa_column=column.later())


class Audit(SQLModel, table=True):
    """What was done, by whom; ``staff`` null: the program or its command line.

    ``act`` is "revision.approve", ``object`` "revision 12". Triggers refuse to change, delete or truncate.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("audit_at_idx", "at"), Index("audit_object_idx", "object"))

    id: int | None = Field(None, sa_column=column.identity())
    at: datetime | None = Field(None, sa_column=column.now())
    staff: int | None = Field(None, sa_column=_staff())
    act: str = Field(sa_column=column.words())
    object: str = Field("", sa_column=column.words(""))
    detail: dict[str, Any] = Field(default_factory=dict, sa_column=column.json("{}"))


class Release(SQLModel, table=True):
    """What was published together. ``gate`` is the outcome of the question set, ``reason`` why it was let through.

    ``reverts``: the release that this one takes back.
    """

    __tablename__ = "release"

    id: int | None = Field(None, sa_column=column.identity())
    published_at: datetime | None = Field(None, sa_column=column.now())
    publisher: int | None = Field(None, sa_column=_staff())
    summary: str = Field("", sa_column=column.words(""))
    gate: dict[str, Any] = Field(default_factory=dict, sa_column=column.json("{}"))
    reason: str | None = Field(None, sa_column=column.maybe())
    reverts: int | None = Field(None, sa_column=Column(BigInteger, ForeignKey("release.id"), nullable=True))


class Revision(SQLModel, table=True):
    """One change of one procedure or article in one scope, from draft to published.

    ``code`` is that of the procedure, or the slug of the article. ``base`` is the record its author started from (null:
    there was none), against which two people's changes are merged; ``base_digest`` is the digest of what lay below the
    office's own changes then (the catalogue file, or the wider scope): another digest today is worth a warning.
    ``version`` grows with each act: who writes names the one they read. ``scheduled_by`` is who had it published on its
    day; ``reason`` is why it may break more questions than the limit.
    """

    __tablename__ = "revision"
    __table_args__ = (
        Index("revision_code_idx", "code", "scope"),
        Index("revision_state_idx", "state"),
        Index("revision_release_idx", "release"),
    )

    id: int | None = Field(None, sa_column=column.identity())
    subject: str = Field("procedure", sa_column=column.words("procedure"))
    code: str = Field(sa_column=column.words())
    scope: str = Field("", sa_column=column.words(""))
    effect: str = Field("record", sa_column=column.words("record"))
    record: dict[str, Any] | None = Field(None, sa_column=Column(JSONB(none_as_null=True), nullable=True))
    base: dict[str, Any] | None = Field(None, sa_column=Column(JSONB(none_as_null=True), nullable=True))
    base_digest: str | None = Field(None, sa_column=column.maybe())
    state: str = Field("draft", sa_column=column.words("draft"))
    note: str | None = Field(None, sa_column=column.maybe())
    decision_number: str | None = Field(None, sa_column=column.maybe())
    decision_date: date | None = Field(None, sa_column=Column(Date, nullable=True))
    effective_on: date | None = Field(None, sa_column=Column(Date, nullable=True))
    author: int | None = Field(None, sa_column=_staff())
    reviewer: int | None = Field(None, sa_column=_staff())
    scheduled_by: int | None = Field(None, sa_column=_staff())
    reason: str | None = Field(None, sa_column=column.maybe())
    version: int = Field(1, sa_column=column.number(1))
    created_at: datetime | None = Field(None, sa_column=column.now())
    updated_at: datetime | None = Field(None, sa_column=column.now())
    release: int | None = Field(None, sa_column=Column(BigInteger, ForeignKey("release.id"), nullable=True))


class Notice(SQLModel, table=True):
    """A banner in the bot and on the page, from ``starts_at`` until ``ends_at`` or until it is withdrawn."""

    __tablename__ = "notice"
    __table_args__ = (Index("notice_starts_idx", "starts_at"),)

    id: int | None = Field(None, sa_column=column.identity())
    text: str = Field(sa_column=column.words())
    scope: str = Field("", sa_column=column.words(""))
    author: int | None = Field(None, sa_column=_staff())
    starts_at: datetime | None = Field(None, sa_column=column.now())
    ends_at: datetime | None = Field(None, sa_column=column.later())
    withdrawn_at: datetime | None = Field(None, sa_column=column.later())
    version: int = Field(1, sa_column=column.number(1))
    created_at: datetime | None = Field(None, sa_column=column.now())


class Subscriber(SQLModel, table=True):
    """A chat that agreed to be sent news."""

    __tablename__ = "subscriber"

    chat_id: int = Field(sa_column=column.of("chat", key=True))
    since: datetime | None = Field(None, sa_column=column.now())


class Broadcast(SQLModel, table=True):
    """News for all who agreed to it in a scope; ``per_minute`` is its pace."""

    __tablename__ = "broadcast"

    id: int | None = Field(None, sa_column=column.identity())
    text: str = Field(sa_column=column.words())
    scope: str = Field("", sa_column=column.words(""))
    state: str = Field("draft", sa_column=column.words("draft"))
    per_minute: int = Field(60, sa_column=column.number(60))
    author: int | None = Field(None, sa_column=_staff())
    starts_at: datetime | None = Field(None, sa_column=column.later())
    finished_at: datetime | None = Field(None, sa_column=column.later())
    version: int = Field(1, sa_column=column.number(1))
    created_at: datetime | None = Field(None, sa_column=column.now())


class Broadcasted(SQLModel, table=True):
    """That a broadcast was queued for a chat, and as which message; nobody gets it twice."""

    __tablename__ = "broadcasted"
    __table_args__ = (
        Index("broadcasted_chat_idx", "chat_id"),
        Index("broadcasted_message_idx", "message_id"),
    )

    broadcast: int = Field(sa_column=column.of("broadcast", key=True))
    chat_id: int = Field(sa_column=column.of("chat", key=True))
    message_id: int | None = Field(None, sa_column=column.perhaps("message"))
    at: datetime | None = Field(None, sa_column=column.now())


class Unanswered(SQLModel, table=True):
    """A question that was asked in vain, masked of personal data; who asked is not kept.

    ``kind``: "unknown" (not understood), "offer" (nobody took what was offered), "wrong" (not this procedure) or
    "followup" (asked again about one field). ``codes`` are the procedures that came near; ``cluster`` groups questions
    that are alike. ``verdict``: "procedure" or "article" (``answer`` names which), "outside" or "spam".
    """

    __tablename__ = "unanswered"
    __table_args__ = (
        Index("unanswered_at_idx", "at"),
        Index("unanswered_cluster_idx", "cluster"),
    )

    id: int | None = Field(None, sa_column=column.identity())
    text: str = Field(sa_column=column.words())
    kind: str = Field(sa_column=column.words())
    codes: list[str] = Field(default_factory=list, sa_column=column.json("[]"))
    commune: str | None = Field(None, sa_column=column.maybe())
    at: datetime | None = Field(None, sa_column=column.now())
    cluster: int | None = Field(None, sa_column=Column(BigInteger, nullable=True))
    verdict: str | None = Field(None, sa_column=column.maybe())
    answer: str | None = Field(None, sa_column=column.maybe())
    judge: int | None = Field(None, sa_column=_staff())
    judged_at: datetime | None = Field(None, sa_column=column.later())


class Wish(SQLModel, table=True):
    """A chat that wants to be told once there is an answer to what it asked; told once."""

    __tablename__ = "wish"

    chat_id: int = Field(sa_column=column.of("chat", key=True))
    unanswered: int = Field(sa_column=column.of("unanswered", key=True))
    told_at: datetime | None = Field(None, sa_column=column.later())


class Weekly(SQLModel, table=True):
    """A week (its Monday) whose report is with those who want it, or on its way to them."""

    __tablename__ = "weekly"

    week: date = Field(sa_column=Column(Date, primary_key=True))
    at: datetime | None = Field(None, sa_column=column.now())


class Ticket(SQLModel, table=True):
    """Work of the office that takes longer than a page may, as every replica knows it.

    ``kind``: "read", "make" or "write"; ``place``: the page where it ended, ``fault``: why it did not.
    """

    __tablename__ = "ticket"

    key: str = Field(sa_column=column.words(key=True))
    staff: int = Field(sa_column=column.of("staff"))
    kind: str = Field(sa_column=column.words())
    name: str = Field(sa_column=column.words())
    scope: str = Field("", sa_column=column.words(""))
    title: str = Field(sa_column=column.words())
    share: float = Field(0.0, sa_column=Column(Float, nullable=False, server_default=text("0")))
    done: bool = Field(False, sa_column=column.flag())
    fault: str | None = Field(None, sa_column=column.maybe())
    place: str | None = Field(None, sa_column=column.maybe())
    seen_at: datetime | None = Field(None, sa_column=column.now())


class TicketFile(SQLModel, table=True):
    """A part of a file that work was given."""

    __tablename__ = "ticket_file"

    ticket: str = Field(sa_column=Column(Text, ForeignKey("ticket.key", ondelete="CASCADE"), primary_key=True))
    part: int = Field(sa_column=Column(Integer, primary_key=True))
    body: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
