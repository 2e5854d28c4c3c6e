"""A neighbourhood's own names: the list, adding, taking back.

The law of this file: the same rules as for `#地名` and `#词` in the staff chat (`intake/teaching.py`), for
the grids in which this person may name; every change is on record with who made it. Place names count from
the next message on. A link can claim nothing: what it says was added is shown only if it is there.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

from aiohttp import web
from multidict import MultiDictProxy

from bot.lanes import nothing_to_do
from bot.web.desk.acts import Acts
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.weighing import WhoReads
from bot.web.desk.words_words import GONE, LONGEST, NOBODY, SORTS, WORDS, Refused, why_not
from bot.web.room.text import clean
from bot.web.site import go_to
from intake.cases import Case
from intake.desk import Desk
from intake.facts import Wants
from intake.grids import Grid
from intake.naming import EVERYWHERE, Judged, LocalWord, Sort, names_in
from intake.people import Person, PersonId
from intake.rules import Rules
from intake.taxonomy import Visibility
from intake.teaching import add_names, may_name, remove_names
from nlp.privacy import personal_in
from storage.records import Look
from storage.tx import Tx

PATH: Final = "/desk/words"
_LOOKS: Final = 500
"""Of so many additions the page tells who made them."""


@dataclass(frozen=True, slots=True)
class _Typed:
    """What stands in the form, and what was wrong with it. `of` is the case from which one came."""

    grid: str = ""
    sort: str = Sort.PLACE.value
    names: str = ""
    of: str = ""
    errors: Sequence[str] = ()
    notes: Sequence[str] = ()
    put_back: tuple[str, str] | None = None
    status: int = 200


@dataclass(frozen=True, slots=True)
class NameRow:
    """A name with who added it when; "" and None where that is not on record."""

    name: str
    who: str
    at: datetime | None


@dataclass(frozen=True)
class _Found:
    """What the page shows, as the database has it."""

    grids: Sequence[Grid]
    words: Sequence[LocalWord]
    looks: Sequence[Look]
    people: Mapping[PersonId, Person]
    case: Case | None


class WordPages:
    """`/desk/words`."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, WORDS["menu"], Gate.NAME),)

    def __init__(
        self,
        guard: DeskGuard,
        acts: Acts,
        reader: WhoReads | None = None,
        renamed: Callable[[], Awaitable[None]] = nothing_to_do,
    ) -> None:
        self._guard = guard
        self._acts = acts
        self._reader = reader
        self._renamed = renamed

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.NAME, self.page),
            DeskRoute("POST", PATH, Gate.NAME, self.add),
            DeskRoute("POST", f"{PATH}/remove", Gate.NAME, self.remove),
        ]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        query = request.query
        typed = _Typed(grid=query.get("grid", ""), of=query.get("from", "")[:60])
        return await self._page(here, typed, query)

    async def add(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        typed = _typed(await form_of(request))
        names = names_in(typed.names)
        if not names or len(typed.names) > LONGEST:
            wrong = Refused.TOO_LONG if names else Refused.EMPTY
            return await self._wrong(here, typed, wrong)
        sort = _sort(typed.sort)
        if sort is None:
            return await self._wrong(here, typed, Refused.NO_SORT)
        masked = personal_in(typed.names)

        def work(tx: Tx, desk: Desk) -> Judged:
            person = _allowed(desk, here, typed.grid)
            return add_names(desk, person, typed.grid, sort, names, masked)

        try:
            judged = await self._acts.decide(self._load(here, typed.grid), work)
        except DeskRefusal as refusal:
            return await self._wrong(here, typed, str(refusal))
        await self._changed(sort, bool(judged.new))
        if not judged.refused:
            done = {"added": "、".join(judged.new), "known": "、".join(judged.known)}
            return _back(typed, sort, done)
        errors = [why_not(sort, r, name) for r, some in judged.refused.items() for name in some]
        refused = "、".join(name for some in judged.refused.values() for name in some)
        told = _notes(sort, judged.new, judged.known)
        left = replace(
            typed, names=refused, errors=tuple(dict.fromkeys(errors)), notes=told, status=400
        )
        return await self._page(here, left)

    async def remove(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        typed = _typed(await form_of(request))
        sort = _sort(typed.sort)
        if sort is None:
            return await self._wrong(here, replace(typed, names=""), Refused.NO_SORT)

        def work(tx: Tx, desk: Desk) -> tuple[str, ...]:
            person = _allowed(desk, here, typed.grid)
            removed, _ = remove_names(desk, person, typed.grid, sort, names_in(typed.names))
            return removed

        try:
            removed = await self._acts.decide(self._load(here, typed.grid), work)
        except DeskRefusal as refusal:
            return await self._wrong(here, replace(typed, names=""), str(refusal))
        await self._changed(sort, bool(removed))
        if not removed:
            gone = Refused.GONE.format(name=typed.names[:12])
            return await self._wrong(here, replace(typed, names=""), gone)
        return _back(typed, sort, {"removed": "、".join(removed)})

    async def _changed(self, sort: Sort, is_changed: bool) -> None:
        if is_changed and sort is Sort.PLACE:
            await self._renamed()

    # -- loading ------------------------------------------------------------------------------------

    def _rules(self) -> Rules:
        """With what the model in use knows of words."""
        rules = self._acts.rules
        return replace(rules, lexicon=self._reader().lexicon) if self._reader else rules

    def _load(self, here: AtDesk, grid: str) -> Callable[[Tx], Desk]:
        rules, now = self._rules(), self._acts.clock()

        def load(tx: Tx) -> Desk:
            wants = Wants(
                identities=frozenset({here.person.id}), grids=frozenset({grid}), words=True
            )
            return Desk(rules, tx.desk.load(wants, now), now)

        return load

    async def _wrong(self, here: AtDesk, typed: _Typed, words: str) -> web.Response:
        wrong = replace(typed, names=typed.names[: LONGEST * 2], errors=(words,), status=400)
        return await self._page(here, wrong)

    async def _page(
        self, here: AtDesk, typed: _Typed, query: Mapping[str, str] | None = None
    ) -> web.Response:
        found, grid = await self._acts.store.read(lambda tx: _find(tx, here, typed))
        typed = replace(typed, grid=grid.id if grid else "")
        places = _places(grid, found) if grid else []
        words = [_row(one.word, one.added_by, one.added_at, found) for one in found.words]
        own = [row for row, one in zip(words, found.words, strict=True) if one.scope != EVERYWHERE]
        shared = [one.word for one in found.words if one.scope == EVERYWHERE]
        if query is not None:
            typed = _told(typed, query, places, own, shared)
        return self._guard.frame.page(
            "words.html",
            typed.status,
            here=here,
            at=PATH,
            words=WORDS,
            sorts=SORTS,
            longest=LONGEST,
            grids=found.grids,
            grid=grid,
            case=found.case,
            covered=found.case is not None and found.case.visibility is Visibility.PRIVATE,
            places=places,
            own=own,
            shared=shared,
            typed=typed,
        )


def _find(tx: Tx, here: AtDesk, typed: _Typed) -> tuple[_Found, Grid | None]:
    grids = [grid for grid in tx.grids.all() if may_name(here.person, grid.path)]
    case = tx.cases.get(typed.of) if typed.of else None
    case = case if case is not None and here.sight.sees(case) else None
    wanted = (typed.grid, case.grid if case else "", here.person.home or "")
    by_id = {grid.id: grid for grid in grids}
    first = grids[0] if grids else None
    grid = next((by_id[id] for id in wanted if id in by_id), first)
    words = tx.words.held([grid.id, EVERYWHERE]) if grid else []
    looks = tx.audit.last(grid.id, "add place", _LOOKS) if grid else []
    people = tx.people.many({one.added_by for one in words} | {look.person for look in looks})
    return _Found(grids, words, looks, people, case), grid


def _places(grid: Grid, found: _Found) -> list[NameRow]:
    """The grid's place names; who added one is known for those that came by chat, page or command."""
    latest = {name: look for look in found.looks for name in (look.why or "").split("、")}
    rows = []
    for name in grid.places:
        look = latest.get(name)
        rows.append(_row(name, look.person, look.at, found) if look else NameRow(name, "", None))
    return rows


def _row(name: str, by: PersonId, at: datetime, found: _Found) -> NameRow:
    known = found.people.get(by)
    return NameRow(name, known.name if known else NOBODY.get(by, GONE), at)


def _allowed(desk: Desk, here: AtDesk, grid: str) -> Person:
    """Whoever is at the desk, if they may name in this grid. Raises DeskRefusal."""
    person = desk.facts.people.get(here.person.id, here.person)
    known = desk.facts.grids.get(grid)
    if known is None or not may_name(person, known.path):
        raise DeskRefusal(Refused.NO_GRID)
    return person


# -- what came, and what is told --------------------------------------------------------------------


def _typed(form: MultiDictProxy[Any]) -> _Typed:
    def text(name: str) -> str:
        value = form.get(name, "")
        return clean(value) if isinstance(value, str) else ""

    return _Typed(text("grid"), text("sort"), text("names"), text("from")[:60])


def _sort(text: str) -> Sort | None:
    return Sort(text) if text in set(Sort) else None


def _notes(sort: Sort, added: Iterable[str], known: Iterable[str]) -> list[str]:
    told = ((f"added_{sort.value}", "、".join(added)), ("known", "、".join(known)))
    return [WORDS[key].format(names=names) for key, names in told if names]


def _told(
    typed: _Typed,
    query: Mapping[str, str],
    places: Sequence[NameRow],
    own: Sequence[NameRow],
    shared: Sequence[str],
) -> _Typed:
    """What a link says was done, as far as it is so."""
    sort = _sort(query.get("sort", ""))
    if sort is None:
        return typed
    present = {row.name for row in (places if sort is Sort.PLACE else own)}
    there = present | set(shared)
    added = [name for name in names_in(query.get("added", "")) if name in present]
    known = [name for name in names_in(query.get("known", "")) if name in there]
    removed = [name for name in names_in(query.get("removed", "")[:LONGEST]) if name not in there]
    notes = _notes(sort, added, known)
    if not removed:
        return replace(typed, sort=sort.value, notes=notes)
    names = "、".join(removed)
    notes.append(WORDS[f"removed_{sort.value}"].format(names=names))
    return replace(typed, sort=sort.value, notes=notes, put_back=(sort.value, names))


def _back(typed: _Typed, sort: Sort, done: Mapping[str, str]) -> web.Response:
    query = {"grid": typed.grid, "sort": sort.value} | {k: v for k, v in done.items() if v}
    if typed.of:
        query["from"] = typed.of
    return go_to(f"{PATH}?{urlencode(query)}")
