"""Logins of staff, their wrong tries, and their two-step codes.

The law of this file: whoever tries holds the account's row from the question whether it is locked to the
count of the try, so that many tries at once, in several processes, have together no more tries than one.
Tries at the door and those of an open session (`inside`) are counted apart: anybody can spend the ones at the
door of a login that they know, and must not lock out who sits inside.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, delete, select, update
from sqlalchemy.exc import IntegrityError

from intake.people import PersonId
from storage.desk_tables import desk_accounts
from storage.dialect import Dialect
from storage.rows import excluded

MOST_FAILURES: Final = 5
LOCKED_FOR: Final = timedelta(minutes=15)

_ACCOUNT = (
    desk_accounts.c.person,
    desk_accounts.c.login,
    desk_accounts.c.password_hash,
    desk_accounts.c.one_time_secret,
    desk_accounts.c.one_time_counter,
    desk_accounts.c.failures,
    desk_accounts.c.locked_until,
    desk_accounts.c.inside_failures,
    desk_accounts.c.inside_locked_until,
)


class LoginTaken(Exception):
    """The login is somebody else's."""


class StaleAccount(Exception):
    """The password was changed since it was looked at."""


@dataclass(frozen=True, slots=True)
class Account:
    """How somebody signs in by password. `counter` is that of the last code that was used; None while
    `secret` is only being set up. What is secret stays out of every print of it."""

    person: PersonId
    login: str
    password_hash: str = field(repr=False)
    secret: str | None = field(repr=False)
    counter: int | None
    failures: int
    locked_until: datetime | None
    inside_failures: int
    inside_locked_until: datetime | None

    @property
    def two_step(self) -> bool:
        """Whether a code is asked for."""
        return self.secret is not None and self.counter is not None

    @property
    def enrolling(self) -> bool:
        """Whether codes are being set up."""
        return self.secret is not None and self.counter is None

    def locked(self, now: datetime, *, inside: bool = False) -> bool:
        """Whether nobody is let in now, not even with the right password."""
        until = self.inside_locked_until if inside else self.locked_until
        return until is not None and now < until


class Accounts:
    """The accounts within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def by_login(self, login: str) -> Account | None:
        """Whose login that is."""
        return self._one(desk_accounts.c.login == login)

    def of(self, person: PersonId, *, hold: bool = False) -> Account | None:
        """Somebody's account; `hold`: nobody else changes it before this transaction ends."""
        return self._one(desk_accounts.c.person == person, hold)

    def save(
        self, person: PersonId, login: str, password_hash: str, now: datetime, was: str = ""
    ) -> None:
        """Give somebody this login and password; their codes stay. `was` is the hash that was seen, ""
        for none. Raises LoginTaken, StaleAccount."""
        insert = self._dialect.insert(desk_accounts)
        saved = insert.on_conflict_do_update(
            index_elements=["person"],
            set_=excluded(insert, ["login", "password_hash", "changed_at"]),
            where=desk_accounts.c.password_hash == was,
        ).returning(desk_accounts.c.person)
        row = {"person": person, "login": login, "password_hash": password_hash, "changed_at": now}
        try:
            with self._connection.begin_nested():
                found = self._connection.execute(saved, row).all()
        except IntegrityError:
            raise LoginTaken from None
        if not found:
            raise StaleAccount

    def failed(self, held: Account, now: datetime, *, inside: bool = False) -> None:
        """A try was wrong. The last one that is allowed locks the account for a while."""
        failures = (held.inside_failures if inside else held.failures) + 1
        if failures < MOST_FAILURES:
            self._set(held.person, **_tries(inside, failures))
        else:
            self._set(held.person, **_tries(inside, 0, now + LOCKED_FOR))

    def passed(self, held: Account, counter: int | None = None, *, inside: bool = False) -> None:
        """A try was right; `counter`: by this code, which is used up with it."""
        values = _tries(inside, 0)
        if counter is not None:
            values["one_time_counter"] = counter
        self._set(held.person, **values)

    def begin_codes(self, person: PersonId, secret: str) -> None:
        """Codes are being set up: nothing is asked for before the first one was right."""
        self._set(person, one_time_secret=secret, one_time_counter=None)

    def end_codes(self, person: PersonId) -> None:
        """From now on the password is enough."""
        self._set(person, one_time_secret=None, one_time_counter=None)

    def forget(self, person: PersonId) -> bool:
        """Drop login, password and codes; False if there were none."""
        query = delete(desk_accounts).where(desk_accounts.c.person == person)
        return bool(self._connection.execute(query).rowcount)

    def _one(self, condition: ColumnElement[bool], hold: bool = False) -> Account | None:
        query = select(*_ACCOUNT).where(condition)
        row = self._connection.execute(self._dialect.locked(query) if hold else query)
        found = row.one_or_none()
        return None if found is None else Account(*found)

    def _set(self, person: PersonId, **values: Any) -> None:
        query = update(desk_accounts).where(desk_accounts.c.person == person)
        self._connection.execute(query.values(**values))


def _tries(inside: bool, failures: int, until: datetime | None = None) -> dict[str, Any]:
    where = "inside_" if inside else ""
    return {f"{where}failures": failures, f"{where}locked_until": until}
