"""Whatever people press and whenever clocks fire: every open case is somebody's, and has a next date."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from unit_samples import GRID, GROUP, NOW, a_case, a_desk

from intake.acting import act, possible_acts
from intake.acts import (
    Act,
    EmptyWords,
    Given,
    NoSuchChoice,
    NoSuchPlace,
    NotAllowed,
    PartsOpen,
    WordsMissing,
)
from intake.alarming import alert_next
from intake.cases import Case, Entry, Timer, TimerKind
from intake.commands import Pressed, Sender
from intake.days import NoSuchDate
from intake.facts import Changes
from intake.joint_parts import PartKind
from intake.lifecycle import Action, CaseKind, NotNow, State
from intake.merging import CannotMerge, MayNotMerge, merge
from intake.opening import dispatch, start_clocks
from intake.part_clock import next_at
from intake.parts import TooMany
from intake.pausing import MOST_PAUSES, PAUSE_REASONS
from intake.people import Grant, Person, Role
from intake.pressing import press
from intake.reading import Triage
from intake.taxonomy import Level
from intake.timing import fire
from intake.unmerging import Trace, unmerge

PEOPLE = {
    "web:wang": Person("web:wang", "王阿姨", private=("web", "p-wang"), home=GRID),
    "web:chen": Person("web:chen", "小陈", (Grant(Role.GRID_WORKER, GRID),), ("web", "p-chen")),
    "web:sun": Person("web:sun", "孙姐", (Grant(Role.MODERATOR, GRID),), ("web", "p-sun")),
    "web:wu": Person("web:wu", "老吴", (Grant(Role.DEPARTMENT, "JS"),), ("web", "p-wu")),
    "web:fang": Person("web:fang", "方主任", (Grant(Role.STREET, "S"),), ("web", "p-fang")),
    "web:qu": Person("web:qu", "区值班", (Grant(Role.DISTRICT, "D"),), ("web", "p-qu")),
    "web:zhao": Person("web:zhao", "老赵", (Grant(Role.DEPARTMENT, "HW"),), ("web", "p-zhao")),
}
REFUSED = (
    NotNow,
    NotAllowed,
    WordsMissing,
    NoSuchChoice,
    NoSuchPlace,
    NoSuchDate,
    PartsOpen,
    TooMany,
    EmptyWords,
)
ENDS = {Act.NOT_A_CASE, Act.REJECT, Act.FALSE_ALARM}
FIRST, SECOND = f"{GRID}-1", f"{GRID}-2"
BUTTONS = (
    *("take", "no", "pick:SZ03", "set:WY01", "set:GY01", "back:1:HW", "back:2:ZF", "ok:4", "bad"),
    *("come", "pdone", "psay", "pno", "pass"),
    *("solved", "mine", "false", "ext:y", "ext:n", "pau:y", "still", "pub", "claim", "drop"),
)

KINDS = ("may",) * 8 + ("press",) * 3 + ("rates",) * 4 + ("wait",) * 3 + ("act", "merge", "unmerge")
"""Mostly what a page offers, so that a walk gets far; sometimes what nobody may."""


def a_given(dice: Random) -> Given:
    return Given(
        dice.choice(("1", "SZ03", "WY01", "GY01", "", "不等", "whistle", "joint:HW")),
        dice.choice(("换了灯头，试过亮了", "已经联系师傅", "")),
        dice.choice(("HW", "JS", "ZF", "HW、ZF", "")),
        day=(NOW + timedelta(days=dice.randint(0, 40))).date().isoformat(),
    )


def a_step(dice: Random) -> tuple[Any, ...]:
    kind, case, who = dice.choice(KINDS), dice.choice((FIRST, SECOND)), dice.choice(sorted(PEOPLE))
    match kind:
        case "may":
            return kind, case, who, dice.randint(0, 99), a_given(dice)
        case "act":
            return kind, case, who, dice.choice(list(Act)), a_given(dice)
        case "press":
            return kind, case, who, dice.choice(BUTTONS)
        case "rates":
            return "press", case, "web:wang", dice.choice(("bad", "bad", "ok:4"))
        case "wait":
            return kind, dice.choice((1, 5, 30, 100, 400))
        case _:
            return kind, case, who


class Walk:
    """Two cases of one grid, and everything that can happen to them."""

    def __init__(self, opened: list[tuple[Triage, Level, str | None]]) -> None:
        self.desk = a_desk()
        self.desk.facts.people = dict(PEOPLE)
        self.timers: dict[str, Timer] = {}
        self.entries: list[Entry] = []
        for number, (triage, level, danger) in enumerate(opened, 1):
            self._open(number, triage, level, danger)

    def _open(self, number: int, triage: Triage, level: Level, danger: str | None) -> None:
        triage = Triage.AUTO if danger else triage
        limits = {"respond_due": NOW + timedelta(hours=4), "resolve_due": NOW + timedelta(days=3)}
        made = a_case(
            id=f"{GRID}-{number}", number=number, message=f"m{number}", state=State.DRAFT,
            triage=triage, level=Level.A if danger else level, emergency=danger, **limits,
        )  # fmt: skip
        case = self.desk.add_case(made)
        if triage is Triage.AUTO:
            case = dispatch(self.desk, self.desk.act(case, Action.ACCEPT, None))
        else:
            case = self.desk.act(case, Action.DOUBT, None)
        start_clocks(self.desk, case)
        if danger:
            alert_next(self.desk, case)
        self._keep()

    def take(self, step: tuple[Any, ...]) -> None:
        self.desk.begin(f"step:{step}", self.desk.now)
        try:
            getattr(self, f"_{step[0]}")(*step[1:])
        except (*REFUSED, CannotMerge, MayNotMerge):
            self.desk.undo()
        self._keep()

    def _keep(self) -> None:
        """As saving does: the timers that stand, the timeline, and nothing else is pending."""
        for key, timer in self.desk.changes.timers.items():
            self.timers.pop(key, None)
            if timer is not None:
                self.timers[key] = timer
        self.entries += self.desk.changes.entries
        self.desk.changes = Changes()

    def _act(self, id: str, who: str, what: Act, given: Given) -> None:
        act(self.desk, self.desk.facts.cases[id], PEOPLE[who], what, given)

    def _may(self, id: str, who: str, which: int, given: Given) -> None:
        """One of the acts that the page offers this person, with words that are good enough."""
        case = self.desk.facts.cases[id]
        offered = [a for a in possible_acts(self.desk, case, PEOPLE[who]) if a not in ENDS]
        if offered:
            words = given.words or "换了灯头，试过亮了"
            what = offered[which % len(offered)]
            today = what in (Act.PAUSE, Act.SUPERVISE)
            start = self.desk.now if today else max(self.desk.now, case.resolve_due or NOW)
            good = replace(
                given, words=words, day=(start + timedelta(days=which % 9)).date().isoformat()
            )
            if what is Act.PAUSE:
                good = replace(good, choice=sorted(PAUSE_REASONS)[which % len(PAUSE_REASONS)])
            self._act(id, who, what, good)

    def _press(self, id: str, who: str, data: str) -> None:
        action, _, rest = data.partition(":")
        if action in ("ext", "pau"):
            asked = self.desk.facts.cases[id].asked_until
            rest += f":{asked.date().isoformat()}" if asked else ":2026-12-01"
        pressed = Pressed(
            GROUP, "b1", Sender(who, who), f"{action}:{id}:{rest}", self.desk.now, False
        )
        press(self.desk, pressed)

    def _merge(self, id: str, who: str) -> None:
        cases = self.desk.facts.cases
        merge(self.desk, [cases[id]], cases[SECOND if id == FIRST else FIRST], PEOPLE[who])

    def _unmerge(self, id: str, who: str) -> None:
        unmerge(self.desk, self.desk.facts.cases[id], PEOPLE[who], Trace(self.entries))

    def _wait(self, hours: int) -> None:
        end = self.desk.now + timedelta(hours=hours)
        self._keep()
        for _ in range(2000):
            due = min(self.timers.values(), key=lambda timer: (timer.due, timer.key), default=None)
            if due is None or due.due > end:
                break
            self.desk.now = max(self.desk.now, due.due)
            for _ in range(2):  # a kill between acting and noting it: the same again
                self.desk.begin("timer", self.desk.now)
                fire(self.desk, due)
            self._keep()
            self.check()
        else:
            raise AssertionError("the clocks go round and round")
        self.desk.now = end

    def check(self) -> None:
        for case in self.desk.facts.cases.values():
            if case.is_open:
                assert owner(case), case
                assert self._next(case), (case, self.timers)
                self._parts(case)
            else:
                assert not case.open_parts, case
            assert len(case.climbed) == len(set(case.climbed))
            assert case.asked_until is None or case.state in (State.SIGNED, State.WORKING)
            assert case.extensions <= 2
            assert case.pauses <= MOST_PAUSES
            if case.is_paused:
                self._check_pause(case)
            if case.is_supervised and case.is_open and case.state is not State.TO_RATE:
                kinds = {t.kind for t in self.timers.values() if t.subject == case.id}
                assert TimerKind.SUPERVISION in kinds, "the next report is owed by a day"

    def _check_pause(self, case: Case) -> None:
        """Somebody has it in hand, it ends by itself, and nobody is told that it is late before that."""
        assert case.state in (State.SIGNED, State.WORKING)
        assert case.level is not Level.A
        assert case.paused_until is not None
        assert case.resolve_due is not None
        assert case.resolve_due >= case.paused_until
        assert any(t.kind is TimerKind.PAUSE and t.subject == case.id for t in self.timers.values())

    def _parts(self, case: Case) -> None:
        """Whoever owes a part is named, sees the case, and hears of it in time."""
        clock = self.timers.get(f"{TimerKind.JOINT.value}|{case.id}")
        assert clock is not None or not case.open_parts, case
        for part in case.open_parts:
            assert part.department in case.departments or part.kind is PartKind.BEYOND, case
            assert clock is not None
            assert clock.due <= next_at(part, case.level)

    def _next(self, case: Case) -> list[Timer]:
        """The clocks that will bring it before somebody again; one that is past strikes at once."""
        if case.state is State.TO_RATE:
            kinds = {TimerKind.RATING}
        else:
            kinds = {TimerKind.RESPOND_DUE, TimerKind.RESOLVE_DUE}
        own = (timer for timer in self.timers.values() if timer.subject == case.id)
        return [timer for timer in own if timer.kind in kinds]


def owner(case: Case) -> str | None:
    """Who owes the next step: hands, a department, whoever looks at the queue, or neighbours."""
    if case.state is State.TO_RATE:
        return case.reporter
    if case.kind is CaseKind.WISH:
        return "neighbours" if case.state is not State.REVIEW else "moderators"
    if case.state in (State.TO_CONFIRM, State.TO_DISPATCH):
        return "moderators"
    return case.taken_by or case.lead


@settings(max_examples=120, deadline=None, derandomize=True)
@given(st.integers(0, 2**32))
def test_no_path_leaves_a_case_without_an_owner_and_a_next_date(seed: int) -> None:
    dice = Random(seed)
    opened = [
        (dice.choice(list(Triage)), dice.choice(list(Level)), dice.choice((None, None, "E01")))
        for _ in range(2)
    ]
    walk = Walk(opened)
    walk.check()
    for _ in range(40):
        walk.take(a_step(dice))
        walk.check()
