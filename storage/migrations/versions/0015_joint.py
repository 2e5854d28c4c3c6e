"""What others than the lead owe to a case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015_joint"
down_revision: str | None = "0014_pauses"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("parts", sa.Text(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
