"""What a page tells of when the bot speaks unasked in a part of the neighbourhood, and what was typed there.

The law of this file: what holds is computed by the rule that holds (`intake/manners.py`), and stands with the
name of the place of which it was said.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.channels.base import Channel
from bot.pacing import KEPT_FOR_ALERTS
from bot.web.desk.tree import Node
from bot.web.desk.words_groups import CHANNELS
from bot.web.desk.words_manners import (
    MANNERS,
    NOTED,
    NOTED_ABOVE,
    NOTED_MOST,
    NOTED_NONE,
    NotSo,
)
from intake.grids import Chat
from intake.manners import MOST, NONE, OwnManners, QuietHours, manners_at, quiet_hours

_NUMBER: Final = re.compile(r"\d{1,3}")
_HOUR: Final = re.compile(r"[01]?\d|2[0-3]")


@dataclass(frozen=True, slots=True)
class MannersView:
    """`told` is what holds, a sentence each with where it was said. The form: `how` is above, own or none;
    `start` and `end` are hours, `most` the budget, each as text; `above` is what would hold without it."""

    told: tuple[tuple[str, str], ...]
    seen: str
    how: str
    start: str
    end: str
    most: str
    above_hours: str
    above_most: int


def view_of(
    node: Node, above: Sequence[Node], own: Mapping[str, OwnManners], setting: QuietHours | None
) -> MannersView:
    """What holds at a node below `above`."""
    mine = own.get(node.id, OwnManners(node.id))
    holds, without = (manners_at(path, own, setting) for path in (node.path, node.path[:-1]))
    quiet = MANNERS["no_quiet"]
    if holds.quiet is not None:
        start, end = holds.quiet
        quiet = MANNERS["quiet"].format(start=start.hour, end=end.hour)
    budget = MANNERS["budget" if holds.budget else "no_budget"].format(most=holds.budget)
    hours_of = _said_of(node, above, {id for id, one in own.items() if one.quiet is not None})
    most_of = _said_of(node, above, {id for id, one in own.items() if one.budget is not None})
    hours = None if mine.quiet in (None, NONE) else quiet_hours(mine.quiet)
    return MannersView(
        told=((quiet, hours_of), (budget, most_of)),
        seen=fingerprint(mine),
        how="above" if mine.quiet is None else "own" if hours else "none",
        start=str(hours[0].hour) if hours else "",
        end=str(hours[1].hour) if hours else "",
        most="" if mine.budget is None else str(mine.budget),
        above_hours=_hours(without.quiet),
        above_most=without.budget,
    )


def pace_of(chats: Iterable[Chat], channels: Mapping[str, Channel]) -> list[str]:
    """How fast the bot may speak in these groups."""
    told = []
    for name in sorted({chat.ref.channel for chat in chats}):
        channel = channels.get(name)
        if channel is not None:
            most = channel.capabilities.per_chat_minute
            kept, called = most // KEPT_FOR_ALERTS, CHANNELS.get(name, name)
            told.append(MANNERS["pace"].format(channel=called, most=most, kept=kept))
    return told


def typed_manners(node: str, form: Mapping[str, str]) -> tuple[OwnManners | None, str]:
    """What the form wants for `node`, or None and why it cannot be."""
    most = form.get("most", "").strip()
    budget = int(most) if _NUMBER.fullmatch(most) and most.isascii() else None
    if most and (budget is None or budget > MOST):
        return None, NotSo.MOST.format(most=MOST)
    how, start, end = (form.get(name, "").strip() for name in ("how", "start", "end"))
    if how not in ("above", "own", "none"):
        return None, NotSo.HOW
    if how != "own":
        return OwnManners(node, NONE if how == "none" else None, budget), ""
    if not all(_HOUR.fullmatch(one) and one.isascii() for one in (start, end)):
        return None, NotSo.HOURS
    if int(start) == int(end):
        return None, NotSo.SAME
    return OwnManners(node, f"{int(start)}-{int(end)}", budget), ""


def fingerprint(own: OwnManners) -> str:
    """By this a form knows whether what it was drawn from still holds."""
    return hashlib.sha256(f"{own.quiet}\t{own.budget}".encode()).hexdigest()[:16]


def noted(own: OwnManners) -> str:
    """For the record."""
    hours = NOTED_ABOVE if own.quiet is None else NOTED_NONE if own.quiet == NONE else own.quiet
    most = NOTED_ABOVE if own.budget is None else NOTED_MOST.format(most=own.budget)
    return NOTED.format(hours=hours, most=most)


def _hours(quiet: QuietHours | None) -> str:
    if quiet is None:
        return MANNERS["no_hours"]
    return MANNERS["hours"].format(start=quiet[0].hour, end=quiet[1].hour)


def _said_of(node: Node, above: Sequence[Node], said: set[str]) -> str:
    """Where the nearest was said."""
    if node.id in said:
        return MANNERS["own"]
    nearest = next((one for one in reversed(above) if one.id in said), None)
    return MANNERS["from"].format(name=nearest.name) if nearest else MANNERS["setting"]
