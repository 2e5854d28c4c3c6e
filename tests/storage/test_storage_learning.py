"""Corrections on the three stores: withdrawn, forgotten, counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from samples import DAY, EXAMPLE, NOW, a_case, set_up

from intake.drifting import Counts
from intake.facts import Changes
from intake.reading import Triage
from intake.taxonomy import Visibility
from storage.drift import counts_by_category
from storage.examples import KEEP_UNLEARNED
from storage.records import Look
from storage.store import Store

OF = {"C0102": "C01", "C0103": "C01", "C0201": "C02"}


def test_a_withdrawn_message_takes_its_examples_with_it_even_in_one_batch(store: Store) -> None:
    store.write_now(set_up)
    other = replace(EXAMPLE, case="G-1-2")
    store.write_now(lambda tx: tx.examples.add([EXAMPLE, other]))
    changes = Changes(examples=[replace(EXAMPLE, label="chat")], unlearned=["G-1-1", "G-1-1"])
    store.write_now(lambda tx: tx.desk.save(changes, [], NOW))
    assert [e.example for e in store.read_now(lambda tx: tx.examples.all())] == [other]


def test_words_from_which_nothing_is_learned_go_in_time(store: Store) -> None:
    old = replace(EXAMPLE, at=NOW - KEEP_UNLEARNED - DAY)
    store.write_now(lambda tx: tx.examples.add([old, old, EXAMPLE]))
    first, second, third = (e.id for e in store.read_now(lambda tx: tx.examples.all()))
    assert store.write_now(lambda tx: tx.examples.forget([first, third], NOW)) == 1
    texts = {e.id: e.example.text for e in store.read_now(lambda tx: tx.examples.all())}
    assert texts == {first: "", second: EXAMPLE.text, third: EXAMPLE.text}
    assert store.write_now(lambda tx: tx.examples.forget([first, third], NOW)) == 0


def test_the_last_that_still_have_words_oldest_first(store: Store) -> None:
    some = [replace(EXAMPLE, text=text) for text in ("一", "", "三", "四")]
    store.write_now(lambda tx: tx.examples.add(some))
    latest = store.read_now(lambda tx: tx.examples.latest(2))
    assert [one.example.text for one in latest] == ["三", "四"]


def test_the_last_looks_of_one_kind_oldest_first(store: Store) -> None:
    kinds = ("add place", "look", "add place", "add place")
    looks = [
        Look("G-1", "web:a", what, str(n), NOW + n * timedelta(minutes=1))
        for n, what in enumerate(kinds)
    ]
    other = replace(looks[0], case="G-2")
    store.write_now(lambda tx: tx.audit.add([*reversed(looks), other]))
    found = store.read_now(lambda tx: tx.audit.last("G-1", "add place", 2))
    assert [one.why for one in found] == ["2", "3"]


def test_cases_count_where_they_were_read_first(store: Store) -> None:
    """1 is right; 2 was put into C01 from C02; 3 lies outside the period."""
    store.write_now(set_up)
    cases = [
        replace(a_case(1), merged_into=None),
        replace(a_case(2), triage=Triage.HUMAN),
        replace(a_case(3), opened_at=NOW - 2 * DAY),
    ]
    corrected = [
        replace(EXAMPLE, case="G-1-2", read_as="C0201", label="C0102"),
        replace(EXAMPLE, case="G-1-2", read_as="C0102", label="C0103"),
        replace(EXAMPLE, case="G-1-1", read_as="C0102", label="C0102"),
        replace(EXAMPLE, case="G-1-1", read_as="chat", label="request", source="forced"),
    ]
    changes = Changes(cases={c.id: c for c in cases}, numbers={"G-1": 4}, examples=corrected)
    store.write_now(lambda tx: tx.desk.save(changes, [], NOW))
    found = store.read_now(
        lambda tx: counts_by_category(tx.connection, NOW - DAY, NOW + timedelta(seconds=1), OF)
    )
    assert found == {"C01": Counts(ask=1), "C02": Counts(human=1, corrected=1)}


def test_what_was_said_of_calls_with_a_word(store: Store) -> None:
    store.write_now(set_up)
    private = replace(a_case(2), visibility=Visibility.PRIVATE)
    cases = {case.id: case for case in (a_case(1), private)}
    some = [
        replace(EXAMPLE, case="G-1-1", text="3栋的咕噜不亮", label="SZ03"),
        replace(EXAMPLE, case="G-1-1", text="咕噜掉了", label="WY01"),
        replace(EXAMPLE, case="G-1-2", text="咕噜坏了", label="LD01"),
        replace(EXAMPLE, case="G-1-1", text="路灯不亮", label="SZ04"),
    ]
    store.write_now(lambda tx: tx.desk.save(Changes(cases=cases, examples=some), [], NOW))

    def told(*words: str, grid: str = "G-1") -> list[str]:
        rows = store.read_now(lambda tx: tx.examples.with_words(words, [grid]))
        return [label for _, label in rows]

    assert told("咕噜") == ["WY01", "SZ03"], "the last first, and nothing that is private"
    assert told("咕噜", "路灯") == ["SZ04", "WY01", "SZ03"]
    assert told("%") == told("咕_") == told("咕噜", grid="G-2") == []
    first = next(one for one in store.read_now(lambda tx: tx.examples.all()))
    store.write_now(lambda tx: tx.examples.review(first.id, False, "web:sun", NOW))
    assert told("咕噜") == ["WY01"]
