"""Words that wait for a tap, pictures of posts, and the nature of a request."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017_pictures"
down_revision: str | None = "0016_notices"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "held",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("grid", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("media", sa.Text(), nullable=True),
        sa.Column("cases", sa.Text(), nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_held")),
        comment="staff's words that wait for a tap: which case they are about",
    )
    op.create_index("ix_held_person", "held", ["person"], unique=False)
    op.add_column("cases", sa.Column("nature", sa.Text(), server_default="help", nullable=False))
    op.add_column("outbox", sa.Column("picture", sa.Text(), nullable=True))
    op.create_index(
        "ix_outbox_picture",
        "outbox",
        ["picture"],
        unique=False,
        sqlite_where=sa.text("picture IS NOT NULL"),
        postgresql_where=sa.text("picture IS NOT NULL"),
    )


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
