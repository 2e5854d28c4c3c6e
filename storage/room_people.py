"""The web room's people: rooms, members and who is in which, devices, invitations.

The law of this file: a repository on one open connection; the caller opens and commits, and hands in the
time, the random ids and the token hashes. What is said in the rooms stands in `room`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.engine import Connection

from storage.room_records import Invitation, Member, Membership, Room, private_chat
from storage.room_tables import (
    room_chats,
    room_devices,
    room_invitations,
    room_members,
    room_memberships,
)

_CHUNK = 200


class RoomPeople:
    """Rooms and the people in them, on one open transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    # Rooms and the people in them

    def room(self, chat: str) -> Room | None:
        row = self._conn.execute(select(room_chats).where(room_chats.c.chat == chat)).first()
        return None if row is None else room_of(row)

    def revs(self, chats: Iterable[str]) -> dict[str, int]:
        """The present `rev` of each of these rooms."""
        found: dict[str, int] = {}
        for part in chunks(sorted(set(chats))):
            rows = self._conn.execute(
                select(room_chats.c.chat, room_chats.c.rev).where(room_chats.c.chat.in_(part))
            )
            found.update((row.chat, row.rev) for row in rows)
        return found

    def add_rooms(self, rooms: Iterable[Room], now: datetime) -> None:
        """Create those that are not there yet; an existing room keeps its title."""
        wanted = {room.chat: room for room in rooms}
        there = self.revs(wanted)
        self._insert(
            room_chats,
            [
                {"chat": r.chat, "kind": r.kind, "title": r.title, "grid": r.grid}
                | {"rev": 0, "created_at": now}
                for r in wanted.values()
                if r.chat not in there
            ],
        )

    def member(self, person: str) -> Member | None:
        row = self._conn.execute(
            select(room_members).where(room_members.c.person == person)
        ).first()
        return None if row is None else _member(row)

    def demo_members(self) -> list[Member]:
        rows = self._conn.execute(
            select(room_members).where(room_members.c.demo).order_by(room_members.c.person)
        )
        return [_member(row) for row in rows]

    def add_members(self, members: Iterable[Member], now: datetime) -> None:
        """Create those that are not there yet, each with the private talk with the bot."""
        wanted = {member.person: member for member in members}
        rows = self._conn.execute(
            select(room_members.c.person).where(room_members.c.person.in_(wanted))
        )
        there = {row.person for row in rows}
        new = [member for member in wanted.values() if member.person not in there]
        self._insert(room_members, [_member_row(member, now) for member in new])
        private = [Room(private_chat(m.person), "private", "呼应") for m in new]
        self.add_rooms(private, now)
        self.join([(private_chat(m.person), m.person) for m in new], now)

    def set_title(self, person: str, title: str | None) -> None:
        """The small tag beside a member's name, such as 网格员."""
        self._conn.execute(
            update(room_members).where(room_members.c.person == person).values(title=title)
        )

    def membership(self, chat: str, person: str) -> Membership | None:
        found = self.memberships([chat], [person])
        return found[0] if found else None

    def memberships(self, chats: Iterable[str], people: Iterable[str]) -> list[Membership]:
        """Who of these people is in which of these rooms."""
        in_rooms, of_people = sorted(set(chats)), sorted(set(people))
        return [
            _membership(row)
            for rooms in chunks(in_rooms)
            for persons in chunks(of_people)
            for row in self._conn.execute(
                select(room_memberships).where(
                    room_memberships.c.chat.in_(rooms), room_memberships.c.person.in_(persons)
                )
            )
        ]

    def memberships_of(self, people: Iterable[str]) -> list[Membership]:
        return [
            _membership(row)
            for persons in chunks(sorted(set(people)))
            for row in self._conn.execute(
                select(room_memberships).where(room_memberships.c.person.in_(persons))
            )
        ]

    def join(
        self, pairs: Iterable[tuple[str, str]], now: datetime, *, history: bool = True
    ) -> list[tuple[str, str]]:
        """Put people into rooms, as (chat, person); returns those who were not in yet. Without
        `history` a newcomer sees only what is said from now on."""
        wanted = sorted(set(pairs))
        chats = {chat for chat, _ in wanted}
        there = {(m.chat, m.person) for m in self.memberships(chats, {p for _, p in wanted})}
        revs = self.revs(chats)
        new = [pair for pair in wanted if pair not in there and pair[0] in revs]
        self._insert(
            room_memberships,
            [
                {"chat": chat, "person": person, "joined_at": now}
                | {"since": 0 if history else revs[chat], "read_mark": revs[chat]}
                for chat, person in new
            ],
        )
        return new

    def leave(self, chat: str, person: str) -> bool:
        """Take somebody out of a room; their sockets hear no more of it."""
        gone = self._conn.execute(
            delete(room_memberships).where(
                room_memberships.c.chat == chat, room_memberships.c.person == person
            )
        )
        return gone.rowcount > 0

    def leave_all(self, chats: Iterable[str], person: str) -> None:
        """Take somebody out of all these rooms."""
        for rooms in chunks(sorted(set(chats))):
            self._conn.execute(
                delete(room_memberships).where(
                    room_memberships.c.chat.in_(rooms), room_memberships.c.person == person
                )
            )

    def mark_read(self, chat: str, person: str, seq: int) -> None:
        self._conn.execute(
            update(room_memberships)
            .where(
                room_memberships.c.chat == chat,
                room_memberships.c.person == person,
                room_memberships.c.read_mark < seq,
            )
            .values(read_mark=seq)
        )

    # Devices

    def add_device(self, token_hash: str, person: str, now: datetime) -> None:
        self._insert(room_devices, [{"token_hash": token_hash, "person": person, "seen_at": now}])

    def device(self, token_hash: str) -> tuple[Member, datetime] | None:
        """Whose device this is, and when it was last noted as seen."""
        row = self._conn.execute(
            select(room_members, room_devices.c.seen_at)
            .join(room_devices, room_devices.c.person == room_members.c.person)
            .where(room_devices.c.token_hash == token_hash)
        ).first()
        return None if row is None else (_member(row), row.seen_at)

    def saw_device(self, token_hash: str, now: datetime) -> None:
        self._conn.execute(
            update(room_devices).where(room_devices.c.token_hash == token_hash).values(seen_at=now)
        )

    # Invitations

    def invite(self, invitation: Invitation) -> None:
        self._insert(
            room_invitations,
            [
                {"code": invitation.code, "chat": invitation.chat}
                | {"created_at": invitation.created_at, "expires_at": invitation.expires_at}
            ],
        )

    def invitation(self, code: str) -> Invitation | None:
        row = self._conn.execute(
            select(room_invitations).where(room_invitations.c.code == code)
        ).first()
        return None if row is None else _invitation(row)

    def invitations(self, chat: str) -> list[Invitation]:
        rows = self._conn.execute(
            select(room_invitations)
            .where(room_invitations.c.chat == chat)
            .order_by(room_invitations.c.created_at)
        )
        return [_invitation(row) for row in rows]

    def revoke(self, code: str, now: datetime) -> bool:
        done = self._conn.execute(
            update(room_invitations)
            .where(room_invitations.c.code == code, room_invitations.c.revoked_at.is_(None))
            .values(revoked_at=now)
        )
        return done.rowcount > 0

    def _insert(self, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._conn.execute(insert(table), list(rows))


def chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def _member_row(member: Member, now: datetime) -> dict[str, Any]:
    return {
        "person": member.person,
        "nickname": member.nickname,
        "title": member.title,
        "avatar": member.avatar,
        "demo": member.demo,
        "created_at": now,
    }


def room_of(row: Row[Any]) -> Room:
    return Room(row.chat, row.kind, row.title, row.grid, row.rev)


def _member(row: Row[Any]) -> Member:
    return Member(row.person, row.nickname, row.title, row.avatar, row.demo)


def _membership(row: Row[Any]) -> Membership:
    return Membership(row.chat, row.person, row.since, row.read_mark)


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(row.code, row.chat, row.created_at, row.expires_at, row.revoked_at)
