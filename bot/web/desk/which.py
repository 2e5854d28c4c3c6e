"""您说的是哪一件？ Words of staff that wait for a tap, on the page 今天 of whoever said them.

The law of this file: only one's own words are shown, and only cases that one sees; the tap does as the
button in a chat does (`intake/asking_which.py`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.web.desk.acts import Acts
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.words_which import WHICH
from bot.web.site import go_to
from intake.asking_which import answer_which, none_of_them
from intake.cases import Case, CaseId, Held
from intake.desk import Desk
from intake.facts import Wants
from intake.taxonomy import Taxonomy
from storage.tx import Tx

PATH: Final = "/desk/which"
NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Asked:
    """Words that wait, when they were said, and the cases that they may be about: id, and where and what."""

    key: str
    words: str
    at: str
    cases: list[tuple[CaseId, str]]


def load_held(tx: Tx, here: AtDesk) -> tuple[list[Held], dict[CaseId, Case]]:
    """One's own words that wait, and the cases that they may be about."""
    held = tx.held.of_person(here.person.id)
    return held, tx.cases.many({id for one in held for id in one.cases})


def asked_of(
    guard: DeskGuard,
    taxonomy: Taxonomy,
    here: AtDesk,
    held: Sequence[Held],
    cases: dict[CaseId, Case],
) -> list[Asked]:
    """What the page asks."""
    now = guard.clock()
    waiting = [one for one in held if one.expires_at > now]
    return [
        Asked(
            one.key,
            one.text,
            guard.frame.when(one.at),
            [
                (id, _short(cases[id], taxonomy))
                for id in one.cases
                if id in cases and here.sight.sees(cases[id])
            ],
        )
        for one in waiting
    ]


def _short(case: Case, taxonomy: Taxonomy) -> str:
    item = taxonomy.items.get(case.item or "")
    return f"{case.place or ''} {item.name if item else case.title}".strip()


def answered(request: web.Request) -> str:
    """What became of the words that were just tapped for."""
    return WHICH.get(f"done_{request.query.get('which', '')}", "")


class WhichPage:
    """`/desk/which/…`: the tap."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, acts: Acts) -> None:
        self._guard = guard
        self._acts = acts

    def routes(self) -> list[DeskRoute]:
        one = PATH + "/{key}"
        return [
            DeskRoute("POST", one, Gate.FIELD, self.tap),
            DeskRoute("GET", one, Gate.FIELD, self.back),
        ]

    async def back(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        """The address of the form was opened anew."""
        return go_to("/desk/today")

    async def tap(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request)
        key, chosen = request.match_info["key"], str(form.get("case", ""))
        now, person = self._guard.clock(), here.person

        def load(tx: Tx) -> Desk:
            wants = Wants(identities=frozenset({person.id}), held=frozenset({key}))
            return Desk(self._acts.rules, tx.desk.load(wants, now), now)

        def work(tx: Tx, desk: Desk) -> bool:
            held = desk.facts.held.get(key)
            if held is None or held.person != person.id:
                return False
            case = desk.case(held.cases[0] if chosen == NONE else chosen)
            if case is None:
                return False
            do = none_of_them if chosen == NONE else answer_which
            return do(desk, case, desk.facts.people.get(person.id, person), key)

        if not await self._acts.decide(load, work):
            raise DeskRefusal(WHICH["gone"], 409)
        done = NONE if chosen == NONE else "noted"
        return go_to(f"/desk/today?which={done}")
