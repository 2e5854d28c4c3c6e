"""A small wish (微心愿): heard, looked at by a person, published, claimed by exactly one, fulfilled.

The law of this file: nothing of a wish is published before a moderator has passed its words; who wishes
and who helps is never named in a group; the community brings the two together.
"""

from __future__ import annotations

from intake.acknowledging import case_params, nobody_named, refresh_ack
from intake.cases import Case, LineRole
from intake.commands import Said
from intake.desk import Desk
from intake.grids import ChatRef, Purpose
from intake.joining import attach
from intake.lifecycle import Action, CaseKind, State
from intake.notices import Button, Notice, ToChat, ToPerson, ToStaff, ToVolunteers, Urgency
from intake.people import Person
from intake.refusing import refusal
from intake.templates import Template
from intake.verdict import Verdict

PUBLISHED_LIMIT = 60
"""Characters of a published wish: it must fit in one glance."""


def publish(desk: Desk, case: Case, person: Person, words: str) -> Case:
    """A moderator passes the words; volunteers and the group may claim."""
    words = nobody_named(desk, case, words.strip())[:PUBLISHED_LIMIT]
    case = desk.act(case, Action.PUBLISH, person.id, words, published=words)
    params = case_params(desk, case) | {"wish_words": words, "area": desk.grid(case.grid).name}
    buttons = (Button("我来认领", f"claim:{case.id}"),)
    audiences: list[ToVolunteers | ToChat] = [ToVolunteers(case.grid)]
    if _in_group(desk, case):
        audiences.append(ToChat(case.chat))
    template, shown = Template.WISH_PUBLISHED, _published(params)
    for audience in audiences:
        desk.say(Notice(template, audience, shown, buttons, Urgency.PROGRESS, case.id))
    refresh_ack(desk, case)
    return case


def _published(params: dict[str, str]) -> dict[str, str]:
    return {key: params[key] for key in ("case", "wish_words", "area")}


def _in_group(desk: Desk, case: Case) -> bool:
    chat = desk.facts.chats.get(case.chat)
    return chat is not None and chat.purpose is Purpose.RESIDENTS


def claim(desk: Desk, case: Case, person: Person, where: ChatRef, said: Said | None) -> Verdict:
    """Exactly one may claim; whoever comes second is thanked and told."""
    if case.kind is not CaseKind.WISH or case.state is not State.PUBLISHED:
        gone = case.kind is CaseKind.WISH and case.state is not State.REVIEW
        template = Template.WISH_GONE if gone else Template.NO_SUCH_CASE
        desk.say(refusal(desk, template, person.id, {"case": case.id}, where))
        return Verdict("claim", None, (case.id,) if gone else ())
    if said is not None:
        attach(desk, case, said, person, LineRole.CLAIM, "认领")
    elif person.id not in desk.facts.people:
        desk.save_person(Person(person.id, person.name, home=case.grid))
    case = desk.act(case, Action.CLAIM, person.id, taken_by=person.id)
    desk.say(Notice(Template.WISH_CLAIMED, ToChat(where), {"case": case.id}, case=case.id))
    if where != case.chat and _in_group(desk, case):
        to = ToChat(case.chat)
        desk.say(
            Notice(
                Template.WISH_CLAIMED, to, {"case": case.id}, urgency=Urgency.PROGRESS, case=case.id
            )
        )
    _introduce(desk, case, person)
    return Verdict("claim", None, (case.id,))


def offer(desk: Desk, case: Case, person: Person, said: Said) -> Verdict:
    """Somebody offers help before a person has passed the wish: they are not kept from it, and staff know."""
    attach(desk, case, said, person, LineRole.CLAIM, said.text)
    params = case_params(desk, case) | {"by": person.name, "words": said.text}
    to_staff = ToStaff(case.grid)
    desk.say(Notice(Template.WISH_OFFERED_STAFF, to_staff, params, (), Urgency.PROGRESS, case.id))
    return Verdict("claim", None, (case.id,))


def _introduce(desk: Desk, case: Case, person: Person) -> None:
    """Staff learn who will help whom; the helper learns what is wished and how to say it is done."""
    reporter = desk.facts.people.get(case.reporter)
    params = case_params(desk, case) | {
        "by": person.name,
        "reporter": reporter.name if reporter else "",
        "wish_words": case.published or "",
    }
    done = (Button("圆上了", f"done:{case.id}"), Button("来不了了", f"drop:{case.id}"))
    to_staff = ToStaff(case.grid)
    desk.say(Notice(Template.WISH_CLAIMED_STAFF, to_staff, params, done, case=case.id))
    mine = {key: params[key] for key in ("case", "wish_words")}
    desk.say(Notice(Template.WISH_YOURS, ToPerson(person.id), mine, done, case=case.id))


def release(desk: Desk, case: Case, person: Person) -> Case:
    """The helper cannot come after all: the wish is free again, and said so."""
    case = desk.act(case, Action.RELEASE, person.id, taken_by=None)
    params = {
        "case": case.id,
        "wish_words": case.published or "",
        "area": desk.grid(case.grid).name,
    }
    buttons = (Button("我来认领", f"claim:{case.id}"),)
    to = ToVolunteers(case.grid)
    desk.say(Notice(Template.WISH_PUBLISHED, to, params, buttons, Urgency.PROGRESS, case.id))
    return case
