"""What does not change from line to line."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import time, timedelta, tzinfo

from intake.deadlines import WorkCalendar
from intake.hearing import Hearing
from intake.naming import Lexicon, NoLexicon
from intake.taxonomy import Taxonomy


@dataclass(frozen=True)
class Rules:
    """What does not change from line to line: the taxonomy, the calendar, the zone, what the language part
    knows of single words, and how it weighs what surrounds a line (None: its words alone count)."""

    taxonomy: Taxonomy
    calendar: WorkCalendar
    zone: tzinfo
    lexicon: Lexicon = field(default=NoLexicon())
    hearing: Hearing | None = None
    retrain: time | None = None
    """The local hour at which the next model is trained; None: never by itself."""
    collect: time | None = None
    """The local hour of the daily collection; None: there is none."""
    brief: time | None = None
    """The local hour of Monday at which the week's brief is drafted; None: there is none."""
    propose: bool = True
    """Whether staff's announcements are proposed as bulletins: where somebody is there to keep them."""
    which: timedelta | None = None
    """How long words of work wait for a tap that says which case; None: the likeliest is taken at once."""
