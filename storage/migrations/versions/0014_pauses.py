"""Pauses for stated reasons, supervision, call-backs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014_pauses"
down_revision: str | None = "0013_town_changes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("asked_pause", "paused_why", "supervised_why", "supervised_by", "call_back"):
        op.add_column("cases", sa.Column(name, sa.Text(), nullable=True))
    for name in ("paused_at", "paused_until", "paused_due", "supervised_until"):
        op.add_column("cases", sa.Column(name, sa.BigInteger(), nullable=True))
    for name in ("pauses", "paused_seconds"):
        op.add_column("cases", sa.Column(name, sa.Integer(), server_default="0", nullable=False))
    due = sa.text("call_back = 'due'")
    op.create_index("ix_cases_call_back", "cases", ["grid"], sqlite_where=due, postgresql_where=due)


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
