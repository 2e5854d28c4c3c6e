"""The versions of the model: what is kept, what each was made of, and which may be put to use.

The law of this file: the command line and the desk list, promote and roll back by these functions, so that
the rule is asked and the record kept whoever does it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.learning import Material, compare, record, usable
from bot.measured import Measured
from bot.places import BUILT_MODEL, measured_folder, model_folder, models_folder
from bot.settings import Settings
from bot.shelf import Shelf
from nlp.model import ARRAYS, ModelError, read_manifest
from nlp.promotion import Judgement, Reason
from nlp.report import Report
from storage.store import Store

BUILT_NAME, CONFIGURED_NAME = "built-in", "configured"
"""What the models that are not on the shelf are called: the one that was built with the program, and the
one that HUYING_MODEL names."""


@dataclass(frozen=True)
class ModelHome:
    """Where models are kept, and what they are made of and measured with."""

    settings: Settings
    material: Material

    @property
    def shelf(self) -> Shelf:
        return Shelf(models_folder(self.settings))

    @property
    def measured(self) -> Measured:
        folder = measured_folder(self.settings)
        return Measured(folder, self.material.holdout, self.material.taxonomy)

    def measure(self, folder: Path) -> Report:
        """Read the model in `folder`, measure it and keep what came out; some seconds of one core. Raises
        ModelError or CorpusError."""
        return self.measured.measure(usable(folder, self.material.taxonomy), folder)


@dataclass(frozen=True)
class Version:
    """A model as it is kept. `name` is None for one that is not on the shelf. `problem` says why its
    manifest cannot be read; then nothing is known of it."""

    folder: Path
    name: str | None = None
    in_use: bool = False
    former: bool = False
    made: datetime | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)
    problem: str = ""

    @property
    def key(self) -> str:
        """Its name, or what stands for one."""
        is_built = self.folder.resolve() == BUILT_MODEL.resolve()
        return self.name or (BUILT_NAME if is_built else CONFIGURED_NAME)

    @property
    def lines(self) -> int | None:
        """Lines that it was trained on."""
        return self.facts.get("lines")

    @property
    def corrections(self) -> int:
        """How many of these were corrections."""
        return int(self.facts.get("examples", {}).get("used", 0))

    @property
    def through(self) -> int:
        """The last correction that it could have learned from."""
        return int(self.facts.get("examples", {}).get("through", 0))

    @property
    def scores(self) -> Mapping[str, float]:
        """Its shares when the rule was asked; empty before."""
        found: Mapping[str, float] = self.facts.get("scores", {})
        return found

    @property
    def compared(self) -> bool:
        """Whether the rule was asked."""
        return "refused" in self.facts

    @property
    def refused(self) -> tuple[Reason, ...]:
        """Why the rule refused it."""
        return tuple(Reason.of(stored) for stored in self.facts.get("refused", ()))

    @property
    def forced(self) -> bool:
        return bool(self.facts.get("forced"))


def versions(settings: Settings) -> list[Version]:
    """The models on the shelf, oldest first, and the one in use, wherever it is."""
    shelf = Shelf(models_folder(settings))
    in_use = model_folder(settings).resolve()
    former = shelf.before()
    found = [_version(shelf.folder / name, name, in_use, former) for name in shelf.names()]
    if not any(one.in_use for one in found):
        found.append(_version(in_use, None, in_use, former))
    return found


def built_version(settings: Settings) -> Version:
    """The model that was built with the program."""
    return _version(BUILT_MODEL, None, model_folder(settings).resolve(), None)


def _version(folder: Path, name: str | None, in_use: Path, former: str | None) -> Version:
    is_in_use = folder.resolve() == in_use
    is_former = name is not None and name == former and not is_in_use
    try:
        facts = read_manifest(folder).get("facts", {})
        # Not the manifest's own time: what the rule says is added to it later.
        made = datetime.fromtimestamp((folder / ARRAYS).stat().st_mtime, UTC)
    except (ModelError, OSError) as error:
        return Version(folder, name, is_in_use, is_former, problem=str(error))
    return Version(folder, name, is_in_use, is_former, made, facts)


def compared(
    home: ModelHome, name: str, say: Callable[[str], None] = lambda _line: None
) -> Judgement:
    """What the rule says of the model `name`. Raises ModelError or CorpusError."""
    return compare(home.settings, home.material, name, say)


@dataclass(frozen=True)
class Promotion:
    """What came of wanting a model to serve."""

    judgement: Judgement
    done: bool


def promote(
    home: ModelHome,
    store: Store,
    name: str,
    by: str,
    now: datetime,
    *,
    force: bool = False,
    ask: Callable[[ModelHome, str], Judgement] | None = None,
) -> Promotion:
    """Ask the rule, and put the model `name` to use if it allows it or `force` overrides it; on record
    either way. `ask` is who compares, here and now if nobody else does. Raises ModelError or CorpusError
    where it cannot be compared."""
    shelf = home.shelf
    judgement = (ask or compared)(home, name)
    forced = force and not judgement.may_serve
    done = judgement.may_serve or forced
    record(store, name, "force" if forced else "promote" if done else "refuse", judgement, by, now)
    if forced:
        shelf.note(name, {"forced": True})
    if done:
        shelf.promote(name)
        shelf.prune()
    return Promotion(judgement, done)


class NothingBefore(Exception):
    """The model that was built with the program is in use already."""


def roll_back(settings: Settings, store: Store, by: str, now: datetime) -> str | None:
    """Go back one step, on record; the name of what serves now. Raises NothingBefore."""
    shelf = Shelf(models_folder(settings))
    left = shelf.in_use()
    if left is None:
        raise NothingBefore
    name = shelf.roll_back()
    record(store, left, f"roll back to {name or 'the built-in model'}", None, by, now)
    return name
