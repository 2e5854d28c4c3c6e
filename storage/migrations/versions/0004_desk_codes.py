"""The last two-step code that was used, so that none is good twice."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004_desk_codes"
down_revision: str | None = "0003_desk_sign_in"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("desk_accounts", sa.Column("one_time_counter", sa.Integer(), nullable=True))


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
