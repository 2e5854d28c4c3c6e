"""Where somebody may tell neighbours what is announced and what is known.

The law of this file: whoever may inform a place may choose it; what also holds elsewhere they see and do not
change. What is written anew has its id from when its form was drawn, so that two presses make one; what was
changed since its form was drawn is not written over.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from bot.web.desk.guard import AtDesk
from bot.web.desk.tree import Node, Tree
from intake.people import Right

_KEY: Final = re.compile(r"[0-9a-f]{16}")


def new_key() -> str:
    """An id for what is about to be written."""
    return secrets.token_hex(8)


def key_of(form: Mapping[str, Any]) -> str:
    """The id that the form of something new had when it was drawn; another for what is none."""
    key = str(form.get("key", ""))
    return key if _KEY.fullmatch(key) else new_key()


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


def heard_here(tree: Tree, here: AtDesk) -> frozenset[str]:
    """The nodes for which something is said that is heard in a place that is theirs."""
    mine = (grid for grid in tree.grids.values() if here.person.may(Right.INFORM, grid.path))
    return frozenset(node for grid in mine for node in grid.path)


def named(tree: Tree, scopes: Iterable[str]) -> str:
    """What people call these places."""
    return "、".join(tree.name(scope) for scope in scopes)
