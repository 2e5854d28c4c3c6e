"""A line becomes a case: numbered, routed, timed, acknowledged.

The law of this file: silence is the real failure, so whatever asks for something gets a case at once.
Sure: accepted and dispatched. Fairly sure: one question with two buttons. Unsure: a person looks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from intake.acknowledging import acknowledge, tell_staff
from intake.cases import Case, Gathering, Line, LineRole, TimerKind
from intake.commands import Said
from intake.deadlines import Deadline, Deadlines
from intake.desk import Desk
from intake.lifecycle import Action, CaseKind, State
from intake.nature import nature_of
from intake.part_clock import set_part_clock
from intake.people import Person
from intake.reading import Reading, Triage
from intake.routing import Route, careful_visibility, is_secret, route
from intake.taxonomy import Level, Visibility

CONFIRM_WINDOW = timedelta(minutes=30)
"""How long one question waits for the neighbour before the best guess goes on its way."""

SAID_LIMIT = 300
"""Characters of the masked words kept on the case itself; the line keeps the rest."""


@dataclass(frozen=True, slots=True)
class Call:
    """What somebody said, with all that was gathered around it."""

    said: Said
    person: Person
    grid: str
    reading: Reading
    lead_in: Gathering | None = None
    force: CaseKind | None = None

    @property
    def place(self) -> str | None:
        return public_place(self.reading) or (self.lead_in.place if self.lead_in else None)


def public_place(reading: Reading) -> str | None:
    """The place as said; where it goes down to a door, only the building."""
    if not reading.places:
        return None
    span = reading.places[0]
    place = span.of(reading.text)
    if all(mask.end <= span.start or span.end <= mask.start for mask in reading.masks):
        return place
    building = _BUILDING.search(place)
    return building.group() if building else None


_BUILDING = re.compile(r"^.*?(?:号楼|號樓|栋|棟|幢|座|楼栋)")


def open_case(desk: Desk, call: Call) -> Case:
    """Open a case for `call`, attach its lines, start its clocks, say what must be said."""
    case = desk.add_case(draft_of(desk, call))
    _remember(desk, call)
    _attach(desk, case, call)
    if case.kind is CaseKind.WISH:
        case = desk.act(case, Action.REVIEW, None)
    elif case.triage is Triage.AUTO:
        case = dispatch(desk, desk.act(case, Action.ACCEPT, None))
    else:
        case = desk.act(case, Action.DOUBT, None)
        if case.triage is Triage.ASK:
            due = desk.now + CONFIRM_WINDOW
            desk.set_timer(TimerKind.CONFIRM, case.id, due, case.grid)
    start_clocks(desk, case)
    acknowledge(desk, case, call.said, call.reading)
    tell_staff(desk, case)
    return case


def open_settled(desk: Desk, call: Call, words: str) -> Case:
    """Open and close a case in one step, for what its finder put right on the spot. Nobody was promised
    anything, so it has no deadlines; nobody is told."""
    draft = replace(draft_of(desk, call), respond_due=None, resolve_due=None, provisional=False)
    case = desk.add_case(draft)
    _remember(desk, call)
    _attach(desk, case, call)
    person, now = call.person.id, desk.now
    return desk.act(
        case,
        Action.SETTLE,
        person,
        words,
        taken_by=person,
        done_by=person,
        done_words=words,
        done_at=now,
        responded_at=now,
        closed_at=now,
    )


def dispatch(desk: Desk, case: Case) -> Case:
    """Send an accepted case to its lead department."""
    return desk.act(case, Action.DISPATCH, None, after_words(case))


def after_words(case: Case) -> str:
    return case.lead or ""


def limits_with_merged(desk: Desk, own: Deadlines, merged: Iterable[Case]) -> dict[str, object]:
    """The limits of a case with what is merged into it, as its fields: nothing gets later by a merge. What
    waits for a year's holidays is counted anew."""
    respond, resolve = [own.respond], [own.resolve]
    for one in merged:
        if one.provisional or one.respond_due is None or one.resolve_due is None:
            limits = route(desk.rules, one.item, one.opened_at, one.level).deadlines
        else:
            limits = Deadlines(Deadline(one.respond_due, False), Deadline(one.resolve_due, False))
        respond.append(limits.respond)
        resolve.append(limits.resolve)
    return {
        "respond_due": min(due.at for due in respond),
        "resolve_due": min(due.at for due in resolve),
        "provisional": any(due.provisional for due in (*respond, *resolve)),
    }


def start_clocks(desk: Desk, case: Case) -> None:
    """Set the timers of both limits, and a recomputation where a holiday year is missing."""
    if case.respond_due is not None and case.responded_at is None:
        desk.set_timer(TimerKind.RESPOND_DUE, case.id, case.respond_due, case.grid)
    if case.resolve_due is not None:
        desk.set_timer(TimerKind.RESOLVE_DUE, case.id, case.resolve_due, case.grid)
    if case.supervised_until is not None:
        desk.set_timer(TimerKind.SUPERVISION, case.id, case.supervised_until, case.grid)
    if case.provisional:
        soon = desk.now + timedelta(days=1)
        desk.set_timer(TimerKind.CALENDAR, case.id, soon, case.grid)
    if case.open_parts:  # how soon others are reminded goes by its level
        set_part_clock(desk, case)


def draft_of(desk: Desk, call: Call, number: int | None = None) -> Case:
    """What a call comes to; `number` where its case has one already."""
    reading = call.reading
    where = route(desk.rules, reading.item or _first(reading), desk.now, reading.level)
    if reading.emergency is not None:
        where = route(desk.rules, reading.item, desk.now, Level.A)
    number = desk.next_number(call.grid) if number is None else number
    triage = Triage.AUTO if reading.emergency else reading.triage
    return Case(
        id=f"{call.grid}-{number}",
        grid=call.grid,
        number=number,
        kind=_kind(call, where),
        state=State.DRAFT,
        triage=triage,
        category=where.category,
        item=where.item,
        level=where.level,
        lead=where.lead,
        co=where.co,
        tier=where.tier,
        visibility=_visibility(desk, call, where),
        emergency=reading.emergency,
        place=call.place,
        said=reading.masked_text[:SAID_LIMIT],
        title=_title(desk, where, reading),
        reporter=call.person.id,
        chat=call.said.chat,
        message=call.said.message,
        guesses=tuple(guess.item for guess in reading.guesses),
        opened_at=desk.now,
        respond_due=where.deadlines.respond.at,
        resolve_due=where.deadlines.resolve.at,
        provisional=where.deadlines.provisional,
        nature=nature_of(
            reading.text,
            desk.rules.taxonomy.items.get(where.item or ""),
            danger=reading.emergency is not None,
        ),
    )


def _first(reading: Reading) -> str | None:
    return reading.guesses[0].item if reading.guesses else None


def _kind(call: Call, where: Route) -> CaseKind:
    if call.reading.emergency is not None:
        return CaseKind.REQUEST
    if call.force is not None:
        return call.force
    return CaseKind.WISH if where.is_wish else CaseKind.REQUEST


def _visibility(desk: Desk, call: Call, where: Route) -> Visibility:
    danger = call.reading.emergency or call.reading.suspicion
    if is_secret(desk.rules, danger):
        return Visibility.PRIVATE
    return careful_visibility(
        desk.rules, where.visibility, call.reading.triage, call.reading.guesses
    )


def _title(desk: Desk, where: Route, reading: Reading) -> str:
    """The vague title: an emergency's class, or the category; never the words themselves."""
    taxonomy = desk.rules.taxonomy
    if reading.emergency is not None:
        return taxonomy.emergencies[reading.emergency].name
    return taxonomy.categories[where.category].name if where.category else "一件事"


def _remember(desk: Desk, call: Call) -> None:
    """Keep who asked, so that they can be answered; until now nobody was recorded."""
    person = call.person
    known = desk.facts.people.get(person.id)
    # A form is where somebody wrote once: for whoever is known already it is no place to be written to.
    here = call.said.private and (known is None or call.said.form is None)
    private = (call.said.chat.channel, call.said.chat.chat) if here else None
    if known is None:
        stored = Person(person.id, person.name, private=private, home=call.grid)
        desk.save_person(stored)
    elif known.home is None or (private and known.private is None):
        desk.save_person(
            replace(known, home=known.home or call.grid, private=known.private or private)
        )


def _attach(desk: Desk, case: Case, call: Call) -> None:
    said = call.said
    if call.lead_in is not None:
        for message, text in zip(call.lead_in.messages, call.lead_in.texts, strict=True):
            desk.attach(
                Line(
                    case.id,
                    said.chat,
                    message,
                    call.person.id,
                    LineRole.SUPPLEMENT,
                    text,
                    call.lead_in.media,
                    call.lead_in.started_at,
                )
            )
    desk.attach(
        Line(
            case.id,
            said.chat,
            said.message,
            call.person.id,
            LineRole.OPENED,
            call.reading.masked_text,
            said.media,
            desk.now,
        )
    )
