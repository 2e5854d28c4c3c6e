"""Measuring a version of the model that somebody looks at and nobody has measured yet.

The law of this file: one at a time, in a process of its own, and once: what came out is kept by
`bot/measured.py`, and what cannot be measured is not tried again by this process.
"""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from bot.own_process import in_own_process
from bot.versions import ModelHome
from nlp.corpus import CorpusError
from nlp.model import ModelError

log = logging.getLogger(__name__)


class Measuring:
    """Starts measurements; the page looks again by itself."""

    def __init__(self, home: ModelHome) -> None:
        self._home = home
        self._task: asyncio.Task[None] | None = None
        self._problems: dict[Path, str] = {}

    def want(self, folder: Path) -> str:
        """See to it that the model in `folder` is measured; why it cannot be, or "" while it may come."""
        problem = self._problems.get(folder, "")
        if not problem and (self._task is None or self._task.done()):
            self._task = asyncio.create_task(self._measure(folder))
        return problem

    async def _measure(self, folder: Path) -> None:
        try:
            await asyncio.to_thread(in_own_process, _measure, self._home, folder)
        except (ModelError, CorpusError, OSError) as error:
            self._problems[folder] = str(error)
        except Exception as error:
            log.exception("the model in %s could not be measured", folder)
            self._problems[folder] = type(error).__name__


def _measure(home: ModelHome, folder: Path) -> None:
    """What comes out is kept on the disk, not handed over."""
    home.measure(folder)
