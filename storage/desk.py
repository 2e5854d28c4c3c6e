"""What the desk loads before it decides, and saves when it has decided.

The law of this file: a constant number of statements for a batch of any size, both ways. On PostgreSQL
loading locks the grids' rows, in order, so that batches that meet at one grid go one after the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from intake.facts import Changes, Facts, Wants
from intake.notices import Post
from storage.cache import OpenCases
from storage.desk_load import load
from storage.desk_save import save
from storage.dialect import Dialect


class Desk:
    """The desk's way to the database within one transaction."""

    def __init__(
        self,
        connection: Connection,
        dialect: Dialect,
        cache: OpenCases,
        dirty: set[str],
        readonly: bool,
    ) -> None:
        self._connection = connection
        self._dialect = dialect
        self._cache = cache
        self._readonly = readonly
        self._dirty = dirty

    def load(self, wants: Wants, now: datetime) -> Facts:
        """Everything a batch needs to know, as `Facts` promises. A chat that moved is found under the
        old id too, as the chat that it is now. Where a chat is bound to no grid (somebody speaks to
        the bot alone), the speakers' homes and the grids of their roles are loaded as well."""
        return load(
            self._connection,
            self._dialect,
            self._cache,
            self._dirty,
            not self._readonly,
            wants,
            now,
        )

    def save(self, changes: Changes, posts: Sequence[Post], now: datetime) -> None:
        """Save what a batch decided, with what is to be said about it.

        A new case is stored as version 1, a changed one as its loaded version + 1. Raises StaleCase,
        and must then be rolled back, when a case was changed by somebody else since it was loaded, or
        its number was given away: load and decide again.
        """
        save(self._connection, self._dialect, self._dirty, changes, posts, now)
