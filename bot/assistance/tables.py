"""The tables of volunteers, of help and of what people thought of it.

Of a resident nothing is kept but the state of their case, a first name if they want, and that they agreed; ``work`` is
what remains for tables and certificates, and names no resident.
"""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Boolean, Column, Date, Index, LargeBinary, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from bot.storage import column


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
    """How far a suggestion or complaint is: nobody saw it, somebody sees to it, and its two ends."""

    NEW = "new"
    TAKEN = "taken"
    ANSWERED = "answered"
    CLOSED = "closed"


class Team(SQLModel, table=True):
    """Volunteers of one commune (its five-digit code)."""

    __tablename__ = "team"
    __table_args__ = (Index("team_commune_idx", "commune"),)

    id: int | None = Field(None, sa_column=column.identity())
    name: str = Field(sa_column=column.words())
    commune: str = Field(sa_column=column.words())
    created_at: datetime | None = Field(None, sa_column=column.now())
    closed_at: datetime | None = Field(None, sa_column=column.later())


class Volunteer(SQLModel, table=True):
    """A volunteer in their team. ``chat_id`` is empty once they left; ``pledged_at`` is when they accepted the pledge.

    ``on_duty_until``: help requests are told to them until then.
    """

    __tablename__ = "volunteer"
    __table_args__ = (
        UniqueConstraint("chat_id", name="volunteer_chat_key"),
        Index("volunteer_team_idx", "team"),
    )

    id: int | None = Field(None, sa_column=column.identity())
    chat_id: int | None = Field(None, sa_column=column.perhaps("chat"))
    team: int = Field(sa_column=column.of("team"))
    name: str = Field(sa_column=column.words())
    leader: bool = Field(False, sa_column=column.flag())
    state: str = Field("active", sa_column=column.words("active"))
    pledged_at: datetime | None = Field(None, sa_column=column.later())
    on_duty_until: datetime | None = Field(None, sa_column=column.later())
    joined_at: datetime | None = Field(None, sa_column=column.now())
    ended_at: datetime | None = Field(None, sa_column=column.later())


class Invitation(SQLModel, table=True):
    """A link into a team; only the digest of its token is kept. Made by ``staff`` or by ``volunteer``, its leader."""

    __tablename__ = "invitation"
    __table_args__ = (Index("invitation_team_idx", "team"),)

    digest: str = Field(sa_column=column.words(key=True))
    team: int = Field(sa_column=column.of("team"))
    leader: bool = Field(False, sa_column=column.flag())
    uses_left: int = Field(1, sa_column=column.number(1))
    staff: int | None = Field(None, sa_column=column.perhaps("staff"))
    volunteer: int | None = Field(None, sa_column=column.perhaps("volunteer"))
    created_at: datetime | None = Field(None, sa_column=column.now())
    expires_at: datetime = Field(sa_column=column.moment())


class Duty(SQLModel, table=True):
    """A time on duty, from which hours are counted; ``ended_at`` is at most when it was said to end."""

    __tablename__ = "duty"
    __table_args__ = (Index("duty_volunteer_idx", "volunteer", "began_at"),)

    id: int | None = Field(None, sa_column=column.identity())
    volunteer: int = Field(sa_column=column.of("volunteer"))
    began_at: datetime | None = Field(None, sa_column=column.now())
    ended_at: datetime = Field(sa_column=column.moment())


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

    id: int | None = Field(None, sa_column=column.identity())
    volunteer: int = Field(sa_column=column.of("volunteer"))
    procedure: str | None = Field(None, sa_column=column.maybe())
    first_name: str | None = Field(None, sa_column=column.maybe())
    consent_at: datetime | None = Field(None, sa_column=column.later())
    prepared: dict[str, Any] = Field(default_factory=dict, sa_column=column.json("{}"))
    step: int = Field(0, sa_column=column.small(0))
    stuck: str | None = Field(None, sa_column=column.maybe())
    dossier: str | None = Field(None, sa_column=column.maybe())
    recorded_at: datetime | None = Field(None, sa_column=column.later())
    follow: str | None = Field(None, sa_column=column.maybe())
    follows_left: int = Field(0, sa_column=column.number(0))
    online: bool | None = Field(None, sa_column=Column(Boolean, nullable=True))
    outcome: str | None = Field(None, sa_column=column.maybe())
    offered_to: int | None = Field(None, sa_column=column.perhaps("volunteer"))
    chats: list[int] = Field(default_factory=list, sa_column=column.json("[]"))
    seconds: int = Field(0, sa_column=column.number(0))
    opened_at: datetime | None = Field(None, sa_column=column.now())
    touched_at: datetime | None = Field(None, sa_column=column.now())
    ended_at: datetime | None = Field(None, sa_column=column.later())


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

    id: int | None = Field(None, sa_column=column.identity())
    chat_id: int = Field(sa_column=column.of("chat"))
    commune: str = Field(sa_column=column.words())
    subject: str = Field("", sa_column=column.words(""))
    procedure: str | None = Field(None, sa_column=column.maybe())
    wanted: str | None = Field(None, sa_column=column.maybe())
    state: str = Field("waiting", sa_column=column.words("waiting"))
    level: int = Field(0, sa_column=column.small(0))
    opens_at: datetime | None = Field(None, sa_column=column.now())
    escalates_at: datetime | None = Field(None, sa_column=column.later())
    volunteer: int | None = Field(None, sa_column=column.perhaps("volunteer"))
    staff: int | None = Field(None, sa_column=column.perhaps("staff"))
    helper_chat: int | None = Field(None, sa_column=column.perhaps("chat"))
    handover_asked_at: datetime | None = Field(None, sa_column=column.later())
    handover_agreed_at: datetime | None = Field(None, sa_column=column.later())
    asked_at: datetime | None = Field(None, sa_column=column.now())
    taken_at: datetime | None = Field(None, sa_column=column.later())
    last_said_at: datetime | None = Field(None, sa_column=column.later())
    nudged_at: datetime | None = Field(None, sa_column=column.later())
    ended_at: datetime | None = Field(None, sa_column=column.later())
    ended_by: str | None = Field(None, sa_column=column.maybe())
    outcome: str | None = Field(None, sa_column=column.maybe())


class Alerted(SQLModel, table=True):
    """A chat that was told of a request: only these may accept it."""

    __tablename__ = "alerted"

    request: int = Field(sa_column=column.of("help_request", key=True))
    chat_id: int = Field(sa_column=column.of("chat", key=True))
    at: datetime | None = Field(None, sa_column=column.now())


class Talked(SQLModel, table=True):
    """What was said in a talk. What the relay caught never gets here."""

    __tablename__ = "talked"
    __table_args__ = (Index("talked_request_idx", "request", "id"),)

    id: int | None = Field(None, sa_column=column.identity())
    request: int = Field(sa_column=column.of("help_request"))
    side: str = Field(sa_column=column.words())
    body: str = Field(sa_column=column.words())
    at: datetime | None = Field(None, sa_column=column.now())


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

    id: int | None = Field(None, sa_column=column.identity())
    request: int = Field(sa_column=column.of("help_request"))
    side: str = Field(sa_column=column.words())
    kind: str = Field(sa_column=column.words())
    remote: str | None = Field(None, sa_column=column.maybe())
    content: bytes | None = Field(None, sa_column=Column(LargeBinary, nullable=True))
    album: str | None = Field(None, sa_column=column.maybe())
    token: str | None = Field(None, sa_column=column.maybe())
    at: datetime | None = Field(None, sa_column=column.now())


class Flag(SQLModel, table=True):
    """A talk that one side reported: only then staff may read it."""

    __tablename__ = "flag"
    __table_args__ = (Index("flag_request_idx", "request"),)

    id: int | None = Field(None, sa_column=column.identity())
    request: int = Field(sa_column=column.of("help_request"))
    side: str = Field(sa_column=column.words())
    reason: str = Field("", sa_column=column.words(""))
    at: datetime | None = Field(None, sa_column=column.now())
    staff: int | None = Field(None, sa_column=column.perhaps("staff"))
    verdict: str | None = Field(None, sa_column=column.maybe())
    seen_at: datetime | None = Field(None, sa_column=column.later())


class Barred(SQLModel, table=True):
    """A citizen's chat and a volunteer who shall not meet again."""

    __tablename__ = "barred"

    chat_id: int = Field(sa_column=column.of("chat", key=True))
    volunteer: int = Field(sa_column=column.of("volunteer", key=True))
    at: datetime | None = Field(None, sa_column=column.now())


class Work(SQLModel, table=True):
    """One thing a volunteer brought to an end, for tables and certificates; it names no resident.

    ``kind``: "sitting" or "talk". ``online``: filed by the portal. Rows stay when what they tell of is deleted.
    """

    __tablename__ = "work"
    __table_args__ = (Index("work_day_idx", "day"), Index("work_volunteer_idx", "volunteer", "day"))

    id: int | None = Field(None, sa_column=column.identity())
    day: date = Field(sa_column=Column(Date, nullable=False))
    volunteer: int = Field(sa_column=column.of("volunteer"))
    team: int = Field(sa_column=column.of("team"))
    commune: str = Field(sa_column=column.words())
    kind: str = Field(sa_column=column.words())
    procedure: str | None = Field(None, sa_column=column.maybe())
    outcome: str = Field(sa_column=column.words())
    online: bool | None = Field(None, sa_column=Column(Boolean, nullable=True))
    minutes: int = Field(0, sa_column=column.number(0))


class Quizzed(SQLModel, table=True):
    """A volunteer's best result in the quiz of a procedure."""

    __tablename__ = "quizzed"

    volunteer: int = Field(sa_column=column.of("volunteer", key=True))
    procedure: str = Field(sa_column=column.words(key=True))
    right: int = Field(sa_column=column.number(0))
    asked: int = Field(sa_column=column.number(0))
    at: datetime | None = Field(None, sa_column=column.now())


class Post(SQLModel, table=True):
    """A message of one chat's turn to another chat, on its way: no turn holds two chats (``bot.assistance.post``)."""

    __tablename__ = "post"
    __table_args__ = (Index("post_chat_idx", "chat_id", "id"),)

    id: int | None = Field(None, sa_column=column.identity())
    chat_id: int = Field(sa_column=column.of("chat"))
    payload: dict[str, Any] = Field(sa_column=column.json())
    at: datetime | None = Field(None, sa_column=column.now())


class AskedRating(SQLModel, table=True):
    """A chat was asked what it thought of something: never twice of the same thing."""

    __tablename__ = "asked_rating"

    chat_id: int = Field(sa_column=column.of("chat", key=True))
    about: str = Field(sa_column=column.words(key=True))
    kind: str = Field(sa_column=column.words())
    procedure: str | None = Field(None, sa_column=column.maybe())
    commune: str | None = Field(None, sa_column=column.maybe())
    rating: int | None = Field(None, sa_column=column.perhaps("rating"))
    at: datetime | None = Field(None, sa_column=column.now())


class Rating(SQLModel, table=True):
    """What somebody thought, 1 (very content) to 4; ``criteria`` by name, 1 to 4; who it was is not kept."""

    __tablename__ = "rating"
    __table_args__ = (Index("rating_day_idx", "day"),)

    id: int | None = Field(None, sa_column=column.identity())
    day: date = Field(sa_column=Column(Date, nullable=False))
    kind: str = Field(sa_column=column.words())
    procedure: str | None = Field(None, sa_column=column.maybe())
    commune: str | None = Field(None, sa_column=column.maybe())
    level: int = Field(sa_column=column.number(0))
    criteria: dict[str, int] = Field(default_factory=dict, sa_column=column.json("{}"))
    words: str | None = Field(None, sa_column=column.maybe())


class Feedback(SQLModel, table=True):
    """A suggestion or complaint, masked; ``code`` is how its author follows it."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("code", name="feedback_code_key"), Index("feedback_state_idx", "state"))

    id: int | None = Field(None, sa_column=column.identity())
    code: str = Field(sa_column=column.words())
    chat_id: int | None = Field(None, sa_column=column.perhaps("chat"))
    kind: str = Field(sa_column=column.words())
    text: str = Field(sa_column=column.words())
    commune: str | None = Field(None, sa_column=column.maybe())
    state: str = Field("new", sa_column=column.words("new"))
    answer: str | None = Field(None, sa_column=column.maybe())
    staff: int | None = Field(None, sa_column=column.perhaps("staff"))
    at: datetime | None = Field(None, sa_column=column.now())
    answered_at: datetime | None = Field(None, sa_column=column.later())
