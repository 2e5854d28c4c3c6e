"""Merging, undoing and splitting, each in one transaction: load, decide, save, say.

The law of this file: as in `acts.py`: decided at once, on the case as the page showed it, for cases that the
person sees and no others; of private cases every act is on record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

from bot.web.desk.acts import Acts, Outdated, decided, note, privates
from bot.web.desk.guard import AtDesk, DeskRefusal
from bot.web.desk.words import Refused
from bot.web.desk.words_joins import OBSTACLES, SPLIT_FAULTS, JoinRefused
from intake.acts import Act, Given
from intake.cases import Case, CaseId, Line
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import near
from intake.lifecycle import STATE_NAMES, Action, NotNow
from intake.merging import (
    TURNABLE,
    CannotMerge,
    MayNotMerge,
    merge,
    obstacle,
    survivor,
)
from intake.people import Person, Right
from intake.sight import Sight
from intake.splitting import CannotSplit, MayNotSplit, Part, split
from intake.twins import Twin, twins
from intake.unmerging import Trace, unmerge
from storage.cases import CaseFilter
from storage.tx import Tx

CANDIDATES = 300
"""Open cases, newest first, among which twins are looked for."""

T = TypeVar("T")


class Reverse(DeskRefusal):
    """It can be done the other way round only: `case` goes on."""

    def __init__(self, words: str, case: CaseId) -> None:
        super().__init__(words, 409)
        self.case = case


@dataclass(frozen=True)
class Choice:
    """A case with what it may be merged with, or with the lines that may leave it."""

    case: Case
    twins: Sequence[Twin] = ()
    lines: Sequence[Line] = ()


class Joins:
    """What staff do to several cases, or to parts of one."""

    def __init__(self, acts: Acts) -> None:
        self.acts = acts

    async def twins(self, here: AtDesk, id: CaseId) -> Choice:
        """A case and its likely twins. A look at a private case is put on record."""
        now = self.acts.clock()

        def work(tx: Tx) -> Choice:
            desk = self._desk(tx, here, [id])
            case = _seen(desk, here.sight, id)
            note(tx, here, [case], (), "look", now)
            grids = {grid.id: grid for grid in tx.grids.all()}
            around = [one.id for one in grids.values() if near(one, grids[case.grid])]
            wanted = CaseFilter(grids=around, open_only=True, sight=here.sight)
            others = tx.cases.page(wanted, CANDIDATES)
            desk.facts.grids.update(grids)
            return Choice(case, twins(desk, case, others))

        return await self.acts.store.write(work)

    async def lines(self, here: AtDesk, id: CaseId) -> Choice:
        """A case and its own lines. A look at a private case is put on record."""
        now = self.acts.clock()

        def work(tx: Tx) -> Choice:
            case = tx.cases.get(id)
            if case is None or not here.sight.sees(case):
                raise DeskRefusal(Refused.NO_CASE, 404)
            note(tx, here, [case], (), "look", now)
            return Choice(case, lines=tx.cases.lines(id))

        return await self.acts.store.write(work)

    async def merge(self, here: AtDesk, id: CaseId, version: int | None, into: CaseId) -> Case:
        """Merge `id` into the case `into` (or into what that was merged into); the survivor. A second
        time it changes nothing. Raises DeskRefusal, Outdated, Reverse."""

        def work(tx: Tx, desk: Desk) -> Case:
            case = _seen(desk, here.sight, id)
            main = desk.case(into)
            if main is None or not here.sight.sees(main):
                raise DeskRefusal(JoinRefused.NO_MAIN.format(case=into[:40]), 400)
            if case.merged_into == main.id:
                return main  # pressed twice
            _check(case, version)
            return _merge(tx, desk, here, [case], main)

        return await self._do(here, "merge", [id, *_spelt(into)], work)

    async def merge_many(
        self, here: AtDesk, some: Mapping[CaseId, int], item: str
    ) -> tuple[Case, int]:
        """Merge several into the one of them that was told first, and say what it is; the survivor and how
        many were left out, since they cannot be one with it. Raises DeskRefusal, Outdated."""

        def work(tx: Tx, desk: Desk) -> tuple[Case, int]:
            known = [desk.facts.cases[id] for id in some if id in desk.facts.cases]
            fresh = [c for c in known if here.sight.sees(c) and c.version == some[c.id]]
            fresh = [case for case in fresh if case.merged_into is None and case.is_open]
            if not fresh:
                raise Outdated
            main = survivor(fresh)
            fit, left = _fitting(desk, here, main, [c for c in fresh if c.id != main.id])
            if fit:
                main = _merge(tx, desk, here, fit, main)
            if item:
                main = decided(desk, main, here, Act.SET, Given(item))
            return main, left + len(some) - len(fresh)

        return await self._do(here, "merge", list(some), work)

    async def unmerge(self, here: AtDesk, id: CaseId, version: int | None) -> Case:
        """Let a merged case go its own way again; a second time it changes nothing. Raises DeskRefusal,
        Outdated."""

        def work(tx: Tx, desk: Desk) -> Case:
            case = _seen(desk, here.sight, id)
            if case.merged_into is None and _let_go(tx, case):
                return case  # pressed twice
            _check(case, version)
            main = desk.facts.cases.get(case.merged_into or "")
            if main is not None and not here.sight.sees(main):
                raise DeskRefusal(JoinRefused.NOT_BOTH, 403)
            with _sentences():
                return unmerge(desk, case, _person(desk, here), _trace(tx, case))

        return await self._do(here, "unmerge", [id], work)

    async def split(self, here: AtDesk, id: CaseId, version: int | None, part: Part) -> Case:
        """Make a case of its own of a part of `id`; the new one. Raises DeskRefusal, Outdated."""

        def work(tx: Tx, desk: Desk) -> Case:
            case = _seen(desk, here.sight, id)
            _check(case, version)
            with _sentences():
                return split(desk, case, _person(desk, here), tx.cases.lines(id), part)

        return await self._do(here, "split", [id], work)

    # -- one transaction ----------------------------------------------------------------------------

    async def _do(
        self, here: AtDesk, what: str, ids: Sequence[CaseId], work: Callable[[Tx, Desk], T]
    ) -> T:
        now = self.acts.clock()

        def noted(tx: Tx, desk: Desk) -> T:
            hidden = privates(desk.facts.cases.values())
            result = work(tx, desk)
            note(tx, here, desk.changes.cases.values(), hidden, what, now)
            return result

        return await self.acts.decide(lambda tx: self._desk(tx, here, ids), noted)

    def _desk(self, tx: Tx, here: AtDesk, ids: Sequence[CaseId]) -> Desk:
        """The cases with all that was merged into them or into what they were merged into, and their
        people."""
        now = self.acts.clock()
        known = tx.cases.many(ids)
        heads = {case.merged_into or case.id for case in known.values()}
        family = tx.cases.behind(heads)
        senders = {line.sender for line in tx.cases.lines_of(known)}
        wants = Wants(
            identities=frozenset({here.person.id, *senders}),
            cases=frozenset({*known, *heads, *family}),
        )
        return Desk(self.acts.rules, tx.desk.load(wants, now), now)


def _spelt(into: CaseId) -> list[CaseId]:
    return [into, into.upper(), into.lower()]


def _person(desk: Desk, here: AtDesk) -> Person:
    return desk.facts.people.get(here.person.id, here.person)


def _seen(desk: Desk, sight: Sight, id: CaseId) -> Case:
    found = desk.facts.cases.get(id)
    if found is None or not sight.sees(found):
        raise DeskRefusal(Refused.NO_CASE, 404)
    return found


def _check(case: Case, version: int | None) -> None:
    if version is not None and case.version != version:
        raise Outdated


def _behind(desk: Desk, cases: Iterable[Case]) -> dict[CaseId, list[CaseId]]:
    all_cases = desk.facts.cases.values()
    return {case.id: [one.id for one in all_cases if one.merged_into == case.id] for case in cases}


def _merge(tx: Tx, desk: Desk, here: AtDesk, cases: Sequence[Case], main: Case) -> Case:
    with _sentences():
        return merge(desk, cases, main, _person(desk, here), _behind(desk, cases))


def _let_go(tx: Tx, case: Case) -> bool:
    """Whether a merge of this case was undone before."""
    return any(entry.action is Action.UNMERGE for entry in tx.cases.entries(case.id))


def _trace(tx: Tx, case: Case) -> Trace:
    main = case.merged_into
    if main is None:
        return Trace()
    entries = [*tx.cases.entries(main), *tx.cases.entries(case.id)]
    return Trace(entries, tx.cases.lines_of([main, *tx.cases.merged_into(main)]))


def _fitting(
    desk: Desk, here: AtDesk, main: Case, others: Iterable[Case]
) -> tuple[list[Case], int]:
    """Those of `others` that may be merged into `main` by this person, and how many may not."""
    person, some = _person(desk, here), list(others)
    fit = [
        one
        for one in some
        if obstacle(desk, one, main) is None and desk.may(person, Right.CORRECT, one)
    ]
    return fit, len(some) - len(fit)


@contextmanager
def _sentences() -> Iterator[None]:
    """What the core refuses, as a sentence for the person."""
    try:
        yield
    except (MayNotMerge, MayNotSplit):
        raise DeskRefusal(JoinRefused.NOT_BOTH, 403) from None
    except CannotMerge as cannot:
        words = OBSTACLES[cannot.why].format(case=cannot.case.id, main=cannot.main.id)
        if cannot.why in TURNABLE:
            raise Reverse(words, cannot.main.id) from None
        raise DeskRefusal(words, 409) from None
    except CannotSplit as cannot:
        raise DeskRefusal(SPLIT_FAULTS[cannot.why]) from None
    except NotNow as now:
        raise DeskRefusal(Refused.NOT_NOW.format(state=STATE_NAMES[now.state]), 409) from None
