"""What wording and dispatch depend on, kept fresh while serving.

The law of this file: configuration lives in the database and may be changed by another process; one
cheap query (the configuration's stamp) tells whether it has to be read again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bot.channels.base import Channel
from bot.dispatch import Surroundings
from bot.settings import Settings
from intake.grids import ChatRef
from storage.store import Store
from storage.tx import Tx


@dataclass
class Live:
    """The surroundings now; `refresh` reads them again if the configuration has changed."""

    store: Store
    now: Surroundings
    _stamp: int = field(default=-1)

    def __call__(self) -> Surroundings:
        return self.now

    async def refresh(self) -> None:
        stamp = await self.store.read(lambda tx: tx.settings.stamp())
        if stamp != self._stamp:
            outlets, places = await self.store.read(lambda tx: (outlets_of(tx), places_of(tx)))
            self.now = replace(self.now, outlets=outlets, places=places)
            self._stamp = stamp


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


def surroundings(settings: Settings, channels: Mapping[str, Channel]) -> Surroundings:
    return Surroundings(channels, settings.zone, settings.quiet)
