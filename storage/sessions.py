"""Who is signed in to the desk, and the one-time links by which one signs in.

The law of this file: a token is good for its session only while it is used within IDLE and not older than
LONGEST; of tokens only hashes stay. Whoever loses their last role loses their sessions with the next look.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, select, update

from intake.people import PersonId
from storage.desk_tables import desk_links, desk_sessions
from storage.people import token_hash

IDLE: Final = timedelta(hours=8)
LONGEST: Final = timedelta(days=7)
LINK_LASTS: Final = timedelta(minutes=30)
_NOTE_EVERY: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in browser; `id` is the hash of its token, which is of no use to anybody."""

    id: str
    person: PersonId
    began_at: datetime
    seen_at: datetime
    device: str | None


class Sessions:
    """Sessions and links within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(self, token: str, person: PersonId, device: str, now: datetime) -> Session:
        """Somebody signed in; `token` is the caller's random secret."""
        made = Session(token_hash(token), person, now, now, device[:120])
        self._connection.execute(
            desk_sessions.insert(),
            {
                "token_hash": made.id,
                "person": person,
                "began_at": now,
                "seen_at": now,
                "device": made.device,
            },
        )
        return made

    def find(self, token: str, now: datetime) -> Session | None:
        """The session of a token, if it still holds."""
        query = select(desk_sessions).where(desk_sessions.c.token_hash == token_hash(token))
        row = self._connection.execute(query).one_or_none()
        if row is None or now - row.seen_at > IDLE or now - row.began_at > LONGEST:
            return None
        return Session(*row)

    def seen(self, session: Session, now: datetime) -> None:
        """It was used. Noted once a minute at most."""
        self._connection.execute(
            update(desk_sessions)
            .where(desk_sessions.c.token_hash == session.id)
            .values(seen_at=now)
        )

    @staticmethod
    def worth_noting(session: Session, now: datetime) -> bool:
        """Whether `seen` has something new to say."""
        return now - session.seen_at >= _NOTE_EVERY

    def holding(self, ids: Iterable[str], now: datetime) -> frozenset[str]:
        """Those of some sessions that still hold."""
        query = select(desk_sessions.c.token_hash).where(
            desk_sessions.c.token_hash.in_(sorted(set(ids))),
            desk_sessions.c.seen_at >= now - IDLE,
            desk_sessions.c.began_at >= now - LONGEST,
        )
        return frozenset(self._connection.scalars(query))

    def of_person(self, person: PersonId, now: datetime) -> list[Session]:
        """Somebody's sessions that still hold, the last used first."""
        query = (
            select(desk_sessions)
            .where(
                desk_sessions.c.person == person,
                desk_sessions.c.seen_at >= now - IDLE,
                desk_sessions.c.began_at >= now - LONGEST,
            )
            .order_by(desk_sessions.c.seen_at.desc(), desk_sessions.c.token_hash)
        )
        return [Session(*row) for row in self._connection.execute(query)]

    def end(self, person: PersonId, id: str | None = None) -> int:
        """Sign out one session of somebody, or all; how many that were."""
        query = delete(desk_sessions).where(desk_sessions.c.person == person)
        if id is not None:
            query = query.where(desk_sessions.c.token_hash == id)
        return self._connection.execute(query).rowcount

    def end_others(self, kept: Session) -> int:
        """Sign out everything of somebody but this session; their open links are gone too."""
        query = delete(desk_sessions).where(
            desk_sessions.c.person == kept.person, desk_sessions.c.token_hash != kept.id
        )
        self.drop_links(kept.person)
        return self._connection.execute(query).rowcount

    def drop_links(self, person: PersonId) -> None:
        """Nobody signs in any more by a link that was made for them."""
        self._connection.execute(delete(desk_links).where(desk_links.c.person == person))

    def make_link(self, token: str, person: PersonId, now: datetime) -> None:
        """A one-time link for somebody; `token` is the caller's random secret."""
        self._connection.execute(
            desk_links.insert(),
            {
                "token_hash": token_hash(token),
                "person": person,
                "made_at": now,
                "expires_at": now + LINK_LASTS,
            },
        )

    def link_is_open(self, token: str, now: datetime) -> bool:
        """Whether a link can still be used."""
        query = select(desk_links.c.person).where(
            desk_links.c.token_hash == token_hash(token),
            desk_links.c.used_at.is_(None),
            desk_links.c.expires_at > now,
        )
        return self._connection.scalar(query) is not None

    def use_link(self, token: str, now: datetime) -> PersonId | None:
        """Whose link it is; used up with this. None: unknown, used or expired."""
        person: PersonId | None = self._connection.scalar(
            update(desk_links)
            .where(
                desk_links.c.token_hash == token_hash(token),
                desk_links.c.used_at.is_(None),
                desk_links.c.expires_at > now,
            )
            .values(used_at=now)
            .returning(desk_links.c.person)
        )
        return person

    def forget(self, now: datetime) -> int:
        """Drop what does not hold any more."""
        sessions = self._connection.execute(
            delete(desk_sessions).where(
                (desk_sessions.c.seen_at < now - IDLE) | (desk_sessions.c.began_at < now - LONGEST)
            )
        )
        links = self._connection.execute(
            delete(desk_links).where(desk_links.c.expires_at < now - LONGEST)
        )
        return sessions.rowcount + links.rowcount
