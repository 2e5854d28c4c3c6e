"""Whether an invitation still holds: by the rights that its maker has now.

The law of this file: a link is worth what its maker may give when it is used, not what they might when it was
made. Those of the command line hold by themselves: whoever has the machine has the town.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from bot.web.desk.tree import Tree
from intake.appointing import Path, may_give
from intake.people import Grant, PersonId, Role
from storage.people import OpenInvite
from storage.tx import Tx

THE_MACHINE: Final = frozenset({"cli", "command line", "system"})
"""Makers who are no people."""


def usable(tx: Tx, token: str, now: datetime) -> bool:
    """Whether somebody can become staff by this token now."""
    found = tx.people.open_invite(token, now)
    return found is not None and _holds(tx, found)


def drop_invites(tx: Tx, by: PersonId, now: datetime) -> None:
    """Drop what somebody has made and might not make any more."""
    for one in tx.people.open_invites(now):
        if one.by == by and not _holds(tx, one):
            tx.people.drop_invite(one.id)


def _holds(tx: Tx, one: OpenInvite) -> bool:
    if one.by in THE_MACHINE:
        return True
    maker = tx.people.get(one.by)
    return maker is not None and may_give(maker, one.grant.role, _reach(tx, one.grant))


def _reach(tx: Tx, grant: Grant) -> tuple[Path, ...]:
    """The paths of what a role there reaches."""
    tree = Tree(tx.grids.areas(), tx.grids.all(), {})
    if grant.role is Role.DEPARTMENT:
        return tree.tops
    node = tree.nodes.get(grant.scope)
    return node.reach if node else ()
