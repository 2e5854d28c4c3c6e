"""Photos that came with messages, so that cases have them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006_photos"
down_revision: str | None = "0005_report_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photos",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_photos")),
        comment="name is that of the file; seq its place among the photos of its message",
    )
    op.create_index("ix_photos_message", "photos", ["message", "chat"])
    op.create_index("ix_photos_at", "photos", ["at"])
    # What stands in the room already belongs to cases too.
    op.execute(
        "INSERT INTO photos (name, chat, message, seq, width, height, at)"
        " SELECT name, 'web:' || chat, message, 0, width, height, at"
        " FROM room_photos WHERE message IS NOT NULL"
    )


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
