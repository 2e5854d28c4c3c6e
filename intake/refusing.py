"""A refusal, in one sentence, and not over and over.

The law of this file: whoever asks for what they may not do is told so once an hour, so that nobody can
use up what a group may hear in a minute.
"""

from __future__ import annotations

from intake.cases import Case
from intake.desk import Desk
from intake.grids import ChatRef
from intake.lifecycle import CaseKind
from intake.notices import Notice, ToChat
from intake.templates import Template


def refusal(
    desk: Desk, template: Template, identity: str, params: dict[str, str], chat: ChatRef
) -> Notice:
    """The notice for one person and one case."""
    once = f"{template.value}|{params.get('case', '')}|{identity}|{desk.now:%Y%m%d%H}"
    return Notice(template, ToChat(chat), params, once=once)


def not_now(case: Case) -> dict[str, str]:
    """What is said of a case with which this cannot be done now; of a merged one, which goes on."""
    return {
        "case": case.id,
        "state": case.state.value,
        "wish": "1" if case.kind is CaseKind.WISH else "",
        "main": case.merged_into or "",
    }
