"""What is kept of the model, as the pages see it.

The law of this file: read from the disk beside the event loop, all at once; how a version is marked and where
its page is is decided here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from bot.versions import BUILT_NAME, ModelHome, Version, built_version, versions
from bot.web.desk.guard import AtDesk, DeskRefusal
from bot.web.desk.model_view import Targets, name_of, points, targets
from bot.web.desk.words_models import TAGS, Wrong
from intake.people import Right
from nlp.report import Report

PATH: Final = "/desk/models"


@dataclass(frozen=True, slots=True)
class Card:
    """A version as every page shows it. `tags` are (words, colour); `targets` None where it is not
    measured yet."""

    version: Version
    name: str
    path: str
    tags: tuple[tuple[str, str], ...]
    score: str
    targets: Targets | None = None

    @property
    def built(self) -> bool:
        return self.version.key == BUILT_NAME

    @property
    def promotable(self) -> bool:
        """Whether it could be put to use from here."""
        version = self.version
        return version.name is not None and not version.in_use and not version.problem


@dataclass(frozen=True, slots=True)
class ModelShelf:
    """The versions, the one in use and then the newest first; what a step back leads to (None: nowhere);
    and the reports of those that were measured, by key."""

    kept: Sequence[Version]
    serving: Version
    before: Version | None
    reports: Mapping[str, Report]

    def find(self, key: str) -> Version:
        """Raises DeskRefusal for one that is not there."""
        found = next((one for one in self.kept if one.key == key), None)
        if found is None:
            raise DeskRefusal(Wrong.NO_VERSION, 404)
        return found

    def rival_of(self, version: Version) -> Version | None:
        """Whom it is shown beside: the one in use, or for that one the one before."""
        return self.before if version.in_use else self.serving

    def card(self, version: Version) -> Card:
        report = self.reports.get(version.key)
        f1 = report.figures.get("category_f1") if report else None
        score = f1.value if f1 and f1.lines else version.scores.get("category_f1")
        told = "" if score is None else points(score)
        reached = targets(report) if report else None
        return Card(version, name_of(version), path_of(version), _tags(version), told, reached)


def there(home: ModelHome | None) -> ModelHome:
    """`home`, if there is one. Raises DeskRefusal."""
    if home is None:
        raise DeskRefusal(Wrong.NO_VERSION, 404)
    return home


def configures_town(here: AtDesk) -> bool:
    """Whether they configure every top of the tree: one model reads for all."""
    tops = {grid.path[:1] for grid in here.grids}
    return bool(tops) and all(here.person.may(Right.CONFIGURE, top) for top in tops)


async def look(home: ModelHome) -> ModelShelf:
    """What is there now."""
    return await asyncio.to_thread(_look, home)


def _look(home: ModelHome) -> ModelShelf:
    kept = versions(home.settings)[::-1]
    if not any(one.key == BUILT_NAME for one in kept):
        kept.append(built_version(home.settings))
    kept.sort(key=lambda one: not one.in_use)
    serving = kept[0]
    by_folder = home.measured.all([one.folder for one in kept])
    reports = {one.key: by_folder[one.folder] for one in kept if one.folder in by_folder}
    return ModelShelf(kept, serving, _before(home, kept, serving), reports)


def _before(home: ModelHome, kept: Sequence[Version], serving: Version) -> Version | None:
    """What a step back leads to; at the end the model that was built with the program."""
    if serving.name is None:
        return None
    wanted = home.shelf.before() or BUILT_NAME
    return next((one for one in kept if one.key == wanted), None)


def path_of(version: Version) -> str:
    """The address of its page."""
    return f"{PATH}/{quote(version.key, safe='')}"


def _tags(version: Version) -> tuple[tuple[str, str], ...]:
    rows = (
        (version.in_use, "in_use", ""),
        (version.former, "former", ""),
        (bool(version.problem), "problem", "red"),
        (bool(version.refused) and not version.forced, "refused", "amber"),
        (version.forced, "forced", "amber"),
    )
    return tuple((TAGS[name], colour) for holds, name, colour in rows if holds)
