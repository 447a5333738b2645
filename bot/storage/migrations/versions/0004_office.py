"""The staff office: staff, what they change and publish, what was done, notices, what was asked in vain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

from bot.storage.migrations import shape

revision = "0004"
down_revision = "0003"

_REFUSE = """
    CREATE FUNCTION audit_stands() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'the audit trail cannot be changed' USING ERRCODE = 'insufficient_privilege';
    END $$
"""
_ROWS = "CREATE TRIGGER audit_rows BEFORE UPDATE OR DELETE ON audit FOR EACH ROW EXECUTE FUNCTION audit_stands()"
_WHOLE = "CREATE TRIGGER audit_whole BEFORE TRUNCATE ON audit FOR EACH STATEMENT EXECUTE FUNCTION audit_stands()"


def upgrade() -> None:
    _people()
    _trail()
    _revisions()
    _news()
    _questions()


def _staff(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), sa.ForeignKey("staff.id")) for name in names]


def _release(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey("release.id"))


def _people() -> None:
    op.create_table(
        "staff",
        shape.identity(),
        shape.words("name"),
        *shape.maybe("login", "password_hash", "totp_secret"),
        sa.Column("totp_step", sa.BigInteger()),
        *shape.maybe("telegram"),
        shape.words("role"),
        shape.words("scope", ""),
        *shape.maybe("agency"),
        shape.flag("disabled"),
        shape.flag("weekly"),
        sa.Column("failed_logins", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        shape.moment("locked_until"),
        shape.now("created_at"),
        sa.UniqueConstraint("login", name="staff_login_key"),
        sa.UniqueConstraint("telegram", name="staff_telegram_key"),
    )
    op.create_table(
        "staff_session",
        sa.Column("digest", sa.Text(), primary_key=True),
        shape.of("staff", "staff"),
        shape.words("csrf"),
        shape.now("created_at"),
        shape.now("last_seen"),
        shape.moment("expires_at", required=True),
        *shape.maybe("address_hash"),
    )
    op.create_index("staff_session_staff_idx", "staff_session", ["staff"])
    op.create_table(
        "login_link",
        sa.Column("digest", sa.Text(), primary_key=True),
        shape.of("staff", "staff"),
        shape.words("purpose", "sign_in"),
        *shape.maybe("browser"),
        shape.now("created_at"),
        shape.moment("expires_at", required=True),
        shape.moment("used_at"),
    )
    op.create_index("login_link_staff_idx", "login_link", ["staff"])


def _trail() -> None:
    op.create_table(
        "audit",
        shape.identity(),
        shape.now("at"),
        *_staff("staff"),
        shape.words("act"),
        shape.words("object", ""),
        shape.json("detail", "{}"),
    )
    op.create_index("audit_at_idx", "audit", ["at"])
    op.create_index("audit_object_idx", "audit", ["object"])
    for statement in (_REFUSE, _ROWS, _WHOLE):
        op.execute(statement)


def _revisions() -> None:
    op.create_table(
        "release",
        shape.identity(),
        shape.now("published_at"),
        *_staff("publisher"),
        shape.words("summary", ""),
        shape.json("gate", "{}"),
        *shape.maybe("reason"),
        _release("reverts"),
    )
    op.create_table(
        "revision",
        shape.identity(),
        shape.words("subject", "procedure"),
        shape.words("code"),
        shape.words("scope", ""),
        shape.words("effect", "record"),
        sa.Column("record", JSONB()),
        sa.Column("base", JSONB()),
        *shape.maybe("base_digest"),
        shape.words("state", "draft"),
        *shape.maybe("note", "decision_number"),
        sa.Column("decision_date", sa.Date()),
        sa.Column("effective_on", sa.Date()),
        *_staff("author", "reviewer", "scheduled_by"),
        *shape.maybe("reason"),
        shape.number("version", 1),
        shape.now("created_at"),
        shape.now("updated_at"),
        _release("release"),
    )
    op.create_index("revision_code_idx", "revision", ["code", "scope"])
    op.create_index("revision_state_idx", "revision", ["state"])
    op.create_index("revision_release_idx", "revision", ["release"])


def _news() -> None:
    op.create_table(
        "notice",
        shape.identity(),
        shape.words("text"),
        shape.words("scope", ""),
        *_staff("author"),
        shape.now("starts_at"),
        shape.moment("ends_at"),
        shape.moment("withdrawn_at"),
        shape.number("version", 1),
        shape.now("created_at"),
    )
    op.create_index("notice_starts_idx", "notice", ["starts_at"])
    op.create_table("subscriber", shape.of("chat_id", "chat", key=True), shape.now("since"))
    op.create_table(
        "broadcast",
        shape.identity(),
        shape.words("text"),
        shape.words("scope", ""),
        shape.words("state", "draft"),
        shape.number("per_minute", 60),
        *_staff("author"),
        shape.moment("starts_at"),
        shape.moment("finished_at"),
        shape.number("version", 1),
        shape.now("created_at"),
    )
    op.create_table(
        "broadcasted",
        shape.of("broadcast", "broadcast", key=True),
        shape.of("chat_id", "chat", key=True),
        sa.Column("message_id", sa.BigInteger(), sa.ForeignKey("message.id", ondelete="SET NULL")),
        shape.now("at"),
    )
    op.create_index("broadcasted_chat_idx", "broadcasted", ["chat_id"])
    op.create_index("broadcasted_message_idx", "broadcasted", ["message_id"])


def _questions() -> None:
    op.create_table(
        "unanswered",
        shape.identity(),
        shape.words("text"),
        shape.words("kind"),
        shape.json("codes", "[]"),
        *shape.maybe("commune"),
        shape.now("at"),
        sa.Column("cluster", sa.BigInteger()),
        *shape.maybe("verdict", "answer"),
        *_staff("judge"),
        shape.moment("judged_at"),
    )
    op.create_index("unanswered_at_idx", "unanswered", ["at"])
    op.create_index("unanswered_cluster_idx", "unanswered", ["cluster"])
    op.create_table(
        "wish",
        shape.of("chat_id", "chat", key=True),
        shape.of("unanswered", "unanswered", key=True),
        shape.moment("told_at"),
    )
