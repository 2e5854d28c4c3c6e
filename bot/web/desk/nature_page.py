"""改诉求性质: somebody puts right what sort of call a case is.

The law of this file: it is no step of the case and tells nobody anything; it counts in the figures from then
on, and who said so is on record.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from aiohttp import web

from bot.web.desk.acts import Acts
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.words import Refused
from bot.web.site import go_to
from intake.desk import Desk
from intake.facts import Wants
from intake.nature import Nature
from intake.people import Right
from storage.records import Look
from storage.tx import Tx


class NaturePage:
    """`/desk/nature/…`."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, acts: Acts) -> None:
        self._guard = guard
        self._acts = acts

    def routes(self) -> list[DeskRoute]:
        one = "/desk/nature/{id}"
        return [
            DeskRoute("POST", one, Gate.MODERATE, self.set),
            DeskRoute("GET", one, Gate.MODERATE, self.back),
        ]

    async def back(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """The address of the form was opened anew."""
        return go_to(_case_at(request))

    async def set(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        id, named = request.match_info["id"], str(form.get("nature", ""))
        now = self._guard.clock()

        def load(tx: Tx) -> Desk:
            wants = Wants(identities=frozenset({here.person.id}), cases=frozenset({id}))
            return Desk(self._acts.rules, tx.desk.load(wants, now), now)

        def work(tx: Tx, desk: Desk) -> None:
            case = desk.facts.cases.get(id)
            if case is None or not here.sight.sees(case):
                raise DeskRefusal(Refused.NO_CASE, 404)
            if not desk.may(here.person, Right.CORRECT, case):
                raise DeskRefusal(Refused.NOT_ALLOWED, 403)
            if named not in [one.value for one in Nature]:
                raise DeskRefusal(Refused.NO_CHOICE)
            if case.nature.value != named:
                desk.amend(case, nature=Nature(named))
                words = f"{case.nature.value} → {named}"
                tx.audit.add([Look(id, here.person.id, "nature", words, now)])

        await self._acts.decide(load, work)
        return go_to(_case_at(request))


def _case_at(request: web.Request) -> str:
    return f"/desk/case/{quote(request.match_info['id'], safe='')}"
