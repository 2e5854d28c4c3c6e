"""What wording and dispatch depend on, kept fresh while serving.

The law of this file: configuration lives in the database and may be changed by another process; one
cheap query (the configuration's stamp) tells whether it has to be read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.arranged import ArrangedTaxonomy
from bot.channels.base import Channel
from bot.dispatch import Surroundings
from bot.settings import Settings
from intake.areas import NO_AREAS, Areas
from intake.grids import ChatRef, Purpose
from intake.manners import Manners, QuietHours, manners_at
from intake.reorganising import DepartmentChange
from storage.store import Store
from storage.tx import Tx


@dataclass
class Live:
    """The surroundings now; `refresh` reads them again if the configuration has changed."""

    store: Store
    now: Surroundings
    arranged: ArrangedTaxonomy | None = None
    """The taxonomy that the town's changes are taken up into."""
    _stamp: int = field(default=-1)

    def __call__(self) -> Surroundings:
        return self.now

    async def refresh(self) -> None:
        stamp = await self.store.read(lambda tx: tx.settings.stamp())
        if stamp != self._stamp:
            self.now, changes = await self.store.read(self._read)
            if self.arranged is not None:
                self.arranged.take_up(changes)
            self._stamp = stamp

    def _read(self, tx: Tx) -> tuple[Surroundings, list[DepartmentChange]]:
        around = replace(
            self.now,
            outlets=outlets_of(tx),
            places=places_of(tx),
            areas=areas_of(tx),
            manners=manners_of(tx, self.now.quiet),
        )
        return around, tx.departments.all()


def outlets_of(tx: Tx) -> dict[str, tuple[ChatRef, ...]]:
    """Mail addresses and webhooks of every department, as chats of their channels."""
    found: defaultdict[str, list[ChatRef]] = defaultdict(list)
    for outlet in tx.grids.all_outlets():
        found[outlet.department].append(ChatRef(outlet.kind, outlet.address))
    return {department: tuple(refs) for department, refs in found.items()}


def places_of(tx: Tx) -> dict[ChatRef, tuple[str, ...]]:
    """The grid's own place names for every chat whose grid has some."""
    names = {grid.id: grid.places for grid in tx.grids.all() if grid.places}
    return {chat.ref: names[chat.grid] for chat in tx.chats.all() if chat.grid in names}


def areas_of(tx: Tx) -> Areas:
    """The grids that say which buildings are theirs, and the residents' groups of these."""
    grids = {grid.id: grid for grid in tx.grids.all() if grid.area}
    if not grids:
        return NO_AREAS
    groups = (chat for chat in tx.chats.all() if chat.purpose is Purpose.RESIDENTS)
    return Areas({chat.ref: chat.grid for chat in groups if chat.grid in grids}, grids)


def manners_of(tx: Tx, quiet: QuietHours | None) -> dict[str, Manners]:
    """The manners of every grid of which, or above which, some are said."""
    own = tx.manners.all()
    if not own:
        return {}
    return {grid.id: manners_at(grid.path, own, quiet) for grid in tx.grids.all()}


def surroundings(settings: Settings, channels: Mapping[str, Channel]) -> Surroundings:
    return Surroundings(channels, settings.zone, settings.quiet)
