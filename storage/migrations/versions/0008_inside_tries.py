"""Wrong passwords of an open session are counted apart from those at the door."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008_inside_tries"
down_revision: str | None = "0007_cover"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "desk_accounts",
        sa.Column("inside_failures", sa.Integer(), server_default="0", nullable=False),
    )
    op.add_column("desk_accounts", sa.Column("inside_locked_until", sa.BigInteger(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
