"""Figures counted in memory are those that the database counts, whatever happened to the cases before."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from samples import DAY, NOW, a_case, set_up

from bot.web.desk.figures_asked import MOST_DAYS
from intake.cases import Case
from intake.facts import Changes
from intake.figures import Counts, OpenNow
from intake.lifecycle import CaseKind, State
from intake.periods import Period, before, between
from intake.sight import Sight
from intake.taxonomy import Level, Visibility
from storage.case_figures import CaseFigures, Kind, Reach, Told
from storage.figure_reading import KEPT
from storage.figure_rows import FigureRows, GridColumns, Known
from storage.store import Store, Tx

GRIDS = ("G-1", "G-2")
BOTH = frozenset(GRIDS)
SHIFT = timedelta(hours=8)
SIGHTS = (
    Sight("tg:9", BOTH, BOTH),
    Sight("tg:9", BOTH, frozenset()),
    Sight("tg:9", frozenset({"G-1"}), frozenset({"G-2"})),
    Sight("tg:1", frozenset(), frozenset(), departments=frozenset({"D02"})),
    Sight("tg:2", frozenset(), frozenset()),
)
PERIODS = (
    Period(NOW - DAY, NOW + DAY),
    Period(NOW - 30 * DAY, NOW),
    Period(NOW - 90 * DAY, NOW - 30 * DAY),
    Period(NOW - 500 * DAY, NOW + DAY),
    Period(NOW - 900 * DAY, NOW + DAY),
)
PLACES = (
    None,
    "",
    "3栋楼下",
    "十二栋2单元",
    "3号楼",
    "老榕树",
    "3栋和5栋之间",
    "小花园边上",
    "二期3幢",
)


class Town:
    """Cases to which anything may happen: closed, opened again, merged, made private, moved in place."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.cases: dict[str, Case] = {}

    def new(self, number: int) -> Case:
        grid = self.dice.choice(GRIDS)
        opened = NOW - timedelta(hours=self.dice.expovariate(1 / (24 * 60)))
        return self.changed(replace(a_case(number, grid), opened_at=opened))

    def changed(self, case: Case) -> Case:
        pick, opened = self.dice.choice, case.opened_at

        def moment() -> Any:
            return pick((None, opened, opened + timedelta(hours=self.dice.randint(0, 900))))

        return replace(
            case,
            kind=pick(tuple(CaseKind)),
            state=pick(tuple(State)),
            category=pick((None, "C01", "C02")),
            item=pick((None, "C0102", "C0103", "C0201")),
            level=pick(tuple(Level)),
            lead=pick((None, "D01", "D02")),
            co=pick(((), ("D02",), ("D01", "D03"))),
            visibility=pick(tuple(Visibility)),
            place=pick(PLACES),
            respond_due=moment(),
            resolve_due=moment(),
            responded_at=moment(),
            done_at=moment(),
            closed_at=moment(),
            taken_by=pick((None, "tg:2", "tg:3")),
            score=pick((None, 0, 1, 3, 4, 5)),
            reopened=pick((0, 0, 1, 3)),
            published=pick((None, "谁能送一趟")),
        )

    def step(self, store: Store) -> None:
        """Some new ones, and something happens to some old ones."""
        first = len(self.cases) + 1
        new = [self.new(number) for number in range(first, first + self.dice.randint(1, 40))]
        old = self.dice.sample(sorted(self.cases), min(len(self.cases), self.dice.randint(0, 15)))
        some = {id: self.changed(self.cases[id]) for id in old} | {one.id: one for one in new}
        versions = {id: self.cases[id].version for id in old}
        store.write_now(lambda tx: tx.desk.save(Changes(cases=some, versions=versions), [], NOW))
        for id, case in some.items():
            self.cases[id] = replace(case, version=versions.get(id, 0) + 1)


@pytest.fixture
def town(store: Store) -> Store:
    store.write_now(set_up)
    return store


def counted(figures: CaseFigures, reach: Reach) -> list[Any]:
    """All that can be asked, without the order of rows."""
    found: list[Any] = [figures.open_now(reach, NOW)]
    for period in PERIODS:
        found += [
            figures.total(reach, period, NOW),
            _sorted(figures.told(reach, period, NOW, SHIFT)),
        ]
    return found


def _sorted(told: Told) -> Any:
    kinds = {kind: {one.key: one.counts for one in some} for kind, some in told.kinds.items()}
    places: dict[Any, Counts] = {}
    for place, counts in told.places:
        assert place not in places
        places[place] = counts
    return kinds, places


@pytest.mark.parametrize("seed", range(6))
def test_both_ways_count_the_same_whatever_happens(town: Store, seed: int) -> None:
    some = Town(seed)
    for _ in range(6):
        some.step(town)
        if some.dice.random() < 0.3:
            names = some.dice.sample(("小花园", "老榕树", "东门"), 2)
            town.write_now(lambda tx, names=names: tx.grids.set_places("G-1", names))
        for sight in SIGHTS:
            grids = some.dice.choice((None, frozenset({"G-2"}), BOTH))
            reach = Reach(sight, grids, public=some.dice.random() < 0.3)

            def work(tx: Tx, reach: Reach = reach) -> tuple[Any, Any]:
                return counted(tx.case_figures, reach), counted(CaseFigures(tx.connection), reach)

            fast, plain = town.read_now(work)
            assert fast == plain


def test_what_is_remembered_is_not_read_again(town: Store) -> None:
    some, reach = Town(7), Reach(SIGHTS[0])
    some.step(town)
    town.read_now(lambda tx: tx.case_figures.open_now(reach, NOW))

    def known(tx: Tx) -> Known:
        tx.case_figures.warm(NOW)
        remembered = tx.case_figures._remembered.get()
        assert remembered is not None
        return remembered

    before = town.read_now(known)
    assert town.read_now(known) is before
    town.write_now(lambda tx: tx.desk.save(Changes(cases={"G-2-900": a_case(900, "G-2")}), [], NOW))
    after = town.read_now(known)
    assert after.grids["G-1"] is before.grids["G-1"]
    assert after.grids["G-2"] is not before.grids["G-2"]


def test_what_a_transaction_changed_itself_is_counted_by_the_database(town: Store) -> None:
    reach, one = Reach(SIGHTS[0]), replace(a_case(1), state=State.ACCEPTED)
    zero = town.read_now(lambda tx: tx.case_figures.open_now(reach, NOW))

    class Undone(Exception):
        pass

    def work(tx: Tx) -> None:
        tx.desk.save(Changes(cases={one.id: one}), [], NOW)
        assert tx.case_figures.open_now(reach, NOW).open == zero.open + 1
        raise Undone

    with pytest.raises(Undone):
        town.write_now(work)
    assert town.read_now(lambda tx: tx.case_figures.open_now(reach, NOW)) == zero == OpenNow(0, 0)


def test_what_is_remembered_does_not_grow_for_ever(town: Store) -> None:
    """A process that runs for years remembers what a young one would."""
    some, reach = Town(3), Reach(SIGHTS[0])
    some.step(town)
    town.read_now(lambda tx: tx.case_figures.open_now(reach, NOW))
    later = NOW + 3 * KEPT

    def work(tx: Tx) -> Known:
        tx.case_figures.warm(later)
        remembered = tx.case_figures._remembered.get()
        assert remembered is not None
        return remembered

    left = sum(len(one.rows) for one in town.read_now(work).grids.values())
    assert left == sum(case.is_open for case in some.cases.values())


def test_no_place_as_it_was_said_is_remembered(town: Store) -> None:
    case = replace(a_case(1), place="3栋2单元401老李家")
    town.write_now(lambda tx: tx.desk.save(Changes(cases={case.id: case}), [], NOW))

    def work(tx: Tx) -> GridColumns:
        told = tx.case_figures.told(Reach(SIGHTS[0]), PERIODS[0], NOW, SHIFT)
        assert [place.building for place, _ in told.places] == ["3栋"]
        assert told.kinds[Kind.PART][0].key == "G-1"
        remembered = tx.case_figures._remembered.get()
        assert remembered is not None
        return remembered.grids["G-1"]

    assert town.read_now(work).buildings == ("", "3栋")


def test_an_older_state_replaces_no_newer_one() -> None:
    def grid(stamp: int) -> GridColumns:
        return GridColumns(stamp, None, Known(0).whole.columns["opened"])

    rows = FigureRows()
    rows.put(5, {"G-1": grid(4)}, None)
    assert rows.put(5, {"G-1": grid(3)}, rows.get()).grids["G-1"].stamp == 4
    assert rows.put(4, {"G-1": grid(9)}, None).since == 4
    assert (known := rows.get()) is not None
    assert known.since == 5


def test_a_year_and_the_one_before_it_are_counted_in_memory(town: Store) -> None:
    """The longest that can be asked for; and the same by the statements."""
    some = Town(11)
    some.step(town)
    year = between(NOW.date() - timedelta(days=MOST_DAYS - 1), NOW.date(), NOW.tzinfo)
    for period in (year, before(year, NOW, timedelta(days=MOST_DAYS))):

        def work(tx: Tx, period: Period = period) -> tuple[object, object]:
            fast, reach = tx.case_figures, Reach(SIGHTS[0])
            assert fast._known(NOW, period) is not None
            slow = CaseFigures(tx.connection)
            return fast.total(reach, period, NOW), slow.total(reach, period, NOW)

        counted, stated = town.read_now(work)
        assert counted == stated
