"""From a notice to posts: which chats, in which words, at what time.

The law of this file: the desk said who must hear; here it is found where they are, worded for that
channel, and held through quiet hours if it can wait. Nothing is sent here. A post's key comes from its
cause, so that deciding the same line again says nothing twice.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo

from bot.channels.base import Capabilities, Channel
from bot.wording.parts import Setting
from bot.wording.sentences import render
from intake.covering import guests, on_duty
from intake.desk import Desk
from intake.facts import Facts
from intake.grids import Chat, ChatRef, Purpose
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
_CAN_WAIT = frozenset({Urgency.PROGRESS, Urgency.DIGEST})
_NO_CAPABILITIES = Capabilities()


@dataclass(frozen=True)
class Surroundings:
    """What words and ways depend on beside the desk: channels, zone, quiet hours, and the other ways
    to reach a department (mail, webhook) as chats of their channels, and the place names that the
    people of a chat use."""

    channels: Mapping[str, Channel]
    zone: tzinfo
    quiet: tuple[time, time] | None = None
    outlets: Mapping[str, tuple[ChatRef, ...]] = field(default_factory=dict)
    places: Mapping[ChatRef, tuple[str, ...]] = field(default_factory=dict)


def posts_of(desk: Desk, around: Surroundings) -> list[Post]:
    """All that the desk wants said, as posts, in order."""
    posts: list[Post] = []
    counts: dict[str, int] = {}
    alerted: set[tuple[str, str | None, ChatRef]] = set()
    for cause, notice in desk.changes.notices:
        for chat in _chats(desk.facts, notice.audience, around):
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


def _chats(facts: Facts, audience: Audience, around: Surroundings) -> Iterator[ChatRef]:
    match audience:
        case ToChat(chat):
            yield chat
        case ToPerson(person):
            yield from _private(facts, person)
        case ToStaff(grid):
            yield from _staff(facts, grid)
        case ToDepartment(department, grid):
            for ours in facts.chats.values():
                if ours.grid == grid and _is_of(ours, department):
                    yield ours.ref
            yield from around.outlets.get(department, ())
        case ToRole(role, grid):
            for person in _holding(facts, role, grid):
                yield from _private(facts, person)
        case ToVolunteers(grid):
            yield from _of_purpose(facts, grid, Purpose.VOLUNTEERS)


def _is_of(chat: Chat, department: str) -> bool:
    return chat.purpose is Purpose.DEPARTMENT and chat.department == department


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
    is_ack = not edits and template.value.startswith("ack_") and notice.case is not None
    link = channel.private_link if channel else (lambda _parameter: None)
    setting = Setting(desk.now, around.zone, link)
    return Post(
        key=_key(notice, chat, is_ack, f"{cause}#{index}"),
        chat=chat,
        urgency=notice.urgency,
        template=template.value,
        params=dict(notice.params),
        text=render(template, notice.params, setting),
        cause=cause,
        created_at=desk.now,
        buttons=notice.buttons if can.buttons else (),
        reply_to=notice.reply_to,
        case=notice.case,
        audience=_audience(desk.facts, template, chat),
        not_before=None if edits else _not_before(desk, around, notice, chat),
        edits=ack_key(notice.case, chat) if edits else None,
    )


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


def _not_before(desk: Desk, around: Surroundings, notice: Notice, chat: ChatRef) -> datetime | None:
    """When it may be said at the earliest; None: now. An edit in place disturbs nobody and is not asked."""
    known = desk.facts.chats.get(chat)
    silent = known.silent_until if known and notice.urgency is not Urgency.ALERT else None
    held = quiet_until(desk.now, around.zone, around.quiet) if notice.urgency in _CAN_WAIT else None
    waits = [moment for moment in (silent, held) if moment is not None and moment > desk.now]
    return max(waits) if waits else None


def quiet_until(now: datetime, zone: tzinfo, quiet: tuple[time, time] | None) -> datetime | None:
    """The end of the quiet hours that `now` lies in, or None. `22-7` crosses midnight."""
    if quiet is None:
        return None
    start, end = quiet
    local = now.astimezone(zone)
    clock = local.time()
    inside = start <= clock < end if start < end else clock >= start or clock < end
    if not inside:
        return None
    until = local.replace(hour=end.hour, minute=0, second=0, microsecond=0)
    return until if until > local else until + timedelta(days=1)
