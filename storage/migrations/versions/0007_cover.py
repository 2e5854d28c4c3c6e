"""Cover for leave."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007_cover"
down_revision: str | None = "0006_photos"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "covers",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("absent", sa.Text(), nullable=False),
        sa.Column("stand_in", sa.Text(), nullable=False),
        sa.Column("grants", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_covers")),
        comment="cover for leave; grants: role and scope of what is handed on",
    )
    op.create_index("ix_covers_ends_at", "covers", ["ends_at"])
    op.create_index("ix_covers_absent", "covers", ["absent", "ends_at"])
    op.create_index("ix_covers_stand_in", "covers", ["stand_in", "ends_at"])


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
