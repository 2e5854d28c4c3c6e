"""What the language part makes of one message.

The law of this file: a `Reading` is the only thing that crosses from `nlp` to the desk. It says what
the words ask for and how sure that is; it does not know any case, person or chat.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from intake.buildings import buildings_in
from intake.taxonomy import Level, Visibility


class Kind(StrEnum):
    """What a message is. All but REQUEST and WISH are the `kinds` of the taxonomy."""

    REQUEST = "request"
    WISH = "wish"
    CHAT = "chat"
    THANKS = "thanks"
    PLUS_ONE = "plus_one"
    CHASE = "chase"
    RESOLVED_SELF = "resolved_self"
    AD = "ad"
    NOTICE = "notice"
    JIELONG = "jielong"
    QUARREL = "quarrel"
    RUMOR = "rumor"
    MEDIA_ONLY = "media_only"
    REPORT_BACK = "report_back"
    ASK_BOT = "ask_bot"

    @property
    def asks(self) -> bool:
        """Whether the message asks for something that becomes a case."""
        return self in (Kind.REQUEST, Kind.WISH)


class Triage(StrEnum):
    """How sure the reading is: file it, ask the neighbour one question, or let a person look."""

    AUTO = "auto"
    ASK = "ask"
    HUMAN = "human"


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the message's text: `text[start:end]`."""

    start: int
    end: int

    def of(self, text: str) -> str:
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class MaskSpan:
    """Personal data in the text; `what` is phone, landline, id, card, plate, wechat, email or address."""

    start: int
    end: int
    what: str


@dataclass(frozen=True, slots=True)
class ItemGuess:
    """An item and its calibrated probability given that the message asks for something (0..1)."""

    item: str
    probability: float


@dataclass(frozen=True, slots=True)
class Reading:
    """One message, read. Spans index the message's own text, unchanged.

    `guesses` always has three entries, most likely first. `category`, `level`, `lead` and
    `visibility` are None unless `kind.asks`. `request_probability` is the gate's.
    `masked_text` is the text with every mask span replaced by ＊ signs of a fixed number.
    `bare_place` says that the text is a place and nothing else (a lead-in or a supplement).
    `suspicion` is a danger that the message may tell of, too unsure for an alarm: a person should look.
    `otherwise` is the other way to take a message that may be a call or not by what surrounds it (see
    `hearing.py`): talk where `kind.asks`, a call where not.
    """

    text: str
    kind: Kind
    request_probability: float
    guesses: tuple[ItemGuess, ...]
    category: str | None
    item: str | None
    level: Level | None
    lead: str | None
    visibility: Visibility | None
    triage: Triage
    emergency: str | None
    masks: tuple[MaskSpan, ...]
    masked_text: str
    places: tuple[Span, ...]
    because: tuple[str, ...]
    bare_place: bool = False
    suspicion: str | None = None
    otherwise: Reading | None = None

    @property
    def place(self) -> str | None:
        """The place as the neighbour said it: the first that names a building, else the first; or None."""
        said = [span.of(self.text) for span in self.places]
        if len(said) < 2:
            return said[0] if said else None
        return next((one for one in said if buildings_in(one)), said[0])
