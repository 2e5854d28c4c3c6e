"""The first answer, and what staff see of a new case.

The law of this file: one acknowledgement a case. `group` is quoted, `masked` gets its number and a
vague title, `private` is answered alone or, where its reporter cannot be reached alone, by one neutral
line; staff see everything in their own chats.
"""

from __future__ import annotations

from intake.cases import Case
from intake.commands import Said
from intake.desk import Desk
from intake.gist import gist
from intake.lifecycle import CaseKind, State
from intake.nameless import unnamed
from intake.notices import Button, Notice, ToChat, ToDepartment, ToPerson, ToStaff, Urgency
from intake.reading import Reading, Triage
from intake.taxonomy import Tier, Visibility
from intake.templates import Template

WARNED_MASKS = frozenset({"phone", "id", "card", "address"})
"""Personal data about which the neighbour is warned; plates and landlines are often meant to be read."""


def case_params(desk: Desk, case: Case) -> dict[str, str]:
    """What any sentence about a case may need. Wording decides what to use; visibility is enforced
    by `public_params`."""
    taxonomy = desk.rules.taxonomy
    item = taxonomy.items.get(case.item or "")
    lead = taxonomy.departments.get(case.lead or "")
    emergency = taxonomy.emergencies.get(case.emergency or "")
    return {
        "case": case.id,
        "visibility": case.visibility.value,
        "title": case.title,
        "item": taxonomy.item_name(case.item) or case.title,
        "item_code": case.item or "",
        "department": lead.name if lead else "",
        "place": case.place or "",
        "said": case.said,
        "heard": gist(case.said, (case.place or "", *(item.keywords if item else ()))),
        "level": case.level.value,
        "state": case.state.value,
        "respond_due": case.respond_due.isoformat() if case.respond_due else "",
        "resolve_due": case.resolve_due.isoformat() if case.resolve_due else "",
        "provisional": "1" if case.provisional else "",
        "paused_until": case.paused_until.isoformat() if case.paused_until else "",
        "voices": str(case.voices),
        "emergency": emergency.name if emergency else "",
        "call": emergency.call if emergency else "",
        "wish": "1" if case.kind is CaseKind.WISH else "",
    }


_PUBLIC_MASKED = frozenset(
    {"case", "visibility", "title", "department", "respond_due", "resolve_due", "state", "level"}
    | {"voices", "provisional", "emergency", "call", "wish", "paused_until"}
)


def public_params(desk: Desk, case: Case) -> dict[str, str]:
    """Only what a group may see: under `masked` neither words nor place nor item."""
    params = case_params(desk, case)
    if case.visibility is Visibility.GROUP:
        return params | {
            key: nobody_named(desk, case, params[key]) for key in ("said", "heard", "place")
        }
    return {key: value for key, value in params.items() if key in _PUBLIC_MASKED}


def nobody_named(desk: Desk, case: Case, words: str) -> str:
    """Words for a group, without the names of those who told of the case."""
    ids = (case.reporter, *(follower.person for follower in desk.followers(case.id)))
    known = (desk.facts.people.get(id) for id in dict.fromkeys(ids))
    return unnamed(words, [person.name for person in known if person is not None])


def acknowledge(desk: Desk, case: Case, said: Said, reading: Reading) -> None:
    """Answer the neighbour, once, in the right place."""
    if case.emergency is not None:
        answer_danger(desk, case, said)
    elif said.private:
        _answer_alone(desk, case, ToChat(case.chat), said.message)
    elif case.visibility is Visibility.PRIVATE:
        if desk.reachable(case.reporter):
            _answer_alone(desk, case, ToPerson(case.reporter), None)
        else:
            _neutral_line(desk, case)
    else:
        _answer_in_group(desk, case, reading)


def answer_danger(desk: Desk, case: Case, said: Said) -> None:
    """Which number to call and who has been told; for some classes not one word in the group."""
    emergency = desk.rules.taxonomy.emergencies[case.emergency or ""]
    duty = desk.duty(case.grid)
    params = {
        "case": case.id,
        "emergency": emergency.code,
        "call": emergency.call,
        "who": duty[0].title if duty else "",
        "at": desk.now.isoformat(),
        "place": "1" if case.place else "",
    }
    to: ToChat | ToPerson = ToChat(said.chat)
    if said.private or emergency.group_reply:
        template = Template.ALARM if emergency.group_reply else Template.ALARM_PRIVATE
    else:
        template, to = Template.ALARM_PRIVATE, ToPerson(case.reporter)
    quoted = said.message if isinstance(to, ToChat) else None
    desk.say(Notice(template, to, params, (), Urgency.ALERT, case.id, quoted))


def _answer_alone(desk: Desk, case: Case, to: ToChat | ToPerson, reply_to: str | None) -> None:
    desk.say(
        Notice(
            ack_template(case),
            to,
            case_params(desk, case) | ack_extras(desk, case) | {"alone": "1"},
            ack_buttons(desk, case),
            Urgency.ANSWER,
            case.id,
            reply_to,
        )
    )


def _neutral_line(desk: Desk, case: Case) -> None:
    params = {"link": f"c-{case.id}"}
    desk.say(Notice(Template.PRIVATE_NEUTRAL, ToChat(case.chat), params, case=case.id))


def _answer_in_group(desk: Desk, case: Case, reading: Reading) -> None:
    quoted = case.visibility is Visibility.GROUP
    warn = any(mask.what in WARNED_MASKS for mask in reading.masks)
    params = public_params(desk, case) | ack_extras(desk, case)
    desk.say(
        Notice(
            ack_template(case),
            ToChat(case.chat),
            params | ({"warn": "1"} if warn else {}),
            ack_buttons(desk, case),
            Urgency.ANSWER,
            case.id,
            case.message if quoted else None,
        )
    )


def refresh_ack(desk: Desk, case: Case) -> None:
    """Bring the acknowledgement up to date in place, where the channel can; nowhere else a word."""
    if case.kind is CaseKind.WISH or case.emergency is not None:
        return
    if case.visibility is Visibility.PRIVATE:
        return
    template = Template.TAKEN if case.taken_by else ack_template(case)
    params = public_params(desk, case) | ack_extras(desk, case)
    desk.say(
        Notice(
            template,
            ToChat(case.chat),
            params | {"edit": "ack"},
            () if case.taken_by else ack_buttons(desk, case),
            Urgency.PROGRESS,
            case.id,
        )
    )


def ack_template(case: Case) -> Template:
    if case.kind is CaseKind.WISH:
        return Template.ACK_WISH
    if case.state is not State.TO_CONFIRM:
        return Template.ACK_SURE
    return Template.ACK_ASK if case.triage is Triage.ASK else Template.ACK_HUMAN


def ack_extras(desk: Desk, case: Case) -> dict[str, str]:
    """The two options of a question, or the wish to hear a place."""
    if ack_template(case) is Template.ACK_ASK:
        first, second = options(desk, case)
        return {"option_1": first[1], "option_2": second[1]}
    needs_place = case.place is None and case.visibility is Visibility.GROUP
    if needs_place and case.tier is Tier.DEPARTMENT and case.category in _HAS_A_PLACE:
        return {"ask_place": "1"}
    return {}


_HAS_A_PLACE = frozenset({"SR", "SZ", "WY", "HJ", "WJ", "JT", "AQ"})
"""Categories of things that stand somewhere; papers and pensions do not."""


def options(desk: Desk, case: Case) -> tuple[tuple[str, str], tuple[str, str]]:
    """The two likeliest items, as (code, name); where these are retired, what took their place, and else
    others of the same category."""
    taxonomy = desk.rules.taxonomy
    category = taxonomy.categories.get(case.category or "")
    others = category.items if category else tuple(taxonomy.items.values())
    likely = [*map(taxonomy.item, case.guesses), *others, *taxonomy.items.values()]
    named = dict.fromkeys((item.code, item.name) for item in likely if item is not None)
    first, second = list(named)[:2]
    return first, second


def not_a_case(case: Case) -> Button:
    return Button("不是报事", f"no:{case.id}")


def ack_buttons(desk: Desk, case: Case) -> tuple[Button, ...]:
    """The question's two buttons, if there is one, and the way out."""
    if ack_template(case) is not Template.ACK_ASK:
        return (not_a_case(case),)
    (code_1, name_1), (code_2, name_2) = options(desk, case)
    return (
        Button(name_1, f"pick:{case.id}:{code_1}"),
        Button(name_2, f"pick:{case.id}:{code_2}"),
        not_a_case(case),
    )


def tell_staff(desk: Desk, case: Case) -> None:
    """Show a new (or newly routed) case to the grid's staff and to the department that leads."""
    params = case_params(desk, case) | {"triage": case.triage.value}
    if case.reopened:
        params |= {"reopened": "1", "done_words": case.done_words or ""}
    buttons = staff_buttons(desk, case)
    urgency = Urgency.ALERT if case.level.value == "A" else Urgency.ANSWER
    if case.emergency is None:  # an alert says it louder
        to_staff = ToStaff(case.grid)
        desk.say(Notice(Template.STAFF_CASE, to_staff, params, buttons, urgency, case.id))
    if case.state is State.DISPATCHED and case.lead is not None:
        to = ToDepartment(case.lead, case.grid)
        desk.say(Notice(Template.STAFF_CASE, to, params, buttons, urgency, case.id))


def at_work_on(case: Case) -> list[ToStaff | ToDepartment]:
    """Who works on a case: the grid's staff, and the department that leads."""
    staff, lead = ToStaff(case.grid), case.lead
    return [staff, ToDepartment(lead, case.grid)] if lead is not None else [staff]


def staff_buttons(desk: Desk, case: Case) -> tuple[Button, ...]:
    """What staff may do next, by state."""
    case_id = case.id
    if case.kind is CaseKind.WISH:
        by_state = {
            State.REVIEW: (
                Button("发布", f"pub:{case_id}"),
                Button("改写后发布", f"word:{case_id}"),
                Button("不发布", f"rej:{case_id}"),
                Button("改类", f"fix:{case_id}"),
            ),
            State.CLAIMED: (Button("圆上了", f"done:{case_id}"),),
        }
        return by_state.get(case.state, ())
    if case.state is State.TO_CONFIRM:
        items = desk.rules.taxonomy.items
        guesses = [
            Button(items[code].name, f"set:{case_id}:{code}")
            for code in case.guesses
            if code in items
        ]
        return (*guesses, Button("其他类", f"cats:{case_id}"), not_a_case(case))
    further = _PASS_ON.get(case.tier)
    on = (Button(further, f"pass:{case_id}"),) if further and case.emergency is None else ()
    if case.taken_by is None:
        return (
            Button("接手", f"take:{case_id}"),
            Button("改类", f"fix:{case_id}"),
            Button("退单", f"back:{case_id}"),
            *on,
        )
    return (
        Button("报进展", f"rep:{case_id}"),
        Button("办结", f"done:{case_id}"),
        Button("退单", f"back:{case_id}"),
        Button("改类", f"fix:{case_id}"),
        *on,
    )


def for_department(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
    """Those that somebody of a department may press: what a case is, and which tier tries it, others say."""
    return tuple(button for button in buttons if not button.data.startswith(_OF_OTHERS))


_OF_OTHERS = ("fix:", "pass:")
_PASS_ON = {Tier.MEMBER: "转网格调解", Tier.MEDIATION: "转职能部门"}
"""What the next tier is called on a button."""
