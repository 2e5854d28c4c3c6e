"""Whose a case is after the town was arranged anew: which department leads it, which grid's talk it is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from intake.cases import Case
from intake.grids import Chat, ChatRef, Purpose
from intake.taxonomy import Taxonomy


def led_now(case: Case, taxonomy: Taxonomy) -> Case:
    """An open case is led by a department that is there: one that was merged into another is not, though a
    case may name it still that is opened again, or that came in at the moment of the merge."""
    lead = taxonomy.successor(case.lead)
    return replace(case, lead=lead) if case.is_open and lead != case.lead else case


def is_of(case: Case, grid: str, chats: Mapping[ChatRef, Chat]) -> bool:
    """Whether it is a case of this grid, or one of another that was told in a group of this one."""
    chat = chats.get(case.chat)
    told_here = chat is not None and chat.grid == grid and chat.purpose is Purpose.RESIDENTS
    return case.grid == grid or told_here
