"""The desk's work in one transaction: load, decide, save, say.

The law of this file: everything here runs inside a transaction, on facts loaded in it, and is pure but
for that. A line that raises is parked with its error and its neighbours go on. Timers and lines go
through the same four verbs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.binding import bind_said, word_in
from bot.briefing import draft_briefs
from bot.dispatch import Surroundings
from bot.holding import save_and_say
from bot.inviting import INVITE
from bot.leaving import PUT_OFF, leave_on_time
from bot.retraining import want
from bot.vouching import usable
from bot.web.room.staffing import join_rooms
from bot.wording.roles import ROLE_NAMES
from intake.areas import Areas
from intake.briefing import next_brief
from intake.cases import CaseId, Timer, TimerKind
from intake.collecting import struck
from intake.commands import Command, Said, Started
from intake.deciding import decide, wants_of
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import ChatRef
from intake.matching import tells_of_outage
from intake.naming import Sort
from intake.notices import Notice, Post, ToChat
from intake.people import Grant, PersonId
from intake.reading import Reading
from intake.rules import Rules
from intake.templates import Template
from intake.timing import fire
from intake.verdict import Verdict
from storage.records import PARKED, Claim, InboxRow, Outcome, Refusal
from storage.tx import Tx

log = logging.getLogger(__name__)

_KEPT = frozenset({TimerKind.BULLETIN, TimerKind.CARD})
_TOLD_ABOVE = frozenset(
    {TimerKind.RESPOND_DUE, TimerKind.RESOLVE_DUE, TimerKind.JOINT, TimerKind.SUPERVISION}
    | {TimerKind.CALL_BACKS}
)
_OF_GRIDS = frozenset({TimerKind.DIGEST, TimerKind.BRIEF, TimerKind.MORNING, TimerKind.CALL_BACKS})
"""Clocks of grids and not of cases."""

_REFUSED = {Refusal.UNKNOWN: "不对", Refusal.USED: "已经用过", Refusal.EXPIRED: "过期了"}


@dataclass(frozen=True)
class Work:
    """One row of the inbox, made ready: its command (None: nothing for us), what was read in it, or
    why it could not be read."""

    row: InboxRow
    command: Command | None
    readings: tuple[Reading, ...] = ()
    error: str | None = None


@dataclass(frozen=True)
class Decided:
    """What became of the batch: a verdict for each row that was decided, how many cases opened, and
    whether place names were changed."""

    verdicts: tuple[tuple[InboxRow, Verdict], ...]
    opened: int
    posts: int
    renamed: bool = False


def cause_of(row: InboxRow) -> str:
    return f"{row.channel}:{row.external_id}"


def decide_rows(
    tx: Tx,
    rules: Rules,
    around: Surroundings,
    batch: Sequence[tuple[Claim, Sequence[Work]]],
    now: datetime,
) -> Decided:
    """Decide all rows of the claimed lanes and save everything. Raises LeaseLost or StaleCase."""
    works = [work for _, lane in batch for work in lane]
    desk = Desk(rules, tx.desk.load(_wants_of(works, around.areas), now), now)
    outcomes: dict[int, Outcome] = {}
    verdicts: list[tuple[InboxRow, Verdict]] = []
    for work in works:
        outcome, verdict = _one(tx, desk, work)
        outcomes[work.row.id] = outcome
        if verdict is not None:
            verdicts.append((work.row, verdict))
    posts = save_and_say(tx, desk, around, now)
    desk.now = now
    tx.inbox.decide_many(
        [(claim, [outcomes[work.row.id] for work in lane]) for claim, lane in batch], now
    )
    opened = sum(len(verdict.opened) for _, verdict in verdicts)
    renamed = any(naming.sort is Sort.PLACE for naming in desk.changes.namings)
    return Decided(tuple(verdicts), opened, posts, renamed)


def _rightful(works: Iterable[Work], areas: Areas) -> frozenset[str]:
    """The grids to which reports belong that were told elsewhere, so that these are loaded too."""
    found = set()
    for work in works:
        if areas.grids and isinstance(work.command, Said) and work.readings:
            form = work.command.form
            place = (form.place if form else "") or work.readings[0].place
            found.add(areas.elsewhere(work.command.chat, form.grid if form else None, place))
    return frozenset(grid for grid in found if grid)


def _one(tx: Tx, desk: Desk, work: Work) -> tuple[Outcome, Verdict | None]:
    row = work.row
    if work.error is not None:
        return Outcome(row.id, PARKED, work.error), None
    if work.command is None:
        return Outcome(row.id, "nothing"), Verdict("chat")
    desk.begin(cause_of(row), row.received_at)
    try:
        if isinstance(work.command, Started) and work.command.parameter.startswith(INVITE):
            verdict = _invited(tx, desk, work.command)
        elif isinstance(work.command, Said) and (word := word_in(work.command)):
            verdict = bind_said(tx, desk, work.command, word)
        else:
            verdict = decide(desk, work.command, work.readings)
    except Exception as error:
        desk.undo()
        log.exception("inbox row %s is parked", row.id)
        return Outcome(row.id, PARKED, f"{type(error).__name__}: {error}"[:500]), None
    return Outcome(row.id, verdict.kind), verdict


def _invited(tx: Tx, desk: Desk, command: Started) -> Verdict:
    """Somebody follows a one-time link and becomes staff."""
    person = desk.person(command.sender)
    private = (command.chat.channel, command.chat.chat)
    tx.people.save([replace(person, private=private)], desk.now)
    token = command.parameter.removeprefix(INVITE)
    result = _used(tx, token, person.id, desk.now)
    to = ToChat(command.chat)
    if isinstance(result, Refusal):
        desk.say(Notice(Template.INVITE_BAD, to, {"reason": _REFUSED[result]}))
        return Verdict("chat")
    join_rooms(tx, person.id, result, desk.now)
    home = result.scope if tx.grids.get(result.scope) else person.home
    grants = (*person.grants, result)
    desk.save_person(replace(person, private=private, home=home, grants=grants))
    params = {
        "name": person.name,
        "scope": result.scope,
        "role": ROLE_NAMES.get(result.role.value, result.role.value),
    }
    desk.say(Notice(Template.STAFF_WELCOME, to, params))
    return Verdict("chat")


def _used(tx: Tx, token: str, person: PersonId, now: datetime) -> Grant | Refusal:
    """What the invitation gives. One whose maker may not give it any more is as if there were none."""
    if tx.people.open_invite(token, now) is not None and not usable(tx, token, now):
        return Refusal.UNKNOWN
    return tx.people.use_invite(token, person, now)


def fire_timers(
    tx: Tx, rules: Rules, around: Surroundings, now: datetime, due: Sequence[Timer]
) -> list[tuple[Timer, Verdict]]:
    """Fire what is due. A timer that raises is put off by an hour and its neighbours go on."""
    held = _held_by(tx, due, now)
    told = {
        id
        for posts in held.values()
        for post in posts
        for id in (post.case, post.params.get("main"))
    }
    left = leave_on_time(tx, rules, around, now, due)
    due = [timer for timer in due if timer.kind is not TimerKind.LEAVING]
    wants = _wants_of_timers(due, told)
    desk = Desk(rules, tx.desk.load(wants, now), now)
    desk.facts.overnight = held
    unready = _made_ready(tx, desk, due, now) | _of_people(tx, desk, due)
    fired: list[tuple[Timer, Verdict]] = [(timer, Verdict("timer")) for timer in left]
    for timer in due:
        desk.begin(f"timer:{timer.key}@{timer.due.isoformat()}", now)
        if timer.kind in unready:
            desk.set_timer(timer.kind, timer.subject, now + PUT_OFF, timer.grid)
            continue
        try:
            fired.append((timer, fire(desk, timer)))
        except Exception:
            desk.undo()
            # Not its subject, which may be a person.
            log.exception("a timer of %s failed and is put off", timer.kind.value)
            desk.set_timer(timer.kind, timer.subject, now + PUT_OFF, timer.grid)
    save_and_say(tx, desk, around, now)
    if any(timer.kind is TimerKind.RETRAIN for timer, _ in fired):
        want(tx, now)
    return fired


def _held_by(tx: Tx, due: Sequence[Timer], now: datetime) -> dict[ChatRef, list[Post]]:
    """What waited for the mornings that have come."""
    grids = {timer.grid for timer in due if timer.kind is TimerKind.MORNING and timer.grid}
    return tx.mornings.of_grids(grids, now) if grids else {}


def _made_ready(tx: Tx, desk: Desk, due: Sequence[Timer], now: datetime) -> frozenset[TimerKind]:
    """Count the days and draft the briefs of which timers are due, each by itself; the kinds of which that
    failed, which keeps no other timer back."""
    steps: dict[TimerKind, Callable[[Sequence[str]], object]] = {
        TimerKind.DIGEST: lambda grids: _count_days(tx, desk, grids, now),
        TimerKind.BRIEF: lambda grids: draft_briefs(tx, desk.rules, grids, now),
        TimerKind.CALL_BACKS: lambda grids: _find_lapsed(tx, desk, grids, now),
    }
    failed = set()
    for kind, step in steps.items():
        grids = [timer.grid for timer in due if timer.kind is kind and timer.grid]
        if not grids:
            continue
        try:
            with tx.connection.begin_nested():
                step(grids)
        except Exception:
            log.exception("what timers of %s tell could not be made ready", kind.value)
            failed.add(kind)
    return frozenset(failed)


def _find_lapsed(tx: Tx, desk: Desk, grids: Sequence[str], now: datetime) -> None:
    """What closed by silence in these grids in the week before the last draw."""
    if desk.rules.brief is None:
        return
    week = timedelta(days=7)
    until = next_brief(now, desk.rules.brief, desk.rules.zone) - week
    desk.facts.lapsed = {**tx.call_backs.lapsed(grids, until - week, until)}


def _of_people(tx: Tx, desk: Desk, due: Sequence[Timer]) -> frozenset[TimerKind]:
    """Put together what some asked for, and let go of what others wished gone; the kinds that failed."""
    failed = set()
    for kind in (TimerKind.EXPORT, TimerKind.ERASE):
        people = [timer.subject for timer in due if timer.kind is kind]
        if not people:
            continue
        try:
            with tx.savepoint():
                if kind is TimerKind.EXPORT:
                    desk.facts.own = tx.own_records.of(people)
                else:
                    desk.facts.erased = tx.own_records.erase(people)
        except Exception:
            log.exception("what timers of %s are for could not be done", kind.value)
            failed.add(kind)
    return frozenset(failed)


def _count_days(tx: Tx, desk: Desk, grids: Sequence[str], now: datetime) -> None:
    """What the daily collections of these grids have to tell."""
    collect, zone = desk.rules.collect, desk.rules.zone
    if collect is None:
        return
    until = struck(now, collect, zone)
    midnight = struck(now, time(), zone) + timedelta(days=1)
    desk.facts.days = tx.collecting.of(set(grids), until - timedelta(days=1), until, now, midnight)


def _wants_of_timers(timers: Sequence[Timer], told: Iterable[CaseId | None]) -> Wants:
    chats: set[ChatRef] = set()
    identities: set[str] = set()
    cases = {case for case in told if case}
    grids: set[str] = set()
    bulletins: set[str] = set()
    held: set[str] = set()
    for timer in timers:
        if timer.grid:
            grids.add(timer.grid)
        if timer.kind is TimerKind.GATHER:
            chat, _, sender = timer.subject.rpartition("|")
            chats.add(ChatRef(*chat.split(":", 1)))
            identities.add(sender)
        elif timer.kind in _KEPT:
            bulletins.add(timer.subject)
        elif timer.kind is TimerKind.WHICH:
            held.add(timer.subject)
        elif timer.kind in (TimerKind.EXPORT, TimerKind.ERASE):
            identities.add(timer.subject)
        elif timer.kind not in _OF_GRIDS:
            cases.add(timer.subject)
    above = any(timer.kind in _TOLD_ABOVE for timer in timers)
    return Wants(
        frozenset(chats),
        frozenset(),
        frozenset(identities),
        frozenset(cases),
        frozenset(grids),
        above=above,
        bulletins=frozenset(bulletins),
        held=frozenset(held),
    )


def _wants_of(works: Sequence[Work], areas: Areas) -> Wants:
    wants = _union(w.command for w in works if w.command)
    outage = any(tells_of_outage(reading) for work in works for reading in work.readings)
    return replace(wants, grids=wants.grids | _rightful(works, areas), next_door=outage)


def _union(commands: Iterable[Command]) -> Wants:
    wants = [wants_of(command) for command in commands]
    return Wants(
        frozenset().union(*(w.chats for w in wants)),
        frozenset().union(*(w.messages for w in wants)),
        frozenset().union(*(w.identities for w in wants)),
        frozenset().union(*(w.cases for w in wants)),
        frozenset().union(*(w.grids for w in wants)),
        any(w.words for w in wants),
        any(w.above for w in wants),
        frozenset().union(*(w.bulletins for w in wants)),
        frozenset().union(*(w.held for w in wants)),
    )
