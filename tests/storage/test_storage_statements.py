"""What is sent to the database: a constant number of statements, and none that reads a whole table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from samples import DAY, ENTRY, LINE, MINUTE, NOW, a_case, a_post, arrival, set_up
from sqlalchemy import event

from intake.cases import Follower, Timer, TimerKind
from intake.facts import Changes, Wants
from intake.grids import ChatRef, MessageRef
from intake.people import Person
from storage.records import Outcome
from storage.store import Store, Tx

SMALL = {"settings", "areas", "invites", "outlets", "grants", "duty", "manners"}
"""Tables that may be read as a whole: they stay small."""
WAITING = {"ix_inbox_waiting", "ix_outbox_waiting", "ix_outbox_held", "ix_queues_due"}
"""Indexes that hold only what waits."""


def one_turn(tx: Tx, size: int, now: datetime = NOW) -> None:
    """Everything that a server does with `size` messages in as many chats, each opening a case."""
    chats = [ChatRef("tg", f"-{n}00") for n in range(1, size + 1)]
    first = (now - NOW).days * 1000
    tx.inbox.append([arrival(first + n, str(chat)) for n, chat in enumerate(chats)])
    claims = tx.inbox.claim("t", now, MINUTE, size, 20)
    assert len(claims) == size
    wants = Wants(
        chats=frozenset(chats),
        messages=frozenset(MessageRef(chat, "1") for chat in chats),
        identities=frozenset(f"tg:{n}" for n in range(size)),
        cases=frozenset(["G-1-1"]),
    )
    facts = tx.desk.load(wants, now)
    changes, posts = Changes(), []
    for n, chat in enumerate(chats):
        grid = facts.grids[facts.chats[chat].grid]
        case = replace(a_case(grid.next_number, grid.id), reporter=f"tg:{n}", chat=chat)
        changes.cases[case.id] = case
        changes.numbers[grid.id] = grid.next_number + 1
        changes.entries.append(replace(ENTRY, case=case.id))
        changes.lines.append(replace(LINE, case=case.id, chat=chat, message="1"))
        changes.followers.append(Follower(case.id, f"tg:{n}", chat))
        changes.people[f"tg:{n}"] = Person(f"tg:{n}", "邻居")
        for key in ("a", "b"):
            name = f"{key}:{case.id}"
            changes.timers[name] = Timer(name, TimerKind.TWINS, case.id, now + DAY)
        posts.append(replace(a_post(first + n, chat), case=case.id))
    for case in facts.cases.values():
        changes.cases[case.id] = case
        changes.versions[case.id] = case.version
    tx.desk.save(changes, posts, now)
    tx.inbox.decide_many([(c, [Outcome(r.id, "x") for r in c.rows]) for c in claims], now)
    rows = tx.outbox.claim("t", now, MINUTE, size)
    assert len(rows) == size
    tx.outbox.sent([(row.id, row.lease, str(row.id)) for row in rows], now)


def the_rest(tx: Tx) -> None:
    """What a server asks from time to time."""
    for repository in (tx.inbox, tx.outbox, tx.cases, tx.audit):
        repository.forget(NOW)
    tx.inbox.pending(), tx.inbox.waiting_since(), tx.inbox.parked(), tx.inbox.find("tg", "1")
    tx.outbox.pending(), tx.outbox.next_due(), tx.outbox.parked(), tx.outbox.of_case("G-1-1")
    tx.outbox.of_cause("tg:1"), tx.outbox.find("key-1")
    tx.timers.due(NOW, 10), tx.timers.next_due(), tx.timers.of_subject("G-1-1")
    tx.cases.unsay([MessageRef(ChatRef("tg", "-100"), "1")])
    tx.cases.entries("G-1-1"), tx.cases.lines("G-1-1"), tx.cases.merged_into("G-1-1")
    tx.people.of_identity("tg:1"), tx.people.of_private(ChatRef("tg", "1"))
    tx.inbox.drop_leases("t"), tx.outbox.drop_leases("t")
    tx.words.of(["G-1"]), tx.manners.all(), tx.mornings.of_grids(["G-1"], NOW)
    (
        tx.mornings.unasked([ChatRef("tg", "-100")], NOW),
        tx.mornings.close({"a": True, "b": False}, NOW),
    )
    tx.settings.put("answers", "changed"), tx.answers.known(NOW), tx.answers.forget(NOW)
    tx.answers.asked_by(["tg:1"], ["b"]), tx.answers.told(["b"]), tx.answers.asked_about(["b"])
    tx.answers.bulletins(NOW), tx.answers.cards(NOW)
    tx.chats.move(ChatRef("tg", "-100"), ChatRef("tg", "-1001"), NOW)


@contextmanager
def statements(tx: Tx) -> Iterator[list[tuple[str, Any]]]:
    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, _x: Any, many: bool) -> None:
        seen.append((statement, parameters[0] if isinstance(parameters, list) else parameters))

    event.listen(tx.connection, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(tx.connection, "before_cursor_execute", note)


def test_a_batch_costs_the_same_number_of_statements_whatever_its_size(store: Store) -> None:
    def work(tx: Tx) -> tuple[int, int]:
        set_up(tx, 12)
        counts = []
        for turn, size in enumerate((2, 2, 12)):
            with statements(tx) as seen:
                one_turn(tx, size, NOW + turn * DAY)
            counts.append(len(seen))
        return counts[1], counts[2]

    few, many = store.write_now(work)
    assert many <= few + 1  # grids never met before are read by a statement of their own
    assert few < 60


def test_no_statement_reads_a_whole_table_that_grows(sqlite_url: str) -> None:
    def work(tx: Tx) -> list[str]:
        set_up(tx, 3)
        one_turn(tx, 3)
        with statements(tx) as seen:
            one_turn(tx, 3, NOW + DAY)
            the_rest(tx)
        found = []
        for statement, parameters in dict(seen).items():
            plan = tx.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            found += [f"{row.detail}\n{statement}" for row in plan if _bad(row.detail)]
        return found

    with Store.open(sqlite_url, "test") as store:
        assert store.write_now(work) == []


def _bad(detail: str) -> bool:
    """A SCAN of anything but a small table, a list of ours, or an index that holds only what waits."""
    what = detail.split()
    if what[0] != "SCAN" or what[1] in SMALL or what[-1] in WAITING:
        return False
    return what[1] != "picked" and "VIRTUAL TABLE" not in detail and "CONSTANT ROW" not in detail


@pytest.mark.postgres
def test_postgresql_finds_what_waits_among_much_that_is_done(postgres_url: str) -> None:
    """100,000 decided rows beside a few that wait."""
    done = """
        INSERT INTO inbox (channel, external_id, lane, received_at, outcome, decided_at)
        SELECT 'old', n::text, 'tg:-' || mod(n, 50) || '00', 0, 'chat', 0
        FROM generate_series(1, 100000) AS n
    """

    def work(tx: Tx) -> list[str]:
        set_up(tx, 3)
        tx.connection.exec_driver_sql(done)
        tx.connection.exec_driver_sql("ANALYZE inbox")
        with statements(tx) as seen:
            one_turn(tx, 3)
            tx.inbox.pending()
        plans = []
        for statement, parameters in dict(seen).items():
            plan = tx.connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars()
            plans += [f"{line}\n{statement}" for line in plan if "Seq Scan on inbox" in line]
        return plans

    with Store.open(postgres_url, "test") as store:
        assert store.write_now(work) == []
