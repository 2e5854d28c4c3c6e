"""The queue: open cases, most urgent first; finding them; one act for many.

The law of this file: what somebody sees is asked of their sight in every query; a page costs the same number
of queries however much is open. Of many cases each is decided by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from aiohttp import web
from multidict import MultiDictProxy

from bot.web.desk.acts import Acts, Outdated
from bot.web.desk.asked import OPEN_STATES, Asked, asked_again, asked_of
from bot.web.desk.case_rows import rows_of
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.live import QueueWatch, position_of
from bot.web.desk.returned import count_back
from bot.web.desk.words import Refused
from bot.web.desk.words_case import ACT_WORDS
from bot.web.desk.words_cases import (
    CASES,
    MANY,
    MOST_AT_ONCE,
    USUAL,
    USUAL_REPORT,
    WORDS_LIMIT,
    Wrong,
)
from bot.web.desk.words_returned import RETURNED
from bot.web.site import go_to
from intake.acts import Act, Given
from intake.cases import Case, CaseId
from intake.grids import Grid
from intake.people import Person, PersonId, Right
from intake.phrases import case_named
from intake.sight import holds
from storage.case_search import Summary, spot_of
from storage.tx import Tx

PAGE: Final = 30
_AT_ONCE: Final = {Act.TAKE: Right.TAKE, Act.REPORT: Right.REPORT}
"""What may be done to many at once."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What a page shows. `named`: the cases that the words name by number."""

    named: list[Case]
    cases: list[Case]
    more: bool
    summary: Summary
    people: dict[PersonId, Person]
    position: int
    back: int


@dataclass(frozen=True, slots=True)
class _Wrong:
    """A form that could not be taken, with what was chosen and typed."""

    sentence: str = ""
    picked: Sequence[str] = ()
    words: str = ""


@dataclass(slots=True)
class _Results:
    """What became of each of many."""

    done: list[tuple[CaseId, str, bool]] = field(default_factory=list)
    failed: list[tuple[CaseId, str, bool]] = field(default_factory=list)


class Cases:
    """`/desk/cases`."""

    menu: Sequence[tuple[str, str, Gate]] = (("/desk/cases", CASES["title"], Gate.CASES),)

    def __init__(self, guard: DeskGuard, acts: Acts) -> None:
        self._guard = guard
        self._acts = acts
        self._store = guard.store

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", "/desk/cases", Gate.CASES, self.queue),
            DeskRoute("GET", "/desk/cases/news", Gate.CASES, self.news),
            DeskRoute("POST", "/desk/cases/many", Gate.CASES, self.many),
            DeskRoute("GET", "/desk/cases/many", Gate.CASES, self.back),
        ]

    async def queue(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        asked = asked_of(request.query, here.sight, self._acts.rules.taxonomy)
        found = await self._find(asked, here)
        if len(found.named) == 1:
            return go_to(_path(found.named[0].id))
        return self._page(here, asked, found, note=_note(request))

    async def news(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """What has come and changed of what the page shows, since it was drawn."""
        taxonomy = self._acts.rules.taxonomy
        wanted = asked_of(request.query, here.sight, taxonomy).wanted(here.sight, taxonomy)
        watch = QueueWatch([wanted], position_of(request))
        return await self._guard.live.answer(request, here, watch)

    async def back(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """The address of a form that came back was opened anew."""
        return go_to("/desk/cases")

    async def many(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        words = str(form.get("words", "")).strip() or str(form.get("usual", ""))
        picked = list(dict.fromkeys(str(one) for one in form.getall("case", ())))
        what = _act_of(form)
        asked = asked_again(str(form.get("back", "")), here.sight, self._acts.rules.taxonomy)
        sentence = _wrong(what, picked, words)
        if sentence:
            wrong = _Wrong(sentence, picked, words)
            return self._page(here, asked, await self._find(asked, here), wrong=wrong)
        results = await self._do(here, what, [_case_of(one) for one in picked], words)
        return self._guard.frame.page(
            "cases_many.html",
            here=here,
            at="/desk/cases",
            words=MANY,
            results=results,
            typed=words if what is Act.REPORT and results.failed else "",
            back=f"/desk/cases{asked.query(after=asked.after)}",
        )

    async def _do(
        self, here: AtDesk, what: Act, some: Sequence[tuple[CaseId, int]], words: str
    ) -> _Results:
        results = _Results()
        done = await self._acts.do_many(here, dict(some), what, Given(words=words))
        for id, one in done.items():
            if isinstance(one, Outdated):
                results.failed.append((id, MANY["outdated"], True))
            elif isinstance(one, DeskRefusal):
                results.failed.append((id, str(one), one.status != 404))
            else:
                results.done.append((id, MANY[what], here.sight.sees(one)))
        return results

    async def _find(self, asked: Asked, here: AtDesk) -> _Found:
        taxonomy, now = self._acts.rules.taxonomy, self._guard.clock()
        wanted = asked.wanted(here.sight, taxonomy)

        def work(tx: Tx) -> _Found:
            numbers = asked.numbers(grid.id for grid in here.grids)
            known = tx.cases.many(numbers) if numbers else {}
            cases = tx.case_search.page(wanted, PAGE + 1, asked.after)
            return _Found(
                [case for case in known.values() if here.sight.sees(case)],
                cases[:PAGE],
                len(cases) > PAGE,
                tx.case_search.summary(wanted, now),
                tx.people.many(case.taken_by for case in cases if case.taken_by),
                tx.case_search.position,
                count_back(tx, here, now),
            )

        return await self._store.read(work)

    def _page(
        self,
        here: AtDesk,
        asked: Asked,
        found: _Found,
        note: str = "",
        wrong: _Wrong | None = None,
    ) -> web.Response:
        taxonomy, now = self._acts.rules.taxonomy, self._guard.clock()
        last = found.cases[-1] if found.more else None
        mine = here.sight.departments
        return self._guard.frame.page(
            "cases.html",
            status=400 if wrong else 200,
            here=here,
            at="/desk/cases",
            words=CASES,
            asked=asked,
            rows=rows_of(found.cases, found.people, here.person.id, taxonomy, now, mine),
            named=rows_of(found.named, found.people, here.person.id, taxonomy, now, mine),
            summary=found.summary,
            news=f"/desk/cases/news{asked.query()}",
            position=found.position,
            scopes=_scopes(here),
            back=RETURNED["chip"].format(count=found.back) if found.back else "",
            open_states=OPEN_STATES,
            categories=taxonomy.categories.values(),
            grids=[grid for grid in here.grids if _offers(here, grid)],
            after=asked.query(after=spot_of(last)) if last else "",
            at_once=_at_once(here, asked),
            usual=USUAL_REPORT,
            usual_names=USUAL,
            limit=WORDS_LIMIT,
            note=note,
            wrong=wrong or _Wrong(),
        )


def _path(id: CaseId) -> str:
    return f"/desk/case/{quote(id, safe='')}"


def _scopes(here: AtDesk) -> list[str]:
    """The scopes that make a difference to this person."""
    both = here.sight.departments and here.sight.grids
    found = ["all", "mine", "department"] if both else ["all", "mine"]
    found += ["joint"] if here.sight.departments else []
    found += ["up"] if holds(here.person, Right.DECIDE_UP) else []
    return [*found, "watched"] if holds(here.person, Right.SUPERVISE) else found


def _offers(here: AtDesk, grid: Grid) -> bool:
    return bool(here.sight.departments) or grid.id in here.sight.grids


def _at_once(here: AtDesk, asked: Asked) -> list[Act]:
    """What they may do to many at once. Of what others lead nothing: each part is answered by itself."""
    if asked.scope == "joint":
        return []
    return [act for act, right in _AT_ONCE.items() if holds(here.person, right)]


def _note(request: web.Request) -> str:
    """What was done to a case that is out of sight now."""
    done, of = request.query.get("done", ""), request.query.get("of", "")
    if done not in set(Act) or case_named(of) != of:
        return ""
    return CASES["gone"].format(case=of, done=ACT_WORDS[Act(done)].done)


def _act_of(form: MultiDictProxy[Any]) -> Act:
    try:
        what = Act(str(form.get("act", "")))
    except ValueError:
        raise DeskRefusal(Refused.MALFORMED) from None
    if what not in _AT_ONCE:
        raise DeskRefusal(Refused.MALFORMED)
    return what


def _wrong(what: Act, picked: Sequence[str], words: str) -> str:
    """Why the form cannot be taken, or ""."""
    if not picked:
        return Wrong.PICK
    if len(picked) > MOST_AT_ONCE:
        return Wrong.TOO_MANY
    if what is Act.REPORT and not words.strip():
        return Wrong.SAY
    return Wrong.TOO_LONG if len(words) > WORDS_LIMIT else ""


def _case_of(picked: str) -> tuple[CaseId, int]:
    id, _, version = picked.rpartition("@")
    if not id or not version.isascii() or not version.isdecimal() or len(version) > 9:
        raise DeskRefusal(Refused.MALFORMED)
    return id, int(version)
