"""The ladder after a missed limit."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010_limits"
down_revision: str | None = "0008_inside_tries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("climbed", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
