"""A case and what hangs on it.

The law of this file: facts only, all frozen. A case is known by `GRID-number`, which people can say
aloud and which never changes. All texts here are masked; the reporter stands in one field and is never
put into a sentence for a group.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from intake.grids import ChatRef
from intake.lifecycle import AT_WORK, OVER, Action, CaseKind, State
from intake.people import PersonId
from intake.reading import Triage
from intake.taxonomy import Level, Tier, Visibility

CaseId = str

PATROL = "field"
"""The channel in which staff tell what they find on their round."""
DESK = "desk"
"""Where staff's own photos of their work come from; each case is a talk of its own there."""


@dataclass(frozen=True, slots=True)
class Case:
    """All times are aware. `guesses` are item codes, likeliest first. `said` is the masked words that
    opened it; `title` is what may be shown under visibility `masked`; `provisional` says that a
    deadline crosses a year whose holidays are not published yet. `version` counts saves, `entries`
    the rows of its timeline. `alert` is the order of the duty person alerted last (0: none);
    `returns` counts hand-backs, `reopened` how often "没好" was said; `climbed` names the rungs of the
    ladder on which people were told that a limit was missed; `asked_until` is the end that is asked for.
    """

    id: CaseId
    grid: str
    number: int
    kind: CaseKind
    state: State
    triage: Triage
    category: str | None
    item: str | None
    level: Level
    lead: str | None
    co: tuple[str, ...]
    tier: Tier
    visibility: Visibility
    emergency: str | None
    place: str | None
    said: str
    title: str
    reporter: PersonId
    chat: ChatRef
    message: str
    guesses: tuple[str, ...]
    opened_at: datetime
    respond_due: datetime | None
    resolve_due: datetime | None
    provisional: bool = False
    taken_by: PersonId | None = None
    responded_at: datetime | None = None
    done_words: str | None = None
    done_by: PersonId | None = None
    done_at: datetime | None = None
    closed_at: datetime | None = None
    score: int | None = None
    voices: int = 1
    reopened: int = 0
    returns: int = 0
    alert: int = 0
    merged_into: CaseId | None = None
    published: str | None = None
    climbed: tuple[str, ...] = ()
    extensions: int = 0
    asked_until: datetime | None = None
    asked_why: str | None = None
    asked_by: PersonId | None = None
    version: int = 0
    entries: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.state not in OVER

    @property
    def found_on_patrol(self) -> bool:
        """Whether staff found it on their round; nobody had asked."""
        return self.chat.channel == PATROL

    @property
    def done_by_finder(self) -> bool:
        """Whether whoever found it on a round put it right themselves."""
        return self.found_on_patrol and self.done_by == self.reporter

    @property
    def settled(self) -> bool:
        """Whether its finder put it right and no neighbour had told it: then nobody was ever asked."""
        return self.done_by_finder and self.voices == 1

    @property
    def departments(self) -> tuple[str, ...]:
        """Lead and co-departments."""
        return (self.lead, *self.co) if self.lead else self.co


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of a case's timeline; rows are added, never changed. `actor` is None for the system."""

    case: CaseId
    seq: int
    at: datetime
    action: Action
    actor: PersonId | None
    words: str = ""
    before: str = ""
    after: str = ""


class LineRole(StrEnum):
    """Why a chat line belongs to a case."""

    OPENED = "opened"
    SUPPLEMENT = "supplement"
    PLUS_ONE = "plus_one"
    CHASE = "chase"
    RESOLVED_SELF = "resolved_self"
    REPORT_BACK = "report_back"
    CLAIM = "claim"
    ACK = "ack"  # a post of the bot about this case


@dataclass(frozen=True, slots=True)
class Line:
    """A chat line attached to a case; `text` is masked."""

    case: CaseId
    chat: ChatRef
    message: str
    sender: PersonId
    role: LineRole
    text: str
    media: tuple[str, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Follower:
    """Somebody with the same trouble; hears progress in the chat where they spoke."""

    case: CaseId
    person: PersonId
    chat: ChatRef


@dataclass(frozen=True, slots=True)
class Gathering:
    """Lead-ins of one neighbour (a bare place, a photo) that wait for what is asked."""

    chat: ChatRef
    sender: PersonId
    texts: tuple[str, ...]
    messages: tuple[str, ...]
    media: tuple[str, ...]
    place: str | None
    started_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Prompt:
    """The bot waits for words of one person in one chat, to complete `action` on a case."""

    person: PersonId
    chat: ChatRef
    case: CaseId
    action: Action
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Example:
    """A person's correction, to be reviewed and learned from.

    `text` is the masked words as they stood, without names; `label` is an item, a kind, or `request`
    or `wish` where so far only that it asks is known. `source` is the door: button, reporter, forced
    or not_request.
    """

    case: CaseId | None
    text: str
    read_as: str | None
    label: str
    by: PersonId
    source: str
    at: datetime


class TimerKind(StrEnum):
    GATHER = "gather"
    CONFIRM = "confirm"
    RESPOND_DUE = "respond_due"
    RESOLVE_DUE = "resolve_due"
    RATING = "rating"
    DUTY = "duty"
    TWINS = "twins"
    CALENDAR = "calendar"
    RETENTION = "retention"
    DIGEST = "digest"
    BRIEF = "brief"
    RETRAIN = "retrain"


def rung_name(limit: TimerKind, whom: str) -> str:
    """A rung of the ladder, as a case remembers it."""
    return f"{limit.value}.{whom}"


def at_rest(case: Case) -> Case:
    """A case as it stands: what was asked for by whoever worked on it ends when nobody does."""
    if case.state in AT_WORK or case.asked_until is None:
        return case
    return replace(case, asked_until=None, asked_why=None, asked_by=None)


def with_its_ladder(before: Case, now: Case) -> Case:
    """A limit that was moved later has the whole ladder before it again."""
    limits = (
        (TimerKind.RESPOND_DUE, before.respond_due, now.respond_due),
        (TimerKind.RESOLVE_DUE, before.resolve_due, now.resolve_due),
    )
    anew = tuple(rung_name(kind, "") for kind, was, due in limits if was and due and due > was)
    if not anew or not now.climbed:
        return now
    return replace(now, climbed=tuple(one for one in now.climbed if not one.startswith(anew)))


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that falls due. `key` is unique: setting the same key again moves the time.

    `subject` is a case id, `channel:chat|person` for a gathering, the night of a retraining, or grid and
    day of a collection or a brief.
    """

    key: str
    kind: TimerKind
    subject: str
    due: datetime
    grid: str | None = None
