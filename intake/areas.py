"""Which buildings, roads and estates belong to a grid (范围), in words.

The law of this file: a grid's area is a list of names as neighbours say them; there are no lines on a map. It
moves a report only where it is clear: the grid where it was told has a list and the place is not on it, and
one of its neighbours in the community, and only one, has it. Everything else stays where it was told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from intake.buildings import building_of
from intake.grids import ChatRef, Grid

MOST: Final = 200
LONGEST: Final = 20


@dataclass(frozen=True)
class Areas:
    """What is asked before anything is loaded: the grid of each residents' group, and the grids that have a
    list of their own."""

    homes: Mapping[ChatRef, str] = field(default_factory=dict)
    grids: Mapping[str, Grid] = field(default_factory=dict)

    def elsewhere(self, chat: ChatRef, form_grid: str | None, place: str | None) -> str | None:
        """The grid to which a report belongs that was told in this group, or on a form of that grid; None
        where it stays."""
        own = self.grids.get(form_grid or self.homes.get(chat) or "")
        found = rightful(own, self.grids.values(), place) if own else None
        return None if own is None or found == own.id else found


NO_AREAS: Final = Areas()


def in_area(place: str | None, area: Sequence[str]) -> bool:
    """Whether a place as it was said lies in an area. `5栋` on the list means 五号楼 too; a name, wherever
    it stands in the place; `翠园5栋` both."""
    return bool(place) and any(_fits(place or "", name) for name in area)


def _fits(place: str, name: str) -> bool:
    if name in place:
        return building_of(name) in (None, building_of(place))
    building = building_of(name)
    return building is not None and not _rest(name) and building_of(place) == building


def _rest(name: str) -> str:
    """What stands before the number of a building: the estate, where one is named."""
    digits = next((n for n, sign in enumerate(name) if sign.isalnum() and _counts(sign)), 0)
    return name[:digits]


def _counts(sign: str) -> bool:
    return sign.isascii() or sign in "零一二三四五六七八九十"


def rightful(own: Grid, others: Iterable[Grid], place: str | None) -> str:
    """The grid that a report of this place belongs to, told in `own`."""
    if not place or not own.area or in_area(place, own.area):
        return own.id
    near = (one for one in others if one.path[:-1] == own.path[:-1] and one.id != own.id)
    found = [one.id for one in near if in_area(place, one.area)]
    return found[0] if len(found) == 1 else own.id
