"""What somebody asks about what is kept of them: 我的, 导出我, 删我, 别记我, 记我.

The law of this file: what is kept of somebody is told to them alone; in a group they hear only where to ask.
The same word is answered once a minute, and staff hear of it once a day.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from intake.cases import Case
from intake.commands import Said
from intake.desk import Desk
from intake.notices import Notice, ToChat, ToPerson, ToStaff, once_in
from intake.own_records import ask_for_all, ask_to_erase, think_again
from intake.people import Person
from intake.phrases import Word
from intake.templates import Template
from intake.verdict import Verdict

MOST_OF_MINE: Final = 10
"""Cases that one hears of at once who asks for their own."""
MINE_SINCE: Final = timedelta(days=7)
"""So long one hears of what is over."""
ANSWERED_ONCE: Final = timedelta(minutes=1)
"""So often at most the same word of the same person is answered."""
_STAFF_ONCE: Final = timedelta(days=1)


def own_cases(desk: Desk, person: Person, said: Said) -> list[Case]:
    """What this person reported: in this chat, or anywhere when they speak alone. Newest first."""
    mine = [
        case
        for case in desk.facts.cases.values()
        if case.reporter == person.id and (said.private or case.chat == said.chat)
    ]
    return sorted(mine, key=lambda case: case.opened_at, reverse=True)


def about_me(desk: Desk, said: Said, person: Person, word: Word) -> Verdict:
    match word:
        case Word.FORGET_ME:
            desk.save_person(replace(person, opted_out=True))
            _answer(desk, said, person, Template.FORGET_ME)
        case Word.REMEMBER_ME:
            if person.opted_out:
                desk.save_person(replace(person, opted_out=False))
            think_again(desk, person.id)
            _answer(desk, said, person, Template.REMEMBER_ME)
        case _ if not said.private and not desk.reachable(person.id):
            _answer(desk, said, person, Template.MINE, {"where": "private"})
        case _:
            _mine(desk, said, _reached(desk, said, person), word)
    return Verdict("ask_bot")


def _answer(
    desk: Desk,
    said: Said,
    person: Person,
    template: Template,
    params: dict[str, str] | None = None,
    to: ToPerson | None = None,
) -> None:
    """Where it was asked, or alone; the same again within a minute is not said again, news are."""
    listed = (params or {}).get("cases", "")
    news = hashlib.sha256(listed.encode(errors="replace")).hexdigest()[:12] if listed else ""
    once = once_in(ANSWERED_ONCE, desk.now, template.value, person.id, news)
    quoted = said.message if to is None and not said.private else None
    where = to or ToChat(said.chat)
    desk.say(Notice(template, where, params or {}, reply_to=quoted, once=once))


def _reached(desk: Desk, said: Said, person: Person) -> Person:
    """Who asks alone is reached there when what they asked for is ready."""
    if not said.private or desk.reachable(person.id):
        return person
    person = replace(person, private=(said.chat.channel, said.chat.chat))
    desk.save_person(person)
    return person


def _mine(desk: Desk, said: Said, person: Person, word: Word) -> None:
    """What is kept of me, told alone."""
    to = None if said.private else ToPerson(person.id)
    if word is Word.EXPORT_ME:
        _answer(desk, said, person, Template.EXPORT_ME, to=to)
        ask_for_all(desk, person.id)
        return
    mine = own_cases(desk, person, replace(said, private=True))
    shown = [case for case in mine if case.is_open or _ended(case) >= desk.now - MINE_SINCE]
    listed = "\n".join(_row_of_mine(desk, case) for case in shown[:MOST_OF_MINE])
    template = Template.ERASE_ME if word is Word.ERASE_ME else Template.MINE
    until = ask_to_erase(desk, person.id) if word is Word.ERASE_ME else ""
    told = {"cases": listed, "count": str(len(mine)), "until": until}
    _answer(desk, said, person, template, told, to)
    chat = desk.facts.chats.get(said.chat)
    grid = chat.grid if chat is not None else person.home
    if word is Word.ERASE_ME and grid is not None:
        params = {"by": person.name, "count": str(len(mine)), "until": until}
        once = once_in(_STAFF_ONCE, desk.now, "erase", person.id)
        desk.say(Notice(Template.STAFF_ERASE, ToStaff(grid), params, once=once))


def _ended(case: Case) -> datetime:
    return case.closed_at or case.opened_at


def _row_of_mine(desk: Desk, case: Case) -> str:
    """Number, what it is, state, department, the two limits that still run, end and survivor, for wording."""
    name = desk.rules.taxonomy.item_name(case.item) or case.title
    lead = desk.rules.taxonomy.departments.get(case.lead or "")
    answer = None if case.responded_at else case.respond_due
    times = [at.isoformat() if at else "" for at in (answer, case.resolve_due, case.closed_at)]
    what = (case.id, name, case.state.value, lead.name if lead else "")
    return "\t".join((*what, *times, case.merged_into or ""))
