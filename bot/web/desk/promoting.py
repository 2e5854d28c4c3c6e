"""A promotion under way: comparing takes longer than a page may.

The law of this file: one at a time, compared in a process of its own; the page looks again by itself and is
told how it stands. What came of it stands on the shelf and on record, here only a sentence for who waits.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

from bot.own_process import in_own_process
from bot.versions import ModelHome, compared, promote
from bot.web.desk.guard import DeskRefusal
from bot.web.desk.words_models import Wrong
from intake.people import PersonId
from nlp.corpus import CorpusError
from nlp.model import ModelError
from nlp.promotion import Judgement
from storage.store import Store

log = logging.getLogger(__name__)


class Promoting:
    """`under_way` is the name of the version that is being compared, or ""."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._task: asyncio.Task[None] | None = None
        self._name = ""
        self._problem = ""

    @property
    def under_way(self) -> str:
        return self._name if self._task is not None and not self._task.done() else ""

    def problem(self, name: str) -> str:
        """Why this version was not put to use, if it was the last that was tried."""
        return self._problem if name == self._name else ""

    def start(self, home: ModelHome, name: str, by: PersonId, now: datetime) -> None:
        """Begin. Raises DeskRefusal while another is under way."""
        if self.under_way:
            raise DeskRefusal(Wrong.BUSY, 409)
        self._name, self._problem = name, ""
        self._task = asyncio.create_task(self._promote(home, name, by, now))

    async def _promote(self, home: ModelHome, name: str, by: PersonId, now: datetime) -> None:
        try:
            came = await asyncio.to_thread(promote, home, self._store, name, by, now, ask=_compared)
            self._problem = "" if came.done else Wrong.REFUSED
        except (ModelError, CorpusError, OSError) as error:
            self._problem = Wrong.UNUSABLE.format(why=error)
        except Exception:
            log.exception("the model %s could not be promoted", name)
            self._problem = Wrong.BROKEN


def _compared(home: ModelHome, name: str) -> Judgement:
    return in_own_process(compared, home, name)
