"""The tree of the town as the desk's pages walk it: district, street, community, grid, and the departments
beside it.

The law of this file: what somebody may do at a node is asked of their roles with the node's own path, never
of where a page led them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from intake.grids import Grid
from intake.people import Grant, Person, Right, Role
from intake.taxonomy import Taxonomy
from storage.records import Area
from storage.tx import Tx

GRID = "grid"
DEPARTMENT = "department"
_SPELT_OUT: Final = "department:"


@dataclass(frozen=True, slots=True)
class Node:
    """A place of the tree, or a department. `path` is that from the top; a department has none. `reach` are
    the paths of what a role there reaches: for a department every top, for its people work in all grids.
    `at` is its address among the pages: its id, but for a department whose code is a place's id too."""

    id: str
    kind: str
    name: str
    path: tuple[str, ...]
    reach: tuple[tuple[str, ...], ...]
    at: str

    def within(self, person: Person, right: Right) -> bool:
        """Whether `person` has `right` over all of it."""
        return bool(self.reach) and all(person.may(right, path) for path in self.reach)


class Tree:
    """All nodes by id, parents before children."""

    def __init__(
        self, areas: Iterable[Area], grids: Iterable[Grid], departments: Mapping[str, str]
    ) -> None:
        self.grids = {grid.id: grid for grid in grids}
        known = {area.id: area for area in areas}
        self.nodes = {id: _area(known, area) for id, area in known.items()}
        self.nodes |= {id: _grid(grid) for id, grid in self.grids.items()}
        self.tops = tuple(node.path for node in self.nodes.values() if len(node.path) == 1)
        self.departments = {
            code: Node(code, DEPARTMENT, name, (), self.tops, self._address(code))
            for code, name in departments.items()
        }
        self._children: dict[str, list[Node]] = defaultdict(list)
        for node in sorted(self.nodes.values(), key=lambda node: node.id):
            if len(node.path) > 1:
                self._children[node.path[-2]].append(node)

    def _address(self, code: str) -> str:
        return f"{_SPELT_OUT}{code}" if code in self.nodes else code

    def find(self, at: str) -> Node | None:
        """The place or the department of this address."""
        code = at.removeprefix(_SPELT_OUT)
        return self.nodes.get(at) or self.departments.get(code)

    def of(self, grant: Grant) -> Node | None:
        """Where a role is held; a department's code is no place."""
        known = self.departments if grant.role is Role.DEPARTMENT else self.nodes
        return known.get(grant.scope)

    def scope_name(self, grant: Grant) -> str:
        """What people call where a role is held; the scope where it is not there any more."""
        node = self.of(grant)
        return node.name if node else grant.scope

    def name(self, id: str) -> str:
        """What people call it; its id where it is not there any more."""
        node = self.find(id)
        return node.name if node else id

    def children(self, id: str) -> list[Node]:
        """What lies right below a place, by id."""
        return self._children.get(id, [])

    def above(self, node: Node) -> list[Node]:
        """From the top down to right above."""
        return [self.nodes[id] for id in node.path[:-1] if id in self.nodes]

    def below(self, node: Node) -> list[Node]:
        """Itself and all below."""
        return [one for one in self.nodes.values() if node.path and node.id in one.path]

    def scopes(self, person: Person, right: Right) -> list[Node]:
        """The uppermost places where `person` has `right`, by id."""
        mine = {id for id, node in self.nodes.items() if person.may(right, node.path)}
        return [
            self.nodes[id] for id in sorted(mine) if not mine.intersection(self.nodes[id].path[:-1])
        ]

    def everywhere(self, person: Person, right: Right) -> bool:
        """Whether `person` has `right` over all tops."""
        return bool(self.tops) and all(person.may(right, path) for path in self.tops)


def tree_of(tx: Tx, taxonomy: Taxonomy) -> Tree:
    """The tree as it stands now, in three statements."""
    names = {code: one.name for code, one in taxonomy.departments.items()}
    return Tree(tx.grids.areas(), tx.grids.all(), names)


def _area(known: Mapping[str, Area], area: Area) -> Node:
    path = [area.id]
    above = area.parent
    while above is not None and above in known and above not in path:
        path.append(above)
        above = known[above].parent
    path.reverse()
    name = area.name or area.id
    return Node(area.id, area.kind, name, tuple(path), (tuple(path),), area.id)


def _grid(grid: Grid) -> Node:
    return Node(grid.id, GRID, grid.name or grid.id, grid.path, (grid.path,), grid.id)
