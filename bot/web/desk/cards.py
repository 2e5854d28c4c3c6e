"""A case as a card of the uncertain queue.

The law of this file: what stands on a card, and what may be done on it, is decided here from the case, the
grids and the person, without a query. The words of a private case stand on no card of a list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.web.desk.weighing import Marked
from intake.acting import possible_acts
from intake.acts import Act
from intake.cases import Case
from intake.desk import Desk
from intake.facts import Facts
from intake.grids import Grid
from intake.lifecycle import CaseKind, State
from intake.people import Person
from intake.reading import Triage
from intake.rules import Rules
from intake.taxonomy import Level, Visibility
from intake.wordless import is_wordless

WAITING = frozenset({State.TO_CONFIRM, State.REVIEW})
"""States in which a case waits for somebody to look at it."""

SUGGESTED = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An item that it may be; `act` is what choosing it does."""

    item: str
    name: str
    department: str
    act: Act = Act.SET


@dataclass(frozen=True, slots=True)
class Card:
    """`said` is empty where the words are covered. `now` is the item that a decided case has."""

    case: Case
    where: str
    suggestions: tuple[Suggestion, ...]
    acts: frozenset[Act]
    said: Marked = ()
    covered: bool = False
    late: bool = False
    now: Suggestion | None = None

    @property
    def wordless(self) -> bool:
        """Whether it is a photo of which nobody has said anything."""
        return is_wordless(self.case)

    @property
    def waits(self) -> bool:
        return self.case.state in WAITING

    @property
    def likely(self) -> bool:
        """Whether the machine was fairly sure of its first guess: it asked the reporter, not only us."""
        return self.case.triage is Triage.ASK

    @property
    def urgent(self) -> bool:
        return self.case.level is Level.A

    @property
    def wish(self) -> bool:
        return self.case.kind is CaseKind.WISH


class Dealer:
    """Makes cards. `grids` are those of the cases."""

    def __init__(self, rules: Rules, grids: Mapping[str, Grid], now: datetime) -> None:
        self._rules = rules
        self._now = now
        self._desk = Desk(rules, Facts(grids=dict(grids)), now)

    def acts(self, case: Case, person: Person) -> frozenset[Act]:
        """What may be done, by the rules of every act; rights come from the grids alone."""
        return frozenset(possible_acts(self._desk, case, person))

    def card(self, case: Case, acts: Iterable[Act], said: Marked | None) -> Card:
        """`said` None covers the words."""
        may = frozenset(acts)
        waits = case.state in WAITING
        return Card(
            case=case,
            where=self._desk.grid(case.grid).name,
            suggestions=self._suggestions(case, waits) if Act.SET in may else (),
            acts=may,
            said=said or (),
            covered=said is None,
            late=case.respond_due is not None and case.respond_due < self._now,
            now=self.suggestion(case.item) if case.item and not waits else None,
        )

    def suggestion(self, item: str, act: Act = Act.SET) -> Suggestion | None:
        """An item by its code; None for one that the taxonomy no longer has."""
        taxonomy = self._rules.taxonomy
        about = taxonomy.items.get(item)
        if about is None:
            return None
        return Suggestion(item, about.name, taxonomy.departments[about.lead].name, act)

    def _suggestions(self, case: Case, waits: bool) -> tuple[Suggestion, ...]:
        """The likeliest items; what the case is already, only where that waits to be confirmed."""
        confirms = case.state is State.TO_CONFIRM
        first = [case.item] if case.item else []
        codes = [c for c in dict.fromkeys([*first, *case.guesses]) if confirms or c != case.item]
        made = (
            self.suggestion(code, Act.CONFIRM if code == case.item else Act.SET) for code in codes
        )
        return tuple([one for one in made if one is not None][:SUGGESTED])


def is_covered(case: Case) -> bool:
    """Whether a list keeps the words of this case to itself."""
    return case.visibility is Visibility.PRIVATE
