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
from intake.joint_parts import JointPart, Outcome, PartKind
from intake.lifecycle import AT_WORK, DONE, OVER, Action, CaseKind, State
from intake.nature import Nature
from intake.people import PersonId
from intake.reading import Triage
from intake.taxonomy import Level, Tier, Visibility

CaseId = str

PATROL = "field"
"""The channel in which staff tell what they find on their round."""
DESK = "desk"
"""Where staff's own photos of their work come from; each case is a talk of its own there."""


class CallBack(StrEnum):
    """回访: what somebody asked of a reporter who had given no word came to."""

    DUE = "due"
    FIXED = "fixed"
    NOT_FIXED = "not_fixed"
    UNREACHED = "unreached"


@dataclass(frozen=True, slots=True)
class Case:
    """All times are aware. `guesses` are item codes, likeliest first. `said` is the masked words that
    opened it; `title` is what may be shown under visibility `masked`; `provisional` says that a
    deadline crosses a year whose holidays are not published yet. `version` counts saves, `entries`
    the rows of its timeline. `alert` is the order of the duty person alerted last (0: none);
    `returns` counts hand-backs, `reopened` how often "没好" was said; `climbed` names the rungs of the
    ladder on which people were told that a limit was missed; `parts` is what others than the lead
    owe to it, or owed; `asked_until` is the end that is asked for, of a pause where `asked_pause` names
    its reason. While it is paused, `paused_due` is the limit as it stood before; `pauses` and
    `paused_seconds` count what was and is over, in hours of the clock on the wall.
    Under supervision progress is to be reported until `supervised_until`; `supervised_by` is None where a
    rule put it there. `call_back` is None where it was not drawn to be asked about.
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
    parts: tuple[JointPart, ...] = ()
    asked_pause: str | None = None
    paused_why: str | None = None
    paused_at: datetime | None = None
    paused_until: datetime | None = None
    paused_due: datetime | None = None
    pauses: int = 0
    paused_seconds: int = 0
    supervised_until: datetime | None = None
    supervised_why: str | None = None
    supervised_by: PersonId | None = None
    call_back: CallBack | None = None
    nature: Nature = Nature.HELP
    version: int = 0
    entries: int = 0

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self.state not in OVER

    @property
    def is_paused(self) -> bool:
        """Whether its clock stands still."""
        return self.paused_at is not None

    @property
    def is_supervised(self) -> bool:
        """Whether somebody above follows it until it is done."""
        return self.supervised_until is not None

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

    @property
    def open_parts(self) -> tuple[JointPart, ...]:
        """What is still owed by others than the lead."""
        return tuple(part for part in self.parts if part.is_open)

    @property
    def leads(self) -> tuple[str, ...]:
        """Whose handlers may work on the whole of it; joint ones see it and do their part."""
        return (self.lead,) if self.lead else ()


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
class Held:
    """Staff's words that fit several cases alike, until a tap says which of `cases`, the likeliest first.
    `key` is told by their message (`intake/asking_which.py`); `text` is masked."""

    key: str
    person: PersonId
    grid: str
    chat: ChatRef
    message: str
    text: str
    media: tuple[str, ...]
    cases: tuple[CaseId, ...]
    at: datetime
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
    JOINT = "joint"
    TWINS = "twins"
    PAUSE = "pause"
    SUPERVISION = "supervision"
    CALL_BACKS = "call_backs"
    CALL_BACK = "call_back"
    CALENDAR = "calendar"
    RETENTION = "retention"
    DIGEST = "digest"
    BRIEF = "brief"
    RETRAIN = "retrain"
    MORNING = "morning"
    BULLETIN = "bulletin"
    CARD = "card"
    WHICH = "which"
    EXPORT = "export"
    ERASE = "erase"
    LEAVING = "leaving"


def rung_name(limit: TimerKind, whom: str) -> str:
    """A rung of the ladder, as a case remembers it."""
    return f"{limit.value}.{whom}"


def at_rest(case: Case, now: datetime) -> Case:
    """A case as it stands: what was asked for by whoever worked on it ends when nobody does, and the parts of
    others as `_with_its_parts` says; a wish is nobody's duty."""
    case = _with_its_parts(case, now)
    if case.kind is CaseKind.WISH and case.is_supervised:
        case = replace(case, supervised_until=None, supervised_why=None, supervised_by=None)
    if case.state in AT_WORK or case.asked_until is None:
        return case
    return replace(case, asked_until=None, asked_why=None, asked_by=None, asked_pause=None)


WITH_DISTRICT = frozenset({State.TO_DISPATCH, State.WORKING})
"""States in which the district's word on whose it is may still be waited for."""


def _with_its_parts(case: Case, now: datetime) -> Case:
    """A case as it stands: parts end with the case, a joint department that leads has none beside that, the
    district is not waited for once somebody has it, and who owes a part is a joint department."""
    if not case.parts:
        return case
    parts = tuple(_ended(part, now) if _is_over(case, part) else part for part in case.parts)
    owing = (part.department for part in parts if part.is_open and part.department)
    co = dict.fromkeys((*case.co, *owing))
    return replace(case, parts=parts, co=tuple(code for code in co if code != case.lead))


def _is_over(case: Case, part: JointPart) -> bool:
    if not part.is_open:
        return False
    if part.kind is PartKind.JOINT and part.department == case.lead:
        return True
    if part.kind is PartKind.BEYOND and case.state not in WITH_DISTRICT:
        return True
    return case.state in OVER or case.state in DONE


def _ended(part: JointPart, now: datetime) -> JointPart:
    return replace(part, outcome=Outcome.ENDED, answered_at=now)


def with_its_ladder(before: Case, now: Case) -> Case:
    """A limit that was moved later has the whole ladder before it again."""
    limits = (
        (TimerKind.RESPOND_DUE, before.respond_due, now.respond_due),
        (TimerKind.RESOLVE_DUE, before.resolve_due, now.resolve_due),
        (TimerKind.SUPERVISION, before.supervised_until, now.supervised_until),
    )
    anew = tuple(rung_name(kind, "") for kind, was, due in limits if was and due and due > was)
    if not anew or not now.climbed:
        return now
    return replace(now, climbed=tuple(one for one in now.climbed if not one.startswith(anew)))


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that falls due. `key` is unique: setting the same key again moves the time.

    `subject` is a case id, `channel:chat|person` for a gathering, the night of a retraining, grid and
    day of a collection, a brief or a draw, grid and moment of a morning, a bulletin, a card, a person, or
    the key of held words.
    """

    key: str
    kind: TimerKind
    subject: str
    due: datetime
    grid: str | None = None


def timer_key(kind: TimerKind, subject: str) -> str:
    return f"{kind.value}|{subject}"
