"""The acts of staff on a page, by name: what comes with them, and why one may be refused."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from intake.cases import Case
from intake.desk import Desk
from intake.joint_parts import JointPart
from intake.lifecycle import Action
from intake.people import Person, Right


class Act(StrEnum):
    """An act, named as its page names it."""

    CONFIRM = "confirm"
    SET = "set"
    NOT_A_CASE = "not-a-case"
    TAKE = "take"
    REPORT = "report"
    FINISH = "finish"
    SEND = "send"
    HAND_BACK = "hand-back"
    HAND_UP = "hand-up"
    SEND_DOWN = "send-down"
    PASS_ON = "pass-on"
    ASK_JOINT = "ask-joint"
    WHISTLE = "whistle"
    REPORT_IN = "report-in"
    SAY_JOINT = "say-joint"
    FINISH_JOINT = "finish-joint"
    DECLINE_JOINT = "decline-joint"
    END_PARTS = "end-parts"
    ASK_TIME = "ask-time"
    EXTEND = "extend"
    DECLINE = "decline"
    PAUSE = "pause"
    ALLOW_PAUSE = "allow-pause"
    REFUSE_PAUSE = "refuse-pause"
    RESUME = "resume"
    SUPERVISE = "supervise"
    LIFT = "lift"
    CALL_BACK = "call-back"
    REJECT = "reject"
    PUBLISH = "publish"
    ANSWER = "answer"
    FALSE_ALARM = "false-alarm"
    SHOW = "show"


SEVERAL: Final = frozenset({Act.ASK_JOINT, Act.WHISTLE})
"""Acts that may name several departments."""
INSIDE: Final = SEVERAL | {
    *(Act.SEND, Act.HAND_UP, Act.SEND_DOWN, Act.PASS_ON, Act.SUPERVISE),
    *(Act.DECLINE, Act.REFUSE_PAUSE),
    *(Act.SAY_JOINT, Act.FINISH_JOINT, Act.DECLINE_JOINT),
}
"""Acts whose words only staff read."""


class NotAllowed(Exception):
    """This person may not do this to this case."""


class WordsMissing(Exception):
    """The act needs words, and those given are none or say nothing."""


class EmptyWords(Exception):
    """The words given say nothing that helps whoever reads them."""


class NoSuchChoice(Exception):
    """The act needs one of the given answers, and this is none of them."""


class PartsOpen(Exception):
    """Others owe their part still; whoever does not wait for them says so by the choice ANYWAY."""

    def __init__(self, parts: Sequence[JointPart]) -> None:
        super().__init__(str(len(parts)))
        self.parts = tuple(parts)


class NoSuchPlace(Exception):
    """The act needs a department, and `text` is none; `near` are the codes of those that it may mean, or,
    alone, of the one that leads already."""

    def __init__(self, text: str, near: Sequence[str] = ()) -> None:
        super().__init__(text)
        self.text = text
        self.near = tuple(near)


@dataclass(frozen=True, slots=True)
class Given:
    """What came with an act: the chosen item or reason, the words, whose it is to be, and until which
    day. `lead` is who led when the page was drawn, None where that is not known."""

    choice: str = ""
    words: str = ""
    place: str = ""
    lead: str | None = None
    day: str = ""


@dataclass(frozen=True, slots=True)
class Way:
    """How an act is done: whose right it is, which step of a case's life, and what happens."""

    right: Right
    step: Action
    do: Callable[[Desk, Case, Person, Given], object]
    words: bool = False
    may: Callable[[Desk, Person, Case], bool] | None = None
    """Who may, where that is not said by the right alone."""
    now: Callable[[Desk, Case], bool] | None = None
    """Whether it can be now, where that is not said by the table of a case's life alone."""
