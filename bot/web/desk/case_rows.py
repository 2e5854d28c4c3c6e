"""Cases as rows of the queue.

The law of this file: of a private case a row has its number, its item and its times, and not one word; no
neighbour is named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.web.desk.joint_view import row_tag
from bot.web.desk.words_cases import CASES, time_left
from bot.web.desk.words_limits import above
from bot.web.desk.words_supervision import SUPERVISION
from bot.wording.item_names import item_name
from intake.cases import Case, CaseId
from intake.lifecycle import State
from intake.pausing import PAUSE_REASONS
from intake.people import STAFF_ROLES, Person, PersonId
from intake.taxonomy import Level, Taxonomy, Visibility
from intake.urgency import ANSWERED, awaits_answer, next_due


@dataclass(frozen=True, slots=True)
class CaseRow:
    """What a row shows; `picked` is what its check box stands for."""

    id: CaseId
    picked: str
    state: State
    urgent: bool
    private: bool
    again: bool
    above: str
    paused: str
    supervised: str
    emergency: str
    said: str
    place: str
    item: str
    department: str
    holder: str
    left: str
    late: bool
    voices: int
    joint: str
    joint_late: bool


def rows_of(
    cases: Iterable[Case],
    people: Mapping[PersonId, Person],
    me: PersonId,
    taxonomy: Taxonomy,
    now: datetime,
    departments: frozenset[str] = frozenset(),
) -> list[CaseRow]:
    """The rows of some cases, in their order, as somebody of these departments reads them."""
    return [_row(case, people, me, taxonomy, now, departments) for case in cases]


def is_staff(person: Person | None) -> bool:
    """Whether somebody's name may stand on a page: they work here."""
    return person is not None and any(grant.role in STAFF_ROLES for grant in person.grants)


def is_again(case: Case) -> bool:
    """Whether it is under way once more because somebody said 没好."""
    return case.reopened > 0 and case.is_open and case.state not in ANSWERED


def _row(
    case: Case,
    people: Mapping[PersonId, Person],
    me: PersonId,
    taxonomy: Taxonomy,
    now: datetime,
    departments: frozenset[str],
) -> CaseRow:
    private = case.visibility is Visibility.PRIVATE
    lead = taxonomy.departments.get(case.lead or "")
    danger = taxonomy.emergencies.get(case.emergency or "")
    due = next_due(case) if case.is_open else None
    joint, joint_late = row_tag(case, departments, now)
    return CaseRow(
        id=case.id,
        picked=f"{case.id}@{case.version}",
        state=case.state,
        urgent=case.level is Level.A or danger is not None,
        private=private,
        again=is_again(case),
        above=above(case),
        supervised=SUPERVISION["tag"] if case.is_supervised else "",
        paused=PAUSE_REASONS.get(case.paused_why or "", ""),
        emergency=danger.name if danger and not private else "",
        said="" if private else case.said,
        place="" if private else case.place or CASES["no_place"],
        item=item_name(taxonomy, case.item, CASES["no_item"]),
        department=lead.name if lead else "",
        holder=_holder(case, people, me),
        left=_left(case, due, now),
        late=due is not None and due < now,
        voices=case.voices,
        joint=joint,
        joint_late=joint_late,
    )


def _left(case: Case, due: datetime | None, now: datetime) -> str:
    if case.state in ANSWERED:
        return CASES["awaiting"]
    return time_left(awaits_answer(case), due, now) if due else ""


def _holder(case: Case, people: Mapping[PersonId, Person], me: PersonId) -> str:
    if case.taken_by is None:
        return CASES["nobody"]
    if case.taken_by == me:
        return CASES["me"]
    person = people.get(case.taken_by)
    return person.name if person is not None and is_staff(person) else CASES["helper"]
