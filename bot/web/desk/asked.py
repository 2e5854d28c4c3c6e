"""What somebody asks of the queue, as it stands in the page's address.

The law of this file: what is not understood asks for nothing; whatever is asked, only what one sees is
found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, urlencode

from intake.cases import CaseId
from intake.joint_parts import DISTRICT
from intake.lifecycle import OVER, State
from intake.phrases import case_named
from intake.sight import Sight
from intake.taxonomy import Taxonomy
from storage.case_search import Spot, Term, Wanted
from storage.cases import CaseFilter

SCOPES: Final = ("all", "mine", "up", "watched", "department", "joint")
"""The last two are for those of departments."""
OPEN_STATES: Final = tuple(
    state for state in State if state not in OVER and state is not State.DRAFT
)
_MOST_TERMS: Final = 6
_LONGEST: Final = 80
_SPOT: Final = re.compile(r"([0-9])\.(-?[0-9]{1,18})\.([^\x00]{1,80})", re.ASCII)
"""Digits that every database takes as a number."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The form's fields, "" for any; `after` is the last row of the page before."""

    scope: str = "all"
    state: str = ""
    category: str = ""
    grid: str = ""
    q: str = ""
    after: Spot | None = None

    @property
    def narrowed(self) -> bool:
        """Whether something beside the scope is asked for."""
        return bool(self.state or self.category or self.grid or self.q)

    def query(self, **other: str | Spot | None) -> str:
        """The address's query for this, or for this with something otherwise; from the first row on
        unless `after` is said."""
        asked = replace(self, **{"after": None, **other})  # type: ignore[arg-type]
        fields = {
            "scope": asked.scope if asked.scope != "all" else "",
            "state": asked.state,
            "category": asked.category,
            "grid": asked.grid,
            "q": asked.q,
            "after": _written(asked.after),
        }
        text = urlencode({name: value for name, value in fields.items() if value})
        return f"?{text}" if text else ""

    def wanted(self, sight: Sight, taxonomy: Taxonomy) -> Wanted:
        """The open cases that are meant, of those that are seen."""
        mine = self.scope == "department"
        return Wanted(
            CaseFilter(
                grids=[self.grid] if self.grid else None,
                departments=sorted(sight.departments) if mine else None,
                states=[State(self.state)] if self.state else None,
                sight=sight,
            ),
            sight.person if self.scope == "mine" else None,
            self.category or None,
            tuple(_term(word, taxonomy) for word in self.q.split()[:_MOST_TERMS]),
            owing=_owing(self.scope, sight),
            watched=self.scope == "watched",
        )

    def numbers(self, grids: Iterable[str]) -> list[CaseId]:
        """The cases that the words may name: `DEMO-1-12` in any letter case, `12` in every grid."""
        said = unicodedata.normalize("NFKC", self.q).strip().lstrip("#")
        if said.isdecimal() and len(said) < 10:
            return [f"{grid}-{int(said)}" for grid in grids]
        if said and case_named(said) == said:
            return list(dict.fromkeys((said, said.upper(), said.lower())))
        return []


def _owing(scope: str, sight: Sight) -> frozenset[str] | None:
    """Whose parts are asked for: those of their departments, or of the district."""
    wanted = {"joint": sight.departments, "up": frozenset({DISTRICT})}
    return wanted.get(scope)


def asked_of(fields: Mapping[str, str], sight: Sight, taxonomy: Taxonomy) -> Asked:
    """What is asked by the fields of a form."""
    scopes = SCOPES if sight.departments else SCOPES[:4]
    words = " ".join(fields.get("q", "")[:_LONGEST].split())
    return Asked(
        scope=_one_of(scopes, fields.get("scope")) or "all",
        state=_one_of(OPEN_STATES, fields.get("state")),
        category=_one_of(taxonomy.categories, fields.get("category")),
        grid=fields.get("grid", "")[:_LONGEST],
        q=words,
        after=_read(fields.get("after", "")),
    )


def asked_again(query: str, sight: Sight, taxonomy: Taxonomy) -> Asked:
    """What was asked on the page that a form comes from."""
    return asked_of(dict(parse_qsl(query.removeprefix("?"))), sight, taxonomy)


def _one_of(known: Iterable[str], value: str | None) -> str:
    return value if value and value in tuple(known) else ""


def _term(word: str, taxonomy: Taxonomy) -> Term:
    return Term(word, frozenset(c for c, item in taxonomy.items.items() if word in item.name))


def _written(spot: Spot | None) -> str:
    return f"{spot.rank}.{spot.due}.{spot.id}" if spot else ""


def _read(text: str) -> Spot | None:
    found = _SPOT.fullmatch(text)
    return Spot(int(found[1]), int(found[2]), found[3]) if found else None
