"""导出我 and 删我: all that is kept of somebody, told to them alone, and let go of.

The law of this file: both are asked for in a word and carried out by a timer, whoever is at work. What is
still being done for them is kept until it is done; of what is over stay number, item and times (domain.md,
section 5: 诉求台账 3 年) and no word of theirs.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from intake.bulletins import Asked
from intake.cases import Case, Line, Timer, TimerKind
from intake.deadlines import due
from intake.desk import Desk
from intake.facts import OwnRecords
from intake.notices import Notice, ToPerson, once_in
from intake.people import Person, PersonId
from intake.taxonomy import Clock, Taxonomy
from intake.templates import Template
from intake.verdict import IGNORED, Verdict

WORKDAYS: Final = 10
"""After so many working days it is carried out: 15 are promised, and until then one may think again."""
LOOK_AGAIN: Final = timedelta(days=5)
"""How often what was still being done is looked at until it is over."""
TOLD_ONCE: Final = timedelta(minutes=1)
"""Who asks again within so long has it already."""
A_PART: Final = 2_500
"""Characters of a part: it fits into one message of every channel, with its sentences."""


def ask_for_all(desk: Desk, person: PersonId) -> None:
    """Everything is put together as soon as this is saved."""
    desk.set_timer(TimerKind.EXPORT, person, desk.now, None)


def ask_to_erase(desk: Desk, person: PersonId) -> str:
    """Set the clock of their erasure; the moment, as ISO 8601. Asked again, it counts from then."""
    rules = desk.rules
    at = due(desk.now, WORKDAYS * 24, Clock.WORKDAY, rules.calendar, rules.zone).at
    desk.set_timer(TimerKind.ERASE, person, at, None)
    return at.isoformat()


def think_again(desk: Desk, person: PersonId) -> None:
    """记我: nothing is erased."""
    desk.cancel_timers(person, (TimerKind.ERASE,))


def tell_all(desk: Desk, timer: Timer) -> Verdict:
    """Everything that is kept, alone, in as many parts as it takes; where files can be sent, more than one
    part goes as one (`bot/dispatch.py`)."""
    person, own = desk.facts.people.get(timer.subject), desk.facts.own.get(timer.subject)
    if person is None or own is None:
        return IGNORED
    parts = list(_parts(rows_of(desk.rules.taxonomy, person, own)))
    for number, part in enumerate(parts, 1):
        params = {
            "part": str(number),
            "parts": str(len(parts)),
            "rows": json.dumps(part, ensure_ascii=False),
            "person": person.id,
        }
        which = ("export", person.id, params["part"], params["parts"])
        once = once_in(TOLD_ONCE, desk.now, *which)
        desk.say(Notice(Template.EXPORT, ToPerson(person.id), params, once=once))
    return Verdict("timer")


def rows_of(taxonomy: Taxonomy, person: Person, own: OwnRecords) -> list[dict[str, str]]:
    """All that is kept of somebody, a row for each thing."""
    rows = [_about(person), *(_row(taxonomy, case) for case in own.cases)]
    rows += [_said(line) for line in own.lines]
    rows += [{"what": "follows", "case": case} for case in own.follows]
    return [*rows, *map(_asked, own.asked)]


def erase(desk: Desk, timer: Timer) -> Verdict:
    """It is done already where this is saved: tell them, and come again for what is still being done."""
    done = desk.facts.erased.get(timer.subject)
    if done is None:
        return IGNORED
    if done.still:
        desk.set_timer(TimerKind.ERASE, timer.subject, desk.now + LOOK_AGAIN, None)
    params = {"count": str(done.gone), "still": str(done.still) if done.still else ""}
    if done.gone or not done.still:
        desk.say(Notice(Template.ERASED, ToPerson(timer.subject), params))
    return Verdict("timer")


def _about(person: Person) -> dict[str, str]:
    opted_out = "1" if person.opted_out else ""
    return {
        "what": "person",
        "name": person.name,
        "opted_out": opted_out,
        "home": person.home or "",
    }


def _row(taxonomy: Taxonomy, case: Case) -> dict[str, str]:
    item = taxonomy.items.get(case.item or "")
    return {
        "what": "case",
        "case": case.id,
        "item": item.name if item else case.title,
        "state": case.state.value,
        "at": case.opened_at.isoformat(),
        "closed": case.closed_at.isoformat() if case.closed_at else "",
        "said": case.said,
        "place": case.place or "",
        "score": str(case.score or ""),
    }


def _said(line: Line) -> dict[str, str]:
    media = str(len(line.media)) if line.media else ""
    return {
        "what": "line",
        "case": line.case,
        "at": line.at.isoformat(),
        "said": line.text,
        "media": media,
    }


def _asked(asked: Asked) -> dict[str, str]:
    return {"what": "asked", "at": asked.at.isoformat(), "said": asked.words}


def _parts(rows: Sequence[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    """Rows that fit into one message each time."""
    part: list[dict[str, str]] = []
    size = 0
    for row in rows:
        more = 60 + len(row.get("said", "")) + len(row.get("place", ""))
        if part and size + more > A_PART:
            yield part
            part, size = [], 0
        part.append(row)
        size += more
    yield part
