"""Work of the office that takes longer than a page may, as every replica knows it, and the files it was given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations import shape

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    op.create_table(
        "ticket",
        sa.Column("key", sa.Text(), primary_key=True),
        shape.of("staff", "staff"),
        shape.words("kind"),
        shape.words("name"),
        shape.words("scope", ""),
        shape.words("title"),
        sa.Column("share", sa.Float(), nullable=False, server_default=sa.text("0")),
        shape.flag("done"),
        *shape.maybe("fault", "place"),
        shape.now("seen_at"),
    )
    op.create_table(
        "ticket_file",
        sa.Column("ticket", sa.Text(), sa.ForeignKey("ticket.key", ondelete="CASCADE"), primary_key=True),
        sa.Column("part", sa.Integer(), primary_key=True),
        sa.Column("body", sa.LargeBinary(), nullable=False),
    )
