"""The forms of acts on a case's page: what is offered, what was typed, and what comes back in them.

The law of this file: only forms; who may do what, and when, is decided in `intake/acting.py`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from multidict import MultiDictProxy

from bot.web.desk.act_photos import WITH_PHOTOS
from bot.web.desk.words_acts import ActWords
from bot.web.desk.words_case import ACT_WORDS
from intake.acts import SEVERAL, Act, Given
from intake.cases import Case
from intake.wishing import PUBLISHED_LIMIT
from storage.room_records import Photo

_ORDER: Final = (
    Act.ANSWER,
    Act.REPORT_IN,
    Act.TAKE,
    Act.CONFIRM,
    Act.PUBLISH,
    Act.FINISH_JOINT,
    Act.SAY_JOINT,
    Act.DECLINE_JOINT,
    Act.REPORT,
    Act.FINISH,
    Act.SET,
    Act.SEND,
    Act.SEND_DOWN,
    Act.ASK_JOINT,
    Act.WHISTLE,
    Act.PASS_ON,
    Act.HAND_UP,
    Act.SHOW,
    Act.EXTEND,
    Act.DECLINE,
    Act.ALLOW_PAUSE,
    Act.REFUSE_PAUSE,
    Act.RESUME,
    Act.PAUSE,
    Act.ASK_TIME,
    Act.HAND_BACK,
    Act.CALL_BACK,
    Act.SUPERVISE,
    Act.LIFT,
    Act.NOT_A_CASE,
    Act.FALSE_ALARM,
    Act.REJECT,
)
_AT_A_PRESS: Final = frozenset({Act.ANSWER, Act.REPORT_IN, Act.TAKE, Act.CONFIRM})
"""Acts that need neither words nor a second thought."""
_ENDS: Final = frozenset({Act.NOT_A_CASE, Act.FALSE_ALARM, Act.REJECT})
"""Acts after which nobody works on it any more."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A form as it came. `version` is that of the page, None where it was not understood."""

    what: Act
    version: int | None
    words: str
    choice: str
    other: str
    to: str = ""
    place: str = ""
    lead: str | None = None
    came_from: str = ""
    day: str = ""
    kept: tuple[Photo, ...] = ()

    @property
    def all(self) -> str:
        """All that was typed, to be copied."""
        return "\n".join(filter(None, (self.place.strip(), self.words)))

    @property
    def given(self) -> Given:
        """What the act gets."""
        to = self.place.strip() or self.to
        if self.what in SEVERAL:
            to = "、".join(filter(None, (self.to, self.place.strip())))
        return Given(self.other or self.choice, self.words.strip(), to, self.lead, self.day)


@dataclass(frozen=True, slots=True)
class ActForm:
    """An act as the page offers it; `typed` is what comes back in it, `open` that it stands open."""

    what: Act
    about: ActWords
    words: str
    choice: str
    other: str
    to: str
    place: str
    day: str
    at_a_press: bool
    ends: bool
    open: bool
    kept: tuple[Photo, ...] = ()
    takes_photos: bool = False


def in_order(possible: Sequence[Act]) -> list[Act]:
    """In the order of the page. Answering an alert takes it in hand, so that one button is enough."""
    twice = {Act.TAKE} if Act.ANSWER in possible else set()
    return [what for what in _ORDER if what in possible and what not in twice]


def form_of_act(
    what: Act, case: Case, typed: Typed | None, wanted: Act | None, photos: bool
) -> ActForm:
    mine = typed if typed is not None and typed.what is what else None
    prefilled = case.said[:PUBLISHED_LIMIT] if what is Act.PUBLISH else ""
    return ActForm(
        what=what,
        about=ACT_WORDS[what],
        words=mine.words if mine else prefilled,
        choice=mine.choice if mine else "",
        other=mine.other if mine else "",
        to=mine.to if mine else "",
        place=mine.place if mine else "",
        day=mine.day if mine else "",
        at_a_press=what in _AT_A_PRESS,
        ends=what in _ENDS,
        open=mine is not None or what is wanted,
        kept=mine.kept if mine else (),
        takes_photos=photos and what in WITH_PHOTOS,
    )


def typed_of(what: Act, form: MultiDictProxy[Any]) -> Typed:
    version = str(form.get("version", ""))
    whole = version.isascii() and version.isdecimal() and len(version) < 10
    words = str(form.get("words", ""))
    return Typed(
        what,
        int(version) if whole else None,
        words if words.strip() else str(form.get("usual", "")),
        str(form.get("choice", "")),
        str(form.get("other", "")),
        "、".join(map(str, form.getall("to", ()))),
        str(form.get("place", "")),
        str(form["lead"]) if "lead" in form else None,
        str(form.get("from", "")),
        str(form.get("day", "")),
    )
