"""Neighbouring grids come along where an outage may be one, and where a chat follows a case of theirs."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from samples import GROUP, LINE, NOW, a_case

from intake.cases import Case, LineRole
from intake.facts import Changes, Facts, Wants
from intake.grids import ChatRef, Grid, Purpose
from intake.lifecycle import State
from storage.store import Store, Tx

HERE = ChatRef("tg", "-2")
PATH = ("D", "S", "C1")
OUTAGE = replace(a_case(1), item="GY04", opened_at=NOW - timedelta(minutes=30))


@pytest.fixture
def town(store: Store) -> Store:
    """`G-1`, its neighbour `G-2` with the chat HERE, and `F-1` of another community."""

    def work(tx: Tx) -> None:
        some = (("G-1", "C1"), ("G-2", "C1"), ("F-1", "C2"))
        tx.grids.add([Grid(id, id, ("D", "S", community, id)) for id, community in some])
        tx.chats.bind(GROUP, "G-1", Purpose.RESIDENTS)
        tx.chats.bind(HERE, "G-2", Purpose.RESIDENTS)

    store.write_now(work)
    return store


def load(store: Store, next_door: bool = True) -> Facts:
    wants = Wants(chats=frozenset({HERE}), identities=frozenset({"tg:9"}), next_door=next_door)
    return store.write_now(lambda tx: tx.desk.load(wants, NOW))


def keep(store: Store, case: Case, **more: object) -> None:
    changes = Changes(cases={case.id: case}, **more)  # type: ignore[arg-type]
    store.write_now(lambda tx: tx.desk.save(changes, [], NOW))


def test_an_outage_next_door_comes_along(town: Store) -> None:
    keep(town, OUTAGE)
    assert load(town).cases.keys() == {"G-1-1"}
    assert load(town).grids.keys() == {"G-1", "G-2"}
    assert load(town, next_door=False).grids.keys() == {"G-2"}


@pytest.mark.parametrize(
    "more",
    [
        {"item": "SZ03"},
        {"opened_at": NOW - timedelta(hours=3)},
        {"state": State.CLOSED},
        {"id": "F-1-1", "grid": "F-1"},
    ],
    ids=["a lamp", "hours ago", "over", "of another community"],
)
def test_nothing_else_does(town: Store, more: dict[str, object]) -> None:
    keep(town, replace(OUTAGE, **more))  # type: ignore[arg-type]
    assert load(town).grids.keys() == {"G-2"}


def test_what_a_chat_joined_next_door_comes_along(town: Store) -> None:
    line = replace(LINE, case="G-1-1", chat=HERE, message="5", role=LineRole.PLUS_ONE, at=NOW)
    keep(town, OUTAGE, lines=[line])
    assert load(town, next_door=False).grids.keys() == {"G-1", "G-2"}
    closed = replace(OUTAGE, state=State.CLOSED, version=1)
    keep(town, closed, versions={"G-1-1": 1})
    assert load(town, next_door=False).grids.keys() == {"G-2"}
