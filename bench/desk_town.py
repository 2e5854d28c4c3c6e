"""A district with very many cases, to measure the desk with.

Cases come as in a town: some grids and some items come often, most places are buildings.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from intake.cases import Case, Entry, Line, LineRole
from intake.facts import Changes
from intake.grids import ChatRef, Grid
from intake.lifecycle import Action, CaseKind, State
from intake.people import Grant, Person, Role
from intake.reading import Triage
from intake.taxonomy import Item
from storage.records import Area
from storage.store import Store, Tx

NOW = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
CASES, OPEN = 100_000, 60_000
STREETS, COMMUNITIES, GRIDS = 4, 5, 10
"""Streets of the district, communities of a street, grids of a community."""
PLACES = (
    "小花园",
    "快递柜",
    "老榕树",
    "东门",
    "北门",
    "地下车库",
    "菜场",
    "幼儿园门口",
    "垃圾房",
    "车棚",
)
TAILS = (
    "好几天了",
    "麻烦来看看",
    "晚上看不见",
    "老人小孩都走这里",
    "有人管吗",
    "谢谢",
    "已经第二次了",
    "",
)
OPEN_STATES = (
    (State.DISPATCHED, 50), (State.WORKING, 22), (State.TO_RATE, 15), (State.SIGNED, 10),
    (State.TO_CONFIRM, 3),
)  # fmt: skip


def town() -> tuple[list[Area], list[Grid]]:
    """A district of 200 grids."""
    found, grids = [Area("B", "district", "区")], []
    for s in range(1, STREETS + 1):
        found.append(Area(f"B{s}", "street", f"{s}街道", "B"))
        for c in range(1, COMMUNITIES + 1):
            found.append(Area(f"B{s}-{c}", "community", f"{s}街道{c}社区", f"B{s}"))
            for g in range(1, GRIDS + 1):
                id = f"B{s}{c}{g:02}"
                path = ("B", f"B{s}", f"B{s}-{c}", id)
                grids.append(Grid(id, f"{s}街道{c}社区{g}格", path, PLACES))
    return found, grids


WHO: tuple[tuple[str, Role, str], ...] = (
    ("moderator", Role.MODERATOR, "B2-3"),
    ("worker", Role.GRID_WORKER, "B2304"),
    ("department", Role.DEPARTMENT, "JS"),
    ("district", Role.DISTRICT, "B"),
)


@dataclass
class Filler:
    """Makes cases as a town makes them: some grids and some items come often."""

    items: list[Item]
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    numbers: dict[str, int] = field(default_factory=dict)

    def many(self, grids: list[Grid]) -> dict[str, list[Case]]:
        """All cases by grid."""
        busy = [self.dice.paretovariate(1.5) for _ in grids]
        common = [self.dice.paretovariate(1.1) for _ in self.items]
        places = self.dice.choices(grids, busy, k=CASES)
        items = self.dice.choices(self.items, common, k=CASES)
        made: dict[str, list[Case]] = {grid.id: [] for grid in grids}
        for n, (grid, item) in enumerate(zip(places, items, strict=True)):
            made[grid.id].append(self.one(grid.id, item, n < OPEN))
        return made

    def one(self, grid: str, item: Item, is_open: bool) -> Case:
        dice = self.dice
        number = self.numbers[grid] = self.numbers.get(grid, 0) + 1
        state = self._state() if is_open else State.CLOSED
        age = timedelta(hours=dice.expovariate(1 / (200 if is_open else 1500)))
        opened = NOW - age
        where = dice.choice(("", "楼下", dice.choice(PLACES)))
        place = f"{dice.randint(1, 30)}栋{dice.randint(1, 4)}单元{where}"
        words = dice.choice(item.keywords) if item.keywords else ""
        limits = item.limits
        answered = state not in (State.DISPATCHED, State.TO_CONFIRM) or dice.random() < 0.3
        return Case(
            f"{grid}-{number}", grid, number, CaseKind.REQUEST, state, Triage.AUTO, item.category, item.code,
            item.level, item.lead, item.co, item.tier, item.visibility, None, place,
            f"{place}{item.name}{words}{dice.choice(TAILS)}", item.name[:4], f"web:r{dice.randint(1, 9999)}",
            ChatRef("web", grid), str(number), (item.code, "SZ03", "SZ04"), opened,
            opened + timedelta(hours=limits.respond_hours), opened + timedelta(hours=limits.resolve_hours),
            responded_at=opened + age / 4 if answered else None,
            taken_by=f"web:w{dice.randint(1, 300)}" if answered else None,
            done_at=opened + age / 2 if state in (State.TO_RATE, State.CLOSED) else None,
            closed_at=opened + age / 2 if not is_open else None,
            score=dice.choice((None, 3, 4, 5, 5)) if not is_open else None, entries=2,
        )  # fmt: skip

    def _state(self) -> State:
        states, weights = zip(*OPEN_STATES, strict=True)
        return self.dice.choices(states, weights)[0]


def fill(store: Store, items: list[Item]) -> list[Grid]:
    """The town with its people and cases."""
    areas, grids = town()
    made = Filler(items).many(grids)

    def people(tx: Tx) -> None:
        tx.grids.add_areas(areas)
        tx.grids.add(grids)
        tx.people.save([Person(f"web:{name}", name) for name, _, _ in WHO], NOW)
        tx.people.save([Person(f"web:w{n}", f"工作人员{n}") for n in range(1, 301)], NOW)
        for name, role, scope in WHO:
            tx.people.grant(f"web:{name}", Grant(role, scope), "system", NOW)
            tx.sessions.begin(f"token-{name}", f"web:{name}", "", NOW)

    def some(tx: Tx, grid: str) -> None:
        cases = made[grid]
        changes = Changes(cases={c.id: c for c in cases}, numbers={grid: len(cases) + 1})
        for case in cases[::10]:
            id, at = case.id, case.opened_at
            changes.entries += [Entry(id, n, at, Action.ACCEPT, None) for n in (1, 2)]
            changes.lines.append(
                Line(id, case.chat, case.message, case.reporter, LineRole.OPENED, case.said, (), at)
            )
        tx.desk.save(changes, [], NOW)

    store.write_now(people)
    for grid in grids:
        store.write_now(lambda tx, grid=grid: some(tx, grid.id))  # type: ignore[misc]
    return grids
