"""随手报: what staff find on their round, told with one hand on a phone.

The law of this file: it goes through the same door as a line of chat and is decided by the same rules; the
page waits a moment for the outcome and then shows it as pending. Its name comes from who tells it, the mark
of the page and the words: sent twice, it is one. What is wrong is said in one sentence, and nothing typed is
lost, nor a photo.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.channels.field import NAME, talk, told
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate
from bot.web.desk.words_field import (
    BECAME,
    BESIDE,
    DONE_LIMIT,
    FIELD,
    PLACE_LIMIT,
    SAID,
    SETTLED,
    USUAL_DONE,
    WORDS_LIMIT,
    Wrong,
)
from bot.web.desk.words_photos import MOST_PHOTOS, TERMS
from bot.web.photo_form import Sent, sent_of
from bot.web.room.limits import Buckets, Pace
from bot.web.room.photos import PhotoFolder
from bot.web.room.refusals import Refusal, TooBig, TooFast
from bot.web.room.text import clean
from bot.web.site import go_to
from bot.wording.item_names import item_name
from intake.cases import Case, Line
from intake.commands import Form, Sender
from intake.grids import Grid, MessageRef
from intake.lifecycle import State
from intake.people import Right
from intake.phrases import is_empty_talk
from intake.taxonomy import Department, Taxonomy
from storage.records import PARKED, Arrival
from storage.room_records import Photo
from storage.tx import Tx

PATH: Final = "/desk/field"
_REFRESH: Final = 3
_LOOK_EVERY: Final = 0.1
_PACE: Final = Pace(20, 3.0)
_PHOTO_PACE: Final = Pace(60, 1.0)
_TERMS: Final = replace(TERMS, too_long=Wrong.TOO_MUCH)


@dataclass(frozen=True)
class FieldDoor:
    """Where the round's form puts things: the folder of photos (None: none are taken), whom to wake when
    something has arrived, and how long a page waits for the outcome."""

    photos: PhotoFolder | None = None
    arrived: Callable[[], None] = lambda: None
    patience: timedelta = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it came. `kept` are photos that were sent with it or before; `settle`: it was put right
    on the spot."""

    words: str = ""
    place: str = ""
    grid: str = ""
    done: str = ""
    once: str = ""
    settle: bool | None = None
    kept: tuple[Photo, ...] = ()


@dataclass(frozen=True, slots=True)
class Became:
    """A case that a report is in now, as its page tells it."""

    case: Case
    sentence: str
    item: str
    department: str
    looked_at: str
    call: str
    may_correct: bool


class Field:
    """`/desk/field…`."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, FIELD["menu"], Gate.FIELD),)

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy, door: FieldDoor) -> None:
        self._guard = guard
        self._store = guard.store
        self._taxonomy = taxonomy
        self._door = door
        self._pace = Buckets(_PACE, lambda: guard.clock().timestamp())
        self._photo_pace = Buckets(_PHOTO_PACE, lambda: guard.clock().timestamp())

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.FIELD, self.form),
            DeskRoute("POST", PATH, Gate.FIELD, self.tell),
            DeskRoute("GET", f"{PATH}/said/{{message}}", Gate.FIELD, self.said),
        ]

    # The form

    async def form(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        place = request.query.get("place", "")[:PLACE_LIMIT]
        typed = Typed(place=place, grid=request.query.get("grid", ""), once=_mark())
        return self._form(here, await self._grids(here), typed)

    async def tell(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        too_fast = self._too_fast(here)  # before anything of it is read
        may_send = partial(self._may_send_photo, here, too_fast)
        try:
            async with sent_of(request, self._door.photos, _TERMS, may_send) as sent:
                return await self._tell(here, sent, too_fast)
        except TooBig as refusal:
            raise DeskRefusal(str(refusal), refusal.status) from None

    async def _tell(self, here: AtDesk, sent: Sent, too_fast: TooFast | None) -> web.StreamResponse:
        typed = _typed(sent)
        grids = await self._grids(here)
        wrong = _sentence(too_fast or sent.refusal) or _wrong(typed, grids, here)
        if wrong:
            sent.used = True  # the form carries its photos on
            return self._form(here, grids, typed, wrong)
        message = _message(here.person.id, typed)
        typed = replace(typed, kept=await sent.own_photos())
        sent.used = await self._append(here, message, typed)
        if sent.used:
            self._door.arrived()
        await self._outcome(message)
        return go_to(f"{PATH}/said/{message}")

    def _form(
        self, here: AtDesk, grids: Sequence[Grid], typed: Typed, wrong: str = ""
    ) -> web.StreamResponse:
        return self._guard.frame.page(
            "field.html",
            400 if wrong else 200,
            here=here,
            at=PATH,
            words=FIELD,
            usual=USUAL_DONE,
            grids=grids,
            chosen=_chosen(grids, typed.grid, here.person.home),
            places=_places(grids),
            typed=typed,
            takes_photos=self._door.photos is not None,
            may_settle=any(here.person.may(Right.FINISH, grid.path) for grid in grids),
            limits={"words": WORDS_LIMIT, "place": PLACE_LIMIT, "done": DONE_LIMIT},
            most_photos=MOST_PHOTOS,
            error=wrong,
            at_field=_beside(wrong, grids, typed),
        )

    async def _grids(self, here: AtDesk) -> list[Grid]:
        found = await self._store.read(lambda tx: tx.grids.many(here.sight.grids))
        return list(found.values())

    def _too_fast(self, here: AtDesk) -> TooFast | None:
        try:
            self._pace.take(here.person.id)
        except TooFast as refusal:
            return refusal
        return None

    def _may_send_photo(self, here: AtDesk, too_fast: TooFast | None) -> None:
        """Raises TooFast."""
        if too_fast is not None:
            raise too_fast
        self._photo_pace.take(here.person.id)

    async def _append(self, here: AtDesk, message: str, typed: Typed) -> bool:
        """Put it into the inbox, with its photos on record; False if it was there already."""
        now, chat = self._guard.clock(), talk(message)
        sender = Sender(here.person.id, here.person.name)
        form = Form(typed.grid, typed.place, patrol=True, done=typed.done if typed.settle else "")
        names = tuple(photo.name for photo in typed.kept)
        payload = told(message, sender, _text(typed), form, names)

        def work(tx: Tx) -> bool:
            (new,) = tx.inbox.append([Arrival(NAME, message, str(chat), payload, now)])
            if new:
                tx.photos.add(chat, message, typed.kept, now)
            return new

        return await self._store.write(work)

    async def _outcome(self, message: str) -> None:
        """Wait a moment until it is decided."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._door.patience.total_seconds()
        while loop.time() < until:
            if not await self._store.read(lambda tx: tx.inbox.waits(NAME, message)):
                return
            await asyncio.sleep(_LOOK_EVERY)

    # What became of it

    async def said(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        message = request.match_info["message"]

        def work(tx: Tx) -> tuple[bool, str | None, list[Line], dict[str, Case], list[Grid]]:
            lines = tx.cases.of_message(MessageRef(talk(message), message))
            decided = tx.inbox.find(NAME, message)
            return (
                tx.inbox.waits(NAME, message),
                decided.outcome if decided else None,
                [line for line in lines if line.sender == here.person.id],
                tx.cases.many(line.case for line in lines),
                tx.grids.all(),
            )

        waits, outcome, lines, cases, grids = await self._store.read(work)
        if not waits and not lines and outcome is None:
            raise DeskRefusal(Wrong.NOT_FOUND, 404)
        paths = {grid.id: grid.path for grid in grids}
        became = [self._became(here, line, cases[line.case], paths) for line in lines]
        first = became[0].case if became else None
        return self._guard.frame.page(
            "field_said.html",
            here=here,
            at=PATH,
            words=SAID,
            waits=waits,
            refresh=_REFRESH,
            lost=SAID["lost"] if outcome == PARKED else SAID["none"],
            became=became,
            again=f"{PATH}?grid={quote(first.grid, safe='')}" if first else PATH,
        )

    def _became(
        self, here: AtDesk, line: Line, case: Case, paths: dict[str, tuple[str, ...]]
    ) -> Became:
        lead = self._taxonomy.departments.get(case.lead or "")
        danger = self._taxonomy.emergencies.get(case.emergency or "")
        path = paths.get(case.grid, ())
        settled = case.settled and not case.is_open
        may = here.sight.sees(case) and (settled or case.is_open)
        waits = case.state is State.TO_CONFIRM
        return Became(
            case=case,
            sentence=SETTLED if settled else BECAME[line.role],
            item=item_name(self._taxonomy, case.item, SAID["no_item"]),
            department=lead.name if lead and not settled and not waits else "",
            looked_at=_looked_at(lead) if waits else "",
            call=danger.call if danger and case.is_open else "",
            may_correct=may and here.person.may(Right.CORRECT, path, case.departments),
        )


def _beside(wrong: str, grids: Sequence[Grid], typed: Typed) -> str:
    """The field that is wrong, if the form shows it: one grid is no choice, three photos are all."""
    field = BESIDE.get(wrong, "")
    hidden = (field == "grid" and len(grids) < 2) or (
        field == "photos" and len(typed.kept) >= MOST_PHOTOS
    )
    return "" if hidden else field


def _mark() -> str:
    return secrets.token_urlsafe(16)


def _looked_at(likely: Department | None) -> str:
    """Who has it while nobody has said yet what it is."""
    if likely is None:
        return SAID["looked_at_only"]
    return SAID["looked_at"].format(department=likely.name)


def _typed(sent: Sent) -> Typed:
    what = sent.fields.get("what", "")
    done = clean(sent.fields.get("done", ""))
    return Typed(
        words=clean(sent.fields.get("words", "")),
        place=" ".join(clean(sent.fields.get("place", "")).split()),
        grid=sent.fields.get("grid", ""),
        done=done,
        once=sent.fields.get("once", "")[:64] or _mark(),
        settle={"report": False, "settle": True}.get(what),
        kept=(*sent.kept, *sent.photos),
    )


def _sentence(refusal: Refusal | None) -> str:
    if isinstance(refusal, TooFast):
        return Wrong.TOO_FAST
    return str(refusal) if refusal else ""


def _wrong(typed: Typed, grids: Sequence[Grid], here: AtDesk) -> str:
    """Why it cannot be taken, or ""."""
    grid = next((grid for grid in grids if grid.id == typed.grid), None)
    if not any(unicodedata.category(c)[0] in "LN" for c in typed.words):
        return Wrong.WORDS
    if len(typed.words) > WORDS_LIMIT:
        return Wrong.WORDS_LONG
    if len(typed.place) > PLACE_LIMIT:
        return Wrong.PLACE_LONG
    if grid is None:
        return Wrong.GRID
    if typed.settle is None:
        return Wrong.WHICH
    return _wrong_done(typed, grid, here) if typed.settle else ""


def _wrong_done(typed: Typed, grid: Grid, here: AtDesk) -> str:
    if not here.person.may(Right.FINISH, grid.path):
        return Wrong.NOT_YOURS
    if len(typed.done) > DONE_LIMIT:
        return Wrong.DONE_LONG
    return Wrong.DONE if is_empty_talk(typed.done) else ""


def _message(person: str, typed: Typed) -> str:
    """The same for the same words from the same page; nobody else can make it."""
    mark = typed.once if len(typed.once) >= 22 else _mark()
    same = replace(typed, once=mark, kept=())
    whole = "\0".join((person, *(str(value) for value in _values(same))))
    return hashlib.sha256(whole.encode(errors="replace")).hexdigest()[:32]


def _values(typed: Typed) -> tuple[object, ...]:
    done = typed.done if typed.settle else ""
    return typed.once, typed.grid, typed.place, typed.words, done, typed.settle


def _text(typed: Typed) -> str:
    """The words with their place, said once."""
    if not typed.place or typed.place in typed.words:
        return typed.words
    return f"{typed.place}，{typed.words}"


def _chosen(grids: Sequence[Grid], asked: str, home: str | None) -> str:
    """The grid that is preselected: the one asked for, one's own, else the first."""
    known = [grid.id for grid in grids]
    return next((id for id in (asked, home) if id in known), known[0] if known else "") or ""


def _places(grids: Sequence[Grid]) -> list[tuple[str, str]]:
    """Place names with the grids that have them."""
    found: dict[str, list[Grid]] = {}
    for grid in grids:
        for place in grid.places:
            found.setdefault(place, []).append(grid)
    return [(place, " ".join(grid.id for grid in some)) for place, some in found.items()]
