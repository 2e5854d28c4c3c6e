"""The demo town is the same wherever it is seeded, and however often."""

from __future__ import annotations

from operator import itemgetter
from typing import Any

import demo_town
from office import START

from bot import demo
from storage.store import Store


def test_seeding_makes_what_tests_begin_with(store: Store) -> None:
    store.write_now(lambda tx: demo.seed(tx, START))
    with Store.open("sqlite://", "other") as other:
        other.write_now(lambda tx: demo_town.settle(tx, START))
        assert town_in(other) == town_in(store)


def test_seeding_again_changes_nothing_but_the_stamp(store: Store) -> None:
    store.write_now(lambda tx: demo_town.settle(tx, START))
    before = town_in(store)
    store.write_now(lambda tx: demo.seed(tx, START))
    assert town_in(store) | {"settings": before["settings"]} == before


def town_in(store: Store) -> dict[str, Any]:
    """Its rows by the name of their table, the order in which they stand left aside."""
    return {
        table.name: sorted(rows, key=itemgetter(*table.primary_key.columns.keys()))
        for table, rows in store.read_now(demo_town.rows_of).items()
    }
