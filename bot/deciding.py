"""The desk's work in one transaction: load, decide, save, say.

The law of this file: everything here runs inside a transaction, on facts loaded in it, and is pure but
for that. A line that raises is parked with its error and its neighbours go on. Timers and lines go
through the same four verbs.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.binding import bind_said, word_in
from bot.briefing import draft_briefs
from bot.dispatch import Surroundings, posts_of
from bot.retraining import want
from bot.vouching import usable
from bot.web.room.staffing import join_rooms
from intake.cases import Timer, TimerKind
from intake.collecting import struck
from intake.commands import Command, Said, Started
from intake.deciding import decide, wants_of
from intake.desk import Desk, Rules, Verdict
from intake.facts import Wants
from intake.figures import Day
from intake.grids import ChatRef
from intake.naming import Sort
from intake.notices import Notice, ToChat
from intake.people import Grant, PersonId
from intake.reading import Reading
from intake.templates import Template
from intake.timing import fire
from storage.records import PARKED, Claim, InboxRow, Outcome, Refusal
from storage.tx import Tx

log = logging.getLogger(__name__)

INVITE = "i-"
"""A link's parameter that begins so carries a one-time invitation of staff."""

PUT_OFF = timedelta(hours=1)
_LIMITS = frozenset({TimerKind.RESPOND_DUE, TimerKind.RESOLVE_DUE})

ROLE_NAMES = {
    "volunteer": "志愿者",
    "party_member": "党员志愿者",
    "building_head": "楼长",
    "property": "物业",
    "grid_worker": "网格员",
    "moderator": "调度员",
    "department": "部门经办",
    "street": "街道中心",
    "district": "区中心",
    "auditor": "审计",
    "admin": "管理员",
    "resident": "居民",
}
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
    desk = Desk(rules, tx.desk.load(_union(w.command for w in works if w.command), now), now)
    outcomes: dict[int, Outcome] = {}
    verdicts: list[tuple[InboxRow, Verdict]] = []
    for work in works:
        outcome, verdict = _one(tx, desk, work)
        outcomes[work.row.id] = outcome
        if verdict is not None:
            verdicts.append((work.row, verdict))
    posts = posts_of(desk, around)
    desk.now = now
    tx.desk.save(desk.changes, posts, now)
    tx.inbox.decide_many(
        [(claim, [outcomes[work.row.id] for work in lane]) for claim, lane in batch], now
    )
    opened = sum(len(verdict.opened) for _, verdict in verdicts)
    renamed = any(naming.sort is Sort.PLACE for naming in desk.changes.namings)
    return Decided(tuple(verdicts), opened, len(posts), renamed)


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
    desk = Desk(rules, tx.desk.load(_wants_of_timers(due), now), now)
    desk.facts.days = _days(tx, rules, due, now)
    fired: list[tuple[Timer, Verdict]] = []
    for timer in due:
        desk.begin(f"timer:{timer.key}@{timer.due.isoformat()}", now)
        try:
            fired.append((timer, fire(desk, timer)))
        except Exception:
            desk.undo()
            log.exception("timer %s failed and is put off", timer.key)
            desk.set_timer(timer.kind, timer.subject, now + PUT_OFF, timer.grid)
    tx.desk.save(desk.changes, posts_of(desk, around), now)
    if any(timer.kind is TimerKind.RETRAIN for timer, _ in fired):
        want(tx, now)
    if any(timer.kind is TimerKind.BRIEF for timer, _ in fired):
        _draft(tx, rules, [t.grid for t, _ in fired if t.kind is TimerKind.BRIEF], now)
    return fired


def _draft(tx: Tx, rules: Rules, grids: list[str | None], now: datetime) -> None:
    """A brief that cannot be drafted keeps no other timer back."""
    try:
        with tx.connection.begin_nested():
            draft_briefs(tx, rules, grids, now)
    except Exception:
        log.exception("the briefs could not be drafted")


def _days(tx: Tx, rules: Rules, due: Iterable[Timer], now: datetime) -> dict[str, Day]:
    """What the daily collections that are due have to tell."""
    some = {timer.grid for timer in due if timer.kind is TimerKind.DIGEST and timer.grid}
    if not some or rules.collect is None:
        return {}
    until = struck(now, rules.collect, rules.zone)
    midnight = struck(now, time(), rules.zone) + timedelta(days=1)
    return tx.collecting.of(some, until - timedelta(days=1), until, now, midnight)


def _wants_of_timers(timers: Sequence[Timer]) -> Wants:
    chats: set[ChatRef] = set()
    identities: set[str] = set()
    cases: set[str] = set()
    grids: set[str] = set()
    for timer in timers:
        if timer.grid:
            grids.add(timer.grid)
        if timer.kind is TimerKind.GATHER:
            chat, _, sender = timer.subject.rpartition("|")
            chats.add(ChatRef(*chat.split(":", 1)))
            identities.add(sender)
        elif timer.kind not in (TimerKind.DIGEST, TimerKind.BRIEF):
            cases.add(timer.subject)
    above = any(timer.kind in _LIMITS for timer in timers)
    return Wants(
        frozenset(chats),
        frozenset(),
        frozenset(identities),
        frozenset(cases),
        frozenset(grids),
        above=above,
    )


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
    )
