"""From which day a role is taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018_leaving"
down_revision: str | None = "0017_pictures"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("grants", sa.Column("leaves_at", sa.BigInteger(), nullable=True))
    op.add_column("grants", sa.Column("leaves_by", sa.Text(), nullable=True))
    op.add_column("grants", sa.Column("leaves_why", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
