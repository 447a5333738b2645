"""The day for which a follower was told to expect a result, kept for as long as no source tells of one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("following", sa.Column("expected", sa.Date()))
