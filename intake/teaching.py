"""Staff teach the bot the neighbourhood's own names.

The law of this file: whoever may put right what was read wrong, or configures, may name; in the staff
chat or alone with the bot. Said by anybody else or anywhere else these are words like others. Adding
what is there and removing what is not changes nothing, and says so. Every change is on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intake.commands import Said
from intake.desk import Desk
from intake.grids import Purpose
from intake.naming import (
    EVERYWHERE,
    MOST_NAMES,
    Judged,
    Naming,
    Reason,
    Sort,
    found,
    judge,
    names_in,
)
from intake.notices import Notice, ToChat
from intake.people import Person, Right
from intake.phrases import Phrase, Word
from intake.reading import Reading
from intake.templates import Template
from intake.verdict import Verdict

_SORTS = {
    Word.ADD_PLACE: Sort.PLACE,
    Word.DROP_PLACE: Sort.PLACE,
    Word.ADD_WORD: Sort.WORD,
    Word.DROP_WORD: Sort.WORD,
}
_ADDS = frozenset({Word.ADD_PLACE, Word.ADD_WORD})
SHOWN = 12
"""Signs of a refused name that are repeated to whoever wrote it."""


def teach(
    desk: Desk, said: Said, person: Person, grid: str | None, phrase: Phrase, reading: Reading
) -> Verdict | None:
    """Add, remove or list names; None where this person says it in vain."""
    if grid is None or not _may(desk, said, person, grid):
        return None
    sort, names = _SORTS[phrase.word], names_in(phrase.rest)
    if not names:
        _tell(desk, said, grid, sort, Template.STAFF_NAMES, _listed(desk, grid, sort))
    elif phrase.word in _ADDS:
        _add(desk, said, person, grid, sort, names, reading)
    else:
        _remove(desk, said, person, grid, sort, names)
    return Verdict("ask_bot")


def may_name(person: Person, path: tuple[str, ...]) -> bool:
    """Whether somebody may teach names in the grid with this path."""
    return person.may(Right.CORRECT, path) or person.may(Right.CONFIGURE, path)


def add_names(
    desk: Desk,
    person: Person,
    grid: str,
    sort: Sort,
    names: Sequence[str],
    masked: Sequence[str] = (),
) -> Judged:
    """Add those of `names` that can be; what became of each. `masked` are the stretches of what was written
    that hold personal data."""
    lexicon = desk.rules.lexicon
    shared = found(names, _shared(desk, sort), lexicon)
    fresh = [name for name in names if shared[name] is None]
    judged = judge(sort, fresh, _own(desk, grid, sort), lexicon, masked)
    if judged.new:
        desk.name(Naming(grid, sort, judged.new, (), person.id, desk.now))
    known = (*(name for name in shared.values() if name), *judged.known)
    return replace(judged, known=known)


def remove_names(
    desk: Desk, person: Person, grid: str, sort: Sort, names: Sequence[str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Remove those of `names` that the grid has; these as they were spelt, and those that it has not."""
    spelt = found(names, _own(desk, grid, sort), desk.rules.lexicon)
    removed = tuple(dict.fromkeys(name for name in spelt.values() if name is not None))
    if removed:
        desk.name(Naming(grid, sort, (), removed, person.id, desk.now))
    return removed, tuple(name for name, present in spelt.items() if present is None)


def _may(desk: Desk, said: Said, person: Person, grid: str) -> bool:
    chat = desk.facts.chats.get(said.chat)
    among_staff = chat.purpose is Purpose.STAFF if chat is not None else said.private
    return among_staff and may_name(person, desk.grid(grid).path)


def _own(desk: Desk, grid: str, sort: Sort) -> tuple[str, ...]:
    """The names that this grid gave itself."""
    return desk.grid(grid).places if sort is Sort.PLACE else desk.facts.words.get(grid, ())


def _shared(desk: Desk, sort: Sort) -> tuple[str, ...]:
    return desk.facts.words.get(EVERYWHERE, ()) if sort is Sort.WORD else ()


def _listed(desk: Desk, grid: str, sort: Sort) -> dict[str, str]:
    own, shared = _own(desk, grid, sort), _shared(desk, sort)
    return {"names": "、".join(own), "count": str(len(own)), "shared": "、".join(shared)}


def _add(
    desk: Desk,
    said: Said,
    person: Person,
    grid: str,
    sort: Sort,
    names: tuple[str, ...],
    reading: Reading,
) -> None:
    masked = [reading.text[mask.start : mask.end] for mask in reading.masks]
    judged = add_names(desk, person, grid, sort, names, masked)
    params = {
        "added": "、".join(judged.new),
        "known": "、".join(judged.known),
        "limit": str(MOST_NAMES),
    }
    # What is personal is not repeated: a chat is no place for it either.
    params |= {
        reason.value: "1" if reason is Reason.PERSONAL else "、".join(n[:SHOWN] for n in refused)
        for reason, refused in judged.refused.items()
    }
    _tell(desk, said, grid, sort, Template.STAFF_NAMED, params)


def _remove(
    desk: Desk, said: Said, person: Person, grid: str, sort: Sort, names: tuple[str, ...]
) -> None:
    removed, missing = remove_names(desk, person, grid, sort, names)
    params = {
        "removed": "、".join(removed),
        "missing": "、".join(name[:SHOWN] for name in missing),
    }
    _tell(desk, said, grid, sort, Template.STAFF_NAMED, params)


def _tell(
    desk: Desk, said: Said, grid: str, sort: Sort, template: Template, params: dict[str, str]
) -> None:
    given = {name: value for name, value in params.items() if value}
    about = {"sort": sort.value, "area": desk.grid(grid).name}
    desk.say(Notice(template, ToChat(said.chat), about | given, reply_to=said.message))
