"""Who would hear nothing once some of a grid has gone to another.

The law of this file: a group hears of its own grid alone, so a grid without a staff group, or from whose
departments none is bound to it, is told of before anybody confirms. It forbids nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from bot.web.desk.words_regridding import REGRIDDING
from intake.grids import Chat, Purpose


def unheard(
    old: Collection[Chat], going: Collection[Chat], there: Collection[Chat], name: str
) -> tuple[str, ...]:
    """Sentences; `old` are the groups of the grid as it is, `there` those of the other one, called `name`."""
    then = (*there, *going)
    told = []
    if not _of(then, Purpose.STAFF):
        told.append(REGRIDDING["no_staff"].format(name=name))
    if going and _of(old, Purpose.STAFF) and not _of(set(old) - set(going), Purpose.STAFF):
        told.append(REGRIDDING["no_staff_left"])
    hears = {chat.department for chat in _of(then, Purpose.DEPARTMENT)}
    lost = [one for one in _of(old, Purpose.DEPARTMENT) if one.department not in hears]
    if lost:
        names = "、".join(one.title or REGRIDDING["unnamed"] for one in lost)
        told.append(REGRIDDING["no_department"].format(names=names, name=name))
    return tuple(told)


def _of(chats: Iterable[Chat], purpose: Purpose) -> list[Chat]:
    return [chat for chat in chats if chat.purpose is purpose]
