"""What others than the lead owe to a case, as its page shows it.

The law of this file: staff and departments by name, with what was asked, until when, and what was answered;
all of it stands inside and is shown to those who see the case.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from bot.web.desk.words_case import TIER_NAMES
from bot.web.desk.words_cases import left
from bot.web.desk.words_joint import JOINT, KIND_NAMES, late_words, name_of, outcome_of
from intake.acts import Act
from intake.cases import Case
from intake.joint_parts import JointPart, PartKind
from intake.lifecycle import Action
from intake.parts import owed_by_others, told_of
from intake.people import Person, PersonId
from intake.taxonomy import Taxonomy
from intake.tiers import tier_of


@dataclass(frozen=True, slots=True)
class PartView:
    """`end` is what a form sends to wait for it no longer, "" where that is not to be offered."""

    what: str
    kind: str
    name: str
    asked: str
    by: str
    due: datetime
    left: str
    late: bool
    outcome: str
    answer: str
    answered_at: datetime | None
    end: str = ""


@dataclass(frozen=True, slots=True)
class JointView:
    """The parts of a case, open ones first. `open` names who has not answered, `waits` why the district is
    asked; `end_whistle`: the call may be ended by who looks; `mine` is what they owe themselves."""

    parts: Sequence[PartView]
    open: str
    waits: str
    end_whistle: bool
    mine: Sequence[PartView] = ()


def joint_view(
    case: Case,
    possible: Sequence[Act],
    departments: frozenset[str],
    people: Mapping[PersonId, Person],
    taxonomy: Taxonomy,
    now: datetime,
) -> JointView:
    """The parts as somebody of these departments sees them who may do what is `possible`."""
    ends = Act.END_PARTS in possible
    ordered = sorted(case.parts, key=lambda part: (not part.is_open, part.asked_at))
    owed = dict.fromkeys(name_of(part.department, taxonomy) for part in owed_by_others(case))
    up = next((part for part in case.open_parts if part.kind is PartKind.BEYOND), None)
    whistled = any(part.kind is PartKind.WHISTLE for part in case.open_parts)
    return JointView(
        [_part(part, ends, people, taxonomy, now) for part in ordered],
        "、".join(owed),
        JOINT["waits"].format(why=up.asked) if up else "",
        ends and whistled and Act.WHISTLE in possible,
        [
            _part(part, False, people, taxonomy, now)
            for part in owed_by_others(case)
            if part.department in departments
        ],
    )


def _part(
    part: JointPart,
    ends: bool,
    people: Mapping[PersonId, Person],
    taxonomy: Taxonomy,
    now: datetime,
) -> PartView:
    asker = people.get(part.asked_by)
    joint = part.kind is PartKind.JOINT
    return PartView(
        what=f"mine_{part.kind.value}",
        kind=KIND_NAMES[part.kind],
        name=name_of(part.department, taxonomy),
        asked=part.asked,
        by=JOINT["asked_by"].format(who=asker.name) if asker else "",
        due=part.due,
        left=left(part.due, now) if part.is_open else "",
        late=part.is_open and part.due < now,
        outcome=outcome_of(part.kind, part.outcome),
        answer=part.answer,
        answered_at=part.answered_at,
        end=f"{part.kind.value}:{part.department}" if ends and joint and part.is_open else "",
    )


def row_tag(case: Case, departments: frozenset[str], now: datetime) -> tuple[str, bool]:
    """What a row of the queue says of parts to somebody of these departments, and whether it is late."""
    mine = [part for part in owed_by_others(case) if part.department in departments]
    if mine:
        first = min(mine, key=lambda part: part.due)
        what = JOINT["row_whistle" if first.kind is PartKind.WHISTLE else "row_joint"]
        return JOINT["row_left"].format(what=what, left=left(first.due, now)), first.due < now
    up = [part for part in case.open_parts if part.kind is PartKind.BEYOND]
    some = up or owed_by_others(case)
    if not some:
        return "", False
    said = JOINT["row_up"] if up else JOINT["row_owed"].format(count=len(some))
    return said, any(part.due < now for part in some)


def step_words(action: Action, words: str, taxonomy: Taxonomy) -> str | None:
    """What was said with a step about parts, tiers or levels; None where it is another."""
    if action is Action.JOINT_LATE:
        return late_words(words, taxonomy)
    if action is Action.PASS_ON:
        tier, why = tier_of(words)
        return "：".join(filter(None, (TIER_NAMES[tier] if tier else "", why)))
    if action is Action.END_PART:
        words = words.partition(" ")[2]
    if action not in _OF_DEPARTMENTS:
        return None
    codes, said = told_of(words)
    return "：".join(
        filter(None, ("、".join(name_of(code, taxonomy) for code in codes), _day(said)))
    )


_OF_DEPARTMENTS: Final = frozenset(
    {Action.ASK_JOINT, Action.WHISTLE, Action.REPORT_IN, Action.JOINT_NOTE, Action.JOINT_DONE}
    | {Action.JOINT_DECLINE, Action.END_PART}
)


def _day(said: str) -> str:
    """With a day before what is asked, the day as people say it."""
    day, _, rest = said.partition(" ")
    try:
        until = datetime.fromisoformat(day)
    except ValueError:
        return said
    return f"{rest}（{until.month}月{until.day}日前）"
