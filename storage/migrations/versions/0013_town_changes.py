"""Departments renamed and merged, grids split, which buildings a grid has."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013_town_changes"
down_revision: str | None = "0012_manners"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "departments",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=True),
        sa.Column("into", sa.Text(), nullable=True),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_departments")),
        comment="only departments that were renamed or merged; into: what took over their work",
    )
    op.add_column("grids", sa.Column("area", sa.Text(), nullable=True))
    op.add_column("grids", sa.Column("anew", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
