"""Timers: set, moved, cancelled, fired once."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from samples import MINUTE, NOW, SECOND, TIMER

from intake.cases import Timer
from storage.store import Store


def due(store: Store, at=NOW + MINUTE, limit: int = 10) -> list[Timer]:  # type: ignore[no-untyped-def]
    return store.write_now(lambda tx: tx.timers.due(at, limit))


def test_a_timer_is_due_at_its_time_and_comes_back_whole(store: Store) -> None:
    store.write_now(lambda tx: tx.timers.set([TIMER]))
    assert due(store, NOW + MINUTE - SECOND) == []
    assert due(store) == [TIMER]
    assert store.read_now(lambda tx: tx.timers.next_due()) == TIMER.due
    assert store.read_now(lambda tx: tx.timers.of_subject("G-1-1")) == [TIMER]


def test_setting_again_moves_it(store: Store) -> None:
    later = replace(TIMER, due=NOW + 2 * MINUTE)
    store.write_now(lambda tx: tx.timers.set([TIMER, later]))
    assert due(store) == []
    store.write_now(lambda tx: tx.timers.set([TIMER]))
    assert due(store) == [TIMER]


def test_firing_is_cancelling_and_happens_once(store: Store) -> None:
    store.write_now(lambda tx: tx.timers.set([TIMER]))

    def fire(tx):  # type: ignore[no-untyped-def]
        return tx.timers.cancel(timer.key for timer in tx.timers.due(NOW + MINUTE, 10))

    assert [store.write_now(fire) for _ in range(2)] == [1, 0]
    assert store.read_now(lambda tx: tx.timers.next_due()) is None


def test_the_most_overdue_come_first(store: Store) -> None:
    many = [replace(TIMER, key=f"k{n}", due=NOW + n * SECOND) for n in (3, 1, 2)]
    store.write_now(lambda tx: tx.timers.set(many))
    assert [timer.key for timer in due(store, limit=2)] == ["k1", "k2"]


@pytest.mark.postgres
def test_another_worker_passes_over_what_is_being_fired(postgres_url: str) -> None:
    holding, go_on = threading.Event(), threading.Event()

    def slowly(tx):  # type: ignore[no-untyped-def]
        found = tx.timers.due(NOW + MINUTE, 1)
        holding.set()
        assert go_on.wait(10)
        return tx.timers.cancel(timer.key for timer in found)

    with Store.open(postgres_url, "one", workers=2) as store:
        store.write_now(lambda tx: tx.timers.set([TIMER, replace(TIMER, key="other")]))
        firing = threading.Thread(target=lambda: store.write_now(slowly))
        firing.start()
        assert holding.wait(10)
        assert [timer.key for timer in due(store)] == ["respond:G-1-1"]
        go_on.set()
        firing.join()
        assert [timer.key for timer in due(store)] == ["respond:G-1-1"]
