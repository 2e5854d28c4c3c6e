"""What closed by silence, and of whom something came back; what a pause and a supervision leave in a case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from samples import DAY, MINUTE, NOW, a_case, set_up

from intake.cases import CallBack, Case, Entry
from intake.facts import Changes
from intake.lapsed import Lapsed
from intake.lifecycle import Action, CaseKind, State
from intake.sight import Sight
from intake.taxonomy import Visibility
from storage.recall import broken_invariants
from storage.store import Store

WEEK = 7 * DAY
SEES = Sight("tg:9", frozenset({"G-1"}), frozenset({"G-1"}))


def closed(number: int, **more: Any) -> Case:
    fields: dict[str, Any] = {
        "kind": CaseKind.REQUEST,
        "opened_at": NOW - 4 * DAY,
        "closed_at": NOW - DAY,
        "score": None,
        "reopened": 0,
        "merged_into": None,
        "done_by": f"tg:{number}",
    }
    return replace(a_case(number, state=State.CLOSED), **(fields | more))


def step(case: Case, seq: int, action: Action, actor: str | None = None) -> Entry:
    at = (
        case.closed_at
        if action is Action.LAPSE and case.closed_at
        else NOW - 3 * DAY + seq * MINUTE
    )
    return Entry(case.id, seq, at, action, actor, "", "", "")


def keep(store: Store, steps: dict[Case, list[tuple[Action, str | None]]]) -> None:
    rows = {
        case: [step(case, seq, *one) for seq, one in enumerate(some, 1)]
        for case, some in steps.items()
    }
    cases = {case.id: replace(case, entries=len(some)) for case, some in steps.items()}
    entries = [entry for some in rows.values() for entry in some]

    def work(tx: Any) -> None:
        set_up(tx)
        tx.desk.save(Changes(cases=cases, entries=entries), [], NOW)

    store.write_now(work)


def test_only_silence_of_the_week_is_drawn_from(store: Store) -> None:
    lapse = (Action.LAPSE, None)
    keep(
        store,
        {
            closed(1): [lapse],
            closed(2): [(Action.RATE, "tg:1")],
            closed(3, closed_at=NOW - 8 * DAY): [lapse],
            closed(4, kind=CaseKind.WISH): [lapse],
            closed(5, state=State.WORKING): [lapse],
            closed(6, supervised_until=NOW): [lapse],
            closed(7, done_by="tg:77"): [lapse],
            closed(8, reopened=1): [
                (Action.FINISH, "tg:77"),
                (Action.REOPEN, "tg:1"),
                (Action.FINISH, "tg:8"),
                lapse,
            ],
        },
    )
    found = store.read_now(lambda tx: tx.call_backs.lapsed(["G-1"], NOW - WEEK, NOW))
    assert found == {
        "G-1": [
            Lapsed("G-1-1"),
            Lapsed("G-1-6", supervised=True),
            Lapsed("G-1-7", more=True),
            Lapsed("G-1-8", more=True),
        ]
    }
    assert store.read_now(lambda tx: tx.call_backs.lapsed([], NOW - WEEK, NOW)) == {}


def test_what_is_due_is_seen_by_whom_it_concerns(store: Store) -> None:
    due = {"call_back": CallBack.DUE}
    keep(
        store,
        {
            closed(1, **due): [],
            closed(2, closed_at=NOW - 2 * DAY, **due): [],
            closed(3, call_back=CallBack.FIXED): [],
            closed(4): [],
            closed(5, state=State.DISPATCHED, **due): [],
            closed(6, visibility=Visibility.PRIVATE, **due): [],
            closed(9, **due): [],
        },
    )

    def ids(sight: Sight) -> list[str]:
        found = store.read_now(lambda tx: tx.call_backs.due(["G-1"], sight, "tg:9", 10))
        return [case.id for case in found]

    assert ids(SEES) == ["G-1-2", "G-1-1", "G-1-6"]
    assert ids(Sight("tg:9", frozenset({"G-1"}))) == ["G-1-2", "G-1-1"]
    assert ids(Sight("tg:9")) == []


def test_all_of_a_pause_and_a_supervision_comes_back(store: Store) -> None:
    case = closed(
        1,
        state=State.WORKING,
        closed_at=None,
        asked_pause="parts",
        paused_why="weather",
        paused_at=NOW,
        paused_until=NOW + DAY,
        paused_due=NOW + MINUTE,
        pauses=2,
        paused_seconds=3600,
        supervised_until=NOW + 2 * DAY,
        supervised_why="反映三次了",
        supervised_by="tg:9",
        call_back=CallBack.UNREACHED,
    )
    keep(store, {case: []})
    found = store.read_now(lambda tx: tx.cases.get(case.id))
    assert found is not None
    assert replace(found, version=case.version, entries=case.entries) == case
    mistakes = store.read_now(broken_invariants)
    assert any("is paused and nothing ends it" in one for one in mistakes)
    assert any("under supervision and no report is owed" in one for one in mistakes)
