"""Which model serves: the first that can be used, and the newly promoted one without a restart.

The law of this file: the folder that `model_folder` names is looked at again and again; what changed is
loaded on a thread while the old model serves, and takes its place between two batches. A model that
cannot be used is named in the log and for `huying doctor`, and changes nothing.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path

from bot.lanes import LaneWorker
from bot.learning import usable
from bot.places import BUILT_MODEL, model_folder, models_folder
from bot.settings import Settings
from bot.shelf import Shelf
from intake.taxonomy import Taxonomy
from nlp.model import ARRAYS, MANIFEST, VOCABULARY, WORDS, ModelError
from nlp.reader import Reader

log = logging.getLogger(__name__)

POLL = 0.3
"""Seconds between looks; interfaces.md promises two. Reading a model takes two more, of one core."""

PROBLEM = "model_problem"
"""The setting under which a server keeps why it does not use the model that it should."""


@dataclass(frozen=True)
class Serving:
    """A reader, where it came from, and why it is not the one that should serve (None: it is)."""

    reader: Reader
    folder: Path
    stamp: str
    problem: str | None = None


def stamp_of(folder: Path) -> str:
    """Changes when another model stands in the folder's place, or the folder is another."""
    about = [str(folder)]
    for name in (MANIFEST, ARRAYS, VOCABULARY, WORDS):
        try:
            found = (folder / name).stat()
        except OSError:
            about.append("-")
        else:
            about.append(f"{found.st_size}.{found.st_mtime_ns}")
    return " ".join(about)


def _called(folder: Path) -> str:
    return "the built-in model" if folder == BUILT_MODEL else f"the model {folder.name}"


def load_serving(settings: Settings, taxonomy: Taxonomy) -> Serving:
    """The model to serve with. Where the promoted one cannot be used, the one before it, and at last the
    built-in one. Raises ModelError where none can, or the one that HUYING_MODEL names cannot."""
    wanted = model_folder(settings)
    stamp = stamp_of(wanted)
    try:
        return Serving(Reader.load(wanted, taxonomy), wanted, stamp)
    except ModelError as error:
        if settings.model is not None or wanted == BUILT_MODEL:
            raise
        for folder in _fallbacks(settings, wanted):
            try:
                reader = usable(folder, taxonomy)
            except ModelError:
                continue
            problem = f"{error}; until then {_called(folder)} serves"
            log.error("%s", problem)
            return Serving(reader, folder, stamp, problem)
        raise


def _fallbacks(settings: Settings, wanted: Path) -> list[Path]:
    shelf = Shelf(models_folder(settings))
    past = [shelf.folder / name for name in reversed(shelf.history())]
    return [folder for folder in dict.fromkeys(past) if folder != wanted] + [BUILT_MODEL]


async def _unnoted(problem: str | None) -> None:
    """For a watch whose problems nobody asks for."""


@dataclass
class ModelWatch:
    """Lets `worker` read with the model that should serve. `note` keeps a problem for the doctor."""

    settings: Settings
    taxonomy: Taxonomy
    worker: LaneWorker
    serving: Serving
    note: Callable[[str | None], Awaitable[None]] = _unnoted
    poll: float = POLL
    swaps: int = field(default=0)
    _changing: str | None = None

    async def run(self) -> None:
        """Look until cancelled."""
        await self._note(self.serving.problem)
        while True:
            try:
                await self.look()
            except Exception:
                log.exception("the model could not be looked at; trying again")
            await asyncio.sleep(self.poll)

    async def look(self) -> bool:
        """Take up another model if there is one; whether that was so."""
        wanted = model_folder(self.settings)
        stamp = await asyncio.to_thread(stamp_of, wanted)
        if stamp == self.serving.stamp or self._still_written(wanted, stamp):
            return False
        log.warning("%s is promoted and being read", _called(wanted))
        try:
            reader = await asyncio.to_thread(usable, wanted, self.taxonomy)
        except ModelError as error:
            await self._stay(
                wanted, stamp, f"{error}; until then {_called(self.serving.folder)} serves"
            )
            return False
        self.serving = Serving(reader, wanted, stamp)
        self.worker.reader = reader
        self.swaps += 1
        log.warning("%s is in use now", _called(wanted))
        await self._note(None)
        return True

    def _still_written(self, wanted: Path, stamp: str) -> bool:
        """Whether files change in the very folder that was looked at: then one look more, until they
        rest."""
        in_place = self.serving.stamp.startswith(f"{wanted} ")
        resting, self._changing = stamp == self._changing, stamp
        return in_place and not resting

    async def _stay(self, wanted: Path, stamp: str, problem: str) -> None:
        log.error("%s is not taken up: %s", _called(wanted), problem)
        self.serving = Serving(self.serving.reader, self.serving.folder, stamp, problem)
        await self._note(problem)

    async def _note(self, problem: str | None) -> None:
        try:
            await self.note(problem)
        except Exception:
            log.exception("what is wrong with the model could not be noted")
