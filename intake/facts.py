"""What the desk knows while it decides a batch, and what it wants changed afterwards.

The law of this file: `Wants` names what to load, `Facts` is what was found, `Changes` is what to save.
Storage fills and empties these; the desk sees nothing else of the world.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from intake.answer_cards import AnswerCard
from intake.bulletins import Asked, Bulletin
from intake.cases import (
    Case,
    CaseId,
    Entry,
    Example,
    Follower,
    Gathering,
    Held,
    Line,
    LineRole,
    Prompt,
    Timer,
)
from intake.covering import Cover
from intake.figures import Day
from intake.grids import Chat, ChatRef, Grid, MessageRef
from intake.lapsed import Lapsed
from intake.naming import Naming
from intake.notices import Notice, Post
from intake.people import Person, PersonId


@dataclass(frozen=True, slots=True)
class OwnRecords:
    """What is kept of somebody: what they reported, what they said in the chats about whatever case, which
    cases of others they follow, and what they asked that was answered; all oldest first."""

    cases: tuple[Case, ...] = ()
    lines: tuple[Line, ...] = ()
    follows: tuple[str, ...] = ()
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """Of how many cases the words went, and how many are still being done."""

    gone: int
    still: int


@dataclass(frozen=True)
class Wants:
    """`identities` are those who spoke or pressed; `messages` are those quoted or pressed under; `words`:
    the grids' own words as well; `above`: the people above those who work in the grids; `bulletins` are those
    (or cards) that something is due of, with all whom they answered; `held`: words that wait for a tap, by
    their keys; `next_door`: neighbouring grids in which an outage was told lately."""

    chats: frozenset[ChatRef] = frozenset()
    messages: frozenset[MessageRef] = frozenset()
    identities: frozenset[str] = frozenset()
    cases: frozenset[CaseId] = frozenset()
    grids: frozenset[str] = frozenset()
    words: bool = False
    above: bool = False
    bulletins: frozenset[str] = frozenset()
    held: frozenset[str] = frozenset()
    next_door: bool = False


@dataclass
class Facts:
    """What was loaded. A chat that is not in `chats` is not bound to any grid.

    `chats` also holds every other chat of the loaded grids, and those in which somebody follows one of
    the loaded cases; `people` holds the speakers, the grids' duty people, those above them (`ABOVE` in
    `intake/ladder.py`) where they are wanted, and reporter, taker and followers of the loaded cases;
    `people_of` maps an identity to its person where they differ. `cases` holds those asked for, those
    behind `messages`, what is merged into either, the newest open ones of the loaded grids, and what the
    speakers reported in the last 30 days. `words`, only where wanted, are those of each scope (a loaded
    grid, EVERYWHERE) that has some. `covers` are those that stand now and touch these grids or people;
    `people` hold both of each, and what they stand in for.
    """

    chats: dict[ChatRef, Chat] = field(default_factory=dict)
    grids: dict[str, Grid] = field(default_factory=dict)
    people: dict[PersonId, Person] = field(default_factory=dict)
    people_of: dict[str, PersonId] = field(default_factory=dict)
    cases: dict[CaseId, Case] = field(default_factory=dict)
    lines: dict[MessageRef, tuple[tuple[CaseId, LineRole], ...]] = field(default_factory=dict)
    texts: dict[MessageRef, str] = field(default_factory=dict)
    """The words of the chat lines among `lines`, masked."""
    talk: list[Line] = field(default_factory=list)
    """The newest lines about cases in the residents' groups of the loaded grids, oldest first."""
    followers: dict[CaseId, tuple[Follower, ...]] = field(default_factory=dict)
    gatherings: dict[tuple[ChatRef, PersonId], Gathering] = field(default_factory=dict)
    prompts: dict[tuple[PersonId, ChatRef], Prompt] = field(default_factory=dict)
    held: dict[str, Held] = field(default_factory=dict)
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    covers: tuple[Cover, ...] = ()
    pictured: frozenset[MessageRef] = frozenset()
    """Messages of the gatherings of which a photo is held."""
    days: dict[str, Day] = field(default_factory=dict)
    """What the daily collection of a grid has to say, where one is due."""
    own: dict[PersonId, OwnRecords] = field(default_factory=dict)
    erased: dict[PersonId, Erased] = field(default_factory=dict)
    """All that is kept of those who asked for it, and what went of those who wished it."""
    overnight: dict[ChatRef, list[Post]] = field(default_factory=dict)
    """What waited for the morning of a group, where one has come."""
    bulletins: dict[str, Bulletin] = field(default_factory=dict)
    """What was announced in the loaded grids and is not long over, proposals included."""
    cards: tuple[AnswerCard, ...] = ()
    """The answer cards of the loaded grids."""
    asked: dict[tuple[str, PersonId], Asked] = field(default_factory=dict)
    """Which of these answered the speakers."""
    lapsed: dict[str, Sequence[Lapsed]] = field(default_factory=dict)
    """What closed by silence in a grid in the week before, where some of it is to be drawn."""


@dataclass
class Changes:
    """What the batch changed. A None value deletes the row. `versions` holds, for every case that
    was loaded and is now changed, the version it was loaded with; a case without one is new."""

    cases: dict[CaseId, Case] = field(default_factory=dict)
    versions: dict[CaseId, int] = field(default_factory=dict)
    entries: list[Entry] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    followers: list[Follower] = field(default_factory=list)
    detached: list[Line] = field(default_factory=list)
    """Chat lines that no longer hang on their case."""
    unfollowed: list[Follower] = field(default_factory=list)
    gone: dict[CaseId, str] = field(default_factory=dict)
    """Cases that went to another grid, with the one that they left."""
    timers: dict[str, Timer | None] = field(default_factory=dict)
    gatherings: dict[tuple[ChatRef, PersonId], Gathering | None] = field(default_factory=dict)
    prompts: dict[tuple[PersonId, ChatRef], Prompt | None] = field(default_factory=dict)
    held: dict[str, Held | None] = field(default_factory=dict)
    people: dict[PersonId, Person] = field(default_factory=dict)
    chats: dict[ChatRef, Chat] = field(default_factory=dict)
    moved: list[tuple[ChatRef, ChatRef]] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)
    examples: list[Example] = field(default_factory=list)
    unlearned: list[CaseId] = field(default_factory=list)
    """Cases whose words were withdrawn: what was to be learned from them goes too."""
    namings: list[Naming] = field(default_factory=list)
    erased: list[MessageRef] = field(default_factory=list)
    """Withdrawn messages, whose words are to be blanked wherever they are kept."""
    mornings: dict[str, bool] = field(default_factory=dict)
    """Held posts by key: whether it was said together with others, or is not said at all."""
    bulletins: dict[str, Bulletin] = field(default_factory=dict)
    asked: dict[tuple[str, PersonId], Asked] = field(default_factory=dict)
    notices: list[tuple[str, Notice]] = field(default_factory=list)
    """(cause, notice) in the order in which they arose."""
