"""The taxonomy: categories, items, departments, levels and emergencies.

The law of this file: the taxonomy is data that a town may change, so it is checked wholly when it is
read, every mistake is named with its place, and what comes out cannot be wrong any more. Reading the
file itself is somebody else's work; this file sees only mappings.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Level(StrEnum):
    """How urgent a case is. A: danger or many affected; B: soon; C: ordinary."""

    A = "A"
    B = "B"
    C = "C"


class Clock(StrEnum):
    """What a limit counts: hours of the calendar, or working hours (24 = one working day)."""

    CALENDAR = "calendar"
    WORKDAY = "workday"


class Visibility(StrEnum):
    """What a group may see of a case: quoted, only a vague title, or nothing at all."""

    GROUP = "group"
    MASKED = "masked"
    PRIVATE = "private"


class Tier(StrEnum):
    """Who tries first: party members and volunteers, the grid's mediators, or a department."""

    MEMBER = "member"
    MEDIATION = "mediation"
    DEPARTMENT = "department"


@dataclass(frozen=True, slots=True)
class Limits:
    """Respond and resolve limits in hours of `clock`."""

    respond_hours: float
    resolve_hours: float
    clock: Clock


DISTRICT_GROUP = "区级及派驻"


@dataclass(frozen=True, slots=True)
class Department:
    """`into`: the department that took over its work, if any did; what it did before keeps its name."""

    id: str
    name: str
    group: str
    into: str | None = None

    @property
    def is_district(self) -> bool:
        """Whether it belongs to the district, though it may sit in the street."""
        return self.group == DISTRICT_GROUP


@dataclass(frozen=True, slots=True)
class Item:
    """One thing a neighbour can ask for, with who does it and by when."""

    code: str
    name: str
    definition: str
    category: str
    level: Level
    tier: Tier
    limits: Limits
    lead: str
    co: tuple[str, ...]
    visibility: Visibility
    keywords: tuple[str, ...]
    is_wish: bool


@dataclass(frozen=True, slots=True)
class Category:
    code: str
    name: str
    lead: str
    co: tuple[str, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Emergency:
    """A class of danger; `group_reply` is False where not one word may appear in the group."""

    code: str
    name: str
    call: str
    group_reply: bool


@dataclass(frozen=True, slots=True)
class Retired:
    """An item that is offered no more. Cases, examples and models may name it still; `instead` is the item
    that took its place, if any did."""

    code: str
    name: str
    instead: str | None = None


LONGEST_HOURS = 24 * 366
"""A limit beyond a year is a slip of the pen."""


class TaxonomyError(ValueError):
    """The taxonomy has mistakes; `problems` names each with its place and what to do about it."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True)
class Taxonomy:
    """The whole of it, indexed. Build it with `Taxonomy.from_mapping`."""

    version: str
    levels: Mapping[Level, Limits]
    departments: Mapping[str, Department]
    categories: Mapping[str, Category]
    items: Mapping[str, Item]
    emergencies: Mapping[str, Emergency]
    kinds: Mapping[str, str]
    hard_pairs: tuple[tuple[str, str, str], ...] = field(default=())
    retired: Mapping[str, Retired] = field(default_factory=dict)

    def successor(self, code: str | None) -> str | None:
        """The department that does the work of this one now: mostly itself."""
        return successor(self.departments, code) if code else code

    def item(self, code: str | None) -> Item | None:
        """What a stored code stands for now: the item, or the one that took its place; None where there is
        none. Codes that were stored are looked up here and never by subscript: they may be retired."""
        known = self.items.get(code or "")
        gone = self.retired.get(code or "")
        return known or self.items.get((gone and gone.instead) or "")

    def item_name(self, code: str | None) -> str | None:
        """What people call an item, a retired one too; None for none, and for one that is unknown here."""
        known = self.items.get(code or "") or self.retired.get(code or "")
        return known.name if known else None

    def is_retired(self, code: str | None) -> bool:
        """Whether a stored code is offered no more, on record as retired or simply gone from the file."""
        return bool(code) and code not in self.items

    @property
    def district(self) -> frozenset[str]:
        """The departments of the district."""
        return frozenset(code for code, one in self.departments.items() if one.is_district)

    @staticmethod
    def from_mapping(raw: Mapping[str, Any]) -> Taxonomy:
        """Check `raw` (the parsed YAML) and index it. Raises TaxonomyError with every mistake at once."""
        return _Reader(raw).read()


def successor(departments: Mapping[str, Department], code: str) -> str:
    """The department that does the work of this one now: itself, or what it was merged into."""
    for _ in departments:
        one = departments.get(code)
        if one is None or one.into is None:
            break
        code = one.into
    return code


class _Reader:
    """Collects every mistake before giving up, so that an editor mends the file in one go."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.problems: list[str] = []

    def read(self) -> Taxonomy:
        if not isinstance(self.raw, Mapping):
            raise TaxonomyError(["the taxonomy is not a mapping: start it with 'meta:'"])
        self.wish_items = frozenset(self._words(self.raw, "wish_items", "the file"))
        departments = {
            row["id"]: Department(row["id"], row["name"], str(row.get("group", "")))
            for where, row in self._unique("departments", "id")
        }
        self.departments = departments
        levels = {
            level: limits
            for level in Level
            if (limits := self._limits(self._section("levels").get(level, {}), f"levels.{level}"))
        }
        categories: dict[str, Category] = {}
        items: dict[str, Item] = {}
        for where, row in self._unique("categories", "code"):
            category = self._category(row, where, items)
            if category is not None:
                categories[category.code] = category
        emergencies = {
            row["code"]: Emergency(
                row["code"],
                row["name"],
                str(row.get("call", "")),
                self._yes_or_no(row, "group_reply", where),
            )
            for where, row in self._unique("emergencies", "code")
        }
        kinds = {row["code"]: row["name"] for _, row in self._unique("kinds", "code")}
        for code in sorted(self.wish_items - items.keys()):
            self.problems.append(f"wish_items: there is no item {code}; remove it or add the item")
        if not items and not self.problems:
            self.problems.append("categories: there is not one item; a taxonomy needs at least one")
        pairs = tuple(
            (str(row["a"]), str(row["b"]), str(row.get("rule", "")))
            for where, row in self._rows(self.raw, "hard_pairs", "the file", required=False)
            if self._has(row, where, "a", "b")
        )
        retired = dict(self._retired(items))
        version = str(self._section("meta").get("version", "0"))
        if self.problems:
            raise TaxonomyError(self.problems)
        return Taxonomy(
            version, levels, departments, categories, items, emergencies, kinds, pairs, retired
        )

    def _retired(self, items: Mapping[str, Item]) -> Iterator[tuple[str, Retired]]:
        """The items that are offered no more; the section may be missing."""
        for where, row in self._rows(self.raw, "retired", "the file", required=False):
            if not self._has(row, where, "code", "name"):
                continue
            code, instead = row["code"], row.get("instead")
            if code in items:
                self.problems.append(f"{where}: {code} is an item still; remove one of the two")
            if instead is not None and instead not in items:
                self.problems.append(
                    f"{where}: there is no item {instead} to stand instead of {code}"
                )
            yield code, Retired(code, row["name"], instead)

    def _category(
        self, row: Mapping[str, Any], where: str, items: dict[str, Item]
    ) -> Category | None:
        if not self._has(row, where, "lead"):
            return None
        co = self._words(row, "co", where)
        self._known_departments((row["lead"], *co), f"{where} ({row['code']})")
        mine: list[Item] = []
        for place, raw_item in self._rows(row, "items", where):
            item = self._item(raw_item, place, row["code"])
            if item is None:
                continue
            if item.code in items:
                self.problems.append(f"{place}: item {item.code} is there twice; rename one")
            items[item.code] = item
            mine.append(item)
        return Category(row["code"], row["name"], row["lead"], co, tuple(mine))

    def _item(self, row: Mapping[str, Any], where: str, category: str) -> Item | None:
        needed = ("code", "name", "level", "tier_hint", "lead", "visibility")
        if not self._has(row, where, *needed):
            return None
        limits = self._limits(row, where)
        try:
            level = Level(row["level"])
            tier = Tier(row["tier_hint"])
            visibility = Visibility(row["visibility"])
        except ValueError as error:
            self.problems.append(
                f"{where} ({row['code']}): {error}; use a value from the documentation"
            )
            return None
        co = self._words(row, "co", where)
        self._known_departments((row["lead"], *co), f"{where} ({row['code']})")
        if limits is None:
            return None
        return Item(
            code=row["code"],
            name=row["name"],
            definition=str(row.get("definition", "")),
            category=category,
            level=level,
            tier=tier,
            limits=limits,
            lead=row["lead"],
            co=co,
            visibility=visibility,
            keywords=self._words(row, "keywords", where),
            is_wish=row["code"] in self.wish_items,
        )

    def _limits(self, row: Mapping[str, Any], where: str) -> Limits | None:
        try:
            limits = Limits(
                float(row["respond_hours"]), float(row["resolve_hours"]), Clock(row["clock"])
            )
        except (KeyError, TypeError, ValueError) as error:
            self.problems.append(
                f"{where}: respond_hours, resolve_hours or clock is missing or wrong ({error})"
            )
            return None
        if not 0 < limits.respond_hours <= limits.resolve_hours < LONGEST_HOURS:
            self.problems.append(
                f"{where}: limits must be positive, below {LONGEST_HOURS} hours, "
                "and resolve not before respond"
            )
            return None
        return limits

    def _section(self, key: str) -> Mapping[str, Any]:
        section = self.raw.get(key, {})
        if not isinstance(section, Mapping):
            self.problems.append(f"{key}: must be a mapping")
            return {}
        return section

    def _rows(
        self, holder: Mapping[str, Any], key: str, where: str, required: bool = True
    ) -> Iterator[tuple[str, Mapping[str, Any]]]:
        rows = holder.get(key)
        if rows is None and not required:
            return
        if not isinstance(rows, list):
            self.problems.append(f"{key} in {where}: must be a list")
            return
        for index, row in enumerate(rows, 1):
            if isinstance(row, Mapping):
                yield f"{key} {index}", row
            else:
                self.problems.append(f"{key} {index} in {where}: must be a mapping")

    def _unique(self, key: str, name: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """The rows of a list of the file that have a name and a code (or id) of their own."""
        seen: set[str] = set()
        for where, row in self._rows(self.raw, key, "the file"):
            if not self._has(row, where, name, "name"):
                continue
            if row[name] in seen:
                self.problems.append(f"{where}: {name} {row[name]} is there twice; rename one")
            seen.add(row[name])
            yield where, row

    def _words(self, row: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
        words = row.get(key, ())
        if isinstance(words, list | tuple) and all(isinstance(w, str | int) for w in words):
            return tuple(str(word) for word in words)
        self.problems.append(f"{key} in {where}: must be a list of words")
        return ()

    def _yes_or_no(self, row: Mapping[str, Any], key: str, where: str) -> bool:
        value = row.get(key, True)
        if not isinstance(value, bool):
            self.problems.append(f"{where}: {key} must be true or false")
        return value is True

    def _known_departments(self, codes: tuple[str, ...], where: str) -> None:
        for code in codes:
            if code not in self.departments:
                self.problems.append(f"{where}: unknown department {code}; add it to departments")

    def _has(self, row: Mapping[str, Any], where: str, *keys: str) -> bool:
        missing = [key for key in keys if not row.get(key)]
        if missing:
            self.problems.append(f"{where}: {', '.join(missing)} missing; add it")
        odd = [key for key in keys if row.get(key) and not isinstance(row[key], str)]
        if odd:
            self.problems.append(f"{where}: {', '.join(odd)} must be text; put it in quotes")
        return not missing and not odd
