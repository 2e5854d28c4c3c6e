"""The menu over every page: what is in it, what of it a phone shows at once, and what waits behind it.

The law of this file: at a table all of it stands there; on a phone the four that a role needs most, the rest
one press away. What is counted is told from what is remembered of the open cases, without a query, and only
what one may see; what is to be asked about is closed and counted by one small query, for those who ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from bot.web.desk.words import COUNTS
from intake.grids import Grid
from intake.lifecycle import State
from intake.people import Person, Right, Role
from intake.sight import Sight
from storage.open_rows import Open, is_seen

if TYPE_CHECKING:
    from bot.web.desk.guard import Gate

AT_ONCE: Final = 4
"""Tabs of a phone. One more is shown rather than put away alone."""
REVIEW: Final = "/desk/review"
CALL_BACKS: Final = "/desk/call-backs"
CASES: Final = "/desk/cases"
WAITING: Final = ((Right.CORRECT, State.TO_CONFIRM), (Right.MODERATE_WISH, State.REVIEW))
"""Which cases wait for a look, and whose look it is."""

NEEDED: Final[dict[Role, tuple[str, ...]]] = {
    Role.GRID_WORKER: ("/desk/today", "/desk/field", CASES, REVIEW),
    Role.PROPERTY: ("/desk/today", "/desk/field", CASES, "/desk/figures"),
    Role.MODERATOR: (REVIEW, CASES, "/desk/quality", "/desk/figures"),
    Role.DEPARTMENT: (CASES, "/desk/figures", "/desk/codes", "/desk/cover"),
    Role.STREET: ("/desk/figures", CASES, REVIEW, "/desk/town"),
    Role.DISTRICT: ("/desk/figures", CASES, REVIEW, "/desk/town"),
    Role.ADMIN: ("/desk/town", "/desk/words", "/desk/models"),
    Role.AUDITOR: ("/desk/records",),
}


@dataclass(frozen=True, slots=True)
class Tab:
    """A page in the menu; `counts` are (number, what it counts); `rest`: on a phone it is put away."""

    path: str
    name: str
    counts: tuple[tuple[int, str], ...] = ()
    rest: bool = False


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits, by the page where it waits: each as (number, what it counts)."""

    of: dict[str, tuple[tuple[int, str], ...]] = field(default_factory=dict)


def counts_of(
    person: Person, sight: Sight, grids: Sequence[Grid], known: Open, to_call: int = 0
) -> Counts:
    """What waits for somebody: looks, their own open cases, what was handed back, and what they are to ask
    about."""
    looks = sum(
        _in_state(known, sight, _reached(person, grids, right), state) for right, state in WAITING
    )
    mine = sum(
        len(rows.taken.get(hands, ())) for rows in known.grids.values() for hands in sight.hands
    )
    returned = _in_state(known, sight, _reached(person, grids, Right.CORRECT), State.TO_DISPATCH)
    found = {
        REVIEW: ((looks, COUNTS["looks"]),),
        CASES: ((mine, COUNTS["mine"]), (returned, COUNTS["returned"])),
        CALL_BACKS: ((to_call, COUNTS["to_call"]),),
    }
    return Counts({path: tuple(one for one in some if one[0]) for path, some in found.items()})


def calls_in(person: Person, grids: Iterable[Grid]) -> list[str]:
    """The grids in which somebody asks about what closed by silence."""
    return _reached(person, grids, Right.CALL_BACK)


def _reached(person: Person, grids: Iterable[Grid], right: Right) -> list[str]:
    return [grid.id for grid in grids if person.may(right, grid.path)]


def _in_state(known: Open, sight: Sight, grids: Iterable[str], state: State) -> int:
    return sum(
        is_seen(row, sight)
        for grid in grids
        if grid in known.grids and (some := known.grids[grid].by_state.get(state))
        for row in some.rows
    )


def tabs(entries: Sequence[tuple[str, str, Gate]], person: Person, counts: Counts) -> list[Tab]:
    """The menu of a person, in its order at a table."""
    mine = [(path, name) for path, name, gate in entries if gate.opens(person)]
    first = _first(person, [path for path, _ in mine])
    return [Tab(path, name, counts.of.get(path, ()), path not in first) for path, name in mine]


def _first(person: Person, paths: Sequence[str]) -> Sequence[str]:
    """Those that a phone shows at once."""
    if len(paths) <= AT_ONCE + 1:
        return paths
    held = {grant.role for grant in person.held}
    needed = [path for role, some in NEEDED.items() if role in held for path in some]
    return [path for path in dict.fromkeys((*needed, *paths)) if path in paths][:AT_ONCE]
