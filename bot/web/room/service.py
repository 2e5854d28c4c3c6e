"""What one can do in the web room.

The law of this file: a member's word and its copy for the inbox are written in one commit; everything is
refused with a `Refusal` before anything is written; membership is checked inside the transaction that reads
or writes. Ids are made here, at the door.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeVar

from bot.channels.base import SendRefused
from bot.pictures import PictureFolder
from bot.web.room import words, writing
from bot.web.room.demo import in_order
from bot.web.room.hub import Hub
from bot.web.room.limits import Buckets, Limits
from bot.web.room.photos import PhotoFolder
from bot.web.room.refusals import (
    Malformed,
    NotFound,
    Refusal,
    Unreadable,
)
from bot.web.room.text import message_text, nickname
from bot.web.room.writing import Pressing, must_be_in, new_id, rooms, started
from intake.notices import Post
from storage.room_records import (
    BotPost,
    Draft,
    Invitation,
    Listed,
    Member,
    Message,
    NoSuchPhoto,
    NoSuchRoom,
    Photo,
    Room,
    private_chat,
)
from storage.store import Store, Tx

PAGE_OF_HISTORY = 30
MOST_PHOTOS = 9
_SEEN_ONCE_A = timedelta(days=1)

Clock = Callable[[], datetime]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Saying:
    """What a page asks to say; `client_id` is its own id of the message."""

    chat: str
    client_id: str
    text: str
    quote: str | None = None
    photos: tuple[str, ...] = ()


class WebRoom:
    """The room of one process. `now` gives aware times; `on_arrival` is called after each commit that
    put something into the inbox, so that a worker in this process need not wait for its next poll."""

    def __init__(
        self,
        store: Store,
        photos: PhotoFolder,
        now: Clock,
        *,
        limits: Limits | None = None,
        clock: Callable[[], float] = time.monotonic,
        on_arrival: Callable[[], None] = lambda: None,
        pictures: PictureFolder | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.hub = Hub(store)
        self.photos = photos
        self._pictures = pictures
        self._store = store
        self._now = now
        self.on_arrival = on_arrival
        self._say = Buckets(self.limits.say, clock)
        self._press = Buckets(self.limits.press, clock)
        self._photo = Buckets(self.limits.photo, clock)
        self._enter = Buckets(self.limits.enter, clock)
        self._read = Buckets(self.limits.read, clock)

    # Who

    async def member_of(self, token: str) -> Member | None:
        """Whose device token this is."""
        digest, now = _hash(token), self._now()
        found = await self._store.read(lambda tx: rooms(tx).device(digest))
        if found is None:
            return None
        member, seen_at = found
        if now - seen_at > _SEEN_ONCE_A:
            await self._store.write(lambda tx: rooms(tx).saw_device(digest, now))
        return member

    async def new_token(self, person: str) -> str:
        """A token for one more device of this person."""
        token, now = secrets.token_urlsafe(32), self._now()
        await self._store.write(lambda tx: rooms(tx).add_device(_hash(token), person, now))
        return token

    async def persona(self, person: str) -> Member | None:
        """The demo persona with this id."""
        member = await self._store.read(lambda tx: rooms(tx).member(person))
        return member if member is not None and member.demo else None

    async def personas(self) -> list[Member]:
        return in_order(await self._store.read(lambda tx: rooms(tx).demo_members()))

    async def enter(self, name: str, remote: str) -> tuple[Member, str]:
        """A new member with a nickname, and the token of their device. The private talk with the bot
        begins with it."""
        self._enter.take(remote)
        person = f"web:{secrets.token_hex(8)}"
        member = Member(person, nickname(name), avatar=f"c{secrets.randbelow(10)}")
        token, now = secrets.token_urlsafe(32), self._now()

        def work(tx: Tx) -> None:
            rooms(tx).add_members([member], now)
            rooms(tx).add_device(_hash(token), person, now)
            tx.inbox.append([started(member, "", now)])

        await self._arrive(work)
        return member, token

    async def start(self, member: Member, parameter: str) -> str:
        """Somebody followed a link into the private talk; the chat of it."""
        self._press.take(member.person)
        if not parameter or len(parameter) > 64:
            raise Malformed
        arrival = started(member, parameter, self._now())
        await self._arrive(lambda tx: tx.inbox.append([arrival]))
        return private_chat(member.person)

    # Invitations

    async def invite(self, chat: str, *, days: int = 90) -> Invitation:
        """A link for many into a group. Raises NoSuchRoom."""
        now = self._now()
        invitation = Invitation(secrets.token_urlsafe(9), chat, now, now + timedelta(days=days))

        def work(tx: Tx) -> None:
            room = rooms(tx).room(chat)
            if room is None or room.kind != "group":
                raise NoSuchRoom(chat)
            rooms(tx).invite(invitation)

        await self._store.write(work)
        return invitation

    async def invitations(self, chat: str) -> list[Invitation]:
        return await self._store.read(lambda tx: rooms(tx).invitations(chat))

    async def revoke(self, code: str) -> bool:
        now = self._now()
        return await self._store.write(lambda tx: rooms(tx).revoke(code, now))

    async def invited_to(self, code: str) -> Room | None:
        """The group that an open invitation leads to."""
        now = self._now()

        def work(tx: Tx) -> Room | None:
            invitation = rooms(tx).invitation(code)
            open_now = invitation is not None and invitation.open_at(now)
            return rooms(tx).room(invitation.chat) if invitation and open_now else None

        return await self._store.read(work)

    async def join(self, member: Member, chat: str) -> None:
        """Put a member into a group; the room says so to the others."""
        now, note = self._now(), new_id()
        line = words.Room.JOINED.format(name=member.nickname)

        def work(tx: Tx) -> None:
            if rooms(tx).join([(chat, member.person)], now, history=False):
                rooms(tx).note(note, chat, line, now)

        await self._write(work)

    # Saying

    async def say(self, member: Member, saying: Saying) -> Message:
        """Write a message and put it into the inbox; said twice with one client id, it is one."""
        text = message_text(saying.text)
        if not text and not saying.photos:
            raise Refusal(words.Refused.EMPTY)
        if len(saying.photos) > MOST_PHOTOS:
            raise Refusal(words.Refused.PHOTOS_TOO_MANY)
        self._say.take(member.person)
        draft = Draft(
            new_id(),
            saying.chat,
            member.person,
            saying.client_id,
            text or None,
            saying.quote,
            saying.photos,
        )
        now = self._now()
        return await self._arrive(lambda tx: writing.say(tx, member, draft, now))

    async def press(self, member: Member, pressing: Pressing) -> None:
        """Press a button under a post of the bot."""
        self._press.take(member.person)
        now = self._now()
        await self._arrive(lambda tx: writing.press(tx, member, pressing, now))

    async def withdraw(self, member: Member, chat: str, message: str) -> None:
        """Take one's own message back; a second time does nothing."""
        self._press.take(member.person)
        now = self._now()
        gone = await self._arrive(lambda tx: writing.withdraw(tx, member, chat, message, now))
        self.photos.delete(gone)

    async def add_photo(self, member: Member, chat: str, data: bytes) -> Photo:
        """Keep an uploaded photo for a message in this chat. Raises Unreadable."""
        photo = await self.photos.keep(data)
        now = self._now()

        def work(tx: Tx) -> None:
            must_be_in(tx, chat, member.person)
            rooms(tx).add_photo(photo, chat, member.person, now)

        try:
            await self._store.write(work)
        except BaseException:
            self.photos.delete([photo.name])
            raise
        return photo

    async def may_upload(self, member: Member, chat: str) -> None:
        """Whether a photo would be taken. Raises Refusal."""
        self._photo.take(member.person)
        await self._store.read(lambda tx: must_be_in(tx, chat, member.person))

    # Reading

    async def listing(self, member: Member) -> list[Listed]:
        self._read.take(member.person)
        return await self._store.read(lambda tx: rooms(tx).listing(member.person))

    async def history(
        self, member: Member, chat: str, before: int | None
    ) -> tuple[list[Message], bool, int]:
        """A page of history, whether there is more before it, and the room's rev."""
        self._read.take(member.person)

        def work(tx: Tx) -> tuple[list[Message], bool, int]:
            since = must_be_in(tx, chat, member.person).since
            rev = rooms(tx).revs([chat]).get(chat, 0)
            return *rooms(tx).history(chat, since, before, PAGE_OF_HISTORY), rev

        return await self._store.read(work)

    async def mark_read(self, member: Member, chat: str, seq: int) -> None:
        self._read.take(member.person)
        await self._store.write(lambda tx: rooms(tx).mark_read(chat, member.person, seq))

    async def may_see_photo(self, member: Member, name: str) -> bool:
        return await self._store.read(lambda tx: rooms(tx).photo_seen_by(name, member.person))

    def may_poll(self, member: Member) -> None:
        """Raises TooFast for a page that asks too often."""
        self._read.take(member.person)

    # The bot's side

    async def post(self, post: Post) -> str:
        """Write a post of the bot, once per key, or edit the one that it replaces; the message id.
        Raises SendRefused when there is no such room."""
        photos = await self._shown(post)
        note = BotPost(
            new_id(),
            post.key,
            post.chat.chat,
            post.text,
            tuple((button.label, button.data) for button in post.buttons),
            post.reply_to,
            post.edits,
            photos,
        )
        now = self._now()
        new = False
        try:
            message, new = await self._write(lambda tx: rooms(tx).post(note, now))
        except NoSuchRoom as error:
            raise SendRefused("there is no such web room") from error
        finally:
            if not new:
                self.photos.delete([photo.name for photo in photos])
        return message.id

    async def _shown(self, post: Post) -> tuple[Photo, ...]:
        """The picture of a post, as a photo of the room's own; without it the words go alone."""
        if post.picture is None or post.edits is not None or self._pictures is None:
            return ()
        data = await self._pictures.read(post.picture)
        if data is None:
            return ()
        try:
            photo = await self.photos.keep(data)
        except Unreadable:
            return ()
        return (replace(photo, alt=str(post.params.get("alt", ""))),)

    async def purge(self) -> None:
        """Forget what is older than the room keeps. A photo that the room or a case still has stays."""
        now = self._now()

        def work(tx: Tx) -> set[str]:
            return {*rooms(tx).purge(now), *tx.photos.forget(now)}

        gone = await self._store.write(work)
        known = await self._store.read(lambda tx: rooms(tx).photo_names() | tx.photos.names())
        self.photos.delete(gone - known)
        await self.photos.sweep(known, now)

    # The two ways of writing

    async def _write(self, work: Callable[[Tx], T]) -> T:
        done = await self._store.write(work)
        self.hub.wake()
        return done

    async def _arrive(self, work: Callable[[Tx], T]) -> T:
        done = await self._refusing(self._write(work))
        self.on_arrival()
        return done

    async def _refusing(self, doing: Awaitable[T]) -> T:
        try:
            return await doing
        except NoSuchRoom as error:
            raise NotFound(words.Refused.NO_ROOM) from error
        except NoSuchPhoto as error:
            raise Refusal(words.Refused.PHOTO_GONE) from error


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()
