"""The codes that hang at doors and in lifts: each leads to the form of a grid, with a place or without."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from intake.people import PersonId
from storage.dialect import Dialect
from storage.report_tables import report_codes
from storage.rows import Rows


@dataclass(frozen=True, slots=True)
class ReportCode:
    """`place` is "" for a code of the whole grid."""

    code: str
    grid: str
    place: str
    made_by: PersonId
    made_at: datetime
    revoked_at: datetime | None = None


_ROWS = Rows(report_codes, ReportCode)
_MOST = 500


class ReportCodes:
    """The codes within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def add(self, made: ReportCode) -> None:
        """A new code; `code` is the caller's random choice."""
        self._connection.execute(report_codes.insert(), _ROWS.values(made))

    def get(self, code: str) -> ReportCode | None:
        """One code, revoked or not."""
        query = select(*_ROWS.columns).where(report_codes.c.code == code)
        row = self._connection.execute(query).one_or_none()
        return None if row is None else _ROWS.of(row)

    def of_grids(self, grids: Iterable[str]) -> list[ReportCode]:
        """The codes of some grids: those that hold first, newest first."""
        query = (
            select(*_ROWS.columns)
            .where(self._dialect.among(report_codes.c.grid, "grids"))
            .order_by(
                report_codes.c.revoked_at.is_not(None),
                report_codes.c.made_at.desc(),
                report_codes.c.code,
            )
            .limit(_MOST)
        )
        listed = self._dialect.listed(sorted(set(grids)))
        return _ROWS.many(self._connection.execute(query, {"grids": listed}))

    def regrid(self, codes: Iterable[str], grid: str) -> None:
        """These codes lead to the form of another grid from now on."""
        query = update(report_codes).where(self._dialect.among(report_codes.c.code, "codes"))
        listed = {"codes": self._dialect.listed(sorted(set(codes)))}
        self._connection.execute(query.values(grid=grid), listed)

    def revoke(self, code: str, now: datetime) -> bool:
        """From now on the code leads nowhere; False if it did not hold any more."""
        done = self._connection.execute(
            update(report_codes)
            .where(report_codes.c.code == code, report_codes.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        return bool(done.rowcount)
