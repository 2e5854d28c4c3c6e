"""What closed by silence.

The law of this file: facts only.
"""

from __future__ import annotations

from dataclasses import dataclass

from intake.cases import CaseId


@dataclass(frozen=True, slots=True)
class Lapsed:
    """A case that closed by silence. `more`: something that its closer closed came back, or it did itself."""

    case: CaseId
    more: bool = False
    supervised: bool = False
