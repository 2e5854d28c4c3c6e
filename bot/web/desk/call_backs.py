"""请回访: what closed without its reporter's word, drawn to be asked about.

The law of this file: only what this person sees, may ask about and did not close; of a private case no free
word. One press says what came of it. The same number of queries however much there is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.web.desk.case_rows import is_staff, rows_of
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRoute, Gate
from bot.web.desk.menu import CALL_BACKS as PATH
from bot.web.desk.menu import calls_in
from bot.web.desk.words_call_backs import CALL_BACKS, OUTCOME_NAMES
from intake.cases import Case
from intake.people import Person, PersonId
from intake.phrases import case_named
from intake.taxonomy import Taxonomy, Visibility
from storage.tx import Tx

_MOST: Final = 60


@dataclass(frozen=True, slots=True)
class Closed:
    """What stands beside a case: the version that its buttons need, what was done, and when it closed."""

    version: int
    words: str
    at: str


class CallBackPage:
    """`/desk/call-backs`."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, CALL_BACKS["menu"], Gate.CALL_BACK),)

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._taxonomy = taxonomy

    def routes(self) -> list[DeskRoute]:
        return [DeskRoute("GET", PATH, Gate.CALL_BACK, self.page)]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        now = self._guard.clock()
        cases, people = await self._guard.store.read(lambda tx: _find(tx, here))
        shown = cases[:_MOST]
        of = request.query.get("sent", "")
        note = CALL_BACKS["asked"].format(case=of) if of and case_named(of) == of else ""
        return self._guard.frame.page(
            "call_backs.html",
            here=here,
            at=PATH,
            words=CALL_BACKS,
            outcomes=OUTCOME_NAMES,
            rows=rows_of(shown, people, here.person.id, self._taxonomy, now),
            closed={case.id: self._closed(case, people) for case in shown},
            more=len(cases) > _MOST,
            note=note,
        )

    def _closed(self, case: Case, people: dict[PersonId, Person]) -> Closed:
        closer = people.get(case.done_by or "")
        who = closer.name if closer and is_staff(closer) else CALL_BACKS["closer"]
        hidden = case.visibility is Visibility.PRIVATE or not case.done_words
        words = "" if hidden else CALL_BACKS["done_words"].format(who=who, words=case.done_words)
        at = CALL_BACKS["closed"].format(at=self._guard.frame.when(case.closed_at))
        return Closed(case.version, words, at)


def _find(tx: Tx, here: AtDesk) -> tuple[list[Case], dict[PersonId, Person]]:
    grids = calls_in(here.person, here.grids)
    cases = tx.call_backs.due(grids, here.sight, here.person.id, _MOST + 1)
    named = {person for case in cases for person in (case.done_by, case.taken_by) if person}
    return cases, tx.people.many(named)
