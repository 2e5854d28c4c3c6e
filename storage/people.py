"""People, what they may do, and how they became staff.

The law of this file: grants are given and taken only here; an invitation is known by the SHA-256 of its
token and is used once, before it expires. Every change of roles bumps the configuration's stamp.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, delete, select, update
from sqlalchemy.sql.base import Executable

from intake.grids import ChatRef
from intake.people import Grant, Person, PersonId, Role
from storage.dialect import Dialect
from storage.records import Refusal
from storage.rows import AnyRow, excluded
from storage.settings import Settings
from storage.tables import grants, identities, invites, people

_PERSON = (
    people.c.id,
    people.c.name,
    people.c.private_chat,
    people.c.opted_out,
    people.c.email,
    people.c.home,
)


@dataclass(frozen=True, slots=True)
class OpenInvite:
    """An invitation that nobody used yet; `id` is the hash of its token, which is of no use to anybody."""

    id: str
    grant: Grant
    by: PersonId
    at: datetime
    ends: datetime


_OPEN_INVITE = (
    invites.c.token_hash,
    invites.c.role,
    invites.c.scope,
    invites.c.made_by,
    invites.c.made_at,
    invites.c.expires_at,
)


class People:
    """The people within one transaction."""

    def __init__(self, connection: Connection, dialect: Dialect) -> None:
        self._connection = connection
        self._dialect = dialect

    def get(self, id: PersonId) -> Person | None:
        """One person by id."""
        return self.many([id]).get(id)

    def many(self, ids: Iterable[PersonId]) -> dict[PersonId, Person]:
        """Those of `ids` who are known."""
        wanted = {"ids": self._dialect.listed(sorted(set(ids)))}
        rows = self._connection.execute(_people(self._dialect), wanted).all()
        roles = self._connection.execute(_grants(self._dialect), wanted).all() if rows else []
        return _assemble(rows, roles)

    def of_identity(self, identity: str) -> Person | None:
        """Who speaks through an identity, linked or their own."""
        return self.get(self.ids_of([identity]).get(identity, identity))

    def ids_of(self, wanted: Iterable[str]) -> dict[str, PersonId]:
        """The person behind each identity, where it is not the identity itself."""
        names = sorted(set(wanted))
        if not names:
            return {}
        found = self._connection.execute(
            _linked(self._dialect), {"identities": self._dialect.listed(names)}
        )
        return {row.identity: row.person for row in found}

    def identities_of(self, id: PersonId) -> tuple[str, ...]:
        """Every identity of a person, their id first."""
        linked = self._connection.scalars(
            select(identities.c.identity)
            .where(identities.c.person == id)
            .order_by(identities.c.identity)
        )
        return (id, *linked)

    def by_role(self, roles: Iterable[Role], path: Sequence[str]) -> list[Person]:
        """Who holds one of `roles` over a grid with this path (district … grid), by id."""
        return self._holding(grants.c.role.in_(sorted(roles)), grants.c.scope.in_(path))

    def ids_by_role(self, roles: Iterable[Role], scopes: Iterable[str]) -> set[PersonId]:
        """Who holds one of `roles` in one of these scopes."""
        wanted = {"scopes": self._dialect.listed(sorted(set(scopes)))}
        query = _holders(self._dialect).where(grants.c.role.in_(sorted(roles)))
        return set(self._connection.scalars(query, wanted))

    def in_department(self, code: str) -> list[Person]:
        """The handlers of a department, by id."""
        return self._holding(grants.c.role == Role.DEPARTMENT, grants.c.scope == code)

    def in_scopes(self, scopes: Iterable[str]) -> list[Person]:
        """Who holds a role in one of these scopes, by id."""
        ids = self._connection.scalars(
            _holders(self._dialect), {"scopes": self._dialect.listed(sorted(set(scopes)))}
        )
        found = self.many(ids)
        return [found[id] for id in sorted(found)]

    def staff(self) -> list[Person]:
        """Everybody who holds a role, by id."""
        return self._holding()

    def _holding(self, *conditions: Any) -> list[Person]:
        ids = self._connection.scalars(select(grants.c.person).where(*conditions).distinct())
        found = self.many(ids)
        return [found[id] for id in sorted(found)]

    def save(self, persons: Iterable[Person], now: datetime) -> None:
        """Add people or change name, private chat, opt-out, e-mail and home. Their grants stay."""
        latest = {person.id: person for person in persons}
        if latest:
            self._connection.execute(
                _save(self._dialect), [_stored(latest[id], now) for id in sorted(latest)]
            )

    def grant(self, person: PersonId, grant: Grant, by: PersonId, at: datetime) -> bool:
        """Give a role; False if they held it already. The person must be known."""
        insert = self._dialect.insert(grants).on_conflict_do_nothing(
            index_elements=["person", "role", "scope"]
        )
        added = self._connection.execute(
            insert.returning(grants.c.person),
            {
                "person": person,
                "role": grant.role,
                "scope": grant.scope,
                "granted_by": by,
                "at": at,
            },
        )
        return self._changed(len(added.all()))

    def revoke(self, person: PersonId, grant: Grant) -> bool:
        """Take a role away; False if they did not hold it."""
        done = self._connection.execute(
            delete(grants).where(
                grants.c.person == person,
                grants.c.role == grant.role,
                grants.c.scope == grant.scope,
            )
        )
        return self._changed(done.rowcount)

    def link(self, identity: str, person: PersonId) -> None:
        """From now on `identity` speaks for `person`."""
        insert = self._dialect.insert(identities)
        self._connection.execute(
            insert.on_conflict_do_update(
                index_elements=["identity"], set_=excluded(insert, ["person"])
            ),
            {"identity": identity, "person": person},
        )
        self._changed(1)

    def move_home(self, persons: Iterable[PersonId], old: str, new: str) -> None:
        """Those of these people who belong to grid `old` belong to `new`."""
        query = update(people).where(people.c.home == old, self._dialect.among(people.c.id, "ids"))
        listed = {"ids": self._dialect.listed(sorted(set(persons)))}
        self._connection.execute(query.values(home=new), listed)

    def set_private(self, person: PersonId, chat: ChatRef | None) -> None:
        """Where the bot can write to them alone; None: nowhere any more."""
        self._connection.execute(
            update(people).where(people.c.id == person).values(private_chat=chat)
        )

    def of_private(self, chat: ChatRef) -> list[PersonId]:
        """Whose private chat this is."""
        query = select(people.c.id).where(people.c.private_chat == chat).order_by(people.c.id)
        return list(self._connection.scalars(query))

    def opt_out(self, person: PersonId, opted_out: bool = True) -> None:
        """别记我, or taking it back."""
        self._connection.execute(
            update(people).where(people.c.id == person).values(opted_out=opted_out)
        )

    def invite(
        self, token: str, grant: Grant, by: PersonId, at: datetime, expires_at: datetime
    ) -> None:
        """Store an invitation; `token` is the caller's random secret, of which only the hash stays."""
        self._connection.execute(
            invites.insert(),
            {
                "token_hash": token_hash(token),
                "role": grant.role,
                "scope": grant.scope,
                "made_by": by,
                "made_at": at,
                "expires_at": expires_at,
            },
        )

    def open_invites(self, now: datetime) -> list[OpenInvite]:
        """The invitations that can still be used, newest first."""
        return self._open(invites.c.expires_at > now)

    def _open(self, *conditions: Any) -> list[OpenInvite]:
        query = (
            select(*_OPEN_INVITE)
            .where(invites.c.used_at.is_(None), *conditions)
            .order_by(invites.c.made_at.desc(), invites.c.token_hash)
        )
        return [
            OpenInvite(id, Grant(role, scope), *rest)
            for id, role, scope, *rest in self._connection.execute(query)
        ]

    def drop_invite(self, id: str) -> bool:
        """Nobody uses this invitation any more; False if it was used or gone already."""
        gone = self._connection.execute(
            delete(invites).where(invites.c.token_hash == id, invites.c.used_at.is_(None))
        )
        return bool(gone.rowcount)

    def open_invite(self, token: str, now: datetime) -> OpenInvite | None:
        """The invitation of this token, if nobody used it and it is not over."""
        mine = invites.c.token_hash == token_hash(token)
        return next(iter(self._open(mine, invites.c.expires_at > now)), None)

    def use_invite(self, token: str, person: PersonId, now: datetime) -> Grant | Refusal:
        """Make `person` (who must be known) staff by an invitation, once and before it expires."""
        hashed = token_hash(token)
        taken = self._connection.execute(
            update(invites)
            .where(
                invites.c.token_hash == hashed,
                invites.c.used_by.is_(None),
                invites.c.expires_at > now,
            )
            .values(used_by=person, used_at=now)
        )
        row = self._connection.execute(
            select(invites).where(invites.c.token_hash == hashed)
        ).one_or_none()
        if row is None:
            return Refusal.UNKNOWN
        if not taken.rowcount:
            return Refusal.USED if row.used_by else Refusal.EXPIRED
        grant = Grant(row.role, row.scope)
        self.grant(person, grant, row.made_by, now)
        return grant

    def _changed(self, count: int) -> bool:
        if count:
            Settings(self._connection, self._dialect).bump()
        return bool(count)


def token_hash(token: str) -> str:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def _stored(person: Person, now: datetime) -> dict[str, Any]:
    return {
        "id": person.id,
        "name": person.name,
        "private_chat": ChatRef(*person.private) if person.private else None,
        "opted_out": person.opted_out,
        "email": person.email,
        "home": person.home,
        "created_at": now,
    }


def _assemble(rows: Sequence[AnyRow], roles: Sequence[AnyRow]) -> dict[PersonId, Person]:
    held: dict[PersonId, list[Grant]] = defaultdict(list)
    for person, role, scope in roles:
        held[person].append(Grant(role, scope))
    return {
        id: Person(id, name, tuple(held[id]) if id in held else (), *rest)
        for id, name, *rest in rows
    }


@cache
def _people(dialect: Dialect) -> Executable:
    return select(*_PERSON).where(dialect.among(people.c.id, "ids"))


@cache
def _grants(dialect: Dialect) -> Executable:
    return (
        select(grants.c.person, grants.c.role, grants.c.scope)
        .where(dialect.among(grants.c.person, "ids"))
        .order_by(grants.c.person, grants.c.at, grants.c.role, grants.c.scope)
    )


@cache
def _holders(dialect: Dialect) -> Select[Any]:
    return select(grants.c.person).where(dialect.among(grants.c.scope, "scopes")).distinct()


@cache
def _linked(dialect: Dialect) -> Executable:
    return select(identities.c.identity, identities.c.person).where(
        dialect.among(identities.c.identity, "identities")
    )


@cache
def _save(dialect: Dialect) -> Executable:
    insert = dialect.insert(people)
    names = ("name", "private_chat", "opted_out", "email", "home")
    return insert.on_conflict_do_update(index_elements=["id"], set_=excluded(insert, names))
