"""Daily counts of what was asked and what became of it, without anybody's data; the weeks that were reported."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "tally",
        sa.Column("day", sa.Date(), primary_key=True),
        *(sa.Column(name, sa.Text(), primary_key=True) for name in ("kind", "outcome", "channel", "commune", "code")),
        sa.Column("count", sa.Integer(), nullable=False, server_default=sa.text("0")),
    )
    op.create_table(
        "weekly",
        sa.Column("week", sa.Date(), primary_key=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False, server_default=sa.func.now()),
    )
