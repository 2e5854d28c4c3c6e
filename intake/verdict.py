"""What one command came to."""

from __future__ import annotations

from dataclasses import dataclass

from intake.cases import CaseId


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one command came to: the kind shown by `huying replay`, the emergency's code, and the
    cases it opened or was attached to."""

    kind: str
    emergency: str | None = None
    cases: tuple[CaseId, ...] = ()
    opened: tuple[CaseId, ...] = ()


IGNORED = Verdict("chat")
