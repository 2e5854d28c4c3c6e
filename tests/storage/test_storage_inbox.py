"""Inbox and lanes: nothing lost, nothing doubled, order within a lane, leases."""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from samples import DAY, MINUTE, NOW, SECOND, arrival

from storage.inbox import KEEP_OUTCOME, KEEP_PARKED
from storage.records import PARKED, Arrival, Claim, LeaseLost, Outcome
from storage.store import Store

_worlds = count()
_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["append", "repeat", "claim", "decide", "release"]), st.integers(0, 2)
    ),
    max_size=25,
)


def append(store: Store, *arrivals: Arrival) -> list[bool]:
    return store.write_now(lambda tx: tx.inbox.append(arrivals))


def claim(store: Store, owner: str = "test", at=NOW, lanes: int = 50, rows: int = 20):  # type: ignore[no-untyped-def]
    return store.write_now(lambda tx: tx.inbox.claim(owner, at, MINUTE, lanes, rows))


def done(claimed: Claim) -> list[Outcome]:
    return [Outcome(row.id, "done") for row in claimed.rows]


def decide(store: Store, claimed: Claim, *outcomes: Outcome) -> None:
    store.write_now(lambda tx: tx.inbox.decide(claimed, outcomes or done(claimed), NOW))


def test_a_repeat_changes_nothing(store: Store) -> None:
    first = arrival(1)
    assert append(store, first, arrival(2), first) == [True, True, False]
    assert append(store, replace(first, payload={"other": 1}), arrival(3)) == [False, True]
    (claimed,) = claim(store)
    assert [row.payload["n"] for row in claimed.rows] == [1, 2, 3]
    decide(store, claimed)
    assert append(store, first) == [False]
    assert claim(store) == []
    assert store.read_now(lambda tx: tx.inbox.pending()) == 0


def test_a_row_comes_back_as_it_arrived(store: Store) -> None:
    odd = Arrival("web", "x\x00y", "web:客", {"text": "\x00‮😀\ud83d", "n": 1.5}, NOW)
    append(store, odd)
    (claimed,) = claim(store)
    (row,) = claimed.rows
    assert (row.channel, row.external_id, row.lane) == ("web", "xy", "web:客")
    assert (row.payload, row.received_at) == (odd.payload, NOW)


def test_lanes_that_wait_longest_come_first_and_rows_in_order(store: Store) -> None:
    append(store, arrival(5, "tg:b"), arrival(6, "tg:a"), arrival(7, "tg:b"), arrival(4, "tg:c"))
    got = claim(store, lanes=2, rows=1)
    assert [(c.lane, [r.external_id for r in c.rows]) for c in got] == [
        ("tg:c", ["4"]),
        ("tg:b", ["5"]),
    ]
    assert [c.lane for c in claim(store)] == ["tg:a"]


def test_a_lane_has_one_owner_until_the_lease_ends(store: Store) -> None:
    append(store, arrival(1))
    (first,) = claim(store, "one")
    assert claim(store, "two") == []
    append(store, arrival(2))
    assert claim(store, "two", NOW + MINUTE - SECOND) == []
    (second,) = claim(store, "two", NOW + MINUTE)
    assert second.lease > first.lease
    with pytest.raises(LeaseLost, match="tg:-100"):
        decide(store, first)
    assert store.read_now(lambda tx: tx.inbox.pending()) == 2
    decide(store, second)
    assert store.read_now(lambda tx: tx.inbox.pending()) == 0


def test_a_lost_lease_refuses_the_whole_transaction(store: Store) -> None:
    append(store, arrival(1, "tg:a"), arrival(2, "tg:b"))
    both = claim(store)
    store.write_now(lambda tx: tx.inbox.claim("two", NOW + MINUTE, MINUTE, 1, 20))

    def work(tx):  # type: ignore[no-untyped-def]
        tx.settings.put("saved", "yes")
        tx.inbox.decide_many([(c, done(c)) for c in both], NOW)

    with pytest.raises(LeaseLost) as lost:
        store.write_now(work)
    assert lost.value.lanes == {"tg:a"}
    assert store.read_now(lambda tx: (tx.settings.get("saved"), tx.inbox.pending())) == (None, 2)


def test_a_decided_lane_is_claimable_again_where_more_waits(store: Store) -> None:
    append(store, *(arrival(n) for n in range(5)))
    (claimed,) = claim(store, rows=2)
    decide(store, claimed)
    assert store.read_now(lambda tx: tx.inbox.waiting_since()) == NOW + 2 * SECOND
    (claimed,) = claim(store, rows=2)
    assert [row.external_id for row in claimed.rows] == ["2", "3"]
    decide(store, claimed, Outcome(claimed.rows[0].id, "done"))  # the other goes on waiting
    (claimed,) = claim(store)
    assert [row.external_id for row in claimed.rows] == ["3", "4"]


def test_released_renewed_and_dropped_leases(store: Store) -> None:
    append(store, arrival(1, "tg:a"), arrival(2, "tg:b"))
    first, second = claim(store, "one")
    store.write_now(lambda tx: tx.inbox.release([first]))
    (again,) = claim(store, "two")
    assert again.lane == first.lane
    store.write_now(lambda tx: tx.inbox.release([first]))  # no longer ours: nothing happens
    assert claim(store, "two") == []
    store.write_now(lambda tx: tx.inbox.renew([second], NOW + MINUTE - SECOND, MINUTE))
    assert [c.lane for c in claim(store, "three", NOW + MINUTE)] == [first.lane]
    assert store.write_now(lambda tx: tx.inbox.drop_leases("one")) == 1
    assert [c.lane for c in claim(store, "one")] == [second.lane]
    with pytest.raises(LeaseLost):
        store.write_now(lambda tx: tx.inbox.renew([second], NOW, MINUTE))


def test_payloads_are_blanked_and_parked_ones_kept_for_a_week(store: Store) -> None:
    append(store, arrival(1), arrival(2))
    (claimed,) = claim(store)
    one, two = claimed.rows
    decide(store, claimed, Outcome(one.id, "chat"), Outcome(two.id, PARKED, "KeyError: 'x'"))
    found = store.read_now(lambda tx: [tx.inbox.find("tg", n) for n in ("1", "2", "3")])
    assert [(f.outcome, f.payload, f.error) if f else None for f in found] == [
        ("chat", None, None),
        (PARKED, two.payload, "KeyError: 'x'"),
        None,
    ]
    assert [d.id for d in store.read_now(lambda tx: tx.inbox.parked())] == [two.id]
    assert store.write_now(lambda tx: tx.inbox.forget(NOW + KEEP_PARKED)) == 0
    assert store.write_now(lambda tx: tx.inbox.forget(NOW + KEEP_PARKED + SECOND)) == 1
    assert store.read_now(lambda tx: tx.inbox.parked()) == []
    assert append(store, arrival(1)) == [False]
    assert store.write_now(lambda tx: tx.inbox.forget(NOW + KEEP_OUTCOME + DAY)) == 2
    assert append(store, arrival(1)) == [True]


def test_a_foreign_row_cannot_be_decided(store: Store) -> None:
    append(store, arrival(1))
    (claimed,) = claim(store)
    with pytest.raises(ValueError, match="does not belong"):
        decide(store, claimed, Outcome(claimed.rows[0].id + 1, "done"))


async def test_the_door_groups_many_callers(store: Store) -> None:
    import asyncio

    many = [store.append([arrival(n, f"tg:{n % 7}")]) for n in range(200)]
    assert await asyncio.gather(*many) == [[True]] * 200
    assert await store.append([arrival(3), arrival(200)]) == [False, True]
    assert await store.append([]) == []
    assert await store.read(lambda tx: tx.inbox.pending()) == 201


async def test_one_bad_arrival_does_not_turn_its_neighbours_away(store: Store) -> None:
    import asyncio

    bad = replace(arrival(1), payload={"odd": object()})  # type: ignore[dict-item]
    results = await asyncio.gather(
        store.append([arrival(2)]),
        store.append([bad]),
        store.append([arrival(3)]),
        return_exceptions=True,
    )
    assert [isinstance(r, BaseException) for r in results] == [False, True, False]
    assert await store.read(lambda tx: tx.inbox.pending()) == 2


@pytest.mark.parametrize("workers", [4])
def test_many_claimers_lose_and_double_nothing(shared_url: str, workers: int) -> None:
    """Four stores (processes) claim, some forget to decide; two doors append meanwhile."""
    seen: dict[str, list[int]] = defaultdict(list)
    total = 600
    open_doors = {1, 2}

    def door(number: int) -> None:
        with Store.open(shared_url, f"door-{number}", workers=2) as store:
            for start in range(0, total // 2, 10):
                batch = [
                    arrival(number * 1_000_000 + start + n, f"tg:{(start + n) % 9}:{number}")
                    for n in range(10)
                ]
                assert all(append(store, *batch))
        open_doors.remove(number)

    def worker(number: int) -> None:
        turn = 0
        with Store.open(shared_url, f"worker-{number}", workers=1) as store:
            while open_doors or store.read_now(lambda tx: tx.inbox.pending()):
                turn += 1
                claims = claim(store, f"worker-{number}", lanes=3, rows=7)
                if not claims:
                    store.write_now(lambda tx: tx.inbox.drop_leases(f"worker-{number}"))
                    continue
                if turn % 5 == 0:  # dies here: its lease is dropped later
                    continue

                def work(tx, claims=claims):  # type: ignore[no-untyped-def]
                    tx.inbox.decide_many([(c, done(c)) for c in claims], NOW)

                store.write_now(work)
                for c in claims:
                    seen[c.lane] += [int(row.external_id) for row in c.rows]

    with ThreadPoolExecutor(workers + 2) as pool:
        for future in [pool.submit(door, n) for n in (1, 2)] + [
            pool.submit(worker, n) for n in range(workers)
        ]:
            future.result()
    assert sum(len(rows) for rows in seen.values()) == total
    for rows in seen.values():
        assert rows == sorted(set(rows))


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=_STEPS)
def test_any_order_of_steps_keeps_the_promise(store: Store, steps: list[tuple[str, int]]) -> None:
    """Against a model: lists of what waits in each lane."""
    channel = f"world{next(_worlds)}"  # a new world in the same database
    waiting: dict[str, list[str]] = defaultdict(list)
    held: list[Claim] = []
    sent = 0
    for step, lane_number in steps:
        if step == "append":
            lane = f"{channel}:{lane_number}"
            sent += 1
            assert append(store, arrival(sent, lane, channel)) == [True]
            waiting[lane].append(str(sent))
        elif step == "repeat" and sent:
            assert append(store, arrival(sent, "elsewhere", channel)) == [False]
        elif step == "claim":
            for one in claim(store, lanes=100, rows=2):
                assert [row.external_id for row in one.rows] == waiting[one.lane][:2]
                assert one.lane not in {c.lane for c in held}
                held.append(one)
        elif held:
            one = held.pop()
            if step == "decide":
                decide(store, one)
                del waiting[one.lane][: len(one.rows)]
            else:
                store.write_now(lambda tx, one=one: tx.inbox.release([one]))  # type: ignore[misc]
    assert store.read_now(lambda tx: tx.inbox.pending()) == sum(map(len, waiting.values()))
    while held:
        store.write_now(lambda tx: tx.inbox.release([held.pop()]))
    while claims := claim(store, lanes=100):
        for one in claims:
            assert [row.external_id for row in one.rows] == waiting.pop(one.lane)
            decide(store, one)
    assert not any(waiting.values())
