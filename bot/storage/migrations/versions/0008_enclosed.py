"""Files that pass in a talk, for as long as it is live."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations import shape

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    op.create_table(
        "enclosed",
        shape.identity(),
        shape.of("request", "help_request"),
        shape.words("side"),
        shape.words("kind"),
        *shape.maybe("remote"),
        sa.Column("content", sa.LargeBinary()),
        *shape.maybe("album", "token"),
        shape.now("at"),
        sa.UniqueConstraint("token", name="enclosed_token_key"),
    )
    op.create_index("enclosed_request_idx", "enclosed", ["request", "id"])
