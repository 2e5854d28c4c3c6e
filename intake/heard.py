"""A line with everything needed to understand it, and how it is meant in the talk of its group.

The law of this file: what surrounds a line is gathered here, from the desk; how it is weighed stands in
`hearing.py`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta

from intake.cases import Case
from intake.commands import Said
from intake.desk import Desk
from intake.hearing import Around, heard_alone
from intake.matching import places_agree
from intake.people import WORK_ROLES, Person, Role
from intake.reading import Reading
from intake.steering import quoted_case
from intake.taxonomy import Visibility

TOLD_WINDOW = timedelta(hours=24)
"""How long a group that was told of something still talks about it; later it is news again."""


@dataclass(frozen=True)
class Heard:
    """One line with everything needed to understand it. The first of `readings` reads the whole line;
    where the line asks for several things, one for each follows."""

    said: Said
    person: Person
    grid: str | None
    readings: tuple[Reading, ...]

    @property
    def reading(self) -> Reading:
        return self.readings[0]

    @property
    def asked(self) -> tuple[Reading, ...]:
        """One reading for each thing that is asked."""
        return self.readings[1:] or self.readings

    @property
    def masked(self) -> Said:
        """The line without personal data: what a worker says may go to a group."""
        return replace(self.said, text=self.reading.masked_text)

    @property
    def emergency(self) -> Reading | None:
        return next((r for r in self.readings if r.emergency is not None), None)


def works(desk: Desk, person: Person, grid: str) -> bool:
    """Whether it is somebody's work to see to what neighbours ask for."""
    of_department = any(grant.role is Role.DEPARTMENT for grant in person.held)
    return of_department or person.has_role_in(WORK_ROLES, desk.grid(grid).path)


def in_the_talk(desk: Desk, heard: Heard, grid: str) -> Heard:
    """The line as it is meant among what the group says around it."""
    whole, *parts = (meant(desk, heard, grid, reading) for reading in heard.readings)
    asked = tuple(part for part in parts if part.kind.asks)
    if parts and not asked:
        whole = heard.reading.otherwise or whole
    return replace(heard, readings=(whole, *asked))


def meant(desk: Desk, heard: Heard, grid: str, reading: Reading) -> Reading:
    """One reading of the line as it is meant by what surrounds the line."""
    hearing, said = desk.rules.hearing, heard.said
    if said.private:
        return heard_alone(reading)
    if hearing is None or reading.otherwise is None:
        return reading
    told = [
        case.item
        for case in seen_by(desk, heard.person, grid)
        if case.chat == said.chat
        and desk.now - case.opened_at <= TOLD_WINDOW
        and places_agree(case.place, reading.place) is not False
    ]
    around = Around(
        works(desk, heard.person, grid),
        said.quote is not None,
        quoted_case(desk, said) is not None,
        told,
    )
    return hearing.heard(reading, around)


def seen_by(desk: Desk, person: Person, grid: str) -> list[Case]:
    """The open cases that somebody may know of: all but other people's private ones."""
    return [
        case
        for case in desk.open_cases(grid)
        if case.visibility is not Visibility.PRIVATE or case.reporter == person.id
    ]
