"""What was said of the nodes of the tree on when the bot may speak unasked.

The law of this file: a node of which nothing is said has no row.
"""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from intake.manners import OwnManners
from storage.dialect import Dialect
from storage.rows import Rows, excluded
from storage.settings import Settings
from storage.tables import manners

_ROWS = Rows(manners, OwnManners)


class MannersOfNodes:
    """The manners of all nodes within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def all(self) -> dict[str, OwnManners]:
        """Everything that was said, by node."""
        found = self._connection.execute(select(*_ROWS.columns).order_by(manners.c.node))
        return {one.node: one for one in _ROWS.many(found)}

    def put(self, own: OwnManners) -> None:
        """What holds of a node from now on; running servers notice."""
        if own.quiet is None and own.budget is None:
            self._connection.execute(delete(manners).where(manners.c.node == own.node))
        else:
            insert = self._dialect.insert(manners)
            self._connection.execute(
                insert.on_conflict_do_update(
                    index_elements=["node"], set_=excluded(insert, ["quiet", "budget"])
                ),
                _ROWS.values(own),
            )
        Settings(self._connection, self._dialect).bump()
