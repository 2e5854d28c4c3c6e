"""What the progress page tells of a case.

The law of this file: departments and never persons; of steps only those that concern a neighbour, and of
staff's words only those said to its reporter or to a group. Who merely shares a case reads what a group was
told of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from bot.web.report.words import (
    DANGER,
    DANGER_ALONE,
    NO_WORDS,
    OPENED,
    OVER,
    PROGRESS,
    STATES,
    STEPS,
    UNTIL,
    WAITS,
    WHO,
)
from bot.wording.danger import advice
from bot.wording.parts import Setting, when
from intake.cases import Case, Entry, LineRole
from intake.ladder import goes_up
from intake.leading import sent
from intake.lifecycle import STATE_NAMES, Action, CaseKind, State, actions_from
from intake.pausing import read_step
from intake.reading import Triage
from intake.taxonomy import Taxonomy, Visibility
from storage.photos import Counted
from storage.report_pages import Progress

_WAITS = frozenset({State.DRAFT, State.TO_CONFIRM, State.ACCEPTED, State.TO_DISPATCH})
_ROUTED = frozenset(
    {Action.DISPATCH, Action.HAND_BACK, Action.HAND_UP, Action.SEND_DOWN, Action.PASS_ON}
)
"""Steps that say whose it is: only the last of them is told."""
_DONE = frozenset({State.HANDLED, State.TO_RATE})


@dataclass(frozen=True)
class Told:
    """One case on the page. `steps` are (moment, sentence), oldest first; `again`: it was not fixed and is
    under way once more; `done` is what was done, for whoever rates it; `options` the two likeliest
    items of an open question, as (code, name); `photos` counts those sent here, `after` those of whoever
    works on it, where they are not shown; `work` names those that are."""

    id: str
    state: str
    sentence: str
    alarm: str
    note: str
    again: bool
    done: str
    who: str
    until: str
    said: Sequence[str]
    steps: Sequence[tuple[str, str]]
    options: Sequence[tuple[str, str]]
    private: bool
    may_rate: bool
    may_reopen: bool
    may_add: bool
    score: int | None
    photos: int
    after: int
    work: Sequence[str]


@dataclass(frozen=True)
class Teller:
    """Tells what a progress page found, as of `now`."""

    taxonomy: Taxonomy
    zone: tzinfo
    now: datetime

    def tell(self, progress: Progress) -> list[Told]:
        """Every case of the page, the newest first."""
        return [self._case(progress, case) for case in progress.cases]

    def _case(self, progress: Progress, own: Case) -> Told:
        case = progress.mains.get(own.merged_into or "", own)
        mine = case.reporter == progress.page.sender
        words = mine or (case.visibility is Visibility.GROUP and case.chat in progress.groups)
        entries = progress.entries.get(case.id, ())
        hidden = case.visibility is Visibility.PRIVATE and not mine
        return Told(
            id=own.id,
            state=STATE_NAMES[case.state],
            sentence=STATES[case.state],
            alarm=self._alarm(progress, case),
            note=_note(own, case, mine),
            again=bool(case.reopened) and case.is_open and case.state not in _DONE,
            done=STEPS[Action.FINISH].format(words=case.done_words) if case.done_words else "",
            who="" if hidden else self._who(case),
            until="" if hidden else self._until(case),
            said=[line.text for line in progress.lines if line.case == own.id and line.text],
            steps=[] if hidden else self._steps(case, entries, words),
            options=self._options(case) if mine else (),
            private=mine and case.visibility is Visibility.PRIVATE,
            may_rate=mine and case.state is State.TO_RATE,
            may_reopen=mine and case.state in (State.TO_RATE, State.CLOSED),
            may_add=Action.SUPPLEMENT in actions_from(case.kind, case.state),
            score=case.score if mine else None,
            photos=_count(progress, own, lambda one: one.chat == progress.page.chat),
            after=0 if hidden or words else _count(progress, case, _from_work),
            work=progress.work.get(case.id, ()) if words else (),
        )

    def _when(self, at: datetime) -> str:
        return when(at.isoformat(), Setting(self.now, self.zone))

    def _alarm(self, progress: Progress, case: Case) -> str:
        """What was said about the danger; for who only shares it, the number to call."""
        emergency = self.taxonomy.emergencies.get(case.emergency or "")
        if emergency is None or not case.is_open:
            return ""
        if progress.alarms:
            return progress.alarms[-1]
        sentence = DANGER if emergency.group_reply else DANGER_ALONE
        what = advice(emergency.code, emergency.call)
        return sentence.format(call=emergency.call, advice=what)

    def _who(self, case: Case) -> str:
        if not case.is_open:
            return ""
        if case.emergency is not None and case.taken_by is None:
            return WHO["duty"]
        if case.kind is CaseKind.WISH:
            return WHO["community"]
        department = self.taxonomy.departments.get(case.lead or "")
        if case.state in _WAITS or department is None:
            return WHO["staff"]
        return department.name

    def _until(self, case: Case) -> str:
        if not case.is_open or case.state in _DONE:
            return ""
        limits = [] if case.responded_at else [("respond", case.respond_due)]
        if case.kind is CaseKind.REQUEST:
            limits.append(("resolve", case.resolve_due))
        told = [self._limit(name, due) for name, due in limits if due is not None]
        mark = UNTIL["provisional"] if case.provisional and told else ""
        return "，".join(told) + mark

    def _limit(self, name: str, due: datetime) -> str:
        key = name if due >= self.now else f"late_{name}"
        return UNTIL[key].format(when=self._when(due))

    def _steps(self, case: Case, entries: Sequence[Entry], words: bool) -> list[tuple[str, str]]:
        told = [(self._when(case.opened_at), OPENED)]
        routed = [entry.seq for entry in entries if entry.action in _ROUTED]
        for entry in entries:
            if entry.action in _ROUTED and entry.seq != routed[-1]:
                continue  # how it came to whoever has it is not the neighbour's trouble
            sentence = self._step(case, entry, words)
            if sentence:
                told.append((self._when(entry.at), sentence))
        return told

    def _step(self, case: Case, entry: Entry, words: bool) -> str:
        if entry.action is Action.DISPATCH:
            department = self.taxonomy.departments.get(sent(entry.words).department)
            return STEPS[Action.DISPATCH].format(department=department.name) if department else ""
        if entry.action is Action.FINISH and entry.actor == case.reporter:
            return OVER
        if entry.action is Action.RATE and not entry.words.isdigit():
            return ""
        if entry.action is Action.ESCALATE and not goes_up(entry.words):
            return ""
        sentence = STEPS.get(entry.action, "")
        if entry.action in NO_WORDS and not (words and entry.words):
            return NO_WORDS[entry.action]
        if entry.action is Action.PAUSE:
            reason, day, why = read_step(entry.words)
            until = date.fromisoformat(day)
            waits = WAITS.format(reason=reason, words=why, day=f"{until.month}月{until.day}日")
            return sentence.format(words=waits)
        return sentence.format(words=entry.words)

    def _options(self, case: Case) -> list[tuple[str, str]]:
        if case.state is not State.TO_CONFIRM or case.triage is not Triage.ASK:
            return []
        items = self.taxonomy.items
        return [(code, items[code].name) for code in case.guesses if code in items][:2]


def _count(progress: Progress, case: Case, wanted: Callable[[Counted], bool]) -> int:
    return sum(one.count for one in progress.photos.get(case.id, ()) if wanted(one))


def _from_work(one: Counted) -> bool:
    return one.role is LineRole.REPORT_BACK


def _note(own: Case, case: Case, mine: bool) -> str:
    if own.id != case.id:
        return PROGRESS["merged"].format(number=case.id)
    if not mine:
        return PROGRESS["joined"].format(voices=case.voices)
    return ""
