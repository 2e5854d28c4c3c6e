"""All that is kept of somebody, as a file for themselves.

The law of this file: put together when it is asked for and kept nowhere, so that no file with everything
about somebody lies anywhere, and what was let go of since is not in it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, tzinfo

from bot.wording.mine import kept
from bot.wording.parts import Setting
from intake.own_records import rows_of
from intake.taxonomy import Taxonomy
from storage.store import Store
from storage.tx import Tx


class OwnFile:
    """Called with a person's id or another identity of theirs, it is the text of their file; None where
    nobody is known by it."""

    def __init__(
        self, store: Store, taxonomy: Taxonomy, zone: tzinfo, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._taxonomy = taxonomy
        self._zone = zone
        self._clock = clock

    async def __call__(self, identity: str) -> str | None:
        def work(tx: Tx) -> list[dict[str, str]] | None:
            person = tx.people.of_identity(identity)
            if person is None:
                return None
            return rows_of(self._taxonomy, person, tx.own_records.of([person.id])[person.id])

        rows = await self._store.read(work)
        return None if rows is None else kept(rows, Setting(self._clock(), self._zone))
