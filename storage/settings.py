"""Small things that must be remembered, and the stamp of the configuration.

The law of this file: whatever a running server keeps in memory of grids, chats, people's roles or
outlets holds until the stamp changes; whoever changes one of them bumps it in the same transaction.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import BigInteger, Connection, Text, cast, delete, select

from storage.dialect import Dialect
from storage.rows import excluded
from storage.tables import settings

_STAMP: Final = "configuration"


class Settings:
    """The settings within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def get(self, name: str) -> str | None:
        """The value of a setting, or None."""
        return self._connection.scalar(select(settings.c.value).where(settings.c.name == name))

    def starting(self, prefix: str) -> dict[str, str]:
        """The settings whose names begin so, by name."""
        query = select(settings.c.name, settings.c.value).where(
            settings.c.name.startswith(prefix, autoescape=True)
        )
        return {row.name: row.value for row in self._connection.execute(query)}

    def put(self, name: str, value: str | None) -> None:
        """Set a value; None removes it."""
        if value is None:
            self._connection.execute(delete(settings).where(settings.c.name == name))
            return
        insert = self._dialect.insert(settings)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["name"], set_=excluded(insert, ["value"])),
            {"name": name, "value": value},
        )

    def stamp(self) -> int:
        """A number that rises with every change of the configuration."""
        return int(self.get(_STAMP) or 0)

    def bump(self) -> None:
        """Say that the configuration changes in this transaction."""
        insert = self._dialect.insert(settings)
        next_value = cast(cast(settings.c.value, BigInteger) + 1, Text)
        self._connection.execute(
            insert.on_conflict_do_update(index_elements=["name"], set_={"value": next_value}),
            {"name": _STAMP, "value": "1"},
        )
