"""What a chat talks of just now is found by chat and time."""

from __future__ import annotations

from alembic import op

revision = "0009_talk"
down_revision: str | None = "0008_inside_tries"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_lines_chat", "lines", ["chat", "at"])


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
