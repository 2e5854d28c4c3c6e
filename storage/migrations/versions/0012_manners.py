"""Quiet hours and a daily budget for each node, and what waits for a group's morning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012_manners"
down_revision: str | None = "0011_limits"
branch_labels = None
depends_on = None

_HELD = sa.text("morning IS NOT NULL AND sent_at IS NULL")
_UNASKED = sa.text(
    "audience = 'group' AND morning IS NULL AND edits IS NULL AND urgency IN ('progress', 'digest')"
)


def upgrade() -> None:
    op.create_table(
        "manners",
        sa.Column("node", sa.Text(), nullable=False),
        sa.Column("quiet", sa.Text(), nullable=True),
        sa.Column("budget", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("node", name=op.f("pk_manners")),
        comment="NULL: as above it in the tree; quiet is 22-7 or none",
    )
    op.add_column("outbox", sa.Column("morning", sa.BigInteger(), nullable=True))
    for name, columns, where in (
        ("ix_outbox_held", ["chat", "morning"], _HELD),
        ("ix_outbox_unasked", ["chat", "created_at"], _UNASKED),
    ):
        op.create_index(name, "outbox", columns, sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
