"""Bulletins of which nobody said until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019_open_end"
down_revision: str | None = "0018_leaving"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "bulletins",
        sa.Column("open_end", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
