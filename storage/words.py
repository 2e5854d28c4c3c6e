"""The neighbourhood's own words, and every change of names on record.

The law of this file: place names lie with their grid, words in a table of their own; whoever changes one
or the other does it here, so that who did it is noted in the same transaction. Applying a change again
changes nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy.sql.base import Executable

from intake.naming import LocalWord, Naming, Sort
from storage.audit import Audit
from storage.dialect import Dialect
from storage.grids import Grids
from storage.records import Look
from storage.rows import Rows
from storage.tables import grids, local_words

WORD_ROWS = Rows(local_words, LocalWord)


class Words:
    """Names within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def apply(self, naming: Naming) -> None:
        """Add and remove names as `naming` says, and note who did it."""
        if naming.sort is Sort.PLACE:
            self._places(naming)
        else:
            self._words(naming)
        done = (("add", naming.added), ("remove", naming.removed))
        Audit(self._connection).add(
            [
                Look(naming.scope, naming.by, f"{what} {naming.sort}", "、".join(names), naming.at)
                for what, names in done
                if names
            ]
        )

    def of(self, scopes: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """The words of each scope that has some, in the order in which they were added."""
        words: defaultdict[str, tuple[str, ...]] = defaultdict(tuple)
        for one in self.held(scopes):
            words[one.scope] += (one.word,)
        return dict(words)

    def held(self, scopes: Iterable[str]) -> list[LocalWord]:
        """The words of these scopes with who added them, in the order in which they were added."""
        bound = {"scopes": self._dialect.listed(sorted(set(scopes)))}
        return WORD_ROWS.many(self._connection.execute(_of_scopes(self._dialect), bound))

    def all(self) -> list[LocalWord]:
        """Every word of every scope, by scope and word."""
        in_order = (self._dialect.ordered(column) for column in local_words.primary_key.columns)
        query = select(*WORD_ROWS.columns).order_by(*in_order)
        return WORD_ROWS.many(self._connection.execute(query))

    def _places(self, naming: Naming) -> None:
        query = self._dialect.locked(select(grids.c.places).where(grids.c.id == naming.scope))
        present = self._connection.execute(query).scalar_one()
        kept = (place for place in present if place not in naming.removed)
        places = tuple(dict.fromkeys((*kept, *naming.added)))
        if places != present:
            Grids(self._connection, self._dialect).set_places(naming.scope, places)

    def _words(self, naming: Naming) -> None:
        added = [LocalWord(naming.scope, word, naming.by, naming.at) for word in naming.added]
        if added:
            insert = self._dialect.insert(local_words)
            self._connection.execute(
                insert.on_conflict_do_nothing(index_elements=["scope", "word"]),
                WORD_ROWS.stored(added),
            )
        if naming.removed:
            bound = {"one": naming.scope, "words": self._dialect.listed(naming.removed)}
            self._connection.execute(_removal(self._dialect), bound)


@cache
def _of_scopes(dialect: Dialect) -> Executable:
    return (
        select(*WORD_ROWS.columns)
        .where(dialect.among(local_words.c.scope, "scopes"))
        .order_by(local_words.c.added_at, dialect.ordered(local_words.c.word))
    )


@cache
def _removal(dialect: Dialect) -> Executable:
    return delete(local_words).where(
        local_words.c.scope == bindparam("one"), dialect.among(local_words.c.word, "words")
    )
