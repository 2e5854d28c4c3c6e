"""The ladder after a missed limit, and more time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011_limits"
down_revision: str | None = "0010_briefs"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("climbed", sa.Text(), nullable=True))
    op.add_column(
        "cases", sa.Column("extensions", sa.Integer(), server_default="0", nullable=False)
    )
    op.add_column("cases", sa.Column("asked_until", sa.BigInteger(), nullable=True))
    op.add_column("cases", sa.Column("asked_why", sa.Text(), nullable=True))
    op.add_column("cases", sa.Column("asked_by", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
