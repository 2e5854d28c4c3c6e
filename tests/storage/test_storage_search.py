"""The queue: its order, going on from any row, and finding by words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from samples import DAY, MINUTE, NOW, a_case, set_up

from intake.cases import Case
from intake.facts import Changes
from intake.lifecycle import CaseKind, State
from intake.sight import Sight
from intake.taxonomy import Level, Visibility
from intake.urgency import next_due, rank_of
from storage.case_search import CaseSearch, Spot, Term, Wanted, spot_of
from storage.cases import CaseFilter
from storage.dialect import dialect_of
from storage.store import Store

GRIDS = frozenset({"G-1", "G-2"})
ALL = Sight("tg:9", GRIDS, GRIDS)


def plain(number: int, grid: str = "G-1", **more: Any) -> Case:
    """A case of no urgency that waits for its first answer."""
    more = {"kind": CaseKind.REQUEST, "emergency": None, "responded_at": None} | more
    more = {"taken_by": None, "lead": None, "co": ()} | more
    return replace(a_case(number, grid), **more)


def save(store: Store, *cases: Case) -> None:
    store.write_now(set_up)
    store.write_now(lambda tx: tx.desk.save(Changes(cases={c.id: c for c in cases}), [], NOW))


def found(store: Store, *words: str, sight: Sight = ALL, after: Spot | None = None, **more: Any):  # type: ignore[no-untyped-def]
    limit = more.pop("limit", 50)
    terms = tuple(Term(word, more.pop("items", frozenset())) for word in words)
    fields = {name: more.pop(name) for name in ("taken_by", "category") if name in more}
    wanted = Wanted(CaseFilter(sight=sight, **more), terms=terms, **fields)
    cases = store.read_now(lambda tx: tx.case_search.page(wanted, limit, after))
    return [case.id for case in cases]


def mixed() -> Sequence[Case]:
    """Every kind of urgency, twice with the same deadlines."""
    states = (State.ACCEPTED, State.WORKING, State.TO_RATE, State.PUBLISHED, State.REVIEW)
    levels = ((Level.A, None), (Level.C, "E01"), (Level.C, None))
    answered = (None, NOW)
    dues = ((NOW + MINUTE, NOW + DAY), (None, NOW + 2 * DAY), (NOW - MINUTE, None), (None, None))
    kinds = itertools.product(states, levels, answered, dues, (1, 2))
    return [
        plain(
            number,
            f"G-{grid}",
            state=state,
            level=level,
            emergency=emergency,
            responded_at=at,
            respond_due=due[0],
            resolve_due=due[1],
        )
        for number, (state, (level, emergency), at, due, grid) in enumerate(kinds, 1)
    ]


def test_the_order_is_that_of_urgency_and_can_be_continued_anywhere(store: Store) -> None:
    cases = mixed()
    save(store, *cases)
    walked: list[str] = []
    after = None
    by_id = {case.id: case for case in cases}
    while page := found(store, after=after, limit=37):
        walked += page
        after = spot_of(by_id[page[-1]])
    assert sorted(walked) == sorted(by_id), "each once"
    order = [(spot_of(by_id[id]).rank, spot_of(by_id[id]).due) for id in walked]
    assert order == sorted(order)
    assert [rank_of(by_id[id]) for id in walked] == sorted(rank_of(case) for case in cases)
    late = sum(1 for c in cases if (due := next_due(c)) is not None and due < NOW)
    summary = store.read_now(lambda tx: tx.case_search.summary(Wanted(CaseFilter(sight=ALL)), NOW))
    assert (summary.count, summary.overdue) == (len(cases), late)
    assert summary.urgent == sum(1 for case in cases if rank_of(case) == 0)


def test_only_what_is_open_and_seen_is_found(store: Store) -> None:
    save(
        store,
        plain(1),
        plain(2, state=State.CLOSED),
        plain(3, visibility=Visibility.PRIVATE),
        plain(4, "G-2"),
        plain(5, "G-2", lead="D07"),
        plain(6, "G-2", co=("D07",), visibility=Visibility.PRIVATE),
        plain(7, "G-2", taken_by="tg:8"),
    )
    assert found(store) == ["G-1-1", "G-1-3", "G-2-4", "G-2-5", "G-2-6", "G-2-7"]
    assert found(store, sight=Sight("tg:8", frozenset({"G-1"}))) == ["G-1-1", "G-2-7"]
    department = Sight("tg:8", departments=frozenset({"D07"}))
    assert found(store, sight=department) == ["G-2-5", "G-2-6", "G-2-7"]
    assert found(store, departments=["D07"]) == ["G-2-5", "G-2-6"]
    assert found(store, taken_by="tg:8") == ["G-2-7"]
    assert found(store, grids=["G-2"], states=[State.ACCEPTED], category="C01")[0] == "G-2-4"
    assert found(store, category="C02") == []
    assert found(store, sight=Sight("tg:7")) == []


def test_words_are_found_as_they_stand(store: Store) -> None:
    secret = plain(4, visibility=Visibility.PRIVATE, said="有人闹事", place="9栋", title="纠纷")
    save(
        store,
        plain(1, said="路灯不亮了", place="3栋楼下", title="市政", item="SZ03"),
        plain(2, said="打折 100% 是假的", place="a_b店", title="市场"),
        plain(3, said="井盖坏了, 路灯也坏", place=None, title="市政"),
        replace(secret, item="JF04"),
    )
    assert found(store, "路灯") == ["G-1-1", "G-1-3"]
    assert found(store, "路灯", "3栋") == ["G-1-1"]
    assert found(store, "100%") == found(store, "A_B") == ["G-1-2"]
    assert found(store, "%") == ["G-1-2"]
    assert found(store, "_") == ["G-1-2"]
    assert found(store, "/") == found(store, "\\") == found(store, "'") == []
    assert found(store, "g-1-3") == ["G-1-3"]
    assert found(store, "闹事") == found(store, "9栋") == found(store, "纠纷") == []
    assert found(store, "G-1-4") == found(store, "家庭", items=frozenset({"JF04"})) == ["G-1-4"]


def test_the_stamp_is_another_as_soon_as_something_changes(store: Store) -> None:
    save(store, plain(1), plain(2))

    def stamp(**more: Any) -> str:
        wanted = Wanted(CaseFilter(sight=ALL, **more))
        return store.read_now(lambda tx: tx.case_search.summary(wanted, NOW)).stamp

    stamps = [stamp()]
    elsewhere = stamp(grids=["G-2"])
    (first, _) = store.read_now(lambda tx: list(tx.cases.many(["G-1-1", "G-1-2"]).values()))
    gone = replace(first, state=State.WITHDRAWN)
    changed = Changes(cases={first.id: gone}, versions={first.id: first.version})
    for changes in (changed, Changes(cases={"G-1-3": plain(3)})):
        store.write_now(lambda tx, changes=changes: tx.desk.save(changes, [], NOW))
        stamps.append(stamp())
    assert len(set(stamps)) == 3, "one came and one went: as many as before, and not the same"
    assert stamp(grids=["G-2"]) == elsewhere


@pytest.mark.parametrize("department", [False, True])
def test_closed_cases_are_not_read(sqlite_url: str, department: bool) -> None:
    sight = replace(ALL, departments=frozenset({"D01"})) if department else ALL
    wanted = Wanted(CaseFilter(sight=sight), terms=(Term("路灯"),))
    with Store.open(sqlite_url, "test") as store:
        save(store, *(plain(n, state=State.CLOSED) for n in range(1, 200)), plain(200))
        plans = store.read_now(lambda tx: _plans(tx.connection, wanted))
    assert plans
    assert all("ix_cases_open" in plan for plan in plans if "cases" in plan), plans


def _plans(connection: Any, wanted: Wanted) -> list[str]:
    from sqlalchemy import event

    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        seen.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    search = CaseSearch(connection)
    search.page(wanted, 30, Spot(1, 0, ""))
    search.summary(wanted, NOW + timedelta(hours=1))
    event.remove(connection, "before_cursor_execute", note)
    assert dialect_of(connection.dialect.name).name == "sqlite"
    return [
        row.detail
        for statement, parameters in seen
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
    ]
