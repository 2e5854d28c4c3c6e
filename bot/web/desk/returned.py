"""退回来的: what came back, and waits for somebody to say whose it is.

The law of this file: only what this person sees and may correct, most urgent first; why it came back and
whose it would be stand beside it, and accepting that is one press. Of a private case no free word is shown.
The same number of queries however much came back.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.web.desk.case_rows import is_staff, rows_of
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRoute, Gate
from bot.web.desk.words_returned import RETURNED
from intake.cases import Case, CaseId, Entry
from intake.leading import in_arbitration, returned, right_to_send
from intake.lifecycle import Action, State
from intake.people import Person, PersonId, Right
from intake.phrases import case_named
from intake.sight import holds
from intake.taxonomy import Taxonomy, Visibility
from storage.case_search import Wanted
from storage.cases import CaseFilter
from storage.tx import Tx

PATH: Final = "/desk/returned"
_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Back:
    """What stands beside a case that came back. `to` is the department that is proposed, "" where words are;
    `may`: whether who looks may say where it goes."""

    version: int
    why: str
    whose: str
    to: str
    reason: str
    note: str
    may: bool


@dataclass(frozen=True, slots=True)
class Pile:
    """What came back, with the steps by which it did; `more`: there are others."""

    cases: list[Case]
    entries: Mapping[CaseId, Entry]
    people: Mapping[PersonId, Person]
    more: bool = False


def wanted_back(here: AtDesk) -> Wanted:
    """What came back to this person."""
    grids = [grid.id for grid in here.grids if here.person.may(Right.CORRECT, grid.path)]
    asked = CaseFilter(
        grids=grids, states=[State.TO_DISPATCH], returned=True, open_only=True, sight=here.sight
    )
    return Wanted(asked)


def count_back(tx: Tx, here: AtDesk, now: datetime) -> int:
    """How much came back."""
    return tx.case_search.summary(wanted_back(here), now).count if may_decide(here) else 0


def may_decide(here: AtDesk) -> bool:
    """Whether somebody says where anything goes."""
    return holds(here.person, Right.CORRECT)


def load_pile(tx: Tx, here: AtDesk, most: int) -> Pile:
    """The first cases that came back."""
    if not may_decide(here):
        return Pile([], {}, {})
    cases = tx.case_search.page(wanted_back(here), most + 1)
    entries = tx.cases.last_of([case.id for case in cases], Action.HAND_BACK)
    people = tx.people.many({one.actor for one in entries.values() if one.actor})
    return Pile(cases[:most], entries, people, len(cases) > most)


def backs_of(pile: Pile, here: AtDesk, taxonomy: Taxonomy) -> dict[CaseId, Back]:
    """What stands beside each of them."""
    paths = {grid.id: grid.path for grid in here.grids}
    return {
        case.id: _back(case, pile, taxonomy, here.person, paths.get(case.grid, ()))
        for case in pile.cases
    }


def _back(
    case: Case, pile: Pile, taxonomy: Taxonomy, person: Person, path: tuple[str, ...]
) -> Back:
    entry = pile.entries.get(case.id)
    reason, place = returned(entry.words) if entry else ("", "")
    department = taxonomy.departments.get(place)
    actor = pile.people.get(entry.actor or "") if entry else None
    who = actor.name if actor and is_staff(actor) else RETURNED["who"]
    may = person.may(right_to_send(case), path, case.departments)
    note = ""
    if in_arbitration(case):
        note = RETURNED["centre"] if may else RETURNED["waits"]
    return Back(
        version=case.version,
        why=RETURNED["why"].format(who=who, why=reason),
        whose=_whose(case, department.name if department else "", place),
        to=department.id if department else "",
        reason=RETURNED["accept_why"].format(why=reason),
        note=note,
        may=may,
    )


def _whose(case: Case, department: str, place: str) -> str:
    if department:
        return RETURNED["whose"].format(whose=department)
    if not place:
        return RETURNED["no_whose"]
    private = case.visibility is Visibility.PRIVATE
    return RETURNED["whose_inside"] if private else RETURNED["whose"].format(whose=place)


def names_of(backs: Iterable[Back], taxonomy: Taxonomy) -> dict[str, str]:
    """What the buttons call the departments that are proposed."""
    known = taxonomy.departments
    return {one.to: known[one.to].name for one in backs if one.to}


class ReturnedPage:
    """`/desk/returned`."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._taxonomy = taxonomy

    def routes(self) -> list[DeskRoute]:
        return [DeskRoute("GET", PATH, Gate.MODERATE, self.page)]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        now, taxonomy = self._guard.clock(), self._taxonomy
        pile = await self._guard.store.read(lambda tx: load_pile(tx, here, _MOST))
        backs = backs_of(pile, here, taxonomy)
        return self._guard.frame.page(
            "returned.html",
            here=here,
            at="/desk/cases",
            words=RETURNED,
            returning=RETURNED,
            rows=rows_of(pile.cases, pile.people, here.person.id, taxonomy, now),
            more=pile.more,
            backs=backs,
            names=names_of(backs.values(), taxonomy),
            came_from="returned",
            note=sent_note(request),
        )


def sent_note(request: web.Request) -> str:
    """What was just sent on from the pile."""
    of = request.query.get("sent", "")
    return RETURNED["done"].format(case=of) if of and case_named(of) == of else ""
