"""Which open case comes first.

The law of this file: danger and level A first, then what is under supervision, each by the time left to the
next deadline; what only waits for its reporter's word comes last. The queue is kept in this order
(`storage/open_reading.py`).
"""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Final

from intake.cases import Case
from intake.lifecycle import TABLES, Action, State
from intake.taxonomy import Level


class Rank(IntEnum):
    """The first thing that the order of the queue looks at."""

    URGENT = 0
    SUPERVISED = 1
    OWED = 2
    ANSWERED = 3


ANSWERED: Final = (State.HANDLED, State.TO_RATE)
"""Staff have done their part."""

WITH_NEIGHBOURS: Final = (State.PUBLISHED, State.CLAIMED)
"""A wish that has been answered: neighbours fulfil it."""


def rank_of(case: Case) -> Rank:
    """Where an open case stands before its deadlines are looked at."""
    if case.state in ANSWERED:
        return Rank.ANSWERED
    urgent = case.emergency is not None or case.level is Level.A
    if urgent:
        return Rank.URGENT
    return Rank.OWED if case.supervised_until is None else Rank.SUPERVISED


def awaits_answer(case: Case) -> bool:
    """Whether the first answer of a person is still owed: then its limit is the next deadline."""
    return (
        case.responded_at is None
        and case.respond_due is not None
        and case.state not in (*ANSWERED, *WITH_NEIGHBOURS)
    )


def unanswered(case: Case) -> bool:
    """Whether it is a danger for which people were called, and nobody has it in hand."""
    called = case.emergency is not None and case.alert > 0
    return called and case.taken_by is None and (case.state, Action.TAKE) in TABLES[case.kind]


def next_due(case: Case) -> datetime | None:
    """The deadline that is next; None where nothing is owed by a time."""
    if case.state in ANSWERED:
        return None
    return case.respond_due if awaits_answer(case) else case.resolve_due
