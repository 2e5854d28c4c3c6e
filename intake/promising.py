"""Words that belong to a case because somebody was asked for them, or named it.

The law of this file: a button that needs words asks for them and waits for that person's next line in
that chat; a sentence with the case's number needs no button at all.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from intake.acknowledging import case_params
from intake.cases import Case, LineRole
from intake.commands import Said
from intake.desk import Desk
from intake.joining import attach, tell_staff_more, tell_state
from intake.joint_words import jointly, part_words
from intake.lifecycle import Action, CaseKind
from intake.notices import Notice, ToChat
from intake.people import Person, Right
from intake.phrases import WorkWord, case_named, words_after_case, work_words
from intake.refusing import refusal
from intake.templates import Template
from intake.tiers import may_pass_on, pass_on
from intake.verdict import Verdict
from intake.wishing import publish
from intake.working import finish, may_work, possible, reject, report, take


def keep_promise(desk: Desk, said: Said, person: Person) -> Verdict | None:
    """If the bot waits for this person's words here, complete what they are for."""
    prompt = desk.facts.prompts.get((person.id, said.chat))
    if prompt is None or not said.text.strip():
        return None
    if prompt.expires_at < desk.now:
        desk.end_prompt(person.id, said.chat)
        return None
    case = desk.case(prompt.case)
    token = case_named(said.text)
    named = desk.case(token)
    if case is None or (named is not None and named.id != case.id):
        return None
    desk.end_prompt(person.id, said.chat)
    words = words_after_case(said.text, token or case.id)
    if not possible(case, prompt.action):
        desk.say(Notice(Template.NOT_NOW, ToChat(said.chat), case_params(desk, case)))
        return Verdict("report_back", None, (case.id,))
    if not _may_complete(desk, case, prompt.action, person):
        about = {"case": case.id}
        desk.say(refusal(desk, Template.NOT_ALLOWED, person.id, about, said.chat))
        return Verdict("report_back", None, (case.id,))
    _complete(desk, case, prompt.action, person, words, said)
    return Verdict("report_back", None, (case.id,))


_RIGHTS: Final = {
    Action.FINISH: Right.FINISH,
    Action.REPORT: Right.REPORT,
    Action.PUBLISH: Right.MODERATE_WISH,
    Action.REJECT: Right.MODERATE_WISH,
}


def _may_complete(desk: Desk, case: Case, action: Action, person: Person) -> bool:
    """Whether they still may what they pressed a button for: a role may have been taken since. Parts that are
    owed are asked after where they are answered."""
    if action is Action.PASS_ON:
        return may_pass_on(desk, person, case)
    right = _RIGHTS.get(action)
    return right is None or may_work(desk, person, case, right)


def _complete(
    desk: Desk, case: Case, action: Action, person: Person, words: str, said: Said
) -> None:
    attach(desk, case, said, person, LineRole.REPORT_BACK, words)
    match action:
        case Action.FINISH:
            finish(desk, case, person, words, said.chat)
        case Action.REPORT:
            report(desk, case, person, words, said.chat)
        case Action.PUBLISH:
            publish(desk, case, person, words)
        case Action.REJECT:
            reject(desk, case, person, words)
        case Action.PASS_ON:
            pass_on(desk, case, person, words)
        case Action.JOINT_DONE | Action.JOINT_NOTE | Action.JOINT_DECLINE:
            part_words(desk, case, action, person, words, said.chat)
        case _:
            raise ValueError(f"no words are ever awaited for {action}")


def staff_words(
    desk: Desk,
    case: Case,
    said: Said,
    person: Person,
    token: str | None,
    at: datetime | None = None,
) -> Verdict:
    """A sentence about a case: taking it, progress, or what was done; `at`: when, if not now."""
    words = words_after_case(said.text, token) if token else said.text.strip()
    verdict = Verdict("report_back", None, (case.id,))
    if words and jointly(desk, case, said, person, words):
        return verdict
    meaning = work_words(words)
    if meaning is WorkWord.DONE and not may_work(desk, person, case, Right.FINISH):
        meaning = WorkWord.PROGRESS  # a volunteer tells that it is done; closing is another's
    right = {WorkWord.TAKES: Right.TAKE, WorkWord.DONE: Right.FINISH}.get(meaning, Right.REPORT)
    if not may_work(desk, person, case, right):
        if token is not None:
            about = {"case": case.id}
            desk.say(refusal(desk, Template.NOT_ALLOWED, person.id, about, said.chat))
        else:  # a volunteer's word is no step of the case, but whoever works on it shall hear it
            attach(desk, case, said, person, LineRole.REPORT_BACK, words)
            tell_staff_more(desk, case, words)
        return verdict
    if not words:
        tell_state(desk, case, said, person)
        return verdict
    if meaning is WorkWord.TAKES and case.taken_by is not None:
        meaning = WorkWord.PROGRESS
    action = {WorkWord.TAKES: Action.TAKE, WorkWord.DONE: Action.FINISH}.get(meaning, Action.REPORT)
    if not possible(case, action):
        if token is not None:
            desk.say(Notice(Template.NOT_NOW, ToChat(said.chat), case_params(desk, case)))
        else:
            attach(desk, case, said, person, LineRole.REPORT_BACK, words)
        return verdict
    attach(desk, case, said, person, LineRole.REPORT_BACK, words)
    if action is Action.TAKE and case.kind is CaseKind.REQUEST:
        take(desk, case, person, at, said.chat)
    elif action is Action.FINISH:
        finish(desk, case, person, words, said.chat, at=at)
    else:
        report(desk, case, person, words, said.chat, at)
    return verdict
