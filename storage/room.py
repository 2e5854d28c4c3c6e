"""The web room's history: rooms, members, messages, invitations, photos.

The law of this file: a repository on one open connection; the caller opens and commits, and hands in the
time, the random ids and the token hashes. Whoever changes a room locks its row first, so that every change
gets the next `rev` in order of commit (see `room_tables`). Whether somebody may do a thing is asked by the
caller with `membership`; what belongs together in one commit stands together in one method.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, or_, select, update

from storage.room_people import RoomPeople, chunks, room_of
from storage.room_records import (
    BotPost,
    Draft,
    Listed,
    Message,
    NoSuchPhoto,
    NoSuchRoom,
    Photo,
    Quoted,
)
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
BOT = "web:bot"
"""Who owns the bot's own pictures; nobody signs in as it."""
DEVICE_KEPT = timedelta(days=400)
DEMO_DEVICE_KEPT = timedelta(days=7)


class RoomRepository(RoomPeople):
    """All of the room tables, on one open transaction."""

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
                | {"buttons": _button_rows(post), "quote": self._known_in(post.chat, post.quote)}
                | {"photos": [photo.stored() for photo in post.photos] or None},
            )
            for photo in post.photos:
                self.add_photo(photo, post.chat, BOT, now, post.id)
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
        for part in chunks(sorted(cursors)):
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
                room_of(row),
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

    def add_photo(
        self, photo: Photo, chat: str, owner: str, now: datetime, message: str | None = None
    ) -> None:
        row = {"name": photo.name, "chat": chat, "owner": owner, "at": now, "message": message}
        self._insert(room_photos, [row | {"width": photo.width, "height": photo.height}])

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


def _spoken_at(item: Listed) -> float:
    return item.last.at.timestamp() if item.last else 0.0


def _button_rows(post: BotPost) -> list[dict[str, str]] | None:
    return [{"label": label, "data": data} for label, data in post.buttons] or None


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
        photos=tuple(Photo(p["name"], p["w"], p["h"], p.get("alt", "")) for p in row.photos or ()),
        buttons=tuple((b["label"], b["data"]) for b in row.buttons or ()),
        edited=row.edited_at is not None,
        withdrawn=row.withdrawn_at is not None,
    )


def _gone(message: str) -> Quoted:
    """A quoted message that was forgotten after 90 days."""
    return Quoted(message, None, None, None, 0, True)
