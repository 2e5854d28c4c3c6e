"""A bulletin's life: proposed from what staff say in a group, kept by a press, over by its time.

The law of this file: nobody's words become a bulletin by themselves; who may inform keeps them with one
press, or at the desk. Those whom it answered hear once a group when it ought to be over, or when it is moved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Final

from intake.answer_cards import REMINDED
from intake.buildings import buildings_in
from intake.bulletins import (
    SUBJECTS,
    WORDS_LIMIT,
    Asked,
    Bulletin,
    BulletinState,
    announces,
    leaves_end_open,
    usual_end,
)
from intake.cases import Timer, TimerKind
from intake.commands import Pressed
from intake.desk import Desk
from intake.grids import ChatRef, Purpose
from intake.heard import Heard
from intake.hours_said import dated, opening_in, period_in, says_end
from intake.notices import Button, Notice, ToChat, ToPerson, ToStaff, Urgency
from intake.people import STAFF_ROLES, Person, Right, Role
from intake.phrases import case_named
from intake.templates import Template
from intake.verdict import IGNORED, Verdict

KEEP: Final = "keep"
NEWS: Final = 0.6
"""The least chance of an item at which staff's words are taken for an announcement of it."""
_ITEMS: Final = {item: items for items in SUBJECTS.values() for item in items}
_SOURCES: Final = {
    Role.PROPERTY: "物业",
    Role.BUILDING_HEAD: "楼长",
    Role.GRID_WORKER: "网格员",
    Role.STREET: "街道",
}
_HAIL: Final = re.compile(
    r"^(?:(?:各位|大家|亲爱的)?(?:街坊|邻居|居民|业主|住户|家人)?们?(?:(?:大家|早上|晚上|你们)?好)?[，,：:！!]\s*"
    r"|(?:紧急|温馨|重要)?(?:通知|提醒|提示)[：:]\s*)+"
)
"""How an announcement begins that is said to one neighbour afterwards."""
_GROUPS: Final = (Purpose.RESIDENTS, Purpose.STAFF)


def propose(desk: Desk, heard: Heard, grid: str, purpose: Purpose | None) -> bool:
    """Staff announce something in a group: ask whoever may keep it whether it shall be kept. Whether it lies
    ahead, so that it can be no progress of what is open now."""
    bulletin = _announced(desk, heard, grid, purpose)
    if bulletin is None:
        return False
    desk.keep_bulletin(bulletin)
    person = heard.person
    keeps = person.may(Right.INFORM, desk.grid(grid).path) and desk.reachable(person.id)
    to = ToPerson(person.id) if keeps else ToStaff(grid)
    button = Button("留作通知", f"{KEEP}:{bulletin.id}:{grid}")
    desk.say(Notice(Template.STAFF_PROPOSAL, to, _params(bulletin), (button,)))
    return bulletin.starts_at > desk.now


def _announced(desk: Desk, heard: Heard, grid: str, purpose: Purpose | None) -> Bulletin | None:
    if not desk.rules.propose:
        return None
    reading, person = heard.reading, heard.person
    path = desk.grid(grid).path
    if purpose not in _GROUPS or not person.has_role_in(STAFF_ROLES, path) or reading.emergency:
        return None
    guess = reading.guesses[0] if reading.guesses else None
    if guess is None or guess.item not in _ITEMS or guess.probability < NEWS:
        return None
    items = _ITEMS[guess.item]
    now = desk.now.astimezone(desk.rules.zone)
    said = period_in(reading.masked_text, now)
    period = said or _open_period(heard, items, now)
    if period is None:
        return None
    return Bulletin(
        _id_of(desk.cause),
        items,
        (grid,),
        tuple(sorted(buildings_in(reading.masked_text))),
        dated(_HAIL.sub("", reading.masked_text.strip()), now.date())[:WORDS_LIMIT],
        _source(person, path),
        *period,
        BulletinState.PROPOSED,
        person.id,
        desk.now,
        said is None,
    )


def _open_period(
    heard: Heard, items: tuple[str, ...], now: datetime
) -> tuple[datetime, datetime] | None:
    """From when it is off by words that name no end, until it usually is over; None for what announces
    nothing: talk about a case, an answer to somebody, a line that says neither when nor that nobody knows."""
    text = heard.reading.masked_text
    if heard.said.quote is not None or case_named(text) is not None:
        return None
    if not announces(text) or says_end(text):
        return None
    starts = opening_in(text, now) or (now if leaves_end_open(text) else None)
    return (starts, usual_end(items, starts)) if starts is not None else None


def press_proposal(desk: Desk, pressed: Pressed, person: Person, id: str) -> Verdict:
    """Somebody keeps what was proposed; twice does nothing the second time."""
    bulletin = desk.facts.bulletins.get(id)
    to = ToChat(pressed.chat)
    if bulletin is None or bulletin.state is BulletinState.DROPPED or bulletin.ends_at <= desk.now:
        desk.say(Notice(Template.STAFF_BULLETIN, to, {"what": "gone"}))
    elif not may_inform(desk, person, bulletin.scopes):
        desk.say(Notice(Template.STAFF_BULLETIN, to, {"what": "not_allowed"}))
    elif bulletin.state is BulletinState.PROPOSED:
        keep(desk, replace(bulletin, made_by=person.id))
        desk.say(Notice(Template.STAFF_BULLETIN, to, _params(bulletin) | {"what": "kept"}))
    return IGNORED


def may_inform(desk: Desk, person: Person, scopes: Iterable[str]) -> bool:
    """Whether somebody may say this to all the loaded grids that it is for."""
    over = [grid for grid in desk.facts.grids.values() if not set(scopes).isdisjoint(grid.path)]
    return bool(over) and all(person.may(Right.INFORM, grid.path) for grid in over)


def keep(desk: Desk, bulletin: Bulletin) -> None:
    """From now on it answers, until its time is over."""
    desk.keep_bulletin(replace(bulletin, state=BulletinState.KEPT))
    desk.set_timer(TimerKind.BULLETIN, bulletin.id, bulletin.ends_at, None)


def move(desk: Desk, bulletin: Bulletin, ends_at: datetime, asked: Iterable[Asked]) -> None:
    """It takes longer, or less: those whom it answered hear the new time."""
    keep(desk, replace(bulletin, ends_at=ends_at, open_end=False))
    params = _params(bulletin) | {"ends_at": ends_at.isoformat()}
    _tell_askers(desk, Template.BULLETIN_MOVED, params, asked, f"moved|{bulletin.id}|{ends_at}")


def drop(desk: Desk, bulletin: Bulletin) -> None:
    """What was proposed is not kept."""
    desk.keep_bulletin(replace(bulletin, state=BulletinState.DROPPED))


def end(desk: Desk, bulletin: Bulletin, asked: Iterable[Asked]) -> None:
    """It is over before its time."""
    desk.keep_bulletin(replace(bulletin, state=BulletinState.ENDED))
    desk.cancel_timers(bulletin.id, (TimerKind.BULLETIN,))
    if bulletin.holds(desk.now):
        _say_over(desk, bulletin, asked, early="1")


def tell_over(desk: Desk, timer: Timer) -> Verdict:
    """Its time is over: whoever asked is asked back, once a group."""
    bulletin = desk.facts.bulletins.get(timer.subject)
    if bulletin is None or not bulletin.is_over(desk.now):
        return IGNORED
    _say_over(desk, bulletin, [a for a in desk.facts.asked.values() if a.about == bulletin.id])
    return Verdict("timer")


def remind(desk: Desk, timer: Timer) -> Verdict:
    """A card expires soon: its keeper is asked to look at it."""
    card = next((one for one in desk.facts.cards if one.id == timer.subject), None)
    early = card is not None and desk.now < card.expires_at - REMINDED
    if card is None or early or not card.is_good(desk.now):
        return IGNORED
    params = {"question": card.wordings[0], "expires_at": card.expires_at.isoformat()}
    once = f"card|{card.id}|{card.expires_at}"
    to = ToPerson(card.keeper)
    desk.say(Notice(Template.STAFF_CARD, to, params, urgency=Urgency.PROGRESS, once=once))
    return Verdict("timer")


def _say_over(desk: Desk, bulletin: Bulletin, asked: Iterable[Asked], early: str = "") -> None:
    once = f"over|{bulletin.id}|{bulletin.ends_at}"
    params = _params(bulletin) | {"early": early}
    _tell_askers(desk, Template.BULLETIN_OVER, params, asked, once)


def _tell_askers(
    desk: Desk, template: Template, params: dict[str, str], asked: Iterable[Asked], once: str
) -> None:
    """One post a chat. Whose words went to the window hear of their case."""
    waiting = [one for one in asked if not one.missed]
    chats: dict[ChatRef, str] = {one.chat: one.about for one in waiting}
    for chat, about in chats.items():
        over = template is Template.BULLETIN_OVER
        buttons = (Button("还没好", f"miss:{about}"),) if over else ()
        notice = Notice(template, ToChat(chat), params, buttons, Urgency.PROGRESS, once=once)
        desk.say(notice)


def _params(bulletin: Bulletin) -> dict[str, str]:
    subject = next((name for name, some in SUBJECTS.items() if set(some) & set(bulletin.items)), "")
    return {
        "subject": subject,
        "words": bulletin.words,
        "starts_at": bulletin.starts_at.isoformat(),
        "ends_at": bulletin.ends_at.isoformat(),
        "houses": "、".join(bulletin.houses),
    } | ({"open_end": "1"} if bulletin.open_end else {})


def _source(person: Person, path: tuple[str, ...]) -> str:
    """From whom it comes, by what they are."""
    held = {grant.role for grant in person.held if grant.reaches(path)}
    return next((name for role, name in _SOURCES.items() if role in held), "社区")


def _id_of(cause: str) -> str:
    """The same line makes the same proposal, however often it is decided."""
    return sha256(cause.encode()).hexdigest()[:16]
