"""The store itself: savepoints, grouped commits, retries, durability."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from samples import NOW, arrival
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError

from storage.jobs import StoreClosed
from storage.sqlite_engine import sqlite_engine
from storage.store import Store, Tx


def put(name: str, value: str = "x"):  # type: ignore[no-untyped-def]
    return lambda tx: tx.settings.put(name, value)


def names(store: Store) -> set[str]:
    query = text("SELECT name FROM settings")
    return set(store.read_now(lambda tx: tx.connection.scalars(query).all()))


def test_a_released_savepoint_goes_when_the_transaction_around_it_is_rolled_back(
    store: Store,
) -> None:
    """The savepoint trap: with the driver's own transactions the row would stay."""

    def work(tx: Tx) -> None:
        with tx.savepoint():
            tx.settings.put("inside", "x")
        raise KeyError("outer")

    with pytest.raises(KeyError, match="outer"):
        store.write_now(work)
    assert names(store) == set()


def test_a_savepoint_undoes_only_itself(store: Store) -> None:
    def inner(tx: Tx) -> None:
        with tx.savepoint():
            tx.settings.put("inside", "x")
            raise KeyError

    def work(tx: Tx) -> None:
        tx.settings.put("before", "x")
        with pytest.raises(KeyError):
            inner(tx)
        tx.settings.put("after", "x")

    store.write_now(work)
    assert names(store) == {"before", "after"}


async def test_a_failing_work_does_not_spoil_its_neighbours(store: Store) -> None:
    """The first holds the writer, so that the others are committed together."""
    go_on = threading.Event()

    def slow(tx: Tx) -> str:
        assert go_on.wait(10)
        return "slow"

    def failing(tx: Tx) -> None:
        tx.settings.put("failing", "x")
        raise ValueError("mine alone")

    def broken(tx: Tx) -> None:
        tx.settings.put("broken", "x")
        tx.connection.execute(text("SELECT nonsense FROM nowhere"))

    works = [slow, put("a"), failing, put("b"), broken, put("c")]
    running = [asyncio.create_task(store.write(work)) for work in works]
    running.append(asyncio.create_task(store.write(put("alone"), alone=True)))
    await asyncio.sleep(0)
    go_on.set()
    results = await asyncio.gather(*running, return_exceptions=True)
    kinds = [type(result) for result in results]
    assert kinds[:4] + kinds[5:] == [str, type(None), ValueError, type(None), *[type(None)] * 2]
    assert isinstance(results[4], DBAPIError)
    assert names(store) == {"a", "b", "c", "alone"}


async def test_a_group_shares_one_commit(sqlite_url: str) -> None:
    from sqlalchemy import event

    commits: list[int] = []
    with Store.open(sqlite_url, "test") as store:
        go_on = threading.Event()

        def slow(tx: Tx) -> None:
            event.listen(tx.connection.engine, "commit", lambda connection: commits.append(1))
            assert go_on.wait(10)

        running = [asyncio.create_task(store.write(slow))]
        await asyncio.sleep(0.05)
        running += [asyncio.create_task(store.write(put(str(n)))) for n in range(40)]
        await asyncio.sleep(0.05)
        go_on.set()
        await asyncio.gather(*running)
    assert len(commits) == 2


def test_a_result_is_durable_before_it_is_seen(shared_url: str) -> None:
    with Store.open(shared_url, "one") as one, Store.open(shared_url, "two") as two:
        one.write_now(put("x"))
        assert names(two) == {"x"}


def test_reading_changes_nothing(shared_url: str) -> None:
    with Store.open(shared_url, "test") as store:
        with pytest.raises(DBAPIError):
            store.read_now(put("x"))
        assert names(store) == set()


async def test_what_nobody_waits_for_any_more_is_not_begun(store: Store) -> None:
    holding, go_on = threading.Event(), threading.Event()

    def slow(tx: Tx) -> None:
        holding.set()
        assert go_on.wait(10)

    running = [asyncio.create_task(store.write(slow)) for _ in range(4)]
    await asyncio.to_thread(holding.wait, 10)
    dropped = asyncio.create_task(store.write(put("dropped")))
    await asyncio.sleep(0.05)
    dropped.cancel()
    await asyncio.sleep(0.05)
    go_on.set()
    await asyncio.gather(*running)
    assert names(store) == set()


def test_a_closed_store_says_so(store_url: str) -> None:
    store = Store.open(store_url, "test")
    last = [threading.Thread(target=lambda: store.write_now(put("last")))]
    last[0].start()
    last[0].join()
    store.close()
    store.close()
    with pytest.raises(StoreClosed, match="open it again"):
        store.write_now(put("x"))
    with pytest.raises(StoreClosed):
        store.read_now(names)  # type: ignore[arg-type]


def test_an_unknown_database_is_refused() -> None:
    with pytest.raises(ValueError, match="postgresql\\+psycopg"):
        Store.open("mysql://localhost/x", "test")


def test_the_command_line_writes_while_the_server_runs(sqlite_url: str) -> None:
    """Two processes' writers take turns; neither gets "database is locked"."""
    with Store.open(sqlite_url, "server") as server, Store.open(sqlite_url, "cli") as cli:
        errors: list[BaseException] = []

        def many(store: Store, prefix: str) -> None:
            try:
                for number in range(50):
                    store.write_now(put(f"{prefix}{number}"))
            except BaseException as error:
                errors.append(error)

        threads = [threading.Thread(target=many, args=pair) for pair in ((server, "s"), (cli, "c"))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert len(names(server)) == 100


def test_sqlite_is_set_up_for_power_cuts_and_privacy(sqlite_url: str) -> None:
    engine = sqlite_engine(make_url(sqlite_url))
    pragmas = ["journal_mode", "synchronous", "secure_delete", "foreign_keys", "busy_timeout"]
    with engine.connect() as connection:
        values = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in pragmas]
    engine.dispose()
    assert values == ["wal", 2, 1, 1, 10_000]


def test_blanked_words_are_gone_from_the_file(sqlite_url: str) -> None:
    from dataclasses import replace

    from storage.records import Outcome

    secret = replace(arrival(1), payload={"text": "my secret words"})
    with Store.open(sqlite_url, "test") as store:
        store.write_now(lambda tx: tx.inbox.append([secret]))
        (claim,) = store.write_now(
            lambda tx: tx.inbox.claim("test", NOW, NOW - NOW.replace(second=1), 1, 1)
        )
        outcomes = [Outcome(claim.rows[0].id, "chat")]
        store.write_now(lambda tx: tx.inbox.decide(claim, outcomes, NOW))
    folder = Path(make_url(sqlite_url).database or "").parent
    assert not any(b"my secret words" in path.read_bytes() for path in folder.glob("huying.db*"))


_KILLED = """
import asyncio, os, signal, sys
from storage.store import Store
sys.path.insert(0, sys.argv[2])
from samples import arrival

async def main():
    store = Store.open(sys.argv[1], "killed")
    for number in range(10_000):
        await store.append([arrival(number)])
        print(number, flush=True)

asyncio.run(main())
"""


def test_what_was_promised_is_there_after_kill_9(shared_url: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", _KILLED, shared_url, str(Path(__file__).parent)],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    promised = [int(process.stdout.readline()) for _ in range(30)]
    process.send_signal(signal.SIGKILL)
    promised += [int(line) for line in process.stdout.read().split()]
    process.stdout.close()
    process.wait()
    with Store.open(shared_url, "after") as store:
        assert store.write_now(
            lambda tx: tx.inbox.append([arrival(number) for number in promised])
        ) == [False] * len(promised)


@pytest.mark.postgres
def test_a_deadlock_is_run_again(postgres_url: str) -> None:
    meet = threading.Barrier(2, timeout=10)
    tries: list[str] = []

    def lock(first: str, second: str):  # type: ignore[no-untyped-def]
        def work(tx: Tx) -> None:
            tries.append(first)
            tx.settings.put(first, "x")
            if len(tries) <= 2:
                meet.wait()
            tx.settings.put(second, first)

        return work

    with Store.open(postgres_url, "test") as store:
        store.write_now(lambda tx: [tx.settings.put(name, "0") for name in ("a", "b")])
        threads = [
            threading.Thread(target=store.write_now, args=(lock(*pair),))
            for pair in (("a", "b"), ("b", "a"))
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(tries) == 3


@pytest.mark.postgres
def test_a_lost_connection_is_replaced(postgres_url: str) -> None:
    with Store.open(postgres_url, "test", workers=2) as store:
        store.write_now(put("before"))
        store.write_now(
            lambda tx: tx.connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            ).all()
        )
        for number in range(6):
            store.write_now(put(f"after{number}"))
            assert f"after{number}" in names(store)


@pytest.mark.postgres
def test_other_processes_get_a_hint(postgres_url: str) -> None:
    heard = threading.Event()
    with Store.open(postgres_url, "one") as one, Store.open(postgres_url, "two") as two:
        two.listen(heard.set)
        for number in range(100):
            one.write_now(lambda tx, number=number: tx.inbox.append([arrival(number)]))  # type: ignore[misc]
            if heard.wait(0.1):
                break
        assert heard.is_set()


def test_elsewhere_a_hint_is_never_promised(sqlite_url: str) -> None:
    with Store.open(sqlite_url, "one") as store:
        store.listen(lambda: None)
