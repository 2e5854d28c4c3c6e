"""The counts of the daily collection, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from samples import DAY, NOW, a_case, set_up

from intake.facts import Changes
from intake.figures import Day
from intake.lifecycle import State
from intake.reading import Triage
from intake.taxonomy import Level, Visibility
from storage.store import Store

HOUR = timedelta(hours=1)
OLD = NOW - 3 * DAY
PLAIN: dict[str, Any] = {
    "opened_at": OLD,
    "respond_due": NOW - 2 * DAY,
    "responded_at": NOW - 2 * DAY,
    "resolve_due": NOW + 9 * DAY,
    "emergency": None,
    "state": State.WORKING,
}
CASES: list[tuple[dict[str, Any], Day]] = [
    ({}, Day(open=1)),
    ({"opened_at": NOW - HOUR}, Day(new=1, open=1)),
    ({"opened_at": NOW - DAY}, Day(new=1, open=1)),
    ({"opened_at": NOW}, Day(open=1)),
    ({"opened_at": NOW - HOUR, "state": State.CLOSED}, Day(new=1)),
    ({"opened_at": NOW - HOUR, "state": State.MERGED}, Day()),
    ({"opened_at": NOW - HOUR, "state": State.WITHDRAWN}, Day()),
    ({"resolve_due": NOW + HOUR}, Day(open=1, due=1)),
    ({"resolve_due": NOW - HOUR}, Day(open=1, late=1)),
    ({"resolve_due": NOW + HOUR, "state": State.TO_RATE}, Day(open=1)),
    ({"resolve_due": NOW - HOUR, "state": State.TO_RATE}, Day(open=1)),
    ({"resolve_due": None}, Day(open=1)),
    ({"responded_at": None}, Day(open=1, late=1)),
    ({"responded_at": None, "respond_due": NOW + HOUR}, Day(open=1, due=1)),
    ({"responded_at": None, "respond_due": NOW + HOUR, "resolve_due": None}, Day(open=1, due=1)),
    (
        {"responded_at": None, "respond_due": NOW - HOUR, "resolve_due": NOW + HOUR},
        Day(open=1, late=1),
    ),
    ({"state": State.TO_CONFIRM, "triage": Triage.ASK}, Day(open=1, asked=1)),
    ({"state": State.TO_CONFIRM, "triage": Triage.HUMAN}, Day(open=1, unsure=1)),
    ({"state": State.TO_DISPATCH}, Day(open=1, unsure=1)),
    ({"level": Level.A}, Day(open=1, urgent=1)),
    ({"emergency": "E01"}, Day(open=1, urgent=1)),
    ({"visibility": Visibility.PRIVATE}, Day(open=1, private=1)),
    ({"visibility": Visibility.PRIVATE, "state": State.CLOSED}, Day()),
]


@pytest.mark.parametrize(("fields", "expected"), CASES, ids=[str(told) for told, _ in CASES])
def test_a_case_counts_as(store: Store, fields: dict[str, Any], expected: Day) -> None:
    case = replace(a_case(1), **(PLAIN | fields))
    other = replace(a_case(1, "G-2"), **PLAIN)

    def fill(tx: Any) -> None:
        set_up(tx)
        tx.desk.save(Changes(cases={one.id: one for one in (case, other)}), [], NOW)

    store.write_now(fill)
    found = store.read_now(
        lambda tx: tx.collecting.of(["G-1", "G-2", "G-9"], NOW - DAY, NOW, NOW, NOW + 6 * HOUR)
    )
    assert found == {"G-1": expected, "G-2": Day(open=1), "G-9": Day()}
