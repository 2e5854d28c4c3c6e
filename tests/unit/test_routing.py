"""Whose job, how urgent, by when, who may see it. All starts are 2026-11-24 10:00 (二)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from unit_samples import NOW, rules, taxonomy

from intake.reading import ItemGuess, Triage
from intake.routing import DOUBT_FLOOR, FALLBACK_LEAD, careful_visibility, route
from intake.taxonomy import Clock, Level, Tier, Visibility

ITEMS = taxonomy().items
GROUP, MASKED, PRIVATE = Visibility.GROUP, Visibility.MASKED, Visibility.PRIVATE


@pytest.mark.parametrize("code", ITEMS)
def test_an_item_decides_all(code: str) -> None:
    item, where = ITEMS[code], route(rules(), code, NOW)
    assert (where.item, where.category) == (code, item.category)
    assert (where.lead, where.co, where.tier) == (item.lead, item.co, item.tier)
    assert (where.level, where.visibility, where.is_wish) == (
        item.level,
        item.visibility,
        item.is_wish,
    )
    assert NOW < where.deadlines.respond.at <= where.deadlines.resolve.at


def pick(level: Level, clock: Clock) -> str:
    return next(
        code for code, item in ITEMS.items() if item.level is level and item.limits.clock is clock
    )


def test_words_may_make_it_more_urgent() -> None:
    code = pick(Level.C, Clock.WORKDAY)
    where = route(rules(), code, NOW, Level.A)
    assert where.level is Level.A
    assert where.deadlines.respond.at == NOW + timedelta(minutes=30)
    assert where.deadlines.resolve.at == NOW + timedelta(hours=24)
    assert where.lead == ITEMS[code].lead


def test_words_never_make_it_less_urgent() -> None:
    code = pick(Level.A, Clock.CALENDAR)
    assert route(rules(), code, NOW, Level.C) == route(rules(), code, NOW)


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("code", ITEMS)
def test_more_urgent_is_never_later(code: str, level: Level) -> None:
    plain, raised = route(rules(), code, NOW), route(rules(), code, NOW, level)
    assert raised.deadlines.respond.at <= plain.deadlines.respond.at
    assert raised.deadlines.resolve.at <= plain.deadlines.resolve.at


def test_without_an_item_the_grid_centre_takes_it_and_the_group_sees_little() -> None:
    where = route(rules(), None, NOW, Level.A)
    assert (where.category, where.item, where.lead) == (None, None, FALLBACK_LEAD)
    assert (where.tier, where.visibility, where.is_wish) == (Tier.DEPARTMENT, MASKED, False)
    assert where.deadlines.respond.at == NOW + timedelta(minutes=30)


def test_an_item_that_is_gone_from_the_taxonomy_is_none() -> None:
    where = route(rules(), "XX99", NOW)
    assert (where.item, where.level) == (None, Level.B)


def test_a_taxonomy_without_a_grid_centre_has_no_fallback() -> None:
    few = {code: d for code, d in taxonomy().departments.items() if code != FALLBACK_LEAD}
    bare = replace(rules(), taxonomy=replace(taxonomy(), departments=few))
    assert route(bare, None, NOW).lead is None


OPEN = next(code for code, item in ITEMS.items() if item.visibility is GROUP)
VAGUE = next(code for code, item in ITEMS.items() if item.visibility is MASKED)
SECRET = next(code for code, item in ITEMS.items() if item.visibility is PRIVATE)

# The item's own; how sure; the likely others; what it comes to.
DOUBTS = [
    (GROUP, Triage.AUTO, {SECRET: 0.9}, GROUP),
    (GROUP, Triage.ASK, {OPEN: 0.6, SECRET: 0.25}, PRIVATE),
    (GROUP, Triage.ASK, {OPEN: 0.6, SECRET: 0.24}, GROUP),
    (GROUP, Triage.ASK, {OPEN: 0.5, VAGUE: 0.4}, MASKED),
    (GROUP, Triage.HUMAN, {VAGUE: 0.3, SECRET: 0.3}, PRIVATE),
    (GROUP, Triage.HUMAN, {OPEN: 0.1, VAGUE: 0.1, SECRET: 0.1}, GROUP),
    (PRIVATE, Triage.ASK, {SECRET: 0.5, OPEN: 0.4}, PRIVATE),
    (MASKED, Triage.ASK, {"XX99": 0.9}, MASKED),
    (GROUP, Triage.ASK, {}, GROUP),
]


@pytest.mark.parametrize(("own", "triage", "guesses", "wanted"), DOUBTS)
def test_doubt_makes_it_less_visible(
    own: Visibility, triage: Triage, guesses: dict[str, float], wanted: Visibility
) -> None:
    likely = tuple(ItemGuess(code, probability) for code, probability in guesses.items())
    assert careful_visibility(rules(), own, triage, likely) is wanted
    assert DOUBT_FLOOR == 0.25
