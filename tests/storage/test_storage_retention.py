"""What is kept, and how long: rows of every age, of which none outlives its date and none goes before it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from samples import (
    DAY,
    FOLLOWER,
    GATHERING,
    GROUP,
    LINE,
    NOW,
    PROMPT,
    SECOND,
    a_case,
    a_post,
    arrival,
    set_up,
)
from sqlalchemy import update

from bot.sweeping import sweep
from intake.briefing import Brief
from intake.cases import Entry
from intake.covering import Cover
from intake.facts import Changes
from intake.lifecycle import Action, State
from intake.people import Grant, Role
from storage.case_tables import cases, entries
from storage.flow_tables import inbox, outbox
from storage.records import Look
from storage.store import Store, Tx

AGES = [
    timedelta(days=days) for days in (0, 1, 7, 30, 89, 91, 179, 181, 364, 366, 1094, 1096, 2000)
]
REPORTER, STAFF = "tg:1", "tg:2"


class NoRoom:
    async def purge(self) -> None:
        pass


def fill(store: Store, age: timedelta, *, state: State = State.CLOSED) -> None:
    """A row of everything, `age` old at NOW."""
    at = NOW - age
    over = state is not State.WORKING
    case = replace(
        a_case(1, state=state),
        opened_at=at,
        closed_at=at if over else None,
        merged_into=None,
        done_by=STAFF,
        reporter=REPORTER,
        entries=3,
    )
    merged = replace(
        a_case(2, state=State.MERGED), opened_at=at, closed_at=None, merged_into=case.id
    )
    steps = [
        Entry(case.id, 1, at, Action.SUPPLEMENT, REPORTER, "又不亮了", "working", "working"),
        Entry(case.id, 2, at, Action.FINISH, STAFF, "换了灯泡", "working", "handled"),
        Entry(case.id, 3, at, Action.RATE, REPORTER, "4", "to_rate", "closed"),
    ]
    changes = Changes(
        cases={case.id: case, merged.id: merged},
        entries=steps,
        lines=[replace(LINE, at=at)],
        followers=[FOLLOWER],
        gatherings={(GROUP, REPORTER): replace(GATHERING, started_at=at, last_at=at)},
        prompts={(REPORTER, GROUP): replace(PROMPT, expires_at=at)},
    )
    cover = Cover("c1", STAFF, "tg:3", (Grant(Role.GRID_WORKER, "G-1"),), at - DAY, at, STAFF, at)

    def work(tx: Tx) -> None:
        set_up(tx)
        tx.desk.save(changes, [replace(a_post(1), created_at=at)], at)
        tx.connection.execute(update(outbox).values(due=None, sent_at=at))
        tx.inbox.append([arrival(1)])
        tx.connection.execute(update(inbox).values(outcome="parked", decided_at=at, received_at=at))
        tx.audit.add([Look(case.id, STAFF, "look", None, at)])
        tx.covers.add(cover)
        tx.briefs.draft("G-1", "2026-02-23", Brief(3, 0, 0), "简报", at)

    store.write_now(work)


def left(store: Store) -> dict[str, bool]:
    """What is still there."""

    def read(tx: Tx) -> dict[str, bool]:
        case = tx.cases.get("G-1-1")
        row = tx.connection.execute(cases.select().where(cases.c.id == "G-1-1")).first()
        words = {
            one.seq: one.words
            for one in tx.connection.execute(entries.select().where(entries.c.case_id == "G-1-1"))
        }
        waiting = tx.connection.execute(inbox.select()).first()
        return {
            "case": case is not None,
            "merged": tx.cases.get("G-1-2") is not None,
            "said": bool(row and row.said),
            "score": bool(row and row.score),
            "done words": bool(row and row.done_words),
            "supplement": bool(words.get(1)),
            "work step": bool(words.get(2)),
            "score step": bool(words.get(3)),
            "line": any(line.text for line in tx.cases.lines("G-1-1")),
            "follower": bool(tx.cases.followers("G-1-1")),
            "post": bool(tx.outbox.every()),
            "inbox row": waiting is not None,
            "payload": bool(waiting and waiting.payload),
            "look": bool(tx.audit.latest()),
            "cover": tx.covers.get("c1") is not None,
            "brief": tx.briefs.get("G-1", "2026-02-23") is not None,
        }

    return store.read_now(read)


YEAR3 = timedelta(days=1095)
LAST: Mapping[str, timedelta] = {
    "case": YEAR3,
    "merged": YEAR3,
    "said": timedelta(days=90),
    "score": timedelta(days=365),
    "done words": YEAR3,
    "supplement": timedelta(days=90),
    "work step": YEAR3,
    "score step": timedelta(days=365),
    "line": timedelta(days=90),
    "follower": YEAR3,
    "post": timedelta(days=90),
    "inbox row": timedelta(days=30),
    "payload": timedelta(days=7),
    "look": YEAR3,
    "cover": YEAR3,
    "brief": YEAR3,
}


def swept(store: Store, now: datetime = NOW) -> dict[str, bool]:
    asyncio.run(sweep(store, NoRoom(), now))  # type: ignore[arg-type]
    return left(store)


@pytest.mark.parametrize("age", AGES, ids=[f"{age.days} days" for age in AGES])
def test_nothing_outlives_its_date_and_nothing_goes_before_it(store: Store, age: timedelta) -> None:
    fill(store, age)
    assert all(left(store).values())
    expected = {name: age <= last for name, last in LAST.items()}
    assert swept(store) == expected
    assert swept(store) == expected, "what is swept twice is swept once"


@pytest.mark.parametrize("name", LAST)
def test_to_the_second(store: Store, name: str) -> None:
    fill(store, timedelta())
    assert swept(store, NOW + LAST[name])[name]
    assert not swept(store, NOW + LAST[name] + SECOND)[name]


STAYS_WHILE_OPEN = {"case", "merged", "said", "score", "score step", "done words", "work step"}
STAYS_WHILE_OPEN |= {"follower"}


@pytest.mark.parametrize("age", AGES, ids=[f"{age.days} days" for age in AGES])
def test_of_what_is_open_only_what_it_is_stays(store: Store, age: timedelta) -> None:
    """What opened it is worked on; whatever else neighbours said of it goes when they were told it would."""
    fill(store, age, state=State.WORKING)
    expected = {name: name in STAYS_WHILE_OPEN or age <= last for name, last in LAST.items()}
    assert swept(store) == expected


def test_what_staff_did_of_a_case_that_they_reported_stays_while_it_is_open(store: Store) -> None:
    fill(store, timedelta(days=91), state=State.WORKING)
    at = NOW - timedelta(days=91)
    steps = {4: Action.REPORT, 5: Action.REOPEN, 6: Action.FINISH}
    some = [
        Entry("G-1-1", seq, at, action, REPORTER, "师傅来过", "working", "working")
        for seq, action in steps.items()
    ]
    store.write_now(lambda tx: tx.desk.save(Changes(entries=some), [], NOW))
    swept(store)
    rows = store.read_now(
        lambda tx: tx.connection.execute(entries.select().where(entries.c.seq > 3)).all()
    )
    assert [row.seq for row in rows if row.words] == [4]


@pytest.mark.parametrize("age", AGES, ids=[f"{age.days} days" for age in AGES])
def test_what_was_kept_for_the_work_goes_when_the_work_is_over(
    store: Store, age: timedelta
) -> None:
    fill(store, age, state=State.WORKING)
    swept(store)
    closed = update(cases).values(is_open=False, closed_at=NOW, state=State.CLOSED)
    store.write_now(lambda tx: tx.connection.execute(closed))
    found = swept(store)
    assert found["said"] == (age <= LAST["said"])
    assert found["work step"], "what staff did is the ledger's"


def test_what_is_half_said_goes_after_a_day(store: Store) -> None:
    fill(store, timedelta(days=1, seconds=1))
    swept(store)

    def count(tx: Tx) -> tuple[int, int]:
        from storage.case_tables import gatherings, prompts

        return tuple(  # type: ignore[return-value]
            len(tx.connection.execute(table.select()).all()) for table in (gatherings, prompts)
        )

    assert store.read_now(count) == (0, 0)
    assert store.read_now(lambda tx: tx.timers.next_due()) is None


def test_a_case_that_ended_late_keeps_its_score_from_then(store: Store) -> None:
    fill(store, timedelta(days=400))

    def reopened(tx: Tx) -> Any:
        tx.connection.execute(
            update(cases).where(cases.c.id == "G-1-1").values(closed_at=NOW - 10 * DAY)
        )

    store.write_now(reopened)
    found = swept(store)
    assert not found["said"], "it was said 400 days ago, and is worked on no more"
    assert not found["supplement"]
    assert found["score"]
