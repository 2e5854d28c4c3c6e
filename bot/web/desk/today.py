"""我的网格今天: what a grid worker needs to know before walking off.

The law of this file: only what this person may see, danger first, each case once; of a private one its number
and item and not one word. The same number of queries however much there is; what is more than a glance holds
is left to the queue.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from aiohttp import web

from bot.web.desk.case_rows import CaseRow, rows_of
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRoute, Gate
from bot.web.desk.returned import Pile, backs_of, load_pile, names_of, sent_note
from bot.web.desk.which import answered, asked_of, load_held
from bot.web.desk.words_cases import left
from bot.web.desk.words_returned import RETURNED
from bot.web.desk.words_today import TODAY
from bot.web.desk.words_which import WHICH
from bot.wording.item_names import item_name
from intake.cases import Case, CaseId, Held
from intake.covering import Cover, on_duty, stand_ins
from intake.figures import Patrol
from intake.grids import Chat, Grid, Purpose
from intake.lifecycle import CaseKind, State
from intake.matching import AREA_WIDE
from intake.people import Person, PersonId
from intake.taxonomy import Taxonomy, Visibility
from intake.urgency import ANSWERED, Rank, next_due, rank_of
from storage.case_search import Wanted
from storage.cases import CaseFilter
from storage.tx import Tx

PATH: Final = "/desk/today"
NEWS_FROM: Final = time(18)
"""What came in since then on the day before is new: the daily gathering goes out at that hour."""
_MOST: Final = 30
_FEW: Final = 15
_SUMS: Final = ("supervised", "returned", "late", "due", "new", "round")
_WISHES: Final = (State.REVIEW, State.PUBLISHED, State.CLAIMED)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database has of today."""

    pressing: list[Case]
    new: list[Case]
    answered: list[Case]
    wishes: list[Case]
    patrol: Patrol
    grids: list[Grid]
    chats: list[Chat]
    covers: list[Cover]
    people: dict[PersonId, Person]
    pile: Pile
    held: tuple[list[Held], dict[CaseId, Case]]


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its cards; `more`: there are others in the queue."""

    id: str
    title: str
    rows: list[CaseRow]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Duty:
    """The duty lists that are alike: for which grids, and who, in order."""

    grids: str
    names: str


class Today:
    """`/desk/today`."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, TODAY["menu"], Gate.FIELD),)

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._taxonomy = taxonomy

    def routes(self) -> list[DeskRoute]:
        return [DeskRoute("GET", PATH, Gate.FIELD, self.today)]

    async def today(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        now = self._guard.clock()
        midnight = _midnight(now.astimezone(self._guard.frame.zone))
        found = await self._guard.store.read(lambda tx: _find(tx, here, now, midnight))
        parts = self._parts(here, found, now)
        backs = backs_of(found.pile, here, self._taxonomy)
        return self._guard.frame.page(
            "today.html",
            here=here,
            at=PATH,
            words=TODAY,
            parts=parts,
            returning=RETURNED,
            backs=backs,
            names=names_of(backs.values(), self._taxonomy),
            came_from="today",
            note=sent_note(request) or answered(request),
            which=WHICH,
            asked=asked_of(self._guard, self._taxonomy, here, *found.held),
            sums=[part for part in parts if part.id in _SUMS],
            duty=_duty(found),
            know=self._know(here, found, now),
        )

    def _parts(self, here: AtDesk, found: _Found, now: datetime) -> list[Part]:
        """The cases, each in the first part that it belongs to."""
        over = len(found.pressing) > _MOST
        pressing = found.pressing[:_MOST]
        danger = [case for case in pressing if rank_of(case) is Rank.URGENT]
        back = [case for case in found.pile.cases if case not in danger]
        watched = [
            case for case in pressing if rank_of(case) is Rank.SUPERVISED and case not in back
        ]
        first = (*danger, *watched, *back)
        rest = [case for case in pressing if case not in first]
        late = [case for case in rest if (limit := next_due(case)) and limit < now]
        due = [case for case in rest if case not in late]
        shown = {case.id for case in (*pressing, *back, *found.answered, *found.wishes)}
        new = [case for case in found.new if case.id not in shown]
        listed = (
            ("danger", danger, over and not rest),
            ("supervised", watched, False),
            ("returned", back, found.pile.more),
            ("late", late, over and not due and bool(rest)),
            ("due", due, over and bool(due)),
            ("new", new[:_FEW], len(new) > _FEW),
            ("round", found.answered[:_FEW], len(found.answered) > _FEW),
            ("wishes", found.wishes[:_FEW], len(found.wishes) > _FEW),
        )
        return [
            Part(
                id,
                TODAY[id],
                rows_of(cases, found.people, here.person.id, self._taxonomy, now),
                more,
            )
            for id, cases, more in listed
            if cases
        ]

    def _know(self, here: AtDesk, found: _Found, now: datetime) -> list[str]:
        """What holds for everybody today: who is on leave, what hits many houses, where the bot is silent."""
        told = [self._cover(here, cover, found.people) for cover in found.covers]
        for case in found.pressing:
            if case.item in AREA_WIDE and case.voices > 1 and (due := next_due(case)):
                item = item_name(self._taxonomy, case.item)
                told.append(
                    TODAY["area"].format(item=item, voices=case.voices, left=left(due, now))
                )
        for chat in found.chats:
            until = self._guard.frame.when(chat.silent_until)
            told.append(TODAY["silent"].format(chat=chat.title or chat.grid, until=until))
        if found.patrol.found:
            count = found.patrol
            told.append(TODAY["patrol"].format(found=count.found, settled=count.settled))
        return told

    def _cover(self, here: AtDesk, cover: Cover, people: Mapping[PersonId, Person]) -> str:
        key = "cover_else"
        if cover.stand_in == here.person.id:
            key = "covering"
        elif cover.absent == here.person.id:
            key = "away"
        last = cover.ends_at.astimezone(self._guard.frame.zone) - timedelta(microseconds=1)
        return TODAY[key].format(
            absent=_name(people, cover.absent),
            stand_in=_name(people, cover.stand_in),
            last=f"{last.month}月{last.day}日",
        )


def _find(tx: Tx, here: AtDesk, now: datetime, midnight: datetime) -> _Found:
    sight = here.sight
    tomorrow = _midnight(midnight + timedelta(hours=36))
    yesterday = _midnight(midnight - timedelta(hours=12))
    since = datetime.combine(yesterday.date(), NEWS_FROM, midnight.tzinfo)
    requests = CaseFilter(sight=sight, kind=CaseKind.REQUEST)
    pressing = tx.case_search.page(Wanted(requests, pressing=tomorrow), _MOST + 1)
    new = CaseFilter(sight=sight, open_only=True, since=since)
    done = CaseFilter(sight=sight, open_only=True, states=ANSWERED)
    wishes = CaseFilter(sight=sight, open_only=True, states=_WISHES, kind=CaseKind.WISH)
    answered = [case for case in tx.cases.urgent(done, 3 * _FEW) if _on_the_way(case)]
    grids = [grid for grid in tx.grids.all() if grid.id in sight.grids]
    covers = [cover for cover in tx.covers.standing(now) if _concerns(cover, here, grids)]
    some = tx.cases.page(new, _MOST + _FEW + 1)
    hoped = tx.cases.urgent(wishes, _FEW + 1)
    named = {case.taken_by for case in (*pressing, *some, *answered, *hoped) if case.taken_by}
    named |= {entry.person for grid in grids for entry in grid.duty}
    named |= {person for cover in covers for person in (cover.absent, cover.stand_in)}
    return _Found(
        pressing,
        some,
        answered,
        hoped,
        tx.case_figures.patrol(sight, midnight),
        grids,
        [chat for chat in tx.chats.all() if _is_silent(chat, sight.grids, now)],
        covers,
        tx.people.many(named),
        load_pile(tx, here, _FEW),
        load_held(tx, here),
    )


def _midnight(local: datetime) -> datetime:
    return datetime.combine(local.date(), time(), local.tzinfo)


def _on_the_way(case: Case) -> bool:
    """Whether one can look at it in passing."""
    return case.place is not None and case.visibility is not Visibility.PRIVATE


def _concerns(cover: Cover, here: AtDesk, grids: Sequence[Grid]) -> bool:
    if here.person.id in (cover.absent, cover.stand_in):
        return True
    return any(grant.reaches(grid.path) for grant in cover.grants for grid in grids)


def _is_silent(chat: Chat, grids: frozenset[str], now: datetime) -> bool:
    until = chat.silent_until
    residents = chat.purpose is Purpose.RESIDENTS and chat.grid in grids
    return residents and until is not None and until > now


def _name(people: Mapping[PersonId, Person], id: PersonId) -> str:
    return people[id].name if id in people else TODAY["someone"]


def _duty(found: _Found) -> list[Duty]:
    """The duty lists as they count now; grids with the same one stand together."""
    alike: dict[str, list[str]] = {}
    for grid in found.grids:
        instead = stand_ins(grid, found.people, found.covers)
        away = {
            instead[entry.person]: entry.person for entry in grid.duty if entry.person in instead
        }
        names = []
        for entry in on_duty(grid, found.people, found.covers):
            name = _name(found.people, entry.person)
            if entry.person in away:
                absent = _name(found.people, away[entry.person])
                name = TODAY["duty_for"].format(name=name, absent=absent)
            names.append(f"{entry.title} {name}" if entry.title else name)
        alike.setdefault(" → ".join(names) or TODAY["no_duty"], []).append(grid.name)
    if len(alike) == 1 and len(found.grids) > 1:
        return [Duty(TODAY["all_grids"].format(count=len(found.grids)), next(iter(alike)))]
    return [Duty("、".join(grids), names) for names, grids in alike.items()]
