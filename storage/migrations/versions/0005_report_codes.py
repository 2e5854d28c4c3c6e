"""Codes to be scanned, and the progress pages of reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005_report_codes"
down_revision: str | None = "0004_desk_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "report_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("grid", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_report_codes")),
    )
    op.create_index("ix_report_codes_grid", "report_codes", ["grid", "made_at"])
    op.create_table(
        "report_pages",
        sa.Column("token_hash", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("grid", sa.Text(), nullable=False),
        sa.Column("sender", sa.Text(), nullable=False),
        sa.Column("messages", sa.Text(), nullable=True),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_report_pages")),
        comment="sha256 of the token of a progress link; messages: what was written there, in order",
    )
    op.create_index("ix_report_pages_made_at", "report_pages", ["made_at"])


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
