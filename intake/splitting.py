"""Something of a case becomes a case of its own: a line that was about another thing, or a second wish in one
message.

The law of this file: a person says which lines, what it is and where; the words are the neighbour's own. Time
counts from when they were said, and whoever said them first reports the new case. What opened the case stays
with it; every other line goes along. What comes out of a private case is private. The neighbour hears of it
once, as of any case.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from intake.acknowledging import (
    ack_buttons,
    ack_extras,
    ack_template,
    case_params,
    public_params,
    tell_staff,
)
from intake.cases import Case, Example, Line, LineRole
from intake.desk import Desk
from intake.grids import ChatRef, MessageRef
from intake.lifecycle import Action, CaseKind, State
from intake.nature import nature_of
from intake.notices import Notice, ToChat, ToPerson, Urgency
from intake.opening import SAID_LIMIT, dispatch, start_clocks
from intake.people import Person, PersonId, Right
from intake.reading import Triage
from intake.routing import kept_visibility, route
from intake.taxonomy import Visibility
from intake.working import told_alone

PLACE_LIMIT = 40
"""Signs of a place."""

SPLITTABLE = frozenset(
    {
        LineRole.OPENED,
        LineRole.SUPPLEMENT,
        LineRole.PLUS_ONE,
        LineRole.CHASE,
        LineRole.RESOLVED_SELF,
    }
)
"""Lines of neighbours; what staff and the bot say opens nothing."""


class Fault(StrEnum):
    """Why nothing can be split off in this way."""

    NO_LINES = "no_lines"
    NO_ITEM = "no_item"
    NO_WORDS = "no_words"
    NOT_SAID = "not_said"
    SAME = "same"
    PLACE_LONG = "place_long"


class CannotSplit(Exception):
    """This is no case of its own; nothing has changed."""

    def __init__(self, why: Fault) -> None:
        super().__init__(why.value)
        self.why = why


class MayNotSplit(Exception):
    """This person may not put this case right."""


@dataclass(frozen=True, slots=True)
class Part:
    """What becomes a case of its own: the chosen lines, the item, the place ("" for none), and the words
    that are about it where those lines say more ("": all of their words)."""

    chosen: frozenset[MessageRef]
    item: str
    place: str = ""
    words: str = ""


def may_be_split(line: Line) -> bool:
    """Whether a line may be chosen."""
    return line.role in SPLITTABLE and bool(line.text or line.media)


def split(desk: Desk, case: Case, person: Person, lines: Sequence[Line], part: Part) -> Case:
    """The new case. `lines` are all that hang on `case`. Raises MayNotSplit, CannotSplit or NotNow."""
    if not desk.may(person, Right.CORRECT, case):
        raise MayNotSplit
    chosen = [one for one in lines if may_be_split(one) and _ref(one) in part.chosen]
    chosen.sort(key=lambda one: (not _says(one, part), one.at, one.message))
    _check(desk, case, chosen, part)
    new = desk.add_case(draft_of_lines(desk, case, case.grid, chosen, part))
    desk.act(case, Action.SPLIT, person.id, new.id)
    take_along(desk, case, new, lines, chosen, whole=not part.words)
    new = _accept(desk, new, person, f"从 {case.id} 拆出")
    start_clocks(desk, new)
    _learn(desk, new, person)
    acknowledge_part(desk, new)
    tell_staff(desk, new)
    return desk.facts.cases[new.id]


def _check(desk: Desk, case: Case, chosen: Sequence[Line], part: Part) -> None:
    if not chosen:
        raise CannotSplit(Fault.NO_LINES)
    if desk.rules.taxonomy.item(part.item) is None:
        raise CannotSplit(Fault.NO_ITEM)
    if len(part.place) > PLACE_LIMIT:
        raise CannotSplit(Fault.PLACE_LONG)
    if not any(_says(one, part) for one in chosen):
        raise CannotSplit(Fault.NOT_SAID)
    if not _words(chosen, part).strip():
        raise CannotSplit(Fault.NO_WORDS)
    if part.item == case.item and any(_opened(case, one) for one in chosen):
        raise CannotSplit(Fault.SAME)


def _says(line: Line, part: Part) -> bool:
    """Whether the words that are meant stand in this line: then whoever said it reports the new case."""
    return _plain(part.words) in _plain(line.text)


def _plain(text: str) -> str:
    return "".join(text.split())


def _words(chosen: Sequence[Line], part: Part) -> str:
    return part.words or " ".join(one.text for one in chosen if one.text)


def without_line(said: str, text: str) -> str:
    """The words of a case without one of the lines of which they were put together; the last may be cut."""
    parts = f" {said} "
    if text and f" {text} " in parts:
        return parts.replace(f" {text} ", " ", 1).strip()
    cut = (at for at in range(1, len(said)) if said[at - 1] == " " and text.startswith(said[at:]))
    at = next(cut, None) if len(said) == SAID_LIMIT else None
    return said if at is None else said[:at].strip()


def _ref(line: Line) -> MessageRef:
    return MessageRef(line.chat, line.message)


def _opened(case: Case, line: Line) -> bool:
    """Whether it is the line with which the case began."""
    return line.chat == case.chat and line.message == case.message


def draft_of_lines(desk: Desk, case: Case, grid: str, chosen: Sequence[Line], part: Part) -> Case:
    """What some lines of a case come to by themselves, in that grid."""
    first = chosen[0]
    where = route(desk.rules, part.item, first.at)
    number = desk.next_number(grid)
    return Case(
        id=f"{grid}-{number}",
        grid=grid,
        number=number,
        kind=CaseKind.WISH if where.is_wish else CaseKind.REQUEST,
        state=State.DRAFT,
        triage=Triage.HUMAN,
        category=where.category,
        item=where.item,
        level=where.level,
        lead=where.lead,
        co=where.co,
        tier=where.tier,
        visibility=kept_visibility(desk.rules, case.emergency, case.visibility, where.visibility),
        emergency=None,
        place=part.place or None,
        said=_words(chosen, part)[:SAID_LIMIT],
        title=desk.rules.taxonomy.categories[where.category or ""].name,
        reporter=first.sender,
        chat=first.chat,
        message=first.message,
        guesses=(part.item,),
        opened_at=first.at,
        respond_due=where.deadlines.respond.at,
        resolve_due=where.deadlines.resolve.at,
        provisional=where.deadlines.provisional,
        nature=nature_of(_words(chosen, part), desk.rules.taxonomy.items.get(part.item)),
    )


def _accept(desk: Desk, new: Case, person: Person, words: str) -> Case:
    if new.kind is CaseKind.WISH:
        return desk.act(new, Action.REVIEW, person.id, words)
    return dispatch(desk, desk.act(new, Action.ACCEPT, person.id, words))


def take_along(
    desk: Desk,
    case: Case,
    new: Case,
    lines: Sequence[Line],
    chosen: Sequence[Line],
    *,
    whole: bool,
) -> None:
    """Hang the chosen lines on the new case, with who said them. Where only a part of the words is meant, or
    the line opened the old case, it hangs on both."""
    moved: set[MessageRef] = set()
    for line in chosen:
        role = _role(new, line, chosen[0])
        if whole and not _opened(case, line):
            desk.detach(line)
            moved.add(_ref(line))
        desk.attach(replace(line, case=new.id, role=role))
    others = {line.sender for line in chosen} - {new.reporter}
    heard = sum(desk.follow(new, sender, _chat(chosen, sender)) for sender in sorted(others))
    if heard:
        desk.amend(new, voices=new.voices + heard)
    _leave(desk, case, [one for one in lines if _ref(one) not in moved], chosen)


def _role(new: Case, line: Line, first: Line) -> LineRole:
    if line is first:
        return LineRole.OPENED
    return LineRole.SUPPLEMENT if line.sender == new.reporter else LineRole.PLUS_ONE


def _chat(chosen: Sequence[Line], sender: PersonId) -> ChatRef:
    return next(line.chat for line in chosen if line.sender == sender)


def _leave(desk: Desk, case: Case, left: Collection[Line], chosen: Sequence[Line]) -> None:
    """Whoever has no line left in the old case had only the other thing to say, unless they follow it because
    what they told or followed was merged into it."""
    still = {line.sender for line in left}
    for merged in desk.behind(case):
        still |= {merged.reporter, *(one.person for one in desk.followers(merged.id))}
    gone = sorted({line.sender for line in chosen} - still)
    fewer = sum(desk.unfollow(case, sender) for sender in gone)
    if fewer:
        now = desk.facts.cases[case.id]
        desk.amend(now, voices=max(1, now.voices - fewer))


def _learn(desk: Desk, new: Case, person: Person) -> None:
    example = Example(new.id, new.said, None, new.item or "", person.id, "desk", desk.now)
    desk.learn(example)


def acknowledge_part(desk: Desk, new: Case) -> None:
    """As any case is acknowledged, where it was said; a private one alone, or not at all."""
    new = desk.facts.cases[new.id]
    extras = ack_extras(desk, new)
    alone = new.visibility is Visibility.PRIVATE or told_alone(desk, new)
    quoted = new.message if new.visibility is Visibility.GROUP and not alone else None
    to: ToPerson | ToChat = ToPerson(new.reporter) if alone else ToChat(new.chat)
    params = (case_params(desk, new) | {"alone": "1"}) if alone else public_params(desk, new)
    desk.say(
        Notice(
            ack_template(new),
            to,
            params | extras,
            ack_buttons(desk, new),
            Urgency.ANSWER,
            new.id,
            quoted,
        )
    )
