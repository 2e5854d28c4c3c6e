"""Who looked at or changed what is not for everybody, for those who watch over it.

The law of this file: an auditor sees what lies in their own scopes, and what concerns the whole town only
with all of it as their scope. Nothing of a case stands here but its number. Taking the record away is on
record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from urllib.parse import urlencode

from aiohttp import web

from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.sheet import sheet
from bot.web.desk.tree import Tree, tree_of
from bot.web.desk.words_records import (
    EVERYWHERE,
    MENU,
    MODEL,
    NOBODY,
    RECORDS,
    SHEET,
    UNKNOWN,
    WHATS,
)
from bot.wording.roles import ROLE_NAMES
from intake.people import Person, PersonId, Right
from intake.taxonomy import Taxonomy
from storage.audit import LookFilter
from storage.columns import micros
from storage.records import Look
from storage.tx import Tx

PATH = "/desk/records"
PAGE = 50
MOST = 20_000
"""So many rows one file takes."""

_FIELDS = ("about", "name", "from", "to")
_LONGEST = 60
_ID = re.compile(r"\b(?:web|telegram|qr):[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Row:
    """A look as it is read."""

    at: str
    about: str
    person: str
    roles: str
    what: str
    why: str


class BadDay(Exception):
    """What was typed as a day is none; `str()` is the sentence."""


class Records:
    """The page, and the record to take away."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, MENU, Gate.AUDIT),)

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._taxonomy = taxonomy

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.AUDIT, self.page),
            DeskRoute("POST", f"{PATH}/export", Gate.AUDIT, self.export),
        ]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        typed = _typed(request.query)
        try:
            wanted = replace(self._wanted(typed), before=_before(request.query.get("before", "")))
        except BadDay as mistake:
            return self._shown(here, typed, [], problem=str(mistake))
        rows, last = await self._guard.store.read(lambda tx: self._read(tx, here, wanted))
        older = ""
        if last is not None:
            older = "?" + urlencode(_given(typed) | {"before": f"{micros(last[0])}-{last[1]}"})
        return self._shown(here, typed, rows, older=older)

    async def export(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        typed = _typed({name: str(value) for name, value in form.items()})
        try:
            wanted = self._wanted(typed)
        except BadDay as mistake:
            return self._shown(here, typed, [], problem=str(mistake))
        now = self._guard.clock()

        def work(tx: Tx) -> list[Row]:
            tree = tree_of(tx, self._taxonomy)
            found = tx.audit.page(_reached(tree, here.person, wanted), MOST + 1)
            if len(found) > MOST:
                raise DeskRefusal(RECORDS["too_many"].format(most=MOST))
            why = _export_why(len(found), typed)
            scopes = [node.id for node in tree.scopes(here.person, Right.AUDIT)]
            tx.audit.add([Look(scope, here.person.id, "export", why, now) for scope in scopes])
            return self._rows(tx, tree, [look for _, look in found])

        rows = await self._guard.store.write(work)
        today = now.astimezone(self._guard.frame.zone).date().isoformat()
        cells = [(row.at, row.about, row.person, row.roles, row.what, row.why) for row in rows]
        return sheet(f"huying-records-{today}.csv", SHEET, cells)

    def _read(
        self, tx: Tx, here: AtDesk, wanted: LookFilter
    ) -> tuple[list[Row], tuple[datetime, int] | None]:
        """A page, and where the next one begins, if there is one."""
        tree = tree_of(tx, self._taxonomy)
        found = tx.audit.page(_reached(tree, here.person, wanted), PAGE + 1)
        shown = found[:PAGE]
        last = (shown[-1][1].at, shown[-1][0]) if len(found) > PAGE else None
        return self._rows(tx, tree, [look for _, look in shown]), last

    def _rows(self, tx: Tx, tree: Tree, looks: Sequence[Look]) -> list[Row]:
        spoken_of = {id for look in looks for id in _ID.findall(look.why or "")}
        people = tx.people.many({look.person for look in looks} | spoken_of)
        return [_row(look, tree, people, self._guard.frame.zone) for look in looks]

    def _wanted(self, typed: Mapping[str, str]) -> LookFilter:
        first, last = _day(typed["from"]), _day(typed["to"])
        if first and last and first > last:
            raise BadDay(RECORDS["turned"])
        zone = self._guard.frame.zone
        return LookFilter(
            about=typed["about"] or None,
            name=typed["name"] or None,
            since=_midnight(first, zone) if first else None,
            until=_midnight(last + timedelta(days=1), zone) if last else None,
        )

    def _shown(
        self,
        here: AtDesk,
        typed: Mapping[str, str],
        rows: Sequence[Row],
        *,
        older: str = "",
        problem: str = "",
    ) -> web.StreamResponse:
        return self._guard.frame.page(
            "records.html",
            400 if problem else 200,
            here=here,
            at=PATH,
            words=RECORDS,
            typed=typed,
            rows=rows,
            older=older,
            problem=problem,
        )


def _reached(tree: Tree, person: Person, wanted: LookFilter) -> LookFilter:
    """`wanted` within the scopes of `person`."""
    if tree.everywhere(person, Right.AUDIT):
        return wanted
    nodes = {id for id, node in tree.nodes.items() if person.may(Right.AUDIT, node.path)}
    return replace(wanted, grids=frozenset(nodes & tree.grids.keys()), nodes=frozenset(nodes))


def _typed(given: Mapping[str, str]) -> dict[str, str]:
    return {name: given.get(name, "").strip()[:_LONGEST] for name in _FIELDS}


def _given(typed: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in typed.items() if value}


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise BadDay(RECORDS["bad_day"].format(day=text)) from None
    if not 2000 <= day.year <= 2999:
        raise BadDay(RECORDS["bad_day"].format(day=text))
    return day


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def _before(text: str) -> tuple[datetime, int] | None:
    """Where a page begins; one that nobody made begins at the beginning."""
    at, _, id = text.partition("-")
    if not (at.isascii() and at.isdigit() and id.isascii() and id.isdigit() and len(text) < 40):
        return None
    try:
        moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=int(at))
    except OverflowError:
        return None
    return (moment, int(id)) if len(id) < 19 else None


def _row(look: Look, tree: Tree, people: Mapping[PersonId, Person], zone: tzinfo) -> Row:
    person = people.get(look.person)
    return Row(
        look.at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S"),
        _about(look.case, tree),
        person.name if person else NOBODY.get(look.person, UNKNOWN),
        "、".join(_role_names(person)) if person else "",
        _what(look.what),
        _why(look.why or "", people),
    )


def _why(why: str, people: Mapping[PersonId, Person]) -> str:
    """With people's names where their ids stand, once each: 小陈（web:demo-chen） is 小陈."""
    for id in _ID.findall(why):
        if id in people:
            name = people[id].name
            why = why.replace(f"{name}（{id}）", name).replace(id, name)
    return why


def _about(case: str, tree: Tree) -> str:
    if case == "*":
        return EVERYWHERE
    if case.startswith("model "):
        return MODEL.format(name=case.removeprefix("model "))
    node = tree.find(case)
    return f"{node.name}（{case}）" if node and node.name != case else case


def _what(what: str) -> str:
    return WHATS["rollback"] if what.startswith("roll back") else WHATS.get(what, what)


def _role_names(person: Person) -> Iterable[str]:
    return dict.fromkeys(ROLE_NAMES[grant.role.value] for grant in person.grants)


def _export_why(count: int, typed: Mapping[str, str]) -> str:
    filters = (
        RECORDS["export_filter"].format(name=RECORDS[name], value=value)
        for name, value in _given(typed).items()
    )
    return "，".join((RECORDS["export_why"].format(count=count), *filters))
