"""A quarter of forty grids: `python bench/quarter_bench.py [--grids 40] [--days 90] [--a-day 12] [--seed 1]`.

Neighbours call with lines of the corpus, staff do as staff do: some cases lie untouched, some are closed
on paper only, some are handed back to the wrong place. The clock is moved, the dice are seeded; everything
else is the intake itself over the in-memory store. Prints what became of the cases, and ends with 1 where one
was lost, stuck, or late with nobody told.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from quarter_staff import Fate, Staff, fate_of
from quarter_town import PLACES, Town, group_of, settle

from bot.cli.loading import load_reader
from bot.deciding import Work, decide_rows, fire_timers
from bot.settings import load_settings
from intake.cases import Case, CaseId
from intake.commands import Said, Sender
from intake.lifecycle import Action, State
from intake.reading import Reading
from nlp.corpus_folder import read_folder
from storage.recall import all_cases, all_posts, broken_invariants
from storage.records import Arrival

CORPUS = Path(__file__).resolve().parent.parent / "training_data" / "corpus"
AFTERWARDS = timedelta(days=60)
"""So long after the last call everything has to be over."""
GRACE = timedelta(days=1)
"""A limit missed for so long with nobody told is a fault."""
ROUNDS = (10, 16)


@dataclass
class Quarter:
    """One run."""

    town: Town
    dice: Random
    staff: Staff
    seen: Counter[str] = field(default_factory=Counter)
    unnoticed: set[CaseId] = field(default_factory=set)
    fates: dict[CaseId, Fate] = field(default_factory=dict)

    def day(self, start: datetime, calls: list[tuple[str, Reading]], everybody: bool) -> None:
        """One day: the neighbours' calls, two rounds of the staff, and whatever falls due between."""
        moments: list[tuple[datetime, str, tuple[str, Reading] | None]] = [
            (start + timedelta(minutes=self.dice.randint(0, 24 * 60 - 1)), "call", one)
            for one in calls
        ]
        moments += [(start + timedelta(hours=hour), "round", None) for hour in ROUNDS]
        for at, what, call in sorted(moments, key=lambda one: one[0]):
            self.fire_until(at)
            if call is not None:
                self.call(at, *call)
            elif what == "round":
                self.staff.round(self.town, at, self.fates, everybody)
        self.fire_until(start + timedelta(days=1))
        self.watch(start + timedelta(days=1))

    def call(self, at: datetime, text: str, reading: Reading) -> None:
        """A neighbour calls in the group of a grid."""
        self.seen["calls"] += 1
        number, grid = self.seen["calls"], self.dice.choice(self.town.grids)
        who = f"bench:{grid}-{self.dice.randint(1, 60)}"
        said = Said(group_of(grid), f"m{number}", Sender(who, "街坊"), text, at)
        arrival = Arrival("bench", f"{number}", str(group_of(grid)), {}, at)

        def work(tx):  # type: ignore[no-untyped-def]
            tx.inbox.append([arrival])
            (claim,) = tx.inbox.claim("bench", at, timedelta(minutes=1), 1, 1)
            works = [Work(claim.rows[0], said, (reading,))]
            return decide_rows(tx, self.town.rules, self.town.around, [(claim, works)], at)

        decided = self.town.store.write_now(work)
        for _, verdict in decided.verdicts:
            self.seen["answered"] += bool(verdict.cases)
            for case in verdict.opened:
                self.fates[case] = fate_of(self.dice)

    def fire_until(self, until: datetime) -> None:
        """Everything that falls due up to then, each at its own time."""
        store = self.town.store
        while (due := store.read_now(lambda tx: tx.timers.next_due())) is not None and due <= until:
            at = due
            fired = store.write_now(
                lambda tx, at=at: fire_timers(
                    tx, self.town.rules, self.town.around, at, tx.timers.due(at, 1000)
                )
            )
            self.seen["timers"] += len(fired)

    def watch(self, now: datetime) -> None:
        """Whoever is late has to be known to somebody."""
        for case in self.town.store.read_now(all_cases):
            late = case.resolve_due is not None and now - case.resolve_due > GRACE
            waits = case.state in (State.TO_RATE, State.REVIEW, State.PUBLISHED, State.CLAIMED)
            if case.is_open and late and not waits and not case.climbed:
                self.unnoticed.add(case.id)


def calls_of(seed: int, count: int, reader, taxonomy) -> list[tuple[str, Reading]]:  # type: ignore[no-untyped-def]
    """So many lines of the corpus that ask for something, each with a place of the grid before it."""
    dice = Random(seed)
    rows = [
        row
        for row in read_folder(CORPUS, taxonomy)
        if row.label in taxonomy.items and row.in_chat is None
    ]
    texts = [f"{dice.choice(PLACES)}，{row.text}" for row in dice.sample(rows, count)]
    return list(zip(texts, reader.read(texts), strict=True))


def report(run: Quarter, seconds: float) -> int:
    """What became of it; the exit code."""
    store = run.town.store
    cases: list[Case] = store.read_now(all_cases)
    did = Counter(
        store.read_now(
            lambda tx: [entry.action for case in cases for entry in tx.cases.entries(case.id)]
        )
    )
    said = [post for post in store.read_now(all_posts) if post.audience == "group"]
    posts = [post for post in said if post.edits is None and post.morning is None]
    stuck = [case.id for case in cases if case.is_open]
    broken = store.read_now(broken_invariants)
    lost = set(run.fates) - {case.id for case in cases}
    done = [case for case in cases if case.done_at is not None]
    late = [c for c in done if c.resolve_due is not None and c.done_at > c.resolve_due]  # type: ignore[operator]
    rows = {
        "calls heard / made": f"{run.seen['answered']} / {run.seen['calls']}",
        "cases": len(cases),
        "fates given": dict(Counter(fate.value for fate in run.fates.values())),
        "ended as": dict(Counter(case.state.value for case in cases)),
        "handed back / sent on": f"{did[Action.HAND_BACK]} / {did[Action.DISPATCH]}",
        "came back (没好)": did[Action.REOPEN],
        "rungs climbed": did[Action.ESCALATE],
        "put under supervision": did[Action.SUPERVISE],
        "late": len(late),
        "posts to groups a case": round(len(posts) / max(1, len(cases)), 2),
        "late with nobody told": sorted(run.unnoticed)[:5],
        "lost": sorted(lost)[:5],
        "stuck": stuck[:5],
        "invariants broken": broken,
        "timers fired": run.seen["timers"],
        "seconds": round(seconds),
    }
    for name, value in rows.items():
        print(f"{name:<24} {value}")
    return 1 if lost or stuck or broken or run.unnoticed else 0


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    for name, value in (("grids", 40), ("days", 90), ("a-day", 12), ("seed", 1)):
        parser.add_argument(f"--{name}", type=int, default=value)
    asked = parser.parse_args(arguments)
    settings = load_settings()
    reader, taxonomy = load_reader(settings)
    calls = calls_of(asked.seed, asked.days * asked.a_day, reader, taxonomy)
    town = settle(asked.grids, taxonomy, settings)
    town = replace(town, rules=replace(town.rules, hearing=reader.hearing, lexicon=reader.lexicon))
    dice = Random(asked.seed)
    run = Quarter(town, dice, Staff(dice))
    began = time.monotonic()
    for day in range(asked.days + AFTERWARDS // timedelta(days=1)):
        today = calls[day * asked.a_day : (day + 1) * asked.a_day]
        run.day(town.start + timedelta(days=day), today, everybody=day >= asked.days)
    return report(run, time.monotonic() - began)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
