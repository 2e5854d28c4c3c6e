"""Whether a call was told already.

The law of this file: a call repeats an open case that it quotes, that is the same report, or that it can only
mean. What names another thing, another place, or comes after somebody said that it is done, is new: whatever
is taken for a request opens a case.
"""

from __future__ import annotations

import re
from datetime import timedelta

from intake.cases import Case
from intake.desk import Desk
from intake.heard import Heard
from intake.lifecycle import DONE, CaseKind
from intake.matching import BURST, same_report
from intake.reading import Kind, Reading, Triage
from intake.steering import quoted_case
from intake.talk import elsewhere, likeliest, talked_of
from intake.taxonomy import Visibility

SURE = 0.5
"""A call is about an open case, and no new one, only where that is likelier than not."""
SAME_THING = 0.2
"""The least chance of the case's item at which a call may be about it."""
NEWS = timedelta(hours=6)
"""After so long a call is news again, unless it tells of the same thing in the same place."""

_NEARER = re.compile(r"就是|就在|是在|靠|挨")
"""How somebody says more closely where it is: another place named so is no other case."""


def told_before(desk: Desk, heard: Heard, grid: str) -> Case | None:
    """The open case that this call is about: quoted, alike, or clearly meant. Where somebody says that it is
    done, another neighbour's call is a new one."""
    found = _found_before(desk, heard, grid)
    if found is not None and found.state in DONE and found.reporter != heard.person.id:
        return None
    return found


def _found_before(desk: Desk, heard: Heard, grid: str) -> Case | None:
    said, reading = heard.said, heard.reading
    quoted = quoted_by(desk, heard)
    if quoted is not None and quoted.is_open and _goes_with(quoted, reading):
        return quoted
    if reading.kind is Kind.REQUEST:
        same = same_report(desk, grid, said.chat, heard.person.id, reading)
        if same is not None:
            return same
    near = [case for case in talked_of(desk, heard, grid) if _may_be_it(desk, case, heard)]
    return likeliest(desk, heard, near, SURE)


def _may_be_it(desk: Desk, case: Case, heard: Heard) -> bool:
    """Whether a call may be about this case at all: of the same place and time, and of the same thing as far
    as one can tell. What names another thing opens a case of its own."""
    reading, age = heard.reading, desk.now - case.opened_at
    own_breath = case.reporter == heard.person.id and age <= BURST
    nearer = own_breath and _NEARER.match(reading.text)
    if age > NEWS or (elsewhere(case, reading) and not nearer):
        return False
    if (case.kind is CaseKind.WISH) is not (reading.kind is Kind.WISH):
        return False
    chance = {guess.item: guess.probability for guess in reading.guesses}
    unsure = reading.triage is Triage.HUMAN
    same_thing = chance.get(case.item or "", 0.0) >= SAME_THING
    return same_thing or (own_breath and unsure)


def _goes_with(case: Case, reading: Reading) -> bool:
    return reading.item in case.guesses or reading.category == case.category


def quoted_by(desk: Desk, heard: Heard) -> Case | None:
    """The case behind the message replied to. What is private is nobody's but its reporter's."""
    case = quoted_case(desk, heard.said)
    hidden = case is not None and case.visibility is Visibility.PRIVATE
    return None if case is None or (hidden and case.reporter != heard.person.id) else case
