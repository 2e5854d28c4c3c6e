"""A refusal, in one sentence, and not over and over.

The law of this file: whoever asks for what they may not do is told so once an hour, so that nobody can
use up what a group may hear in a minute. In a residents' group a private case is as if it were not there, and
what is done to it there is answered alone.
"""

from __future__ import annotations

from intake.cases import Case
from intake.desk import Desk
from intake.grids import ChatRef, Purpose
from intake.lifecycle import CaseKind
from intake.notices import Notice, ToChat, ToPerson
from intake.taxonomy import Visibility
from intake.templates import Template


def refusal(
    desk: Desk, template: Template, identity: str, params: dict[str, str], chat: ChatRef
) -> Notice:
    """The notice for one person and one case."""
    case = desk.itself(params.get("case"))
    if case is not None and _unspoken(desk, case, chat):
        template, params = Template.NO_SUCH_CASE, {}
    once = f"{template.value}|{params.get('case', '')}|{identity}|{desk.now:%Y%m%d%H}"
    return Notice(template, ToChat(chat), params, once=once)


def answered_in(desk: Desk, case: Case, chat: ChatRef) -> ToChat | ToPerson:
    """Where its reporter hears of what they did to a case in a chat."""
    return ToPerson(case.reporter) if _unspoken(desk, case, chat) else ToChat(chat)


def _unspoken(desk: Desk, case: Case, chat: ChatRef) -> bool:
    known = desk.facts.chats.get(chat)
    in_group = known is not None and known.purpose is Purpose.RESIDENTS
    return in_group and case.visibility is Visibility.PRIVATE


def not_now(case: Case) -> dict[str, str]:
    """What is said of a case with which this cannot be done now; of a merged one, which goes on."""
    return {
        "case": case.id,
        "state": case.state.value,
        "wish": "1" if case.kind is CaseKind.WISH else "",
        "main": case.merged_into or "",
    }
