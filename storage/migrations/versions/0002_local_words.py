"""Words that a neighbourhood adds for the next training."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002_local_words"
down_revision: str | None = "0001_first"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "local_words",
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("added_by", sa.Text(), nullable=False),
        sa.Column("added_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("scope", "word", name=op.f("pk_local_words")),
        comment="words for the next training; scope is a grid, or * for all",
    )


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
