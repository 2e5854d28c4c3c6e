"""Which case a line is about, by its words and by what its group talks of.

The law of this file: the desk's facts become what `fitting` weighs; who may be thought of is the caller's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from intake.cases import Case, CaseId, Line
from intake.desk import Desk
from intake.fitting import Fit, Spoken, Told, fits
from intake.grids import ChatRef
from intake.heard import Heard
from intake.matching import OUTAGES, places_agree
from intake.people import STAFF_ROLES, Role
from intake.reading import Reading
from intake.steering import quoted_case
from intake.taxonomy import Visibility

WORKERS = STAFF_ROLES | {Role.VOLUNTEER, Role.PARTY_MEMBER}
"""Whose words may be words of work."""

MOST = 15
"""So many of each sort are weighed: a group that talks of more cannot be told apart anyway."""

LIKELY = 0.35
"""From this chance on a line is about a case."""
AT_WORK = 0.25
"""A word of work is about something: the likeliest case is taken from a lower chance on."""


def about(desk: Desk, heard: Heard, cases: Iterable[Case]) -> list[Fit]:
    """The chance for each of these cases that the line is about it, the likeliest first."""
    lines = _lines(desk)
    near = _near(cases, lines, heard)
    told = [_told(desk, case, lines.get(case.id, ())) for case in near]
    return fits(desk.rules.taxonomy, _spoken(desk, heard), told)


def likeliest(
    desk: Desk, heard: Heard, cases: Iterable[Case], least: float = LIKELY
) -> Case | None:
    """The one that the line is about, or None."""
    found = about(desk, heard, cases)
    return found[0].case if found and found[0].chance >= least else None


def talked_of(desk: Desk, heard: Heard, grid: str) -> list[Case]:
    """The open cases of which this person may speak in a group: those of its grid, and those of others that
    it follows."""
    return [
        case
        for case in (*desk.open_cases(grid), *from_next_door(desk, heard.said.chat, grid))
        if case.visibility is not Visibility.PRIVATE or case.reporter == heard.person.id
    ]


def from_next_door(desk: Desk, chat: ChatRef, grid: str) -> list[Case]:
    """Open cases of other grids that somebody follows from this chat, or that were told in it: their place
    is the other grid's, or went there since."""
    return [
        case
        for case in desk.facts.cases.values()
        if case.grid != grid and case.is_open and is_known_in(desk, case, chat)
    ]


def is_known_in(desk: Desk, case: Case, chat: ChatRef) -> bool:
    """Whether a case was told in this chat, or is followed from it."""
    return case.chat == chat or any(one.chat == chat for one in desk.followers(case.id))


def elsewhere(case: Case, reading: Reading) -> bool:
    """Whether a call is of another place than the case; an outage is in many."""
    return case.item not in OUTAGES and places_agree(case.place, reading.place) is False


def is_worker(desk: Desk, heard: Heard, grid: str) -> bool:
    """Whether it may be their work to see to what is asked for here."""
    of_department = any(grant.role is Role.DEPARTMENT for grant in heard.person.held)
    return of_department or heard.person.has_role_in(WORKERS, desk.grid(grid).path)


def _near(
    cases: Iterable[Case], lines: Mapping[CaseId, tuple[Line, ...]], heard: Heard
) -> list[Case]:
    """Those that are worth weighing: their own, what was spoken of last, and what the words may name."""
    likely = {guess.item for guess in heard.reading.guesses}
    own, spoken, named = [], [], []
    for case in cases:
        if case.reporter == heard.person.id:
            own.append(case)
        elif case.id in lines:
            spoken.append(case)
        elif case.item in likely or places_agree(case.place, heard.reading.place):
            named.append(case)
    spoken.sort(key=lambda case: lines[case.id][-1].at, reverse=True)
    return [*own[:MOST], *spoken[:MOST], *named[:MOST]]


def _lines(desk: Desk) -> dict[CaseId, tuple[Line, ...]]:
    found: defaultdict[CaseId, list[Line]] = defaultdict(list)
    for line in desk.facts.talk:
        case = desk.case(line.case)
        if case is not None:
            found[case.id].append(line)
    return {case: tuple(lines) for case, lines in found.items()}


def _told(desk: Desk, case: Case, lines: tuple[Line, ...]) -> Told:
    spoke = dict.fromkeys((case.reporter, *(line.sender for line in lines)))
    people = desk.facts.people
    return Told(
        case,
        lines,
        tuple(people[who].name for who in spoke if who in people),
        frozenset(follower.chat for follower in desk.followers(case.id)),
    )


def _spoken(desk: Desk, heard: Heard) -> Spoken:
    said, quoted = heard.said, quoted_case(desk, heard.said)
    return Spoken(
        heard.reading,
        said.chat,
        heard.person.id,
        heard.grid is not None and is_worker(desk, heard, heard.grid),
        desk.now,
        said.quote is not None,
        quoted.id if quoted else None,
    )
