"""One case in words: its facts, its lines, its timeline.

The law of this file: staff stand here by name; whoever reported is 报事人, every other neighbour 街坊.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.channels import qr, web
from bot.web.desk.case_rows import is_again, is_staff
from bot.web.desk.case_steps import change_of, words_of
from bot.web.desk.words_case import (
    CASE,
    LINE_NAMES,
    MEDIA_NAMES,
    MEDIA_OTHER,
    TIER_NAMES,
    TOLD_ALONE,
    VISIBILITY_NAMES,
)
from bot.web.desk.words_cases import LEVEL_NAMES, left
from bot.web.desk.words_limits import above
from bot.web.desk.words_pauses import PAUSES, day_name, stands, was_paused
from bot.web.desk.words_supervision import SUPERVISION
from bot.wording.item_names import item_name
from intake.cases import DESK, PATROL, Case, CaseId, Entry, Line, LineRole
from intake.extending import is_asked
from intake.grids import Grid, MessageRef
from intake.lifecycle import ACTION_NAMES, Action
from intake.pausing import PAUSE_REASONS, is_pause_asked
from intake.people import Person, PersonId
from intake.rules import Rules
from intake.sight import Sight
from intake.taxonomy import Level, Taxonomy, Visibility
from intake.urgency import ANSWERED, awaits_answer
from storage.room_records import Photo
from storage.tx import Tx

_WITH_PHOTOS = frozenset({web.NAME, qr.NAME, PATROL, DESK})
"""Channels whose photos always come along; of others a line may know only that there was one."""
_PLACELESS = frozenset({"location", "sticker"})
"""Media of which there is nothing more to look at."""


@dataclass(frozen=True, slots=True)
class Around:
    """What hangs on a case."""

    entries: list[Entry]
    lines: list[Line]
    merged: Mapping[CaseId, Case]
    out_of_sight: int
    followers: int
    people: Mapping[PersonId, Person]
    grid: Grid | None
    photos: Mapping[MessageRef, Sequence[Photo]]


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline: when, and how much time is left ("" when it is kept or nobody waits for it)."""

    at: datetime
    left: str
    late: bool
    kept_at: datetime | None


@dataclass(frozen=True, slots=True)
class LineView:
    at: datetime
    who: str
    role: str
    text: str
    media: str


@dataclass(frozen=True, slots=True)
class PhotoView:
    """A photo by the name of its file, and whose it is."""

    name: str
    at: datetime
    who: str
    role: str


@dataclass(frozen=True, slots=True)
class ToldView:
    """What was told in one case: the lines as they were said, and their photos."""

    case: CaseId
    lines: Sequence[LineView]
    photos: Sequence[PhotoView]


@dataclass(frozen=True, slots=True)
class EntryView:
    """`cases` are those that the step is about; `undo` is one that can be let go again."""

    at: datetime
    who: str
    what: str
    words: str
    change: str
    cases: Sequence[CaseId] = ()
    undo: Case | None = None


@dataclass(frozen=True, slots=True)
class CaseView:
    """What the page shows of a case beside the case itself. `alone`: it was not told in a group;
    `again`: what was done did not put it right."""

    item: str
    retired: bool
    category: str
    department: str
    co: str
    tier: str
    level: str
    urgent: bool
    private: bool
    visibility: str
    alone: bool
    again: bool
    danger: str
    call: str
    above: str
    asked: str
    supervised: str
    asks_pause: str
    stands: str
    was_paused: str
    grid: str
    holder: str
    respond: Due | None
    resolve: Due | None
    told: ToldView
    told_elsewhere: Sequence[ToldView]
    timeline: list[EntryView]
    merged: Sequence[CaseId]
    out_of_sight: int
    followers: int
    elsewhere: bool


def around(tx: Tx, case: Case, sight: Sight) -> Around:
    """Read what hangs on a case, and on those merged into it that `sight` reaches."""
    behind = tx.cases.many(tx.cases.merged_into(case.id))
    merged = {id: one for id, one in behind.items() if sight.sees(one)}
    entries, lines = tx.cases.entries(case.id), tx.cases.lines_of([case.id, *merged])
    actors = {entry.actor for entry in entries} | {line.sender for line in lines}
    called = {entry.words for entry in entries if entry.action in (Action.CALL, Action.LEAVE)}
    askers = {part.asked_by for part in case.parts}
    working = {case.taken_by, case.asked_by, case.supervised_by}
    named = {p for p in {*actors, *called, *askers, *working} if p}
    return Around(
        entries,
        lines,
        merged,
        len(behind) - len(merged),
        len(tx.cases.followers(case.id)),
        tx.people.many(named),
        tx.grids.get(case.grid),
        tx.photos.of_cases([case.id, *merged]),
    )


def view_of(case: Case, hanging: Around, me: PersonId, rules: Rules, now: datetime) -> CaseView:
    """A case with what hangs on it, as `me` reads it."""
    taxonomy = rules.taxonomy
    category = taxonomy.categories.get(case.category or "")
    danger = taxonomy.emergencies.get(case.emergency or "")
    departments = taxonomy.departments
    lead = departments.get(case.lead or "")
    return CaseView(
        item=item_name(taxonomy, case.item),
        retired=taxonomy.is_retired(case.item),
        category=category.name if category else "",
        department=lead.name if lead else "",
        co="、".join(departments[code].name for code in case.co if code in departments),
        tier=TIER_NAMES[case.tier],
        level=LEVEL_NAMES[case.level],
        urgent=case.level is Level.A or danger is not None,
        private=case.visibility is Visibility.PRIVATE,
        visibility=_visibility(case),
        alone=told_alone(case),
        again=is_again(case),
        danger=danger.name if danger else "",
        call=danger.call if danger else "",
        above=above(case),
        asked=_asked(case, hanging),
        supervised=_supervised(case, hanging, rules),
        asks_pause=_asks_pause(case, hanging, rules),
        stands=stands(case, rules.zone),
        was_paused=was_paused(case),
        grid=hanging.grid.name if hanging.grid else case.grid,
        holder=_holder(case, hanging, me),
        respond=_respond(case, now),
        resolve=_resolve(case, now),
        told=_told(case, hanging),
        told_elsewhere=[
            _told(one, hanging)
            for _, one in sorted(hanging.merged.items(), key=lambda named: named[1].opened_at)
            if any(line.case == one.id for line in hanging.lines)
        ],
        timeline=[_entry(case, entry, hanging, taxonomy) for entry in hanging.entries],
        merged=sorted(hanging.merged),
        out_of_sight=hanging.out_of_sight,
        followers=hanging.followers,
        elsewhere=any(_is_elsewhere(line, hanging) for line in hanging.lines),
    )


def told_alone(case: Case) -> bool:
    """Whether it came by a code or from a round: no group has heard of it."""
    return case.chat.channel in TOLD_ALONE


def _visibility(case: Case) -> str:
    open_to = VISIBILITY_NAMES[case.visibility]
    known = case.visibility is Visibility.GROUP
    return TOLD_ALONE.get(case.chat.channel, open_to) if known else open_to


def _asked(case: Case, hanging: Around) -> str:
    """Who asks for more time and waits for somebody's word; "" where nobody does."""
    return _who(case, case.asked_by, hanging) if is_asked(case) else ""


def _supervised(case: Case, hanging: Around, rules: Rules) -> str:
    """Who follows it, why, and until when progress is to be reported; "" where nobody does."""
    if case.supervised_until is None:
        return ""
    key, who = "rule", ""
    if case.supervised_by is not None:
        key, who = "note", _who(case, case.supervised_by, hanging)
    day = day_name(case.supervised_until, rules.zone)
    return SUPERVISION[key].format(who=who, why=case.supervised_why, day=day)


def _asks_pause(case: Case, hanging: Around, rules: Rules) -> str:
    """Who asks that the clock be stopped, until when and why; "" where nobody does."""
    if not is_pause_asked(case) or case.asked_until is None:
        return ""
    return PAUSES["asked"].format(
        who=_who(case, case.asked_by, hanging),
        day=day_name(case.asked_until, rules.zone),
        reason=PAUSE_REASONS[case.asked_pause or ""],
        why=case.asked_why,
    )


def _respond(case: Case, now: datetime) -> Due | None:
    if case.respond_due is None:
        return None
    return _due(case.respond_due, case.responded_at, case.is_open and awaits_answer(case), now)


def _resolve(case: Case, now: datetime) -> Due | None:
    if case.resolve_due is None:
        return None
    done = case.done_at if case.state in ANSWERED or not case.is_open else None
    return _due(case.resolve_due, done, case.is_open and case.state not in ANSWERED, now)


def _due(at: datetime, kept_at: datetime | None, owed: bool, now: datetime) -> Due:
    return Due(at, left(at, now) if owed else "", owed and at < now, kept_at)


def _holder(case: Case, hanging: Around, me: PersonId) -> str:
    if case.taken_by is None:
        return CASE["nobody"]
    if case.taken_by == me:
        return CASE["me"]
    return _who(case, case.taken_by, hanging)


_NEIGHBOURS: frozenset[Action] = frozenset(
    {Action.SUPPLEMENT, Action.RATE, Action.REOPEN, Action.WITHDRAW, Action.CLAIM, Action.RELEASE}
)
"""Steps that a reporter takes as a neighbour, whatever their role."""


def _who(case: Case, person: PersonId | None, hanging: Around, neighbour: bool = False) -> str:
    if person is None:
        return CASE["system"]
    if person == case.reporter and neighbour:
        return CASE["reporter"]
    known = hanging.people.get(person)
    left = any(one.action is Action.LEAVE and one.words == person for one in hanging.entries)
    if known is not None and (is_staff(known) or left):
        return known.name
    return CASE["reporter"] if person == case.reporter else CASE["neighbour"]


def _told(case: Case, hanging: Around) -> ToldView:
    """What was told in `case`: the one of the page, or one that is merged into it."""
    own = [line for line in hanging.lines if line.case == case.id]
    return ToldView(
        case.id,
        [_line(case, line, hanging) for line in own],
        [photo for line in own for photo in _photos(case, line, hanging)],
    )


def _line(case: Case, line: Line, hanging: Around) -> LineView:
    works = line.role is LineRole.REPORT_BACK
    who = _who(case, line.sender, hanging, neighbour=not works)
    return LineView(line.at, who, LINE_NAMES[line.role], line.text, _media(line))


def _media(line: Line) -> str:
    counts = Counter(MEDIA_NAMES.get(kind, MEDIA_OTHER) for kind in line.media)
    many = CASE["media_many"]
    told = (many.format(what=w, count=n) if n > 1 else w for w, n in counts.items())
    return "、".join(told)


def _photos(case: Case, line: Line, hanging: Around) -> list[PhotoView]:
    works = line.role is LineRole.REPORT_BACK
    who, role = _who(case, line.sender, hanging, neighbour=not works), LINE_NAMES[line.role]
    photos = hanging.photos.get(MessageRef(line.chat, line.message), ())
    return [PhotoView(photo.name, line.at, who, role) for photo in photos]


def _is_elsewhere(line: Line, hanging: Around) -> bool:
    if MessageRef(line.chat, line.message) in hanging.photos:
        return False
    return line.chat.channel not in _WITH_PHOTOS and not _PLACELESS.issuperset(line.media)


def _entry(case: Case, entry: Entry, hanging: Around, taxonomy: Taxonomy) -> EntryView:
    who = _who(case, entry.actor, hanging, entry.action in _NEIGHBOURS)
    cases = tuple(entry.words.split()) if entry.action in _ABOUT_CASES else ()
    return EntryView(
        entry.at,
        who,
        ACTION_NAMES[entry.action],
        "" if cases else _step(case, entry, hanging, taxonomy),
        change_of(entry),
        cases,
        _to_undo(entry, hanging),
    )


def _to_undo(entry: Entry, hanging: Around) -> Case | None:
    """The case that came with this step, if it was the last by which it came and it is still here."""
    if entry.action is not Action.ABSORB:
        return None
    came = entry.words.split(" ")[0]
    later = (e for e in hanging.entries if e.action is Action.ABSORB and e.seq > entry.seq)
    again = any(e.words.split(" ")[0] == came for e in later)
    return None if again else hanging.merged.get(came)


_ABOUT_CASES: frozenset[Action] = frozenset(
    {Action.MERGE, Action.UNMERGE, Action.ABSORB, Action.SPLIT}
)
"""Steps whose words are the numbers of other cases."""


def _step(case: Case, entry: Entry, hanging: Around, taxonomy: Taxonomy) -> str:
    if entry.action is Action.CALL:
        return _called(case, entry, hanging)
    if entry.action is Action.LEAVE:
        return _who(case, entry.words, hanging)
    return words_of(entry, taxonomy)


def _called(case: Case, entry: Entry, hanging: Around) -> str:
    """Who was called; where somebody had to be called after them, that they did not answer."""
    if not entry.words:
        return CASE["called_nobody"]
    again = any(e.action is Action.CALL and e.seq > entry.seq for e in hanging.entries)
    words = CASE["called_in_vain"] if again else CASE["called"]
    return words.format(who=_who(case, entry.words, hanging))
