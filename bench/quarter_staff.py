"""What the staff of the quarter's bench do, well and badly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from random import Random

from quarter_town import DISTRICT, STREET, Town, group_of, handler_of, moderator_of, worker_of

from bot.holding import save_and_say
from intake.acting import act, possible_acts
from intake.acts import Act, Given
from intake.cases import Case, CaseId
from intake.commands import Pressed, Sender
from intake.desk import Desk
from intake.facts import Wants
from intake.lifecycle import CaseKind, NotNow, State
from intake.pressing import press
from storage.recall import all_cases
from storage.tx import Tx

DONE_WORDS = (
    "换了灯头，试过亮了",
    "堵的地方疏通了，水走得动",
    "当面说开了，两家都同意",
    "补好了，围挡也撤了",
)
PAPER_WORDS = "安排人员到现场看过"


class Fate(StrEnum):
    WELL = "well"
    IGNORED = "ignored"
    PAPER = "paper"
    RETURNED = "returned"


def fate_of(dice: Random) -> Fate:
    """Of ten cases two lie untouched, one is closed on paper, one goes back wrongly."""
    shares = {Fate.IGNORED: 20, Fate.PAPER: 10, Fate.RETURNED: 10, Fate.WELL: 60}
    return dice.choices(list(shares), list(shares.values()))[0]


class Staff:
    """Everybody looks at what is open twice a day."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice

    def round(
        self, town: Town, now: datetime, fates: Mapping[CaseId, Fate], everybody: bool
    ) -> None:
        """One look of everybody. `everybody`: nobody leaves anything lying any more."""

        def work(tx: Tx) -> None:
            cases = [case for case in all_cases(tx) if case.is_open]
            if not cases:
                return
            wants = Wants(
                cases=frozenset(case.id for case in cases),
                grids=frozenset(case.grid for case in cases),
                identities=frozenset(who for case in cases for who in _around(case)),
            )
            desk = Desk(town.rules, tx.desk.load(wants, now), now)
            for case in cases:
                fate = Fate.WELL if everybody else fates.get(case.id, Fate.WELL)
                self._step(desk, case.id, fate, now)
            save_and_say(tx, desk, town.around, now)

        town.store.write_now(work)

    def _step(self, desk: Desk, case_id: CaseId, fate: Fate, now: datetime) -> None:
        for number, (who, what, given) in enumerate(self._wishes(desk, case_id, fate)):
            desk.begin(f"round:{now.isoformat()}:{case_id}:{number}", now)
            case, person = desk.facts.cases[case_id], desk.facts.people[who]
            if what in possible_acts(desk, case, person):
                act(desk, case, person, what, given)
                return

    def _wishes(self, desk: Desk, case_id: CaseId, fate: Fate) -> Iterator[tuple[str, Act, Given]]:
        """What somebody would do now, the first that is possible."""
        case = desk.facts.cases[case_id]
        if case.kind is CaseKind.WISH:
            yield from self._of_wish(desk, case)
            return
        if case.state is State.TO_RATE:
            self._rate(desk, case, fate)
            return
        climbed = any("street" in rung or "district" in rung for rung in case.climbed)
        if case.emergency is not None and case.taken_by is None:
            yield worker_of(case.grid), Act.ANSWER, Given()
        if fate is Fate.IGNORED and not climbed:
            return
        if case.state in (State.TO_CONFIRM, State.ACCEPTED, State.TO_DISPATCH):
            yield from self._sort(desk, case)
        elif fate is Fate.RETURNED and case.returns < 2 and case.taken_by is None:
            others = set(desk.rules.taxonomy.departments) - {case.lead}
            wrong = self._dice.choice(sorted(others))
            yield handler_of(case.lead or "JS"), Act.HAND_BACK, Given("2", place=wrong)
        elif self._dice.random() < 0.5:
            yield from self._work(case, fate, climbed)

    def _sort(self, desk: Desk, case: Case) -> Iterator[tuple[str, Act, Given]]:
        moderator = moderator_of(case.grid)
        if case.item is None:
            guess = case.guesses[0] if case.guesses else "WY02"
            yield moderator, Act.SET, Given(guess)
        yield moderator, Act.CONFIRM, Given()
        item = desk.rules.taxonomy.items.get(case.item or "")
        lead = item.lead if item else "JS"
        for who in (moderator, STREET, DISTRICT):
            yield who, Act.SEND, Given(words="归你们管", place=lead)
        yield worker_of(case.grid), Act.TAKE, Given()

    def _work(self, case: Case, fate: Fate, climbed: bool) -> Iterator[tuple[str, Act, Given]]:
        hands = [STREET] if climbed and fate is Fate.IGNORED else []
        hands += [handler_of(case.lead)] if case.lead else []
        hands += [worker_of(case.grid), STREET]
        paper = fate is Fate.PAPER and not case.reopened
        words = PAPER_WORDS if paper else self._dice.choice(DONE_WORDS)
        for who in hands:
            if case.taken_by is None:
                yield who, Act.TAKE, Given()
        for who in hands:
            if case.state is State.SIGNED and self._dice.random() < 0.3:
                yield who, Act.REPORT, Given(words="配件到了，明天装")
            yield who, Act.FINISH, Given("不等", words=words)

    def _of_wish(self, desk: Desk, case: Case) -> Iterator[tuple[str, Act, Given]]:
        if case.state is State.REVIEW:
            yield moderator_of(case.grid), Act.PUBLISH, Given(words="想请人帮个小忙")
        elif case.state is State.PUBLISHED:
            self._press(desk, case, worker_of(case.grid), f"claim:{case.id}")
        elif case.state is State.CLAIMED:
            yield case.taken_by or worker_of(case.grid), Act.FINISH, Given(words="当天就送过去了")
        elif case.state is State.TO_RATE:
            self._rate(desk, case, Fate.WELL)

    def _rate(self, desk: Desk, case: Case, fate: Fate) -> None:
        """Half of the neighbours answer; most say so where nothing was done."""
        paper = fate is Fate.PAPER and not case.reopened
        if paper and self._dice.random() < 0.8:
            self._press(desk, case, case.reporter, f"bad:{case.id}")
        elif not paper and self._dice.random() < 0.5:
            self._press(desk, case, case.reporter, f"ok:{case.id}:{self._dice.randint(4, 5)}")

    def _press(self, desk: Desk, case: Case, who: str, data: str) -> None:
        desk.begin(f"press:{desk.now.isoformat()}:{data}", desk.now)
        try:
            press(desk, Pressed(group_of(case.grid), "b", Sender(who, who), data, desk.now))
        except NotNow:
            desk.undo()


def _around(case: Case) -> Iterator[str]:
    yield from (worker_of(case.grid), moderator_of(case.grid), STREET, DISTRICT, case.reporter)
    if case.lead:
        yield handler_of(case.lead)
    if case.taken_by:
        yield case.taken_by
