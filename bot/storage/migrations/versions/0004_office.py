"""The staff office: staff, what they change and publish, what was done, notices, what was asked in vain."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

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


def _id() -> sa.Column[int]:
    return sa.Column("id", sa.BigInteger(), sa.Identity(), primary_key=True)


def _now(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now())


def _moment(name: str, *, required: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=not required)


def _words(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False, server_default=_said(default))


def _said(default: str | None) -> sa.TextClause | None:
    return None if default is None else sa.text(f"'{default}'")


def _maybe(*names: str) -> list[sa.Column[str]]:
    return [sa.Column(name, sa.Text()) for name in names]


def _number(name: str, default: int) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False, server_default=sa.text(str(default)))


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.text("false"))


def _json(name: str, default: str) -> sa.Column[object]:
    return sa.Column(name, JSONB(), nullable=False, server_default=sa.text(f"'{default}'"))


def _staff(*names: str) -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), sa.ForeignKey("staff.id")) for name in names]


def _release(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), sa.ForeignKey("release.id"))


def _owner(name: str, table: str, *, key: bool = False) -> sa.Column[int]:
    belongs = sa.ForeignKey(f"{table}.id", ondelete="CASCADE")
    return sa.Column(name, sa.BigInteger(), belongs, nullable=False, primary_key=key)


def _people() -> None:
    op.create_table(
        "staff",
        _id(),
        _words("name"),
        *_maybe("login", "password_hash", "totp_secret"),
        sa.Column("totp_step", sa.BigInteger()),
        *_maybe("telegram"),
        _words("role"),
        _words("scope", ""),
        *_maybe("agency"),
        _flag("disabled"),
        _flag("weekly"),
        sa.Column("failed_logins", sa.SmallInteger(), nullable=False, server_default=sa.text("0")),
        _moment("locked_until"),
        _now("created_at"),
        sa.UniqueConstraint("login", name="staff_login_key"),
        sa.UniqueConstraint("telegram", name="staff_telegram_key"),
    )
    op.create_table(
        "staff_session",
        sa.Column("digest", sa.Text(), primary_key=True),
        _owner("staff", "staff"),
        _words("csrf"),
        _now("created_at"),
        _now("last_seen"),
        _moment("expires_at", required=True),
        *_maybe("address_hash"),
    )
    op.create_index("staff_session_staff_idx", "staff_session", ["staff"])
    op.create_table(
        "login_link",
        sa.Column("digest", sa.Text(), primary_key=True),
        _owner("staff", "staff"),
        _words("purpose", "sign_in"),
        *_maybe("browser"),
        _now("created_at"),
        _moment("expires_at", required=True),
        _moment("used_at"),
    )
    op.create_index("login_link_staff_idx", "login_link", ["staff"])


def _trail() -> None:
    op.create_table(
        "audit", _id(), _now("at"), *_staff("staff"), _words("act"), _words("object", ""), _json("detail", "{}")
    )
    op.create_index("audit_at_idx", "audit", ["at"])
    op.create_index("audit_object_idx", "audit", ["object"])
    for statement in (_REFUSE, _ROWS, _WHOLE):
        op.execute(statement)


def _revisions() -> None:
    op.create_table(
        "release",
        _id(),
        _now("published_at"),
        *_staff("publisher"),
        _words("summary", ""),
        _json("gate", "{}"),
        *_maybe("reason"),
        _release("reverts"),
    )
    op.create_table(
        "revision",
        _id(),
        _words("subject", "procedure"),
        _words("code"),
        _words("scope", ""),
        _words("effect", "record"),
        sa.Column("record", JSONB()),
        sa.Column("base", JSONB()),
        *_maybe("base_digest"),
        _words("state", "draft"),
        *_maybe("note", "decision_number"),
        sa.Column("decision_date", sa.Date()),
        sa.Column("effective_on", sa.Date()),
        *_staff("author", "reviewer", "scheduled_by"),
        *_maybe("reason"),
        _number("version", 1),
        _now("created_at"),
        _now("updated_at"),
        _release("release"),
    )
    op.create_index("revision_code_idx", "revision", ["code", "scope"])
    op.create_index("revision_state_idx", "revision", ["state"])
    op.create_index("revision_release_idx", "revision", ["release"])


def _news() -> None:
    op.create_table(
        "notice",
        _id(),
        _words("text"),
        _words("scope", ""),
        *_staff("author"),
        _now("starts_at"),
        _moment("ends_at"),
        _moment("withdrawn_at"),
        _number("version", 1),
        _now("created_at"),
    )
    op.create_index("notice_starts_idx", "notice", ["starts_at"])
    op.create_table("subscriber", _owner("chat_id", "chat", key=True), _now("since"))
    op.create_table(
        "broadcast",
        _id(),
        _words("text"),
        _words("scope", ""),
        _words("state", "draft"),
        _number("per_minute", 60),
        *_staff("author"),
        _moment("starts_at"),
        _moment("finished_at"),
        _number("version", 1),
        _now("created_at"),
    )
    op.create_table(
        "broadcasted",
        _owner("broadcast", "broadcast", key=True),
        _owner("chat_id", "chat", key=True),
        sa.Column("message_id", sa.BigInteger(), sa.ForeignKey("message.id", ondelete="SET NULL")),
        _now("at"),
    )
    op.create_index("broadcasted_chat_idx", "broadcasted", ["chat_id"])
    op.create_index("broadcasted_message_idx", "broadcasted", ["message_id"])


def _questions() -> None:
    op.create_table(
        "unanswered",
        _id(),
        _words("text"),
        _words("kind"),
        _json("codes", "[]"),
        *_maybe("commune"),
        _now("at"),
        sa.Column("cluster", sa.BigInteger()),
        *_maybe("verdict", "answer"),
        *_staff("judge"),
        _moment("judged_at"),
    )
    op.create_index("unanswered_at_idx", "unanswered", ["at"])
    op.create_index("unanswered_cluster_idx", "unanswered", ["cluster"])
    op.create_table(
        "wish", _owner("chat_id", "chat", key=True), _owner("unanswered", "unanswered", key=True), _moment("told_at")
    )
