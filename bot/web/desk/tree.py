"""The tree of the town as the desk's pages walk it: district, street, community, grid, and the departments
beside it.

The law of this file: what somebody may do at a node is asked of their roles with the node's own path, never
of where a page led them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from intake.grids import Grid
from intake.people import Person, Right
from intake.taxonomy import Taxonomy
from storage.records import Area
from storage.tx import Tx

GRID = "grid"
DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Node:
    """A place of the tree, or a department. `path` is that from the top; a department has none. `reach` are
    the paths of what a role there reaches: for a department every top, for its people work in all grids."""

    id: str
    kind: str
    name: str
    path: tuple[str, ...]
    reach: tuple[tuple[str, ...], ...]

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
            code: Node(code, DEPARTMENT, name, (), self.tops) for code, name in departments.items()
        }
        self._children: dict[str, list[Node]] = defaultdict(list)
        for node in sorted(self.nodes.values(), key=lambda node: node.id):
            if len(node.path) > 1:
                self._children[node.path[-2]].append(node)

    def find(self, id: str) -> Node | None:
        """A place, or a department."""
        return self.nodes.get(id) or self.departments.get(id)

    def name(self, id: str) -> str:
        """What people call it; its id where it is not there any more."""
        node = self.find(id)
        return node.name if node else id

    def children(self, id: str) -> list[Node]:
        """What lies right below, by id."""
        return self._children.get(id, [])

    def above(self, node: Node) -> list[Node]:
        """From the top down to right above."""
        return [self.nodes[id] for id in node.path[:-1] if id in self.nodes]

    def below(self, node: Node) -> list[Node]:
        """Itself and all below."""
        return [one for one in self.nodes.values() if node.id in one.path]

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
    return Node(area.id, area.kind, area.name or area.id, tuple(path), (tuple(path),))


def _grid(grid: Grid) -> Node:
    return Node(grid.id, GRID, grid.name or grid.id, grid.path, (grid.path,))
