"""The web room's history: rooms, members, messages, invitations, photos.

The law of this file: a repository on one open connection; the caller opens and commits, and hands in the
time, the random ids and the token hashes. Whoever changes a room locks its row first, so that every change
gets the next `rev` in order of commit (see `room_tables`). Whether somebody may do a thing is asked by the
caller with `membership`; what belongs together in one commit stands together in one method.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, insert, or_, select, update
from sqlalchemy.engine import Connection

from storage.room_tables import (
    room_chats,
    room_devices,
    room_invitations,
    room_members,
    room_memberships,
    room_messages,
    room_photos,
    room_posts,
)

KEPT = timedelta(days=90)
"""How long a room remembers."""
UNSENT_KEPT = timedelta(days=1)
"""How long an upload waits for the message that it was made for."""
DEVICE_KEPT = timedelta(days=400)
DEMO_DEVICE_KEPT = timedelta(days=7)

_CHUNK = 200

Kind = Literal["group", "private"]


@dataclass(frozen=True, slots=True)
class Room:
    chat: str
    kind: Kind
    title: str
    grid: str | None = None
    rev: int = 0


@dataclass(frozen=True, slots=True)
class Member:
    """`person` is `web:<random>`; `title` the tag beside the name; `avatar` a colour `c0` … `c9`."""

    person: str
    nickname: str
    title: str | None = None
    avatar: str = "c0"
    demo: bool = False


@dataclass(frozen=True, slots=True)
class Membership:
    chat: str
    person: str
    since: int = 0
    read_mark: int = 0


@dataclass(frozen=True, slots=True)
class Photo:
    name: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """What is left of a quoted message to show; `author` None: the bot."""

    id: str
    author: str | None
    name: str | None
    text: str | None
    photos: int
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class Message:
    """`kind`: said by a member, a post of the bot, or a notice of the room itself."""

    id: str
    chat: str
    seq: int
    rev: int
    kind: str
    at: datetime
    author: str | None = None
    client_id: str | None = None
    name: str | None = None
    title: str | None = None
    avatar: str | None = None
    text: str | None = None
    quote: Quoted | None = None
    photos: tuple[Photo, ...] = ()
    buttons: tuple[tuple[str, str], ...] = ()
    edited: bool = False
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Draft:
    """What a member wants to say; `client_id` makes a second sending the same message."""

    id: str
    chat: str
    author: str
    client_id: str | None
    text: str | None
    quote: str | None = None
    photos: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BotPost:
    """A post of the bot; `key` makes a second sending the same, `edits` is the key it replaces."""

    id: str
    key: str
    chat: str
    text: str
    buttons: tuple[tuple[str, str], ...] = ()
    quote: str | None = None
    edits: str | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A room as the list of conversations shows it."""

    room: Room
    since: int
    read_mark: int
    unread: int
    members: int
    last: Message | None


@dataclass(frozen=True, slots=True)
class Invitation:
    code: str
    chat: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None = None

    def open_at(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at


class NoSuchRoom(LookupError):
    """没有这个群。"""


class NoSuchPhoto(LookupError):
    """照片不见了,请重新选一张。"""


def private_chat(person: str) -> str:
    """The chat id of the private talk between this person and the bot."""
    return f"p-{person}"


class RoomRepository:
    """The room tables, on one open transaction."""

    def __init__(self, conn: Connection) -> None:
        self._conn = conn

    # Rooms and the people in them

    def room(self, chat: str) -> Room | None:
        row = self._conn.execute(select(room_chats).where(room_chats.c.chat == chat)).first()
        return None if row is None else _room(row)

    def revs(self, chats: Iterable[str]) -> dict[str, int]:
        """The present `rev` of each of these rooms."""
        found: dict[str, int] = {}
        for part in _chunks(sorted(set(chats))):
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
            for rooms in _chunks(in_rooms)
            for persons in _chunks(of_people)
            for row in self._conn.execute(
                select(room_memberships).where(
                    room_memberships.c.chat.in_(rooms), room_memberships.c.person.in_(persons)
                )
            )
        ]

    def memberships_of(self, people: Iterable[str]) -> list[Membership]:
        return [
            _membership(row)
            for persons in _chunks(sorted(set(people)))
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
        for rooms in _chunks(sorted(set(chats))):
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

    # Saying, posting, withdrawing

    def say(self, draft: Draft, now: datetime) -> tuple[Message, bool]:
        """Write a member's message; the message and whether it is new."""
        rev = self._lock(draft.chat) + 1
        if draft.client_id is not None and (known := self._sent_before(draft)) is not None:
            return known, False
        photos = self._take_photos(draft)
        self._add(
            draft.chat,
            rev,
            {"id": draft.id, "kind": "said", "author": draft.author, "at": now}
            | {"client_id": draft.client_id, "text": draft.text, "photos": photos or None}
            | {"quote": self._known_in(draft.chat, draft.quote)},
        )
        self.mark_read(draft.chat, draft.author, rev)
        return self._must(draft.id), True

    def post(self, post: BotPost, now: datetime) -> tuple[Message, bool]:
        """Write or edit in place a post of the bot; the message and whether anything changed."""
        rev = self._lock(post.chat) + 1
        known = self._posted([key for key in (post.key, post.edits) if key], post.chat)
        if post.key in known:
            return self._must(known[post.key]), False
        earlier = known.get(post.edits or "")
        if earlier is None:
            self._add(
                post.chat,
                rev,
                {"id": post.id, "kind": "post", "text": post.text, "at": now}
                | {"buttons": _button_rows(post), "quote": self._known_in(post.chat, post.quote)},
            )
        else:
            values = {"text": post.text, "buttons": _button_rows(post), "edited_at": now}
            self._change(post.chat, rev, earlier, values)
        message = earlier or post.id
        self._insert(room_posts, [{"post_key": post.key, "message": message}])
        return self._must(message), True

    def note(self, message: str, chat: str, text: str, now: datetime) -> Message:
        """Write a line of the room itself, such as who has come in."""
        rev = self._lock(chat) + 1
        self._add(chat, rev, {"id": message, "kind": "notice", "text": text, "at": now})
        return self._must(message)

    def withdraw(
        self, chat: str, message: str, person: str, now: datetime
    ) -> tuple[bool, list[str]]:
        """Blank somebody's own message: whether it changed, and the photo files to delete."""
        rev = self._lock(chat) + 1
        mine = self._conn.execute(
            select(room_messages.c.photos).where(
                room_messages.c.id == message,
                room_messages.c.chat == chat,
                room_messages.c.author == person,
                room_messages.c.withdrawn_at.is_(None),
            )
        ).first()
        if mine is None:
            return False, []
        blank = {"text": None, "quote": None, "photos": None, "withdrawn_at": now}
        self._change(chat, rev, message, blank)
        self._conn.execute(delete(room_photos).where(room_photos.c.message == message))
        return True, [photo["name"] for photo in mine.photos or ()]

    # Reading

    def message(self, message: str) -> Message | None:
        found = self._read(_messages().where(room_messages.c.id == message))
        return found[0] if found else None

    def history(
        self, chat: str, since: int, before: int | None, limit: int
    ) -> tuple[list[Message], bool]:
        """The last messages before `before`, oldest first, and whether there are earlier ones."""
        query = _messages().where(room_messages.c.chat == chat, room_messages.c.seq > since)
        if before is not None:
            query = query.where(room_messages.c.seq < before)
        found = self._read(query.order_by(room_messages.c.seq.desc()).limit(limit + 1))
        return found[:limit][::-1], len(found) > limit

    def changes(self, cursors: Mapping[str, int], limit: int) -> tuple[list[Message], bool]:
        """What changed in these rooms after these revs, by room and rev; whether all of it."""
        found: list[Message] = []
        for part in _chunks(sorted(cursors)):
            after = [
                and_(room_messages.c.chat == chat, room_messages.c.rev > cursors[chat])
                for chat in part
            ]
            query = _messages().where(or_(*after))
            order = query.order_by(room_messages.c.chat, room_messages.c.rev)
            found += self._read(order.limit(limit + 1 - len(found)))
            if len(found) > limit:
                return found[:limit], False
        return found, True

    def listing(self, person: str) -> list[Listed]:
        """The rooms that somebody is in, the most lately spoken in first."""
        mine = select(room_memberships).where(room_memberships.c.person == person).subquery()
        rows = self._conn.execute(
            select(room_chats, mine.c.since, mine.c.read_mark).join(
                mine, mine.c.chat == room_chats.c.chat
            )
        ).all()
        chats = [row.chat for row in rows]
        last, unread, heads = self._last(mine), self._unread(mine, person), self._heads(chats)
        listed = [
            Listed(
                _room(row),
                row.since,
                row.read_mark,
                unread.get(row.chat, 0),
                heads.get(row.chat, 0),
                last.get(row.chat),
            )
            for row in rows
        ]
        return sorted(listed, key=lambda item: (-_spoken_at(item), item.room.chat))

    # Photos

    def add_photo(self, photo: Photo, chat: str, owner: str, now: datetime) -> None:
        self._insert(
            room_photos,
            [
                {"name": photo.name, "chat": chat, "owner": owner, "at": now}
                | {"width": photo.width, "height": photo.height}
            ],
        )

    def photo_seen_by(self, name: str, person: str) -> bool:
        """Whether this person may look at a photo: their own upload, or sent where they are in."""
        row = self._conn.execute(
            select(room_photos.c.owner, room_photos.c.chat, room_messages.c.seq)
            .outerjoin(room_messages, room_messages.c.id == room_photos.c.message)
            .where(room_photos.c.name == name)
        ).first()
        if row is None:
            return False
        member = self.membership(row.chat, person)
        if member is None:
            return False
        return bool(row.owner == person or (row.seq is not None and row.seq > member.since))

    # Forgetting

    def purge(self, now: datetime) -> list[str]:
        """Forget what is too old; the names of the photo files to delete."""
        conn = self._conn
        old = select(room_messages.c.id).where(room_messages.c.at < now - KEPT)
        stale = or_(
            room_photos.c.at < now - KEPT,
            and_(room_photos.c.message.is_(None), room_photos.c.at < now - UNSENT_KEPT),
        )
        names = list(conn.execute(select(room_photos.c.name).where(stale)).scalars())
        conn.execute(delete(room_photos).where(stale))
        conn.execute(delete(room_posts).where(room_posts.c.message.in_(old)))
        conn.execute(delete(room_messages).where(room_messages.c.at < now - KEPT))
        conn.execute(delete(room_invitations).where(room_invitations.c.expires_at < now - KEPT))
        demo = select(room_members.c.person).where(room_members.c.demo)
        conn.execute(
            delete(room_devices).where(
                or_(
                    room_devices.c.seen_at < now - DEVICE_KEPT,
                    and_(
                        room_devices.c.person.in_(demo),
                        room_devices.c.seen_at < now - DEMO_DEVICE_KEPT,
                    ),
                )
            )
        )
        return names

    def photo_names(self) -> set[str]:
        """Every photo that is on record, so that files without a record can be deleted."""
        return set(self._conn.execute(select(room_photos.c.name)).scalars())

    # The small steps of the above

    def _insert(self, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            self._conn.execute(insert(table), list(rows))

    def _lock(self, chat: str) -> int:
        rev: int | None = self._conn.execute(
            select(room_chats.c.rev).where(room_chats.c.chat == chat).with_for_update()
        ).scalar()
        if rev is None:
            raise NoSuchRoom(chat)
        return rev

    def _bump(self, chat: str, rev: int) -> None:
        self._conn.execute(update(room_chats).where(room_chats.c.chat == chat).values(rev=rev))

    def _add(self, chat: str, rev: int, values: Mapping[str, Any]) -> None:
        self._insert(room_messages, [{**values, "chat": chat, "seq": rev, "rev": rev}])
        self._bump(chat, rev)

    def _change(self, chat: str, rev: int, message: str, values: Mapping[str, Any]) -> None:
        self._conn.execute(
            update(room_messages).where(room_messages.c.id == message).values(rev=rev, **values)
        )
        self._bump(chat, rev)

    def _sent_before(self, draft: Draft) -> Message | None:
        found = self._read(
            _messages().where(
                room_messages.c.chat == draft.chat,
                room_messages.c.author == draft.author,
                room_messages.c.client_id == draft.client_id,
            )
        )
        return found[0] if found else None

    def _take_photos(self, draft: Draft) -> list[dict[str, Any]]:
        if not draft.photos:
            return []
        free = and_(
            room_photos.c.name.in_(draft.photos),
            room_photos.c.chat == draft.chat,
            room_photos.c.owner == draft.author,
            room_photos.c.message.is_(None),
        )
        rows = {row.name: row for row in self._conn.execute(select(room_photos).where(free))}
        if set(rows) != set(draft.photos):
            raise NoSuchPhoto
        self._conn.execute(update(room_photos).where(free).values(message=draft.id))
        return [
            {"name": name, "w": rows[name].width, "h": rows[name].height} for name in draft.photos
        ]

    def _known_in(self, chat: str, message: str | None) -> str | None:
        if message is None:
            return None
        found: str | None = self._conn.execute(
            select(room_messages.c.id).where(
                room_messages.c.id == message, room_messages.c.chat == chat
            )
        ).scalar()
        return found

    def _posted(self, keys: Sequence[str], chat: str) -> dict[str, str]:
        rows = self._conn.execute(
            select(room_posts)
            .join(room_messages, room_messages.c.id == room_posts.c.message)
            .where(room_posts.c.post_key.in_(keys), room_messages.c.chat == chat)
        )
        return {row.post_key: row.message for row in rows}

    def _must(self, message: str) -> Message:
        found = self.message(message)
        if found is None:
            raise LookupError(f"room message {message} was written but cannot be read")
        return found

    def _read(self, query: Select[Any]) -> list[Message]:
        rows = self._conn.execute(query).all()
        quoted = self._quoted({row.quote for row in rows if row.quote is not None})
        return [_message(row, quoted) for row in rows]

    def _quoted(self, ids: set[str]) -> dict[str, Quoted]:
        if not ids:
            return {}
        rows = self._conn.execute(_messages().where(room_messages.c.id.in_(ids)))
        return {row.id: _quoted(row) for row in rows}

    def _last(self, mine: Any) -> dict[str, Message]:
        newest = (
            select(room_messages.c.chat, func.max(room_messages.c.seq).label("seq"))
            .join(mine, mine.c.chat == room_messages.c.chat)
            .where(room_messages.c.seq > mine.c.since)
            .group_by(room_messages.c.chat)
            .subquery()
        )
        same = and_(newest.c.chat == room_messages.c.chat, newest.c.seq == room_messages.c.seq)
        return {m.chat: m for m in self._read(_messages().join(newest, same))}

    def _unread(self, mine: Any, person: str) -> dict[str, int]:
        rows = self._conn.execute(
            select(room_messages.c.chat, func.count().label("unread"))
            .join(mine, mine.c.chat == room_messages.c.chat)
            .where(
                room_messages.c.seq > mine.c.read_mark,
                room_messages.c.seq > mine.c.since,
                _counts_as_unread(person),
            )
            .group_by(room_messages.c.chat)
        )
        return {row.chat: row.unread for row in rows}

    def _heads(self, chats: Sequence[str]) -> dict[str, int]:
        rows = self._conn.execute(
            select(room_memberships.c.chat, func.count().label("heads"))
            .where(room_memberships.c.chat.in_(chats))
            .group_by(room_memberships.c.chat)
        )
        return {row.chat: row.heads for row in rows}


def _messages() -> Select[Any]:
    author = room_members
    return select(room_messages, author.c.nickname, author.c.title, author.c.avatar).select_from(
        room_messages.outerjoin(author, author.c.person == room_messages.c.author)
    )


def _counts_as_unread(person: str) -> ColumnElement[bool]:
    return and_(
        room_messages.c.kind != "notice",
        room_messages.c.withdrawn_at.is_(None),
        or_(room_messages.c.author.is_(None), room_messages.c.author != person),
    )


def _chunks(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))


def _spoken_at(item: Listed) -> float:
    return item.last.at.timestamp() if item.last else 0.0


def _button_rows(post: BotPost) -> list[dict[str, str]] | None:
    return [{"label": label, "data": data} for label, data in post.buttons] or None


def _member_row(member: Member, now: datetime) -> dict[str, Any]:
    return {
        "person": member.person,
        "nickname": member.nickname,
        "title": member.title,
        "avatar": member.avatar,
        "demo": member.demo,
        "created_at": now,
    }


def _room(row: Row[Any]) -> Room:
    return Room(row.chat, row.kind, row.title, row.grid, row.rev)


def _member(row: Row[Any]) -> Member:
    return Member(row.person, row.nickname, row.title, row.avatar, row.demo)


def _membership(row: Row[Any]) -> Membership:
    return Membership(row.chat, row.person, row.since, row.read_mark)


def _invitation(row: Row[Any]) -> Invitation:
    return Invitation(row.code, row.chat, row.created_at, row.expires_at, row.revoked_at)


def _quoted(row: Row[Any]) -> Quoted:
    withdrawn = row.withdrawn_at is not None
    return Quoted(row.id, row.author, row.nickname, row.text, len(row.photos or ()), withdrawn)


def _message(row: Row[Any], quoted: Mapping[str, Quoted]) -> Message:
    return Message(
        id=row.id,
        chat=row.chat,
        seq=row.seq,
        rev=row.rev,
        kind=row.kind,
        at=row.at,
        author=row.author,
        client_id=row.client_id,
        name=row.nickname,
        title=row.title,
        avatar=row.avatar,
        text=row.text,
        quote=None if row.quote is None else quoted.get(row.quote) or _gone(row.quote),
        photos=tuple(Photo(p["name"], p["w"], p["h"]) for p in row.photos or ()),
        buttons=tuple((b["label"], b["data"]) for b in row.buttons or ()),
        edited=row.edited_at is not None,
        withdrawn=row.withdrawn_at is not None,
    )


def _gone(message: str) -> Quoted:
    """A quoted message that was forgotten after 90 days."""
    return Quoted(message, None, None, None, 0, True)
