"""The demo town for tests that begin with it.

Its rows are made once a run and put in as they are, which takes a tenth of what seeding takes;
`tests/desk/test_demo_town.py` holds that seeding makes the same ones in every database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Table, insert, select

from bot import demo
from storage.schema import metadata
from storage.store import Store, Tx

Rows = Mapping[Table, Sequence[Mapping[str, Any]]]


def settle(tx: Tx, now: datetime) -> None:
    """What `demo.seed` does."""
    if tx.grids.all():
        demo.seed(tx, now)
        return
    for table, rows in _seeded(now).items():
        tx.connection.execute(insert(table), rows)


def rows_of(tx: Tx) -> Rows:
    """Every row there is, by table, as they were put in; tables that others point to come first."""
    found = {table: _rows(tx, table) for table in metadata.sorted_tables}
    return {table: rows for table, rows in found.items() if rows}


def _rows(tx: Tx, table: Table) -> list[Mapping[str, Any]]:
    return [dict(row._mapping) for row in tx.connection.execute(select(table))]


@cache
def _seeded(now: datetime) -> Rows:
    with Store.open("sqlite://", "town") as store:
        store.write_now(lambda tx: demo.seed(tx, now))
        return store.read_now(rows_of)
