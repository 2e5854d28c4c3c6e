"""A step of a case's timeline in words.

The law of this file: codes as the names that people know; whose names stand there is not decided here.
"""

from __future__ import annotations

from bot.web.desk.joint_view import step_words
from bot.web.desk.words_call_backs import OUTCOME_NAMES
from bot.web.desk.words_case import CASE, VISIBILITY_NAMES
from bot.web.desk.words_limits import rung_words
from bot.web.desk.words_pauses import pause_step
from bot.web.desk.words_supervision import supervision_step
from bot.wording.item_names import item_name
from intake.cases import CallBack, Entry
from intake.leading import returned, sent
from intake.lifecycle import STATE_NAMES, Action, State
from intake.reorganising import moved
from intake.taxonomy import Taxonomy, Visibility


def words_of(entry: Entry, taxonomy: Taxonomy) -> str:
    """What was said with a step; codes as the names that people know."""
    joint = step_words(entry.action, entry.words, taxonomy)
    if joint is not None:
        return joint
    if entry.action is Action.MOVE and (went := moved(entry.words)):
        return CASE["went_over"].format(
            old=_department(went.old, taxonomy), new=_department(went.new, taxonomy), why=went.why
        )
    if entry.action is Action.DISPATCH:
        to = sent(entry.words)
        return "：".join(filter(None, (_department(to.department, taxonomy), to.why)))
    if entry.action is Action.HAND_BACK:
        back = returned(entry.words)
        whose = _department(back.place, taxonomy)
        return CASE["whose_of"].format(why=back.reason, whose=whose) if whose else back.reason
    if entry.action in (Action.CORRECT, Action.REVIEW, Action.RELABEL):
        return " → ".join(_item(code, taxonomy) for code in entry.words.split(" → "))
    if entry.action in (Action.PAUSE, Action.ASK_PAUSE):
        return pause_step(entry.words)
    if entry.action is Action.CALL_BACK and entry.words in set(CallBack):
        return OUTCOME_NAMES[CallBack(entry.words)]
    if entry.action is Action.SUPERVISE:
        return supervision_step(entry.words)
    if entry.action is Action.ESCALATE:
        return rung_words(entry.words)
    if entry.action is Action.SHOW:
        return " → ".join(VISIBILITY_NAMES[Visibility(one)] for one in entry.words.split(" → "))
    if entry.action is Action.RATE and entry.words.isdecimal():
        return CASE["score_of"].format(score=entry.words)
    return entry.words


def _department(code: str, taxonomy: Taxonomy) -> str:
    known = taxonomy.departments.get(code)
    return known.name if known else code


def _item(code: str, taxonomy: Taxonomy) -> str:
    return "未定" if code == "None" else item_name(taxonomy, code)


def change_of(entry: Entry) -> str:
    """From which state to which, "" where it stayed."""
    if entry.before == entry.after:
        return ""
    return CASE["from_to"].format(before=_state(entry.before), after=_state(entry.after))


def _state(value: str) -> str:
    known = value in set(State)
    return STATE_NAMES[State(value)] if known else value
