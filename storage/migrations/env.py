"""Alembic's way in. Run by `storage.migrate`, which hands over an open connection; never from a shell."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from sqlalchemy import BigInteger
from sqlalchemy.types import TypeDecorator

from storage.schema import metadata


def _plain(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    """Migrations know the types of the database, not ours, which may change."""
    if kind == "type" and isinstance(item, TypeDecorator):
        return "sa.BigInteger()" if isinstance(item.impl, BigInteger) else "sa.Text()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_item=_plain,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
