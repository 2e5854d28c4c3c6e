"""Where somebody may tell neighbours what is announced and what is known.

The law of this file: whoever may inform a place may choose it; what also holds elsewhere they see and do not
change.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.web.desk.guard import AtDesk
from bot.web.desk.tree import Node, Tree
from intake.people import Right


@dataclass(frozen=True, slots=True)
class Place:
    """A node as the form offers it; `depth` from the uppermost that is theirs."""

    id: str
    name: str
    depth: int


def places(tree: Tree, here: AtDesk) -> list[Place]:
    """All that somebody may inform, parents before children."""
    found: list[Place] = []

    def walk(node: Node, depth: int) -> None:
        found.append(Place(node.id, node.name, depth))
        for child in tree.children(node.id):
            walk(child, depth + 1)

    for top in tree.scopes(here.person, Right.INFORM):
        walk(top, 0)
    return found


def may_change(tree: Tree, here: AtDesk, scopes: Iterable[str]) -> bool:
    """Whether all of these places are theirs to inform."""
    nodes = [tree.nodes.get(scope) for scope in scopes]
    return bool(nodes) and all(
        node is not None and here.person.may(Right.INFORM, node.path) for node in nodes
    )


def concerns(tree: Tree, here: AtDesk, scopes: Iterable[str]) -> bool:
    """Whether something for these places is heard in a place that is theirs."""
    wanted = set(scopes)
    return any(
        not wanted.isdisjoint(grid.path) and here.person.may(Right.INFORM, grid.path)
        for grid in tree.grids.values()
    )


def named(tree: Tree, scopes: Iterable[str]) -> str:
    """What people call these places."""
    return "、".join(tree.name(scope) for scope in scopes)
