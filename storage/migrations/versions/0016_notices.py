"""Bulletins and answer cards, and whom they answered."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016_notices"
down_revision: str | None = "0015_joint"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "bulletins",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("items", sa.Text(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=True),
        sa.Column("houses", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("starts_at", sa.BigInteger(), nullable=False),
        sa.Column("ends_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_by", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_bulletins")),
        comment="scopes: nodes of the tree; houses: numbers of buildings, none for all",
    )
    op.create_index("ix_bulletins_ends_at", "bulletins", ["ends_at"])
    op.create_table(
        "answer_cards",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("wordings", sa.Text(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(), nullable=True),
        sa.Column("scopes", sa.Text(), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("keeper", sa.Text(), nullable=False),
        sa.Column("checked_at", sa.BigInteger(), nullable=False),
        sa.Column("aloud", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answer_cards")),
    )
    op.create_index("ix_answer_cards_expires_at", "answer_cards", ["expires_at"])
    op.create_table(
        "asked",
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.Column("grid", sa.Text(), nullable=False),
        sa.Column("chat", sa.Text(), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("place", sa.Text(), nullable=True),
        sa.Column("guesses", sa.Text(), nullable=True),
        sa.Column("triage", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("missed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("about", "person", name=op.f("pk_asked")),
        comment="about: a bulletin or an answer card; words: masked",
    )
    op.create_index("ix_asked_person", "asked", ["person", "at"])
    op.create_index("ix_asked_message", "asked", ["message", "chat"])
    op.create_index("ix_asked_chat", "asked", ["chat"])
    op.create_index("ix_asked_at", "asked", ["at"])


def downgrade() -> None:
    raise NotImplementedError("there is no way back: restore the backup made before the upgrade")
