"""What others than the lead owe to a case: a joint department its part, a whistled one its coming, the
district its word on what is beyond the street.

The law of this file: facts only. Of one kind a department has one part in a case; asked again it is asked
anew, and what was before stands in the timeline.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from intake.people import PersonId


class PartKind(StrEnum):
    JOINT = "joint"  # 协办: does something of it, by a day
    WHISTLE = "whistle"  # 吹哨报到: comes
    BEYOND = "beyond"  # 超权限上报: the district says whose it is


class Outcome(StrEnum):
    DONE = "done"  # 协办 done, or the district said whose it is
    CAME = "came"  # 报到
    DECLINED = "declined"  # not ours, or sent back down, with words
    ENDED = "ended"  # nobody waits for it any more


DISTRICT: Final = ""
"""Stands in the place of a department where the district centre is asked."""


@dataclass(frozen=True, slots=True)
class JointPart:
    """`asked` is what is asked of `department` (a code, or DISTRICT), by `asked_by`, until `due`; `told`
    counts the rungs that were climbed since. Open until it has an `outcome`, with the words of the answer."""

    kind: PartKind
    department: str
    asked: str
    asked_by: PersonId
    asked_at: datetime
    due: datetime
    told: int = 0
    outcome: Outcome | None = None
    answer: str = ""
    answered_by: PersonId | None = None
    answered_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.outcome is None

    @property
    def key(self) -> tuple[PartKind, str]:
        return self.kind, self.department
