"""Many grids at once, from a table.

The law of this file: the first press shows what would be stored and every mistake by its line; only the
second one stores it, and only if it is the very table that was shown and not one line is wrong. Where a grid
lies is decided by whoever configures what is above it, where it lay and where it shall lie; the grid alone
is not enough.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from aiohttp import web
from aiohttp.web_request import FileField

from bot.grid_table import GridTable, Mistake, Problem, Row, read_table
from bot.web.desk.guard import AtDesk, DeskGuard, DeskRefusal, DeskRoute, Gate, form_of
from bot.web.desk.town import PATH as TOWN_PATH
from bot.web.desk.tree import Tree
from bot.web.desk.words_town import EXAMPLE, IMPORT, KINDS, MISTAKES, Not
from bot.web.site import go_to
from intake.grids import Grid
from intake.people import Person, Right
from intake.taxonomy import Taxonomy
from storage.records import Area, Look
from storage.tx import Tx

PATH = f"{TOWN_PATH}/import"
MOST_ROWS = 5_000
MOST_BYTES = 1_000_000
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Planned:
    """A row, and what storing it would do: `new`, `changed` or `same`. `present` is the grid as it is now."""

    line: int
    grid: Grid
    what: str
    present: Grid | None


@dataclass(frozen=True, slots=True)
class Plan:
    """A table against what is there. `areas` are all above its grids, `fresh` the new ones of them."""

    table: GridTable
    rows: tuple[Planned, ...]
    areas: list[Area]
    fresh: list[Area]

    def count(self, what: str) -> int:
        return sum(row.what == what for row in self.rows)


class Importing:
    """The page."""

    menu: Sequence[tuple[str, str, Gate]] = ()

    def __init__(self, guard: DeskGuard, taxonomy: Taxonomy) -> None:
        self._guard = guard
        self._departments = tuple(taxonomy.departments)

    def routes(self) -> list[DeskRoute]:
        return [
            DeskRoute("GET", PATH, Gate.CONFIGURE, self.page),
            DeskRoute("POST", PATH, Gate.CONFIGURE, self.post),
        ]

    async def page(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        return self._shown(here, "")

    async def post(self, request: web.Request, here: AtDesk) -> web.StreamResponse:
        form = await form_of(request, Not.TOO_LARGE)
        try:
            text = _text(form.get("file"), str(form.get("text", "")))
        except DeskRefusal as refusal:
            shown = str(form.get("text", ""))[:MOST_BYTES]
            return self._shown(here, shown, problem=str(refusal), status=refusal.status)
        same = form.get("seen") == _mark(text)
        if form.get("do") == "store" and same:
            return await self._store(here, text)
        plan = await self._guard.store.read(
            lambda tx: _plan(tx, text, here.person, self._departments)
        )
        problem = IMPORT["changed_since"] if form.get("do") == "store" else ""
        return self._shown(here, text, plan, problem=problem)

    async def _store(self, here: AtDesk, text: str) -> web.StreamResponse:
        now = self._guard.clock()

        def work(tx: Tx) -> Plan:
            plan = _plan(tx, text, here.person, self._departments)
            if not plan.table.problems:
                tx.grids.add_areas(plan.areas)
                tx.grids.add(plan.table.grids)
                tx.audit.add(
                    [Look(top, here.person.id, "import", why, now) for top, why in _notes(plan)]
                )
            return plan

        plan = await self._guard.store.write(work)
        if plan.table.problems:
            return self._shown(here, text, plan)
        return go_to(f"{TOWN_PATH}?told=imported")

    def _shown(
        self,
        here: AtDesk,
        text: str,
        plan: Plan | None = None,
        *,
        problem: str = "",
        status: int = 200,
    ) -> web.StreamResponse:
        wrong = bool(plan and plan.table.problems)
        return self._guard.frame.page(
            "town_import.html",
            400 if wrong and status == 200 else status,
            here=here,
            at=TOWN_PATH,
            words=IMPORT,
            kinds=KINDS,
            mistakes=MISTAKES,
            example=EXAMPLE,
            text=text,
            plan=plan,
            shown=_SHOWN,
            seen=_mark(text) if plan and not wrong else "",
            problem=problem,
        )


def _text(file: object, typed: str) -> str:
    """What was given: the file if there is one, else what was typed. Excel saves in GB18030 here."""
    data = file.file.read(MOST_BYTES + 1) if isinstance(file, FileField) else b""
    text = _decoded(data) if data else typed
    text = "\n".join(text.removeprefix("\ufeff").splitlines()).strip()
    if len(data) > MOST_BYTES or len(text) > MOST_BYTES or text.count("\n") > MOST_ROWS:
        raise DeskRefusal(Not.TOO_LARGE, 413)
    if not text:
        raise DeskRefusal(Not.NOTHING)
    return text


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DeskRefusal(Not.ENCODING)


def _mark(text: str) -> str:
    """By this the second press knows what the first one showed."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:16]


def _plan(tx: Tx, text: str, person: Person, departments: Iterable[str]) -> Plan:
    areas, grids = tx.grids.areas(), tx.grids.all()
    there = {grid.id: grid for grid in grids}
    table = read_table(text, areas, grids, departments)
    planned = tuple(_planned(row, there.get(row.grid.id)) for row in table.rows)
    tree = Tree(areas, grids, {})
    beyond = tuple(
        Problem(row.line, Mistake.BEYOND, row.grid.id)
        for row in planned
        if not _within(tree, person, row)
    )
    problems = sorted((*table.problems, *beyond), key=lambda problem: problem.line)
    table = GridTable(table.rows, tuple(problems))
    above = table.areas(areas)
    known = {area.id for area in areas}
    return Plan(
        table,
        planned,
        above,
        [area for area in above if area.id not in known],
    )


def _planned(row: Row, present: Grid | None) -> Planned:
    return Planned(row.line, row.grid, _what(row.grid, present), present)


def _within(tree: Tree, person: Person, row: Planned) -> bool:
    """Whether the row is theirs to store. A grid's own id gives no right to say where it lies: it would be
    moved out of the tree by whoever has that one grid. What is new at the top takes a part of the town from
    everybody who had all of it."""
    if row.what == "same":
        return person.may(Right.CONFIGURE, row.grid.path)
    if row.grid.path[0] not in tree.nodes and not tree.everywhere(person, Right.CONFIGURE):
        return False
    paths = (row.grid.path, row.present.path) if row.present else (row.grid.path,)
    return all(person.may(Right.CONFIGURE, path[:-1]) for path in paths)


def _what(grid: Grid, present: Grid | None) -> str:
    if present is None:
        return "new"
    same = (grid.name, grid.path) == (present.name, present.path)
    return "same" if same and set(grid.places) <= set(present.places) else "changed"


def _notes(plan: Plan) -> list[tuple[str, str]]:
    """For the record: each top of the tree with its grids that are new or change, or leave it."""
    ids: dict[str, list[str]] = {}
    for row in plan.rows:
        if row.what != "same":
            tops = {row.grid.path[0], row.present.path[0] if row.present else row.grid.path[0]}
            for top in sorted(tops):
                ids.setdefault(top, []).append(row.grid.id)
    return [(top, "、".join(some)) for top, some in ids.items()]
