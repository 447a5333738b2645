"""Volunteers, cases at the kitchen table, help from afar, and what people thought of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _teams()
    _sittings()
    _help()
    _opinions()


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True)


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def _moment(name: str, *, required: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not required)


def _words(name: str, default: str | None = None) -> sa.Column[str]:
    said = None if default is None else sa.text(f"'{default}'")
    return sa.Column(name, sa.Text(), nullable=False, server_default=said)


def _maybe(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text())


def _number(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text(str(default)))


def _small(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger(), nullable=False, server_default=sa.text(str(default)))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("false"))


def _json(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, JSONB(), nullable=False, server_default=sa.text(f"'{default}'"))


def _of(name: str, table: str, *, key: bool = False) -> sa.Column[int]:
    belongs = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.BigInteger(), belongs, nullable=False, primary_key=key)


def _perhaps(name: str, table: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey(f"{table}.id", ondelete="SET NULL"))


def _teams() -> None:
    op.create_table(
        "team",
        _id(),
        _words("name"),
        _words("commune"),
        _now("created_at"),
        _moment("closed_at"),
    )
    op.create_index("team_commune_idx", "team", ["commune"])
    op.create_table(
        "volunteer",
        _id(),
        _perhaps("chat_id", "chat"),
        _of("team", "team"),
        _words("name"),
        _flag("leader"),
        _words("state", "active"),
        _moment("pledged_at"),
        _moment("on_duty_until"),
        _now("joined_at"),
        _moment("ended_at"),
        sa.UniqueConstraint("chat_id", name="volunteer_chat_key"),
    )
    op.create_index("volunteer_team_idx", "volunteer", ["team"])
    op.create_table(
        "invitation",
        sa.Column("digest", sa.Text(), primary_key=True),
        _of("team", "team"),
        _flag("leader"),
        _number("uses_left", 1),
        _perhaps("staff", "staff"),
        _perhaps("volunteer", "volunteer"),
        _now("created_at"),
        _moment("expires_at", required=True),
    )
    op.create_index("invitation_team_idx", "invitation", ["team"])
    op.create_table(
        "duty",
        _id(),
        _of("volunteer", "volunteer"),
        _now("began_at"),
        _moment("ended_at", required=True),
    )
    op.create_index("duty_volunteer_idx", "duty", ["volunteer", "began_at"])
    op.create_table(
        "quizzed",
        _of("volunteer", "volunteer", key=True),
        sa.Column("procedure", sa.Text(), primary_key=True),
        _number("right", 0),
        _number("asked", 0),
        _now("at"),
    )
    op.create_table(
        "work",
        _id(),
        sa.Column("day", sa.Date(), nullable=False),
        _of("volunteer", "volunteer"),
        _of("team", "team"),
        _words("commune"),
        _words("kind"),
        _maybe("procedure"),
        _words("outcome"),
        sa.Column("online", sa.Boolean()),
        _number("minutes", 0),
    )
    op.create_index("work_day_idx", "work", ["day"])
    op.create_index("work_volunteer_idx", "work", ["volunteer", "day"])


def _sittings() -> None:
    op.create_table(
        "sitting",
        _id(),
        _of("volunteer", "volunteer"),
        _maybe("procedure"),
        _maybe("first_name"),
        _moment("consent_at"),
        _json("prepared", "{}"),
        _small("step", 0),
        _maybe("stuck"),
        _maybe("dossier"),
        _moment("recorded_at"),
        _maybe("follow"),
        _number("follows_left", 0),
        sa.Column("online", sa.Boolean()),
        _maybe("outcome"),
        _perhaps("offered_to", "volunteer"),
        _json("chats", "[]"),
        _number("seconds", 0),
        _now("opened_at"),
        _now("touched_at"),
        _moment("ended_at"),
        sa.UniqueConstraint("follow", name="sitting_follow_key"),
    )
    op.create_index("sitting_ended_idx", "sitting", ["ended_at"])
    op.create_index("sitting_volunteer_idx", "sitting", ["volunteer"])


def _help() -> None:
    op.create_table(
        "help_request",
        _id(),
        _of("chat_id", "chat"),
        _words("commune"),
        _words("subject", ""),
        _maybe("procedure"),
        _maybe("wanted"),
        _words("state", "waiting"),
        _small("level", 0),
        _now("opens_at"),
        _moment("escalates_at"),
        _perhaps("volunteer", "volunteer"),
        _perhaps("staff", "staff"),
        _perhaps("helper_chat", "chat"),
        _moment("handover_asked_at"),
        _moment("handover_agreed_at"),
        _now("asked_at"),
        _moment("taken_at"),
        _moment("last_said_at"),
        _moment("nudged_at"),
        _moment("ended_at"),
        _maybe("ended_by"),
        _maybe("outcome"),
    )
    op.create_index(
        "help_request_chat_key", "help_request", ["chat_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_index("help_request_ended_idx", "help_request", ["ended_at"])
    op.create_index(
        "help_request_helper_key",
        "help_request",
        ["helper_chat"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_index(
        "help_request_open_idx", "help_request", ["escalates_at"], postgresql_where=sa.text("ended_at IS NULL")
    )
    op.create_table(
        "alerted",
        _of("request", "help_request", key=True),
        _of("chat_id", "chat", key=True),
        _now("at"),
    )
    op.create_table(
        "talked",
        _id(),
        _of("request", "help_request"),
        _words("side"),
        _words("body"),
        _now("at"),
    )
    op.create_index("talked_request_idx", "talked", ["request", "id"])
    op.create_table(
        "flag",
        _id(),
        _of("request", "help_request"),
        _words("side"),
        _words("reason", ""),
        _now("at"),
        _perhaps("staff", "staff"),
        _maybe("verdict"),
        _moment("seen_at"),
    )
    op.create_index("flag_request_idx", "flag", ["request"])
    op.create_table(
        "barred",
        _of("chat_id", "chat", key=True),
        _of("volunteer", "volunteer", key=True),
        _now("at"),
    )
    op.create_table(
        "post",
        _id(),
        _of("chat_id", "chat"),
        sa.Column("payload", JSONB(), nullable=False),
        _now("at"),
    )
    op.create_index("post_chat_idx", "post", ["chat_id", "id"])


def _opinions() -> None:
    op.create_table(
        "rating",
        _id(),
        sa.Column("day", sa.Date(), nullable=False),
        _words("kind"),
        _maybe("procedure"),
        _maybe("commune"),
        _number("level", 0),
        _json("criteria", "{}"),
        _maybe("words"),
    )
    op.create_index("rating_day_idx", "rating", ["day"])
    op.create_table(
        "asked_rating",
        _of("chat_id", "chat", key=True),
        sa.Column("about", sa.Text(), primary_key=True),
        _words("kind"),
        _maybe("procedure"),
        _maybe("commune"),
        _perhaps("rating", "rating"),
        _now("at"),
    )
    op.create_table(
        "feedback",
        _id(),
        _words("code"),
        _perhaps("chat_id", "chat"),
        _words("kind"),
        _words("text"),
        _maybe("commune"),
        _words("state", "new"),
        _maybe("answer"),
        _perhaps("staff", "staff"),
        _now("at"),
        _moment("answered_at"),
        sa.UniqueConstraint("code", name="feedback_code_key"),
    )
    op.create_index("feedback_state_idx", "feedback", ["state"])
