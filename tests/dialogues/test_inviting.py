"""Somebody becomes staff by a link, while whoever made it may still give it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from town import GRID, Town

from bot.inviting import INVITE
from intake.commands import Started
from intake.people import Grant, Person, PersonId, Role

MAKER = "town:管理员"
GIVEN = Grant(Role.GRID_WORKER, GRID)
HELD = Grant(Role.ADMIN, GRID)


def invited(town: Town, by: PersonId, given: Grant = GIVEN) -> None:
    """An open invitation, of somebody who administers the grid or of the machine."""
    now = town.clock()

    def work(tx) -> None:  # type: ignore[no-untyped-def]
        tx.people.save([Person(MAKER, "管理员")], now)
        tx.people.grant(MAKER, HELD, "test", now)
        tx.people.invite("t", given, by, now, now + timedelta(days=7))

    town.store.write_now(work)


async def follows(town: Town) -> tuple[str, tuple[Grant, ...]]:
    """What the bot says to who follows the link, and what they are then."""
    li = town.person("小李")
    (post,) = await town.bring(Started(li.alone, li.sender, f"{INVITE}t", town.clock()), li.alone)
    person = town.store.read_now(lambda tx: tx.people.get("town:小李"))
    assert person is not None
    return post.text, person.grants


async def test_an_invitation_makes_staff(town: Town) -> None:
    invited(town, MAKER)
    text, grants = await follows(town)
    assert ("网格员" in text, grants) == (True, (GIVEN,))


@pytest.mark.parametrize("given", [GIVEN, HELD, Grant(Role.DEPARTMENT, "JS")])
async def test_who_may_give_nothing_any_more_makes_nobody(town: Town, given: Grant) -> None:
    invited(town, MAKER, given)
    town.store.write_now(lambda tx: tx.people.revoke(MAKER, HELD))
    text, grants = await follows(town)
    assert ("不对" in text, grants) == (True, ())


async def test_an_invitation_of_the_command_line_holds(town: Town) -> None:
    invited(town, "cli")
    assert (await follows(town))[1] == (GIVEN,)
