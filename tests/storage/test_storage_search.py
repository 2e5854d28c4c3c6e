"""The queue: its order, going on from any row, and finding by words."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from samples import DAY, MINUTE, NOW, a_case, set_up

from intake.cases import Case
from intake.facts import Changes
from intake.lifecycle import CaseKind, State
from intake.sight import Sight
from intake.taxonomy import Level, Visibility
from intake.urgency import next_due, rank_of
from storage.case_search import News, Spot, Term, Wanted, spot_of
from storage.cases import CaseFilter
from storage.store import Store, Tx

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


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("路燈不亮了", "灯"),
        ("路燈不亮了", "路灯"),
        ("路灯不亮了", "路燈不亮"),
        ("門口的垃圾臭", "门口"),
        ("门口的垃圾臭", "門口"),
        ("裏面漏水", "里面"),
        ("十二栋电梯坏了", "12栋"),
        ("十二栋电梯坏了", "12"),
        ("十二栋电梯坏了", "十二"),
        ("十二栋电梯坏了", "二栋"),
        ("12栋电梯坏了", "十二栋"),
        ("１２栋电梯坏了", "12栋"),
        ("三〇二室漏水", "302室"),
        ("一百零五号没电", "105号"),
        ("二十楼没水", "20楼"),
        ("ＷＩＦＩ坏了", "wifi"),
        ("Wifi坏了", "ＷiＦi"),
        ("路\u200b灯坏了", "路灯"),
        ("小花园 A座 井盖", "a座"),
        ("打折 100% 是假的", "100%"),
    ],
)
def test_found_however_it_is_spelt(store: Store, said: str, words: str) -> None:
    save(
        store,
        plain(1, said=said, place=None, title=""),
        plain(2, said="别的", place=None, title=""),
    )
    assert found(store, words) == ["G-1-1"]


def test_spellings_do_not_find_too_much(store: Store) -> None:
    save(
        store,
        plain(1, said="一直没人管", title="", place=None),
        plain(2, said="1直", title="", place=None),
    )
    assert found(store, "一直") == ["G-1-1"], "a number only where it counts doors"
    assert found(store, "1") == ["G-1-1", "G-1-2"], "by its number and by its words"
    assert found(store, "\u200b") == ["G-1-1", "G-1-2"], "nothing is asked for"


def test_what_is_saved_is_found_at_once_and_what_ends_is_gone(store: Store) -> None:
    save(store, plain(1, said="井盖坏了"))
    assert found(store, "井盖") == ["G-1-1"]
    (case,) = store.read_now(lambda tx: list(tx.cases.many(["G-1-1"]).values()))

    def change(**more: Any) -> None:
        nonlocal case
        new = replace(case, **more)
        changes = Changes(cases={case.id: new}, versions={case.id: case.version})
        store.write_now(lambda tx: tx.desk.save(changes, [], NOW))
        case = replace(new, version=case.version + 1)

    change(said="路面有坑", taken_by="tg:8")
    assert (found(store, "井盖"), found(store, "路面")) == ([], ["G-1-1"])
    assert found(store, sight=Sight("tg:8")) == ["G-1-1"]
    change(visibility=Visibility.PRIVATE, taken_by=None)
    assert found(store, "路面") == [], "private from now on"
    assert found(store, sight=Sight("tg:8", GRIDS)) == []
    change(state=State.WITHDRAWN)
    assert found(store) == []
    store.write_now(lambda tx: tx.desk.save(Changes(cases={"G-2-3": plain(3, "G-2")}), [], NOW))
    assert found(store) == ["G-2-3"]


def test_what_is_undone_is_not_remembered(store: Store) -> None:
    save(store, plain(1))
    assert found(store) == ["G-1-1"]

    def undone(tx: Tx) -> None:
        tx.desk.save(Changes(cases={"G-1-2": plain(2)}), [], NOW)
        assert len(tx.case_search.page(Wanted(CaseFilter(sight=ALL)), 9)) == 2
        raise ValueError("undone")

    with pytest.raises(ValueError, match="undone"):
        store.write_now(undone)
    assert found(store) == ["G-1-1"]
    store.write_now(lambda tx: tx.desk.save(Changes(cases={"G-1-3": plain(3)}), [], NOW))
    assert found(store) == ["G-1-1", "G-1-3"]


def test_another_process_sees_it_too(shared_url: str) -> None:
    with Store.open(shared_url, "one") as one, Store.open(shared_url, "two") as two:
        save(one, plain(1), plain(2))
        assert found(one) == found(two) == ["G-1-1", "G-1-2"]
        one.write_now(lambda tx: tx.desk.save(Changes(cases={"G-2-1": plain(1, "G-2")}), [], NOW))
        assert found(two) == found(one) == ["G-1-1", "G-1-2", "G-2-1"]
        at = [store.read_now(lambda tx: tx.case_search.position) for store in (one, two)]
        assert at[0] == at[1]


def test_every_question_is_answered_as_by_the_database(store: Store) -> None:
    """The queue and a page of cases with the same filter agree on what is seen."""
    dice = random.Random(5)
    some = [
        plain(
            n,
            f"G-{n % 2 + 1}",
            state=dice.choice((State.ACCEPTED, State.WORKING, State.CLOSED, State.TO_RATE)),
            visibility=dice.choice(tuple(Visibility)),
            kind=dice.choice(tuple(CaseKind)),
            taken_by=dice.choice((None, "tg:8", "tg:7")),
            lead=dice.choice((None, "D01", "D07")),
            co=dice.choice(((), ("D07",), ("D01", "D03"))),
            reporter=dice.choice(("tg:1", "tg:2")),
            opened_at=NOW - dice.randint(0, 3) * DAY,
        )
        for n in range(1, 121)
    ]
    save(store, *some)
    sights = [
        Sight("tg:8", frozenset(grids), frozenset(private), frozenset(departments))
        for grids in ((), ("G-1",), ("G-1", "G-2"))
        for private in ((), ("G-2",), ("G-1", "G-2"))
        for departments in ((), ("D07",), ("D01", "D07"))
    ]
    filters: list[dict[str, Any]] = [
        {},
        {"grids": ["G-2", "G-9"]},
        {"departments": ["D03"]},
        {"states": [State.WORKING]},
        {"kind": CaseKind.WISH, "reporter": "tg:1"},
        {"before": (NOW - DAY, "G-1-30")},
    ]
    for sight, more in itertools.product([None, *sights], filters):
        wanted = CaseFilter(sight=sight, open_only=True, **more)

        def both(tx: Tx, wanted: CaseFilter = wanted) -> tuple[set[str], set[str], int]:
            queue = tx.case_search.page(Wanted(wanted), 200)
            count = tx.case_search.summary(Wanted(wanted), NOW).count
            return {c.id for c in queue}, {c.id for c in tx.cases.page(wanted, 200)}, count

        queue, page, count = store.read_now(both)
        assert queue == page, wanted
        assert count == len(page)


def test_what_is_new_since_a_position(store: Store) -> None:
    save(store, plain(1), plain(2, "G-2"))
    mine = Sight("tg:9", frozenset({"G-1"}))

    def at() -> int:
        return store.read_now(lambda tx: tx.case_search.position)

    def news(position: int, sight: Sight = ALL, **more: Any) -> News:
        wanted = Wanted(CaseFilter(sight=sight, **more))
        return store.read_now(lambda tx: tx.case_search.since(wanted, position))

    def add(*cases: Case) -> None:
        store.write_now(lambda tx: tx.desk.save(Changes(cases={c.id: c for c in cases}), [], NOW))

    begin = at()
    assert news(begin) == News()
    add(plain(3), plain(4, "G-2"), plain(5, visibility=Visibility.PRIVATE))
    add(plain(6, state=State.CLOSED))
    assert news(begin) == News(3)
    assert news(begin, mine) == News(1), "neither another grid's nor a private one"
    assert news(begin, states=[State.WORKING]) == News()
    middle = at()
    assert middle > begin
    case = store.read_now(lambda tx: tx.cases.get("G-1-3"))
    assert case is not None
    gone = replace(case, state=State.CLOSED)
    changes = Changes(cases={case.id: gone}, versions={case.id: case.version})
    store.write_now(lambda tx: tx.desk.save(changes, [], NOW))
    assert news(middle) == News(0, changed=True), "it went"
    assert news(begin) == News(2), "it came and went: nobody missed it"
    assert news(begin - 1) == News(0, changed=True), "from before this process began to look"


def test_a_look_costs_one_query_more_only_where_something_was_saved(sqlite_url: str) -> None:
    with Store.open(sqlite_url, "test") as store:
        save(store, *(plain(n, state=State.CLOSED) for n in range(1, 200)), plain(200))

        def asked() -> list[str]:
            return store.read_now(lambda tx: _plans(tx.connection, tx))

        assert any("ix_cases_open" in plan for plan in asked()), "closed cases are not read"
        assert asked() == []
        store.write_now(lambda tx: tx.desk.save(Changes(cases={"G-1-201": plain(201)}), [], NOW))
        (plan,) = asked()
        assert "ix_cases_grid_stamp" in plan


def _plans(connection: Any, tx: Tx) -> list[str]:
    """How cases are found in a look."""
    from sqlalchemy import event

    seen: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        seen.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    assert tx.case_search.position
    event.remove(connection, "before_cursor_execute", note)
    return [
        row.detail
        for statement, parameters in seen
        for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
        if " cases" in row.detail
    ]
