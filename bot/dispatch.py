"""From a notice to posts: which chats, in which words, at what time.

The law of this file: the desk said who must hear; here it is found where they are, worded for that
channel, and held through quiet hours if it can wait. Nothing is sent here. A post's key comes from its
cause, so that deciding the same line again says nothing twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo

from bot.channels.base import Capabilities, Channel
from bot.wording.parts import Setting
from bot.wording.sentences import render
from intake.acknowledging import for_department
from intake.areas import NO_AREAS, Areas
from intake.covering import guests, on_duty
from intake.desk import Desk
from intake.facts import Facts
from intake.grids import Chat, ChatRef, Purpose
from intake.manners import Manners, QuietHours, quiet_until
from intake.notices import (
    Audience,
    Notice,
    Post,
    ToChat,
    ToDepartment,
    ToPerson,
    ToRole,
    ToStaff,
    ToVolunteers,
    Urgency,
)
from intake.people import PersonId, Role
from intake.taxonomy import Visibility
from intake.templates import Template

_FOR_STAFF = frozenset(
    {
        Template.ALERT,
        Template.ALERT_TAKEN,
        Template.ALERT_UNANSWERED,
        Template.PICK_ITEM,
        Template.PICK_CATEGORY,
        Template.PICK_REASON,
        Template.PICK_PLACE,
        Template.ASK_WORDS,
        Template.EMPTY_WORDS,
        Template.WISH_CLAIMED_STAFF,
        Template.WISH_OFFERED_STAFF,
        *(template for template in Template if template.value.startswith("staff_")),
    }
)
CAN_WAIT = frozenset({Urgency.PROGRESS, Urgency.DIGEST})
_CALLS = frozenset({Template.STAFF_JOINT, Template.STAFF_WHISTLE})
_NO_CAPABILITIES = Capabilities()


@dataclass(frozen=True)
class Surroundings:
    """What words and ways depend on beside the desk: channels, zone, the quiet hours of grids that have none
    of their own, and the other ways to reach a department (mail, webhook) as chats of their channels, the
    place names that the people of a chat use, which buildings belong to which grid, and the manners of
    grids that have their own."""

    channels: Mapping[str, Channel]
    zone: tzinfo
    quiet: QuietHours | None = None
    outlets: Mapping[str, tuple[ChatRef, ...]] = field(default_factory=dict)
    places: Mapping[ChatRef, tuple[str, ...]] = field(default_factory=dict)
    areas: Areas = NO_AREAS
    manners: Mapping[str, Manners] = field(default_factory=dict)

    def manners_of(self, grid: str | None) -> Manners:
        """When a grid may be spoken to unasked, and how often."""
        return self.manners.get(grid or "") or Manners(self.quiet)


def posts_of(desk: Desk, around: Surroundings) -> list[Post]:
    """All that the desk wants said, as posts, in order."""
    posts: list[Post] = []
    counts: dict[str, int] = {}
    alerted: set[tuple[str, str | None, ChatRef]] = set()
    for cause, said in desk.changes.notices:
        for notice, chat in _reached(desk, said, around):
            if notice.template == Template.ALERT:
                # Whoever is next on duty and hears what staff hear is alerted once.
                if (cause, notice.case, chat) in alerted:
                    continue
                alerted.add((cause, notice.case, chat))
            index = counts.get(cause, 0)
            counts[cause] = index + 1
            post = _post(desk, around, cause, notice, chat, index)
            if post is not None:
                posts.append(post)
    return posts


def _reached(desk: Desk, notice: Notice, around: Surroundings) -> Iterator[tuple[Notice, ChatRef]]:
    """Where a notice goes. What calls a department without a chat goes to the grid's staff, who can ring; a
    department's own chat gets the buttons that work there."""
    to = notice.audience
    chats = list(_chats(desk, to, around))
    if not chats and isinstance(to, ToDepartment) and notice.template in _CALLS:
        notice = replace(notice, params={**notice.params, "unreached": "1"}, buttons=())
        chats = list(_staff(desk.facts, to.grid))
    for chat in chats:
        known = desk.facts.chats.get(chat)
        ours = known is not None and known.purpose is Purpose.DEPARTMENT
        yield (replace(notice, buttons=for_department(notice.buttons)) if ours else notice), chat


def _chats(desk: Desk, audience: Audience, around: Surroundings) -> Iterator[ChatRef]:
    facts = desk.facts
    match audience:
        case ToChat(chat):
            yield chat
        case ToPerson(person):
            yield from _private(facts, person)
        case ToStaff(grid):
            yield from _staff(facts, grid)
        case ToDepartment(department, grid):
            codes = _hearing_for(desk, department)
            for ours in facts.chats.values():
                if ours.grid == grid and _is_of(ours, codes):
                    yield ours.ref
            for code in codes:
                yield from around.outlets.get(code, ())
        case ToRole(role, grid):
            for person in _holding(facts, role, grid):
                yield from _private(facts, person)
        case ToVolunteers(grid):
            yield from _of_purpose(facts, grid, Purpose.VOLUNTEERS)


def _hearing_for(desk: Desk, department: str) -> list[str]:
    """The departments whose chats and outlets hear for one: itself, and those that were merged into it."""
    taxonomy = desk.rules.taxonomy
    now = taxonomy.successor(department)
    merged = [code for code in taxonomy.departments if taxonomy.successor(code) == now]
    return merged or [department]


def _is_of(chat: Chat, codes: Collection[str]) -> bool:
    return chat.purpose is Purpose.DEPARTMENT and chat.department in codes


def _of_purpose(facts: Facts, grid: str, purpose: Purpose) -> list[ChatRef]:
    return [c.ref for c in facts.chats.values() if c.grid == grid and c.purpose is purpose]


def _staff(facts: Facts, grid: str) -> Iterator[ChatRef]:
    """The grid's staff chats, and privately who stands in from elsewhere and sits in none of them; without
    a chat, everybody on its duty list."""
    chats = _of_purpose(facts, grid, Purpose.STAFF)
    known = facts.grids.get(grid)
    if known is None:
        yield from chats
        return
    persons = guests(facts.people, facts.covers, known.path)
    if not chats:
        duty = on_duty(known, facts.people, facts.covers)
        persons = [*(entry.person for entry in duty), *persons]
    yield from chats
    for person in dict.fromkeys(persons):
        yield from _private(facts, person)


def _holding(facts: Facts, role: Role, grid: str) -> list[PersonId]:
    """Who holds a role over a grid, by id."""
    path, roles = facts.grids[grid].path, frozenset({role})
    return sorted(p.id for p in facts.people.values() if p.has_role_in(roles, path))


def _private(facts: Facts, person_id: str) -> Iterator[ChatRef]:
    person = facts.people.get(person_id)
    if person is not None and person.private is not None:
        yield ChatRef(*person.private)


def _post(
    desk: Desk, around: Surroundings, cause: str, notice: Notice, chat: ChatRef, index: int
) -> Post | None:
    channel = around.channels.get(chat.channel)
    can = channel.capabilities if channel else _NO_CAPABILITIES
    edits = notice.params.get("edit") == "ack"
    if edits and not can.can_edit:
        if not notice.params.get("or_say"):
            return None
        edits = False
    template = Template(notice.template)
    if _is_secret(desk.facts, notice, chat):
        return None
    is_ack = not edits and template.value.startswith("ack_") and notice.case is not None
    params = _in_a_file(notice, can)
    if params is None:
        return None
    link = channel.private_link if channel else (lambda _parameter: None)
    setting = Setting(desk.now, around.zone, link)
    return Post(
        key=_key(notice, chat, is_ack, f"{cause}#{index}"),
        chat=chat,
        urgency=notice.urgency,
        template=template.value,
        params=params,
        text=render(template, params, setting),
        cause=cause,
        created_at=desk.now,
        buttons=notice.buttons if can.buttons else (),
        reply_to=notice.reply_to,
        case=notice.case,
        audience=_audience(desk.facts, template, chat),
        not_before=None if edits else _not_before(desk, around, notice, chat),
        edits=ack_key(notice.case, chat) if edits else None,
        picture=notice.picture if can.media else None,
    )


def _in_a_file(notice: Notice, can: Capabilities) -> dict[str, str] | None:
    """The parameters of a notice on its channel. Of what comes in parts the first names the file, where there
    are files, and the others (None) are not said."""
    params = dict(notice.params)
    if notice.template != Template.EXPORT or params["parts"] == "1":
        return params
    if not (can.files or can.own_page):
        return params
    if params["part"] != "1":
        return None
    link = {"link": can.own_page} if can.own_page else {}
    return {"file": "own", "person": params["person"]} | link


def _is_secret(facts: Facts, notice: Notice, chat: ChatRef) -> bool:
    """Whether a group would hear the number of a private case: nobody is to forget that it must not. What is
    said in danger is said, and a wish that a person has published is private no more."""
    known, case = facts.chats.get(chat), facts.cases.get(notice.params.get("case", ""))
    if known is None or known.purpose is not Purpose.RESIDENTS:
        return False
    if case is None or case.visibility is not Visibility.PRIVATE or case.published:
        return False
    return notice.template != Template.ALARM


def _key(notice: Notice, chat: ChatRef, is_ack: bool, otherwise: str) -> str:
    if is_ack:
        return ack_key(notice.case, chat)
    return f"once|{notice.once}|{chat}" if notice.once else otherwise


def ack_key(case: str | None, chat: ChatRef) -> str:
    """The key of a case's one acknowledgement in a chat, so that it can be edited later."""
    return f"ack|{case}|{chat}"


def _audience(facts: Facts, template: Template, chat: ChatRef) -> str:
    known = facts.chats.get(chat)
    if template in _FOR_STAFF or (known is not None and known.purpose is not Purpose.RESIDENTS):
        return "staff"
    return "group" if known is not None else "private"


def _grid_of(desk: Desk, notice: Notice, chat: Chat | None) -> str | None:
    """Whose quiet hours count: those of the group, and alone those of the case's grid."""
    if chat is not None:
        return chat.grid
    case = desk.facts.cases.get(notice.case or "")
    return case.grid if case else None


def _not_before(desk: Desk, around: Surroundings, notice: Notice, chat: ChatRef) -> datetime | None:
    """When it may be said at the earliest; None: now. An edit in place disturbs nobody and is not asked."""
    known = desk.facts.chats.get(chat)
    silent = known.silent_until if known and notice.urgency is not Urgency.ALERT else None
    held = None
    if notice.urgency in CAN_WAIT:
        quiet = around.manners_of(_grid_of(desk, notice, known)).quiet
        held = quiet_until(desk.now, around.zone, quiet)
    waits = [moment for moment in (silent, held) if moment is not None and moment > desk.now]
    return max(waits) if waits else None
