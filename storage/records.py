"""What goes in and out of inbox, lanes and outbox, and what can go wrong there.

The law of this file: plain frozen values, no database. An error's type says whose turn it is: a lost
lease and a stale case mean "load again and decide again", not that something is broken.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from intake.notices import Post

PARKED = "parked"
"""The outcome of a row that could not be decided: its payload is kept up to 7 days."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """Something that came in at a door. `lane` is `str(ChatRef)`; `payload` is JSON-like."""

    channel: str
    external_id: str
    lane: str
    payload: dict[str, Any]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class InboxRow:
    """An undecided arrival; ids rise in order of arrival within a lane."""

    id: int
    channel: str
    external_id: str
    lane: str
    payload: dict[str, Any]
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to decide `rows` of a lane, good as long as nobody took a higher lease number."""

    lane: str
    lease: int
    rows: tuple[InboxRow, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an inbox row. `outcome` is a short word; PARKED keeps the payload."""

    id: int
    outcome: str
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Decided:
    """A row as it is remembered after its decision; `payload` is there only for parked ones."""

    id: int
    channel: str
    external_id: str
    lane: str
    outcome: str
    error: str | None
    received_at: datetime
    decided_at: datetime
    payload: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """A post to be sent now. `attempts` counts this one; `uncertain` says that an earlier attempt may
    have reached the chat before its process died; `edits_message` is the platform's id of the message
    that this post replaces, where `post.edits` was sent to the same chat."""

    id: int
    lease: int
    attempts: int
    post: Post
    uncertain: bool = False
    edits_message: str | None = None


@dataclass(frozen=True, slots=True)
class SentPost:
    """A post with its fate; waiting when neither `sent_at` nor `parked_at` is set."""

    id: int
    post: Post
    message_id: str | None
    sent_at: datetime | None
    parked_at: datetime | None
    error: str | None
    attempts: int


@dataclass(frozen=True, slots=True)
class Area:
    """A node of the tree above the grids; `kind` is district, street or community."""

    id: str
    kind: str
    name: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Outlet:
    """Where a department hears beside its chats; `kind` is mail or webhook."""

    department: str
    kind: str
    address: str


@dataclass(frozen=True, slots=True)
class Look:
    """Somebody looked at or changed a case, and why; or changed names, and which: then `case` is the grid
    whose names they are (or `*`)."""

    case: str
    person: str
    what: str
    why: str | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts for /metrics, read in one go. `cases` maps a state to the number of cases in it."""

    inbox_pending: int
    inbox_parked: int
    outbox_pending: int
    outbox_parked: int
    posts_uncertain: int
    timers_overdue: int
    waiting_since: datetime | None
    cases: dict[str, int]


class Refusal(StrEnum):
    """Why an invitation cannot be used; the remedy is always a new one."""

    UNKNOWN = "unknown"
    USED = "used"
    EXPIRED = "expired"


class LeaseLost(Exception):
    """Another worker has taken these lanes; nothing was saved. Drop the batch: it is in their hands."""

    def __init__(self, lanes: Iterable[str]) -> None:
        self.lanes = frozenset(lanes)
        super().__init__(f"lease lost on {', '.join(sorted(self.lanes))}")


class StaleCase(Exception):
    """These cases (or grids' numbers) were changed by somebody else since they were loaded; nothing
    was saved. Load again and decide again."""

    def __init__(self, cases: Iterable[str]) -> None:
        self.cases = frozenset(cases)
        super().__init__(f"changed by somebody else: {', '.join(sorted(self.cases))}")
