"""Finding all that somebody said, for 导出我 and 删我."""

from __future__ import annotations

from alembic import op

revision = "0020_senders"
down_revision: str | None = "0019_open_end"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_lines_sender", "lines", ["sender"])


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
