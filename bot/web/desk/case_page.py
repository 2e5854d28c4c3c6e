"""The page of one case: what was said, how it stands, and what one may do now.

The law of this file: only what is possible now is offered; an act that could not be done comes back with the
case as it stands and with all that was typed. A look at a private case is put on record.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote

from aiohttp import web
from multidict import MultiDict, MultiDictProxy

from bot.web.desk.act_forms import Typed, form_of_act, in_order, typed_of
from bot.web.desk.act_photos import WITH_PHOTOS, ActPhotos, photos_wrong
from bot.web.desk.acts import Acts
from bot.web.desk.case_view import Around, around, told_alone, view_of
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.join_pages import told
from bot.web.desk.joint_view import joint_view
from bot.web.desk.live import CaseWatch, position_of
from bot.web.desk.words import Refused
from bot.web.desk.words_call_backs import OUTCOME_NAMES
from bot.web.desk.words_case import (
    ACT_WORDS,
    CASE,
    HAND_BACK,
    HEARD_ALONE,
    HEARD_BY,
    HEARD_BY_STAFF,
    TAKE_ALONE,
    WHOSE_LIMIT,
    Wrong,
)
from bot.web.desk.words_cases import USUAL
from bot.web.desk.words_joins import MERGE, SPLIT
from bot.web.desk.words_joint import JOINT
from bot.web.desk.words_limits import LIMITS
from bot.web.desk.words_pauses import PAUSES
from bot.web.desk.words_photos import MOST_PHOTOS
from bot.web.desk.words_supervision import SUPERVISION
from bot.web.desk.words_words import WORDS
from bot.web.photo_form import Sent
from bot.web.room.photos import PhotoFolder
from bot.web.room.refusals import TooBig
from bot.web.site import go_to
from intake.acts import INSIDE, SEVERAL, Act
from intake.beyond import asked_of_district
from intake.cases import Case, CaseId
from intake.leading import in_arbitration, likely
from intake.lifecycle import Action, actions_from
from intake.nature import NATURE_NAMES
from intake.pausing import PAUSE_REASONS
from intake.people import Right
from intake.taxonomy import Item, Taxonomy, Visibility

_DAYS: Final = {
    Act.ASK_TIME.value: LIMITS["day"],
    Act.PAUSE.value: PAUSES["day"],
    Act.SUPERVISE.value: SUPERVISION["day"],
}
"""Acts that name a day, and how it is asked for."""
_PILES: Final = {
    "returned": "/desk/returned",
    "today": "/desk/today",
    "call-backs": "/desk/call-backs",
}
"""Where one goes on after deciding a case from there."""
_LIKELY: Final = 5
"""So many departments stand before the search."""


class CasePage:
    """`/desk/case/…`."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, acts: Acts, folder: PhotoFolder | None) -> None:
        self._guard = guard
        self._acts = acts
        self._photos = ActPhotos(guard, folder)

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", "/desk/case/{id}", Gate.CASES, self.look),
            DeskRoute("GET", "/desk/case/{id}/news", Gate.CASES, self.news),
            DeskRoute("POST", "/desk/case/{id}/{act}", Gate.CASES, self.act),
            DeskRoute("GET", "/desk/case/{id}/{act}", Gate.CASES, self.back),
        ]

    async def look(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        done = request.query.get("done", "")
        note = ACT_WORDS[Act(done)].done if done in set(Act) else ""
        id, act = request.match_info["id"], request.query.get("act", "")
        wanted = Act(act) if act in set(Act) else None
        return await self._page(here, id, note=note, query=request.query, wanted=wanted)

    async def news(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """Whether it was changed since the page was drawn: that and nothing else, so that it is no look."""
        id = request.match_info["id"]
        case = await self._acts.store.read(lambda tx: tx.cases.get(id))
        if case is None or not here.sight.sees(case):
            raise DeskRefusal(Refused.NO_CASE, 404)
        watch = CaseWatch(case.id, position_of(request))
        return await self._guard.live.answer(request, here, watch)

    async def back(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """The address of a form that came back was opened anew."""
        there = f"/desk/case/{quote(request.match_info['id'], safe='')}"
        return go_to(there)

    async def act(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        id, what = request.match_info["id"], request.match_info["act"]
        if what not in set(Act):
            raise DeskRefusal(Refused.MALFORMED, 404)
        if Act(what) not in WITH_PHOTOS or request.content_type != "multipart/form-data":
            return await self._act(here, id, typed_of(Act(what), await form_of(request)), None)
        try:
            async with self._photos.sent(request, here) as sent:
                form = MultiDictProxy(MultiDict(sent.listed))
                return await self._act(here, id, typed_of(Act(what), form), sent)
        except TooBig as refusal:
            raise DeskRefusal(str(refusal), refusal.status) from None

    async def _act(
        self, here: AtDesk, id: CaseId, typed: Typed, sent: Sent | None
    ) -> web.StreamResponse:
        """Do it; what cannot be done comes back with all that was typed, and with its photos."""
        try:
            case = await self._do(here, id, typed, sent)
        except DeskRefusal as refusal:
            if refusal.status == 404:
                raise
            if sent:
                sent.used = True  # the form carries its photos on
                typed = replace(typed, kept=(*sent.kept, *sent.photos))
            return await self._page(here, id, refusal, typed)
        if sent:
            sent.used = True
        there = _PILES.get(typed.came_from)
        after = f"{there}?sent={quote(case.id, safe='')}" if there else None
        return go_to(after or _after(here, case, typed.what))

    async def _do(self, here: AtDesk, id: CaseId, typed: Typed, sent: Sent | None) -> Case:
        limit = ACT_WORDS[typed.what].limit
        if typed.version is None:
            raise DeskRefusal(Wrong.MALFORMED)
        if len(typed.given.words) > limit:
            raise DeskRefusal(Wrong.TOO_LONG.format(limit=limit))
        if len(typed.given.place) > WHOSE_LIMIT:
            raise DeskRefusal(Wrong.WHOSE_LONG)
        wrong = photos_wrong(sent)
        if wrong:
            raise DeskRefusal(wrong)
        photos = await sent.own_photos() if sent else ()
        return await self._acts.do(here, id, typed.version, typed.what, typed.given, photos)

    async def _page(
        self,
        here: AtDesk,
        id: CaseId,
        refusal: DeskRefusal | None = None,
        typed: Typed | None = None,
        note: str = "",
        wanted: Act | None = None,
        query: Mapping[str, str] | None = None,
    ) -> web.Response:
        taxonomy, now = self._acts.rules.taxonomy, self._guard.clock()
        case, possible = await self._acts.possible(here, id)
        hanging = await self._acts.store.read(lambda tx: around(tx, case, here.sight))
        await self._acts.looked(here, hanging.merged.values())
        offered = in_order(possible)
        done = told(query or {}, case, hanging.merged)
        return self._guard.frame.page(
            "case.html",
            status=refusal.status if refusal else 200,
            here=here,
            at="/desk/cases",
            words=CASE,
            usual_names=USUAL,
            case=case,
            view=view_of(case, hanging, here.person.id, self._acts.rules, now),
            forms=[form_of_act(what, case, typed, wanted, self._photos.taken) for what in offered],
            most_photos=MOST_PHOTOS,
            kept=typed.all if typed and typed.what not in offered else "",
            heard_by=_heard_by(case),
            take_alone=TAKE_ALONE,
            guesses=_guesses(case, taxonomy),
            categories=taxonomy.categories.values(),
            **_places(case, offered, taxonomy),
            error=str(refusal) if refusal else "",
            note=note or done.words,
            done=done,
            joins=_joins(here, case, hanging),
            corrects=_corrects(here, case, hanging),
            merging=MERGE,
            splitting=SPLIT,
            natures=NATURE_NAMES,
            naming=WORDS,
            limits=LIMITS,
            inside=INSIDE,
            several=SEVERAL,
            joint=joint_view(case, possible, here.sight.departments, hanging.people, taxonomy, now),
            joining=JOINT,
            pausing=PAUSES,
            outcomes=OUTCOME_NAMES,
            supervision=SUPERVISION,
            days=_DAYS,
            pause_reasons=PAUSE_REASONS,
        )


def _places(case: Case, offered: Sequence[Act], taxonomy: Taxonomy) -> dict[str, object]:
    """What the page needs for saying whose a case is."""
    known = taxonomy.departments
    return {
        "reasons": HAND_BACK,
        "likely": [known[code] for code in likely(taxonomy, case)[:_LIKELY]],
        "departments": known.values(),
        "arbitration": in_arbitration(case),
        "up": asked_of_district(case) is not None,
        "sends": Act.SEND in offered,
        "whose_limit": WHOSE_LIMIT,
        "heard_by_staff": HEARD_BY_STAFF,
    }


def _corrects(here: AtDesk, case: Case, hanging: Around) -> bool:
    path = hanging.grid.path if hanging.grid else ()
    return here.person.may(Right.CORRECT, path, case.departments)


def _joins(here: AtDesk, case: Case, hanging: Around) -> frozenset[Action]:
    """What this person may do to it together with others, or to parts of it."""
    if not _corrects(here, case, hanging):
        return frozenset()
    wanted = {Action.MERGE, Action.UNMERGE, Action.SPLIT}
    return frozenset(wanted.intersection(actions_from(case.kind, case.state)))


def _guesses(case: Case, taxonomy: Taxonomy) -> list[Item]:
    """The likeliest items that it is not said to be already."""
    known = [taxonomy.items[code] for code in case.guesses if code in taxonomy.items]
    return known[:3]


def _after(here: AtDesk, case: Case, what: Act) -> str:
    """Back to the case, or to the queue where the case has gone out of sight."""
    id = quote(case.id, safe="")
    if here.sight.sees(case):
        return f"/desk/case/{id}?done={what.value}"
    return f"/desk/cases?done={what.value}&of={id}"


def _heard_by(case: Case) -> str:
    """Who will read what is written here."""
    if case.visibility is Visibility.GROUP and told_alone(case):
        return HEARD_ALONE
    return HEARD_BY[case.visibility]
