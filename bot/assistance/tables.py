"""The tables of volunteers, of help and of what people thought of it.

Of a resident nothing is kept but the state of their case, a first name if they want, and that they agreed; ``work`` is
what remains for tables and certificates, and names no resident.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel import Field, SQLModel


class Membership(StrEnum):
    """How a volunteer stands to their team.

    ``paused``: they rest by their own wish; ``suspended``: staff let them rest, and only staff end that; ``left``: they
    went; ``removed``: a leader or staff took them out.
    """

    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    LEFT = "left"
    REMOVED = "removed"


class Help(StrEnum):
    """How far a request for help is.

    ``waiting`` for a volunteer; ``live``: somebody has it and they talk; ``staff``: waits for an officer; ``ended``.
    """

    WAITING = "waiting"
    LIVE = "live"
    STAFF = "staff"
    ENDED = "ended"


class Side(StrEnum):
    """Who said something in a talk; ``note`` is what we said to both."""

    CITIZEN = "citizen"
    HELPER = "helper"
    NOTE = "note"


class Rated(StrEnum):
    """What a rating is about."""

    ANSWER = "answer"
    HELP = "help"
    RESULT = "result"


class FeedbackState(StrEnum):
    NEW = "new"
    TAKEN = "taken"
    ANSWERED = "answered"
    CLOSED = "closed"


def _id() -> Column[int]:
    return Column(BigInteger, Identity(), primary_key=True)


def _now() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=False, server_default=func.now())


def _later() -> Column[datetime]:
    return Column(DateTime(timezone=True), nullable=True)


def _words(default: str | None = None) -> Column[str]:
    return Column(Text, nullable=False, server_default=None if default is None else text(f"'{default}'"))


def _maybe() -> Column[str]:
    return Column(Text, nullable=True)


def _number(default: int) -> Column[int]:
    return Column(Integer, nullable=False, server_default=text(str(default)))


def _flag() -> Column[bool]:
    return Column(Boolean, nullable=False, server_default=text("false"))


def _json(default: str) -> Column[Any]:
    return Column(JSONB, nullable=False, server_default=text(f"'{default}'"))


def _of(table: str, *, key: bool = False, required: bool = True) -> Column[int]:
    """A row that goes with the row of another table."""
    belongs = ForeignKey(f"{table}.id", ondelete="CASCADE")
    return Column(BigInteger, belongs, nullable=not (required or key), primary_key=key)


def _perhaps(table: str) -> Column[int]:
    """A row that stays without the row of another table."""
    return Column(BigInteger, ForeignKey(f"{table}.id", ondelete="SET NULL"), nullable=True)


class Team(SQLModel, table=True):
    """Volunteers of one commune (its five-digit code)."""

    __tablename__ = "team"
    __table_args__ = (Index("team_commune_idx", "commune"),)

    id: int | None = Field(None, sa_column=_id())
    name: str = Field(sa_column=_words())
    commune: str = Field(sa_column=_words())
    created_at: datetime | None = Field(None, sa_column=_now())
    closed_at: datetime | None = Field(None, sa_column=_later())


class Volunteer(SQLModel, table=True):
    """A volunteer in their team. ``chat_id`` is empty once they left; ``pledged_at`` is when they accepted the pledge.

    ``on_duty_until``: help requests are told to them until then.
    """

    __tablename__ = "volunteer"
    __table_args__ = (
        UniqueConstraint("chat_id", name="volunteer_chat_key"),
        Index("volunteer_team_idx", "team"),
    )

    id: int | None = Field(None, sa_column=_id())
    chat_id: int | None = Field(None, sa_column=_perhaps("chat"))
    team: int = Field(sa_column=_of("team"))
    name: str = Field(sa_column=_words())
    leader: bool = Field(False, sa_column=_flag())
    state: str = Field("active", sa_column=_words("active"))
    pledged_at: datetime | None = Field(None, sa_column=_later())
    on_duty_until: datetime | None = Field(None, sa_column=_later())
    joined_at: datetime | None = Field(None, sa_column=_now())
    ended_at: datetime | None = Field(None, sa_column=_later())


class Invitation(SQLModel, table=True):
    """A link into a team; only the digest of its token is kept. Made by ``staff`` or by ``volunteer``, its leader."""

    __tablename__ = "invitation"
    __table_args__ = (Index("invitation_team_idx", "team"),)

    digest: str = Field(sa_column=Column(Text, primary_key=True))
    team: int = Field(sa_column=_of("team"))
    leader: bool = Field(False, sa_column=_flag())
    uses_left: int = Field(1, sa_column=_number(1))
    staff: int | None = Field(None, sa_column=_perhaps("staff"))
    volunteer: int | None = Field(None, sa_column=_perhaps("volunteer"))
    created_at: datetime | None = Field(None, sa_column=_now())
    expires_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class Duty(SQLModel, table=True):
    """A time on duty, from which hours are counted; ``ended_at`` is at most when it was said to end."""

    __tablename__ = "duty"
    __table_args__ = (Index("duty_volunteer_idx", "volunteer", "began_at"),)

    id: int | None = Field(None, sa_column=_id())
    volunteer: int = Field(sa_column=_of("volunteer"))
    began_at: datetime | None = Field(None, sa_column=_now())
    ended_at: datetime = Field(sa_column=Column(DateTime(timezone=True), nullable=False))


class Sitting(SQLModel, table=True):
    """A case at the kitchen table: a volunteer beside a resident.

    ``prepared`` is a ``bot.dialogue.session.Prepared`` or empty; ``step`` counts the steps of filing online that are
    done; ``follow`` is the digest of the token by which the resident follows the dossier; ``offered_to`` is the
    teammate to whom it is being handed. ``chats`` are all chats in which it was on the screen, ``seconds`` the time
    spent on it; ``recorded_at`` is when the dossier's code was written down, ``follows_left`` how many chats may still
    follow it by the token. It is deleted some days after its end (``bot.storage.leftovers``).
    """

    __tablename__ = "sitting"
    __table_args__ = (
        UniqueConstraint("follow", name="sitting_follow_key"),
        Index("sitting_volunteer_idx", "volunteer"),
        Index("sitting_ended_idx", "ended_at"),
    )

    id: int | None = Field(None, sa_column=_id())
    volunteer: int = Field(sa_column=_of("volunteer"))
    procedure: str | None = Field(None, sa_column=_maybe())
    first_name: str | None = Field(None, sa_column=_maybe())
    consent_at: datetime | None = Field(None, sa_column=_later())
    prepared: dict[str, Any] = Field(default_factory=dict, sa_column=_json("{}"))
    step: int = Field(0, sa_column=Column(SmallInteger, nullable=False, server_default=text("0")))
    stuck: str | None = Field(None, sa_column=_maybe())
    dossier: str | None = Field(None, sa_column=_maybe())
    recorded_at: datetime | None = Field(None, sa_column=_later())
    follow: str | None = Field(None, sa_column=_maybe())
    follows_left: int = Field(0, sa_column=_number(0))
    online: bool | None = Field(None, sa_column=Column(Boolean, nullable=True))
    outcome: str | None = Field(None, sa_column=_maybe())
    offered_to: int | None = Field(None, sa_column=_perhaps("volunteer"))
    chats: list[int] = Field(default_factory=list, sa_column=_json("[]"))
    seconds: int = Field(0, sa_column=_number(0))
    opened_at: datetime | None = Field(None, sa_column=_now())
    touched_at: datetime | None = Field(None, sa_column=_now())
    ended_at: datetime | None = Field(None, sa_column=_later())


class HelpRequest(SQLModel, table=True):
    """A citizen asks for a person. A chat has one open request, a helper one live talk.

    ``subject`` is masked; ``opens_at`` is when somebody may be told of it, ``escalates_at`` when it goes further;
    ``level`` counts how far it went: 0 the commune, 1 the communes around, 2 staff. ``helper_chat`` is where whoever
    has it writes, empty for an officer in the console. ``nudged_at`` is when a silent talk was asked if it goes on.
    """

    __tablename__ = "help_request"
    __table_args__ = (
        Index("help_request_chat_key", "chat_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("help_request_helper_key", "helper_chat", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("help_request_open_idx", "escalates_at", postgresql_where=text("ended_at IS NULL")),
        Index("help_request_ended_idx", "ended_at"),
    )

    id: int | None = Field(None, sa_column=_id())
    chat_id: int = Field(sa_column=_of("chat"))
    commune: str = Field(sa_column=_words())
    subject: str = Field("", sa_column=_words(""))
    procedure: str | None = Field(None, sa_column=_maybe())
    wanted: str | None = Field(None, sa_column=_maybe())
    state: str = Field("waiting", sa_column=_words("waiting"))
    level: int = Field(0, sa_column=Column(SmallInteger, nullable=False, server_default=text("0")))
    opens_at: datetime | None = Field(None, sa_column=_now())
    escalates_at: datetime | None = Field(None, sa_column=_later())
    volunteer: int | None = Field(None, sa_column=_perhaps("volunteer"))
    staff: int | None = Field(None, sa_column=_perhaps("staff"))
    helper_chat: int | None = Field(None, sa_column=_perhaps("chat"))
    handover_asked_at: datetime | None = Field(None, sa_column=_later())
    handover_agreed_at: datetime | None = Field(None, sa_column=_later())
    asked_at: datetime | None = Field(None, sa_column=_now())
    taken_at: datetime | None = Field(None, sa_column=_later())
    last_said_at: datetime | None = Field(None, sa_column=_later())
    nudged_at: datetime | None = Field(None, sa_column=_later())
    ended_at: datetime | None = Field(None, sa_column=_later())
    ended_by: str | None = Field(None, sa_column=_maybe())
    outcome: str | None = Field(None, sa_column=_maybe())


class Alerted(SQLModel, table=True):
    """A chat that was told of a request: only these may accept it."""

    __tablename__ = "alerted"

    request: int = Field(sa_column=_of("help_request", key=True))
    chat_id: int = Field(sa_column=_of("chat", key=True))
    at: datetime | None = Field(None, sa_column=_now())


class Talked(SQLModel, table=True):
    """What was said in a talk. What the relay caught never gets here."""

    __tablename__ = "talked"
    __table_args__ = (Index("talked_request_idx", "request", "id"),)

    id: int | None = Field(None, sa_column=_id())
    request: int = Field(sa_column=_of("help_request"))
    side: str = Field(sa_column=_words())
    body: str = Field(sa_column=_words())
    at: datetime | None = Field(None, sa_column=_now())


class Enclosed(SQLModel, table=True):
    """A file that passes in a talk; deleted when the talk ends or goes on with somebody else.

    ``kind`` is "photo" or "document"; ``remote`` Telegram's name for it, else ``content`` has it. ``album``: the one it
    came in. ``token`` is the secret part of the path by which the other side gets it, empty until its sender says yes.
    """

    __tablename__ = "enclosed"
    __table_args__ = (
        UniqueConstraint("token", name="enclosed_token_key"),
        Index("enclosed_request_idx", "request", "id"),
    )

    id: int | None = Field(None, sa_column=_id())
    request: int = Field(sa_column=_of("help_request"))
    side: str = Field(sa_column=_words())
    kind: str = Field(sa_column=_words())
    remote: str | None = Field(None, sa_column=_maybe())
    content: bytes | None = Field(None, sa_column=Column(LargeBinary, nullable=True))
    album: str | None = Field(None, sa_column=_maybe())
    token: str | None = Field(None, sa_column=_maybe())
    at: datetime | None = Field(None, sa_column=_now())


class Flag(SQLModel, table=True):
    """A talk that one side reported: only then staff may read it."""

    __tablename__ = "flag"
    __table_args__ = (Index("flag_request_idx", "request"),)

    id: int | None = Field(None, sa_column=_id())
    request: int = Field(sa_column=_of("help_request"))
    side: str = Field(sa_column=_words())
    reason: str = Field("", sa_column=_words(""))
    at: datetime | None = Field(None, sa_column=_now())
    staff: int | None = Field(None, sa_column=_perhaps("staff"))
    verdict: str | None = Field(None, sa_column=_maybe())
    seen_at: datetime | None = Field(None, sa_column=_later())


class Barred(SQLModel, table=True):
    """A citizen's chat and a volunteer who shall not meet again."""

    __tablename__ = "barred"

    chat_id: int = Field(sa_column=_of("chat", key=True))
    volunteer: int = Field(sa_column=_of("volunteer", key=True))
    at: datetime | None = Field(None, sa_column=_now())


class Work(SQLModel, table=True):
    """One thing a volunteer brought to an end, for tables and certificates; it names no resident.

    ``kind``: "sitting" or "talk". ``online``: filed by the portal. Rows stay when what they tell of is deleted.
    """

    __tablename__ = "work"
    __table_args__ = (Index("work_day_idx", "day"), Index("work_volunteer_idx", "volunteer", "day"))

    id: int | None = Field(None, sa_column=_id())
    day: date = Field(sa_column=Column(Date, nullable=False))
    volunteer: int = Field(sa_column=_of("volunteer"))
    team: int = Field(sa_column=_of("team"))
    commune: str = Field(sa_column=_words())
    kind: str = Field(sa_column=_words())
    procedure: str | None = Field(None, sa_column=_maybe())
    outcome: str = Field(sa_column=_words())
    online: bool | None = Field(None, sa_column=Column(Boolean, nullable=True))
    minutes: int = Field(0, sa_column=_number(0))


class Quizzed(SQLModel, table=True):
    """A volunteer's best result in the quiz of a procedure."""

    __tablename__ = "quizzed"

    volunteer: int = Field(sa_column=_of("volunteer", key=True))
    procedure: str = Field(sa_column=Column(Text, primary_key=True))
    right: int = Field(sa_column=_number(0))
    asked: int = Field(sa_column=_number(0))
    at: datetime | None = Field(None, sa_column=_now())


class Post(SQLModel, table=True):
    """A message of one chat's turn to another chat, on its way: no turn holds two chats (``bot.assistance.post``)."""

    __tablename__ = "post"
    __table_args__ = (Index("post_chat_idx", "chat_id", "id"),)

    id: int | None = Field(None, sa_column=_id())
    chat_id: int = Field(sa_column=_of("chat"))
    payload: dict[str, Any] = Field(sa_column=Column(JSONB, nullable=False))
    at: datetime | None = Field(None, sa_column=_now())


class AskedRating(SQLModel, table=True):
    """A chat was asked what it thought of something: never twice of the same thing."""

    __tablename__ = "asked_rating"

    chat_id: int = Field(sa_column=_of("chat", key=True))
    about: str = Field(sa_column=Column(Text, primary_key=True))
    kind: str = Field(sa_column=_words())
    procedure: str | None = Field(None, sa_column=_maybe())
    commune: str | None = Field(None, sa_column=_maybe())
    rating: int | None = Field(None, sa_column=_perhaps("rating"))
    at: datetime | None = Field(None, sa_column=_now())


class Rating(SQLModel, table=True):
    """What somebody thought, 1 (very content) to 4; ``criteria`` by name, 1 to 4; who it was is not kept."""

    __tablename__ = "rating"
    __table_args__ = (Index("rating_day_idx", "day"),)

    id: int | None = Field(None, sa_column=_id())
    day: date = Field(sa_column=Column(Date, nullable=False))
    kind: str = Field(sa_column=_words())
    procedure: str | None = Field(None, sa_column=_maybe())
    commune: str | None = Field(None, sa_column=_maybe())
    level: int = Field(sa_column=_number(0))
    criteria: dict[str, int] = Field(default_factory=dict, sa_column=_json("{}"))
    words: str | None = Field(None, sa_column=_maybe())


class Feedback(SQLModel, table=True):
    """A suggestion or complaint, masked; ``code`` is how its author follows it."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("code", name="feedback_code_key"), Index("feedback_state_idx", "state"))

    id: int | None = Field(None, sa_column=_id())
    code: str = Field(sa_column=_words())
    chat_id: int | None = Field(None, sa_column=_perhaps("chat"))
    kind: str = Field(sa_column=_words())
    text: str = Field(sa_column=_words())
    commune: str | None = Field(None, sa_column=_maybe())
    state: str = Field("new", sa_column=_words("new"))
    answer: str | None = Field(None, sa_column=_maybe())
    staff: int | None = Field(None, sa_column=_perhaps("staff"))
    at: datetime | None = Field(None, sa_column=_now())
    answered_at: datetime | None = Field(None, sa_column=_later())
