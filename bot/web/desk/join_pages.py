"""The pages on which cases are merged, let go again, and split.

The law of this file: what is offered is what the core allows now; a form that could not be done comes back
with its reason and with all that was typed. Words of private cases stand in no list.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from unicodedata import normalize
from urllib.parse import quote, urlencode

from aiohttp import web
from multidict import MultiDictProxy

from bot.web.desk.acts import Acts, Outdated
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.joins import Choice, Joins, Reverse
from bot.web.desk.weighing import WhoReads
from bot.web.desk.words import Refused
from bot.web.desk.words_case import LINE_NAMES
from bot.web.desk.words_joins import MERGE, SPLIT, JoinRefused
from bot.web.room.text import clean
from bot.web.site import go_to
from bot.wording.item_names import item_name
from intake.cases import Case, CaseId, Line
from intake.grids import ChatRef, MessageRef
from intake.phrases import case_named
from intake.splitting import PLACE_LIMIT, Part, may_be_split
from intake.taxonomy import Item, Taxonomy, Visibility

PATHS: Final = {"merge": "/desk/merge/{id}", "split": "/desk/split/{id}"}
_LONGEST: Final = 300
_SUGGESTED: Final = 3


@dataclass(frozen=True, slots=True)
class _Typed:
    """What came in a form, and what was wrong with it. `reverse`: the case from whose page it can be done."""

    chosen: frozenset[str] = frozenset()
    number: str = ""
    words: str = ""
    item: str = ""
    place: str = ""
    error: str = ""
    status: int = 200
    reverse: str = ""


@dataclass(frozen=True, slots=True)
class TwinRow:
    """A likely twin, as it stands in the list."""

    case: Case
    item: str
    said: str
    private: bool
    reverse: bool


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line that may be ticked. `stays`: it opened the case, so that it stays there too."""

    key: str
    text: str
    role: str
    at: datetime
    stays: bool


@dataclass(frozen=True, slots=True)
class Told:
    """What was just done, in a sentence. `source`: the case from which this one was split off; `undo`: the
    one that came and may be let go again."""

    words: str = ""
    source: CaseId = ""
    undo: Case | None = None


class JoinPages:
    """`/desk/merge/…`, `/desk/unmerge/…`, `/desk/split/…`."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, acts: Acts, reader: WhoReads | None = None) -> None:
        self._guard = guard
        self._joins = Joins(acts)
        self._taxonomy = acts.rules.taxonomy
        self._reader = reader

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", "/desk/merge/{id}", Gate.MODERATE, self.choose),
            DeskRoute("POST", "/desk/merge/{id}", Gate.MODERATE, self.merge),
            DeskRoute("POST", "/desk/unmerge/{id}", Gate.MODERATE, self.unmerge),
            DeskRoute("GET", "/desk/split/{id}", Gate.MODERATE, self.tick),
            DeskRoute("POST", "/desk/split/{id}", Gate.MODERATE, self.split),
        ]

    # -- merging ------------------------------------------------------------------------------------

    async def choose(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        number = request.query.get("into", "")[:40]
        return await self._merge_page(request, here, _Typed(number=number))

    async def merge(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form, id = await form_of(request), request.match_info["id"]
        number, picked = _text(form, "number"), _text(form, "into")
        typed = _Typed(frozenset({picked}), number[:_LONGEST])
        into = named(number, id) or picked
        try:
            if not into:
                raise DeskRefusal(JoinRefused.NO_CHOICE)
            main = await self._joins.merge(here, id, _version(form), into)
        except DeskRefusal as refusal:
            if refusal.status == 404:
                raise
            reverse = refusal.case if isinstance(refusal, Reverse) else ""
            return await self._merge_page(request, here, _wrong(typed, refusal, reverse))
        return _to(main.id, merged=id)

    async def unmerge(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form, id = await form_of(request), request.match_info["id"]
        try:
            case = await self._joins.unmerge(here, id, _version(form))
        except Outdated:
            raise DeskRefusal(JoinRefused.MOVED.format(case=id), 409) from None
        return _to(case.id, unmerged=id)

    async def _merge_page(
        self, request: web.Request, here: AtDesk, typed: _Typed
    ) -> web.StreamResponse:
        id = request.match_info["id"]
        choice = await self._joins.twins(here, id)
        return self._guard.frame.page(
            "merge.html",
            typed.status,
            here=here,
            at="/desk/cases",
            words=MERGE,
            case=choice.case,
            rows=self._rows(choice),
            typed=typed,
        )

    def _rows(self, choice: Choice) -> list[TwinRow]:
        rows = []
        for twin in choice.twins:
            private = twin.case.visibility is Visibility.PRIVATE
            item = item_name(self._taxonomy, twin.case.item, twin.case.title)
            said = MERGE["private"] if private else twin.case.said
            rows.append(TwinRow(twin.case, item, said, private, twin.reverse))
        return rows

    # -- splitting ----------------------------------------------------------------------------------

    async def tick(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        return await self._split_page(request, here, _Typed())

    async def split(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form, id = await form_of(request), request.match_info["id"]
        keys = frozenset(str(one) for one in form.getall("line", ()))
        words, item, place = (_text(form, name) for name in ("words", "item", "place"))
        place = " ".join(clean(place).split())
        try:
            part = Part(frozenset(map(_ref, keys)), item, place, words)
            new = await self._joins.split(here, id, _version(form), part)
        except DeskRefusal as refusal:
            if refusal.status == 404:
                raise
            typed = _Typed(keys, "", words[:_LONGEST], item, place[:_LONGEST])
            return await self._split_page(request, here, _wrong(typed, refusal))
        return _to(new.id, split=id)

    async def _split_page(
        self, request: web.Request, here: AtDesk, typed: _Typed
    ) -> web.StreamResponse:
        choice = await self._joins.lines(here, request.match_info["id"])
        case, lines = choice.case, [one for one in choice.lines if may_be_split(one)]
        pieces, likely = await self._read(case, lines)
        return self._guard.frame.page(
            "split.html",
            typed.status,
            here=here,
            at="/desk/cases",
            words=SPLIT,
            case=case,
            rows=[_line_row(case, line) for line in lines],
            pieces=pieces,
            likely=likely,
            categories=self._taxonomy.categories.values(),
            most=PLACE_LIMIT,
            longest=_LONGEST,
            typed=typed,
        )

    async def _read(self, case: Case, lines: Sequence[Line]) -> tuple[list[str], list[Item]]:
        """The separate requests that the machine hears in the words, and what they may be."""
        texts = [line.text for line in lines if line.text]
        if self._reader is None or not texts:
            return [], []
        reader = self._reader()

        def read() -> tuple[list[str], list[str]]:
            parts = [reader.split(text) for text in texts]
            pieces = [piece for part in parts if len(part) > 1 for piece in part]
            readings = reader.read(pieces or texts)
            return pieces, [one.guesses[0].item for one in readings if one.guesses]

        pieces, codes = await asyncio.to_thread(read)
        return pieces, _items(self._taxonomy, case, codes)


def _wrong(typed: _Typed, refusal: DeskRefusal, reverse: CaseId = "") -> _Typed:
    return replace(typed, error=str(refusal), status=refusal.status, reverse=reverse)


def _items(taxonomy: Taxonomy, case: Case, codes: Sequence[str]) -> list[Item]:
    others = [code for code in (*codes, *case.guesses) if code != case.item]
    known = [taxonomy.items[code] for code in dict.fromkeys(others) if code in taxonomy.items]
    return known[:_SUGGESTED]


def _line_row(case: Case, line: Line) -> LineRow:
    opened = line.chat == case.chat and line.message == case.message
    return LineRow(_key(line), line.text, LINE_NAMES[line.role], line.at, opened)


def _key(line: Line) -> str:
    return f"{line.chat}|{line.message}"


def _ref(key: str) -> MessageRef:
    chat, _, message = key.partition("|")
    channel, _, name = chat.partition(":")
    return MessageRef(ChatRef(channel, name), message)


def named(typed: str, case: CaseId) -> CaseId:
    """The case that a number means as it was typed beside `case`: 12 is that of the same grid."""
    number = "".join(normalize("NFKC", typed).split())
    if number.isascii() and number.isdecimal():
        return f"{case.rpartition('-')[0]}-{int(number[:9])}"
    return number[:60]


def told(query: Mapping[str, str], case: Case, merged: Mapping[CaseId, Case]) -> Told:
    """What was just done to `case`, into which `merged` went. A link that leads here late tells nothing that
    is no longer so."""
    came, alone, part = (_named_in(query, what) for what in ("merged", "unmerged", "split"))
    if came in merged:
        return Told(MERGE["done"].format(case=came), undo=merged[came])
    if alone == case.id and case.merged_into is None:
        return Told(MERGE["undone"].format(case=alone))
    return Told(SPLIT["done"].format(case=part), source=part) if part else Told()


def _named_in(query: Mapping[str, str], what: str) -> CaseId:
    of = query.get(what, "")
    return of if case_named(of) == of else ""


def _text(form: MultiDictProxy[Any], name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _version(form: MultiDictProxy[Any]) -> int:
    text = _text(form, "version")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise DeskRefusal(Refused.MALFORMED)
    return int(text)


def _to(case: CaseId, **done: str) -> web.Response:
    there = f"/desk/case/{quote(case, safe='')}?{urlencode(done)}"
    return go_to(there)
