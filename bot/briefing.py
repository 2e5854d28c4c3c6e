"""Drafting the briefs of a week.

The law of this file: for each grid of which a clock struck, and for whatever lies above it, one draft a week,
in the transaction of the clock; where there is one already nothing happens.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.wording.brief import Area, words_of
from intake.briefing import brief_of, name_of, week_of
from intake.rules import Rules
from storage.tx import Tx


def draft_briefs(tx: Tx, rules: Rules, struck: Iterable[str | None], now: datetime) -> int:
    """Draft what is not there yet; how many."""
    if rules.brief is None:
        return 0
    week = week_of(now, rules.brief, rules.zone)
    name = name_of(week, rules.zone)
    grids = {grid.id: grid for grid in tx.grids.all()}
    nodes = {node for id in struck if id in grids for node in (*grids[id].path, id)}
    names = {area.id: area.name for area in tx.grids.areas()}
    names |= {grid.id: grid.name for grid in grids.values()}
    made = 0
    for node in sorted(nodes - tx.briefs.known(nodes, name)):
        below = [grid.id for grid in grids.values() if node in (*grid.path, grid.id)]
        brief = brief_of(tx.briefs.tallies(below, week), *tx.briefs.open_now(below, now))
        if brief.opened:
            words = words_of(brief, Area(names.get(node, node), week, rules.zone), rules.taxonomy)
            made += tx.briefs.draft(node, name, brief, words, now)
    return made
