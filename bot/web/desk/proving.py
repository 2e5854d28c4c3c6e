"""Proving who one is: by login, password and code, or once more by password.

The law of this file: unknown, wrong, locked and former staff are one answer, which takes one time. Whether
somebody is let in is decided where their wrong tries are counted, in one transaction.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.web.desk.one_time_codes import counter_of
from bot.web.desk.passwords import Passwords, plain_login
from intake.people import PersonId
from storage.accounts import Account
from storage.store import Store
from storage.tx import Tx


class Proving:
    """Compares what somebody says of themselves with what is kept."""

    def __init__(self, store: Store, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock
        self.passwords = Passwords()

    async def by_login(self, login: str, password: str, code: str) -> PersonId | None:
        """Who that is; None for whatever reason."""
        name = plain_login(login)
        known = await self._store.read(lambda tx: tx.accounts.by_login(name))
        return await self._decided(known, password, code)

    async def once_more(self, person: PersonId, password: str) -> bool:
        """Whether it is still they who sit there. Wrong answers lock as at the door, but by their own
        count: strangers at the door spend none of it."""
        known = await self._store.read(lambda tx: tx.accounts.of(person))
        return await self._decided(known, password, None, inside=True) is not None

    async def _decided(
        self, known: Account | None, password: str, code: str | None, *, inside: bool = False
    ) -> PersonId | None:
        matches = await self.passwords.matches(known.password_hash if known else None, password)
        person, kept = (known.person, known.password_hash) if known else ("", "")
        now = self._clock()

        def work(tx: Tx) -> PersonId | None:
            held = tx.accounts.of(person, hold=True)
            if held is None or held.locked(now, inside=inside):
                return None
            counter = _new_counter(held, code, now)
            needs_code = held.two_step and code is not None
            right = matches and held.password_hash == kept and (counter or not needs_code)
            if not right:
                tx.accounts.failed(held, now, inside=inside)
                return None
            tx.accounts.passed(held, counter, inside=inside)
            is_staff = (found := tx.people.get(person)) is not None and found.grants
            return person if is_staff else None

        return await self._store.write(work)


def _new_counter(held: Account, code: str | None, now: datetime) -> int | None:
    """The number of a right code that was not used yet."""
    if not code or held.secret is None or held.counter is None:
        return None
    counter = counter_of(held.secret, code, now)
    return counter if counter is not None and counter > held.counter else None
