"""The versions of the model: how good each is, which is in use, what waits to be learned, what has changed.

The law of this file: looking only, for those who may correct or configure; nobody is compared. Scores stand
beside those of the version before, measured on the same lines. Changing which serves: `model_changes.py`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.learning import opinions_of, standings_of
from bot.reloading import PROBLEM
from bot.retraining import Retraining, standing
from bot.versions import ModelHome, Version
from bot.web.desk.acts import Acts
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRoute, Gate
from bot.web.desk.measuring import Measuring
from bot.web.desk.model_shelf import PATH, configures_town, look, there
from bot.web.desk.model_view import DriftRow, drift_rows, name_of, reasons, scores
from bot.web.desk.promoting import Promoting
from bot.web.desk.words_models import (
    CHANGES,
    MENU,
    MODELS,
    MOVES,
    NAMES,
    ROLLED_BACK,
    TRAINING,
    VERSION,
)
from bot.web.desk.words_records import NOBODY, UNKNOWN
from intake.figures import LEAST
from intake.people import Person, PersonId, Right
from intake.reviewing import LEARNED, WAITING, Opinion
from intake.sight import Sight, holds
from nlp.promotion import FALL, FLOOR
from storage.audit import MODEL
from storage.drift import drift_over
from storage.records import Look
from storage.tx import Tx

DAYS: Final = 30
CHANGES_SHOWN: Final = 20
EXAMPLES_READ: Final = 1000
"""Of corrections; what is older is learned or has had its time, and the page stays as quick as it was."""


@dataclass(frozen=True, slots=True)
class Lessons:
    """Corrections that the version in use has not learned from yet, and those that wait for a person."""

    fresh: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Change:
    """The version in use was changed, or should have been."""

    at: datetime
    what: str
    version: str
    who: str


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database has to say."""

    opinions: list[Opinion]
    training: Retraining | None
    problem: str
    drift: list[DriftRow]
    drift_small: int
    changes: list[Change]


class Models:
    """The list of versions, and a page for each."""

    menu: Sequence[tuple[str, str, Gate]] = ((PATH, MENU, Gate.MODELS),)

    def __init__(
        self, guard: DeskGuard, acts: Acts, promoting: Promoting, home: ModelHome | None = None
    ) -> None:
        self._guard = guard
        self._store = acts.store
        self._rules = acts.rules
        self._home = home
        self._promoting = promoting
        self._measuring = Measuring(home) if home else None

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.MODELS, self.all),
            DeskRoute("GET", PATH + "/{name}", Gate.MODELS, self.one),
        ]

    # -- the list -----------------------------------------------------------------------------------

    async def all(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        if self._home is None:
            return self._page("models.html", here, words=MODELS, shelf=None)
        shelf = await look(self._home)
        everywhere = holds(here.person, Right.CONFIGURE)
        sight = None if everywhere else here.sight
        found = await self._store.read(lambda tx: self._read(tx, sight))
        return self._page(
            "models.html",
            here,
            words=MODELS,
            version_words=VERSION,
            shelf=shelf,
            found=found,
            cards=[shelf.card(one) for one in shelf.kept],
            lessons=await asyncio.to_thread(_lessons, found.opinions, shelf.serving),
            training=self._training(found.training),
            night=self._rules.retrain,
            everywhere=everywhere,
            corrects=holds(here.person, Right.CORRECT),
            days=DAYS,
            least=LEAST,
            moves=MOVES,
            done=ROLLED_BACK if request.query.get("done") == "rollback" else "",
            comparing=self._promoting.under_way,
        )

    def _read(self, tx: Tx, sight: Sight | None) -> _Found:
        """`sight` None counts the cases of all grids: whoever looks after the model sees none of them."""
        taxonomy, now = self._rules.taxonomy, self._guard.clock()
        looks = tx.audit.of_models(CHANGES_SHOWN)
        people = tx.people.many({one.person for one in looks})
        rows, small = drift_rows(drift_over(tx.connection, taxonomy, DAYS, now, sight), taxonomy)
        return _Found(
            opinions_of(tx, tx.examples.latest(EXAMPLES_READ)),
            standing(tx),
            tx.settings.get(PROBLEM) or "",
            rows,
            small,
            [_change(one, people) for one in looks],
        )

    def _training(self, found: Retraining | None) -> str:
        if found is None:
            return ""
        at = self._guard.frame.when(datetime.fromisoformat(found.at))
        return TRAINING.get(found.state, "").format(at=at)

    # -- a version ----------------------------------------------------------------------------------

    async def one(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        comparing = self._promoting.under_way  # before looking: what is over then is on the shelf
        shelf = await look(there(self._home))
        version = shelf.find(request.match_info["name"])
        report, rival = shelf.reports.get(version.key), shelf.rival_of(version)
        theirs = shelf.reports.get(rival.key) if rival else None
        problem = self._missing(version) if report is None else ""
        rival_comes = rival is not None and theirs is None and not self._missing(rival)
        return self._page(
            "model.html",
            here,
            words=VERSION,
            names=MODELS,
            shelf=shelf,
            card=shelf.card(version),
            reasons=reasons(version.refused, self._rules.taxonomy),
            scores=scores(report, theirs, name_of(rival) if rival else "") if report else None,
            problem=problem,
            comparing=comparing == version.key,
            measuring=not problem and (report is None or rival_comes),
            fall=f"{FALL * 100:g}",
            lowest=f"{FLOOR * 100:g}",
            error=self._promoting.problem(version.key),
        )

    def _missing(self, version: Version) -> str:
        """Have a version measured; why it cannot be, or "" while it may come. A comparison measures too."""
        if self._measuring is None or version.problem or self._promoting.under_way:
            return version.problem
        return self._measuring.want(version.folder)

    def _page(self, name: str, here: AtDesk, status: int = 200, **values: object) -> web.Response:
        configured = self._home is not None and self._home.settings.model is not None
        return self._guard.frame.page(
            name,
            status,
            here=here,
            at=PATH,
            may=configures_town(here) and not configured,
            configured=configured,
            **values,
        )


def _lessons(opinions: Sequence[Opinion], serving: Version) -> Lessons:
    standings = standings_of(opinions)
    fresh = sum(at in LEARNED and id > serving.through for id, at in standings.items())
    return Lessons(fresh, sum(at in WAITING for at in standings.values()))


def _change(one: Look, people: Mapping[PersonId, Person]) -> Change:
    what = "roll back" if one.what.startswith("roll back") else one.what
    name = one.case.removeprefix(MODEL)
    known = people.get(one.person)
    return Change(
        one.at,
        CHANGES.get(what, one.what),
        NAMES.get(name, name),
        known.name if known else NOBODY.get(one.person, UNKNOWN),
    )
