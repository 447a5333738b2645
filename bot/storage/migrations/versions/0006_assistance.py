"""Volunteers, cases at the kitchen table, help from afar, and what people thought of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from bot.storage.migrations import shape

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    _teams()
    _sittings()
    _help()
    _opinions()


def _teams() -> None:
    op.create_table(
        "team",
        shape.identity(),
        shape.words("name"),
        shape.words("commune"),
        shape.now("created_at"),
        shape.moment("closed_at"),
    )
    op.create_index("team_commune_idx", "team", ["commune"])
    op.create_table(
        "volunteer",
        shape.identity(),
        shape.perhaps("chat_id", "chat"),
        shape.of("team", "team"),
        shape.words("name"),
        shape.flag("leader"),
        shape.words("state", "active"),
        shape.moment("pledged_at"),
        shape.moment("on_duty_until"),
        shape.now("joined_at"),
        shape.moment("ended_at"),
        sa.UniqueConstraint("chat_id", name="volunteer_chat_key"),
    )
    op.create_index("volunteer_team_idx", "volunteer", ["team"])
    op.create_table(
        "invitation",
        sa.Column("digest", sa.Text(), primary_key=True),
        shape.of("team", "team"),
        shape.flag("leader"),
        shape.number("uses_left", 1),
        shape.perhaps("staff", "staff"),
        shape.perhaps("volunteer", "volunteer"),
        shape.now("created_at"),
        shape.moment("expires_at", required=True),
    )
    op.create_index("invitation_team_idx", "invitation", ["team"])
    op.create_table(
        "duty",
        shape.identity(),
        shape.of("volunteer", "volunteer"),
        shape.now("began_at"),
        shape.moment("ended_at", required=True),
    )
    op.create_index("duty_volunteer_idx", "duty", ["volunteer", "began_at"])
    op.create_table(
        "quizzed",
        shape.of("volunteer", "volunteer", key=True),
        sa.Column("procedure", sa.Text(), primary_key=True),
        shape.number("right", 0),
        shape.number("asked", 0),
        shape.now("at"),
    )
    op.create_table(
        "work",
        shape.identity(),
        sa.Column("day", sa.Date(), nullable=False),
        shape.of("volunteer", "volunteer"),
        shape.of("team", "team"),
        shape.words("commune"),
        shape.words("kind"),
        *shape.maybe("procedure"),
        shape.words("outcome"),
        sa.Column("online", sa.Boolean()),
        shape.number("minutes", 0),
    )
    op.create_index("work_day_idx", "work", ["day"])
    op.create_index("work_volunteer_idx", "work", ["volunteer", "day"])


def _sittings() -> None:
    op.create_table(
        "sitting",
        shape.identity(),
        shape.of("volunteer", "volunteer"),
        *shape.maybe("procedure"),
        *shape.maybe("first_name"),
        shape.moment("consent_at"),
        shape.json("prepared", "{}"),
        shape.small("step", 0),
        *shape.maybe("stuck"),
        *shape.maybe("dossier"),
        shape.moment("recorded_at"),
        *shape.maybe("follow"),
        shape.number("follows_left", 0),
        sa.Column("online", sa.Boolean()),
        *shape.maybe("outcome"),
        shape.perhaps("offered_to", "volunteer"),
        shape.json("chats", "[]"),
        shape.number("seconds", 0),
        shape.now("opened_at"),
        shape.now("touched_at"),
        shape.moment("ended_at"),
        sa.UniqueConstraint("follow", name="sitting_follow_key"),
    )
    op.create_index("sitting_ended_idx", "sitting", ["ended_at"])
    op.create_index("sitting_volunteer_idx", "sitting", ["volunteer"])


def _help() -> None:
    op.create_table(
        "help_request",
        shape.identity(),
        shape.of("chat_id", "chat"),
        shape.words("commune"),
        shape.words("subject", ""),
        *shape.maybe("procedure"),
        *shape.maybe("wanted"),
        shape.words("state", "waiting"),
        shape.small("level", 0),
        shape.now("opens_at"),
        shape.moment("escalates_at"),
        shape.perhaps("volunteer", "volunteer"),
        shape.perhaps("staff", "staff"),
        shape.perhaps("helper_chat", "chat"),
        shape.moment("handover_asked_at"),
        shape.moment("handover_agreed_at"),
        shape.now("asked_at"),
        shape.moment("taken_at"),
        shape.moment("last_said_at"),
        shape.moment("nudged_at"),
        shape.moment("ended_at"),
        *shape.maybe("ended_by"),
        *shape.maybe("outcome"),
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
        shape.of("request", "help_request", key=True),
        shape.of("chat_id", "chat", key=True),
        shape.now("at"),
    )
    op.create_table(
        "talked",
        shape.identity(),
        shape.of("request", "help_request"),
        shape.words("side"),
        shape.words("body"),
        shape.now("at"),
    )
    op.create_index("talked_request_idx", "talked", ["request", "id"])
    op.create_table(
        "flag",
        shape.identity(),
        shape.of("request", "help_request"),
        shape.words("side"),
        shape.words("reason", ""),
        shape.now("at"),
        shape.perhaps("staff", "staff"),
        *shape.maybe("verdict"),
        shape.moment("seen_at"),
    )
    op.create_index("flag_request_idx", "flag", ["request"])
    op.create_table(
        "barred",
        shape.of("chat_id", "chat", key=True),
        shape.of("volunteer", "volunteer", key=True),
        shape.now("at"),
    )
    op.create_table(
        "post",
        shape.identity(),
        shape.of("chat_id", "chat"),
        sa.Column("payload", JSONB(), nullable=False),
        shape.now("at"),
    )
    op.create_index("post_chat_idx", "post", ["chat_id", "id"])


def _opinions() -> None:
    op.create_table(
        "rating",
        shape.identity(),
        sa.Column("day", sa.Date(), nullable=False),
        shape.words("kind"),
        *shape.maybe("procedure"),
        *shape.maybe("commune"),
        shape.number("level", 0),
        shape.json("criteria", "{}"),
        *shape.maybe("words"),
    )
    op.create_index("rating_day_idx", "rating", ["day"])
    op.create_table(
        "asked_rating",
        shape.of("chat_id", "chat", key=True),
        sa.Column("about", sa.Text(), primary_key=True),
        shape.words("kind"),
        *shape.maybe("procedure"),
        *shape.maybe("commune"),
        shape.perhaps("rating", "rating"),
        shape.now("at"),
    )
    op.create_table(
        "feedback",
        shape.identity(),
        shape.words("code"),
        shape.perhaps("chat_id", "chat"),
        shape.words("kind"),
        shape.words("text"),
        *shape.maybe("commune"),
        shape.words("state", "new"),
        *shape.maybe("answer"),
        shape.perhaps("staff", "staff"),
        shape.now("at"),
        shape.moment("answered_at"),
        sa.UniqueConstraint("code", name="feedback_code_key"),
    )
    op.create_index("feedback_state_idx", "feedback", ["state"])
