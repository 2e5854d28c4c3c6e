"""How cases were first read, counted by category, and what has changed in that.

The law of this file: counts only, over a period; nothing here names a person or a case. A case that was
corrected counts where it was read, not where it was put afterwards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from intake.drifting import Counts, Drift, drifts
from intake.sight import Sight
from intake.taxonomy import Taxonomy
from storage.case_tables import cases, examples
from storage.cases import seen

FORCED = "forced"


def drift_over(
    connection: Connection, taxonomy: Taxonomy, days: int, now: datetime, sight: Sight | None = None
) -> list[Drift]:
    """The last `days` against as many before; with `sight`, of what somebody may see."""
    span = timedelta(days=days)
    category_of = {item.code: item.category for item in taxonomy.items.values()}
    recent = counts_by_category(connection, now - span, now, category_of, sight)
    earlier = counts_by_category(connection, now - 2 * span, now - span, category_of, sight)
    return drifts(recent, earlier)


def counts_by_category(
    connection: Connection,
    start: datetime,
    end: datetime,
    category_of: Mapping[str, str],
    sight: Sight | None = None,
) -> dict[str, Counts]:
    """Cases opened from `start` until before `end`; `category_of` an item."""
    opened = [cases.c.opened_at >= start, cases.c.opened_at < end]
    if sight is not None:
        opened.append(seen(sight))
    found = _found(connection, opened)
    corrected: Counter[str] = Counter()
    for category, triage, read_as, number in connection.execute(_put_right(opened)):
        was = category_of.get(read_as, category or "")
        found[category or "", triage] -= number
        found[was, triage] += number
        corrected[was] += number
    return {
        category: Counts(
            found[category, "auto"],
            found[category, "ask"],
            found[category, "human"],
            corrected[category],
        )
        for category in sorted({category for category, _ in found} - {""})
    }


def _found(
    connection: Connection, opened: Sequence[ColumnElement[bool]]
) -> Counter[tuple[str, str]]:
    """Cases by the category that they have now and by how sure the first reading was."""
    query = (
        select(cases.c.category, cases.c.triage, func.count())
        .where(*opened)
        .group_by(cases.c.category, cases.c.triage)
    )
    found: Counter[tuple[str, str]] = Counter()
    for category, triage, number in connection.execute(query):
        found[category or "", triage] += number
    return found


def _put_right(opened: Sequence[ColumnElement[bool]]) -> Select[Any]:
    """Those that somebody put right, by what they were read as before the first correction."""
    first = (
        select(examples.c.case_id, func.min(examples.c.id).label("id"))
        .where(examples.c.read_as != examples.c.label, examples.c.source != FORCED)
        .group_by(examples.c.case_id)
        .subquery()
    )
    return (
        select(cases.c.category, cases.c.triage, examples.c.read_as, func.count())
        .join(first, first.c.case_id == cases.c.id)
        .join(examples, examples.c.id == first.c.id)
        .where(*opened)
        .group_by(cases.c.category, cases.c.triage, examples.c.read_as)
    )
