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
from typing import Any, TypeVar

from bot.channels import web
from bot.channels.base import SendRefused
from bot.pictures import PictureFolder
from bot.web.room import words
from bot.web.room.demo import in_order
from bot.web.room.hub import Hub
from bot.web.room.limits import Buckets, Limits
from bot.web.room.photos import PhotoFolder
from bot.web.room.refusals import (
    Forbidden,
    Malformed,
    NotFound,
    Outdated,
    Refusal,
    Unreadable,
)
from bot.web.room.text import message_text, nickname
from intake.commands import Sender
from intake.grids import ChatRef
from intake.notices import Post
from storage.records import Arrival
from storage.room import RoomRepository
from storage.room_records import (
    BotPost,
    Draft,
    Invitation,
    Listed,
    Member,
    Membership,
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


@dataclass(frozen=True, slots=True)
class Pressing:
    chat: str
    message: str
    data: str
    client_id: str


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
        found = await self._store.read(lambda tx: _rooms(tx).device(digest))
        if found is None:
            return None
        member, seen_at = found
        if now - seen_at > _SEEN_ONCE_A:
            await self._store.write(lambda tx: _rooms(tx).saw_device(digest, now))
        return member

    async def new_token(self, person: str) -> str:
        """A token for one more device of this person."""
        token, now = secrets.token_urlsafe(32), self._now()
        await self._store.write(lambda tx: _rooms(tx).add_device(_hash(token), person, now))
        return token

    async def persona(self, person: str) -> Member | None:
        """The demo persona with this id."""
        member = await self._store.read(lambda tx: _rooms(tx).member(person))
        return member if member is not None and member.demo else None

    async def personas(self) -> list[Member]:
        return in_order(await self._store.read(lambda tx: _rooms(tx).demo_members()))

    async def enter(self, name: str, remote: str) -> tuple[Member, str]:
        """A new member with a nickname, and the token of their device. The private talk with the bot
        begins with it."""
        self._enter.take(remote)
        person = f"web:{secrets.token_hex(8)}"
        member = Member(person, nickname(name), avatar=f"c{secrets.randbelow(10)}")
        token, now = secrets.token_urlsafe(32), self._now()

        def work(tx: Tx) -> None:
            _rooms(tx).add_members([member], now)
            _rooms(tx).add_device(_hash(token), person, now)
            tx.inbox.append([_started(member, "", now)])

        await self._arrive(work)
        return member, token

    async def start(self, member: Member, parameter: str) -> str:
        """Somebody followed a link into the private talk; the chat of it."""
        self._press.take(member.person)
        if not parameter or len(parameter) > 64:
            raise Malformed
        arrival = _started(member, parameter, self._now())
        await self._arrive(lambda tx: tx.inbox.append([arrival]))
        return private_chat(member.person)

    # Invitations

    async def invite(self, chat: str, *, days: int = 90) -> Invitation:
        """A link for many into a group. Raises NoSuchRoom."""
        now = self._now()
        invitation = Invitation(secrets.token_urlsafe(9), chat, now, now + timedelta(days=days))

        def work(tx: Tx) -> None:
            room = _rooms(tx).room(chat)
            if room is None or room.kind != "group":
                raise NoSuchRoom(chat)
            _rooms(tx).invite(invitation)

        await self._store.write(work)
        return invitation

    async def invitations(self, chat: str) -> list[Invitation]:
        return await self._store.read(lambda tx: _rooms(tx).invitations(chat))

    async def revoke(self, code: str) -> bool:
        now = self._now()
        return await self._store.write(lambda tx: _rooms(tx).revoke(code, now))

    async def invited_to(self, code: str) -> Room | None:
        """The group that an open invitation leads to."""
        now = self._now()

        def work(tx: Tx) -> Room | None:
            invitation = _rooms(tx).invitation(code)
            open_now = invitation is not None and invitation.open_at(now)
            return _rooms(tx).room(invitation.chat) if invitation and open_now else None

        return await self._store.read(work)

    async def join(self, member: Member, chat: str) -> None:
        """Put a member into a group; the room says so to the others."""
        now, note = self._now(), _new_id()
        line = words.Room.JOINED.format(name=member.nickname)

        def work(tx: Tx) -> None:
            if _rooms(tx).join([(chat, member.person)], now, history=False):
                _rooms(tx).note(note, chat, line, now)

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
            _new_id(),
            saying.chat,
            member.person,
            saying.client_id,
            text or None,
            saying.quote,
            saying.photos,
        )
        now = self._now()
        return await self._arrive(lambda tx: _say(tx, member, draft, now))

    async def press(self, member: Member, pressing: Pressing) -> None:
        """Press a button under a post of the bot."""
        self._press.take(member.person)
        now = self._now()
        await self._arrive(lambda tx: _press(tx, member, pressing, now))

    async def withdraw(self, member: Member, chat: str, message: str) -> None:
        """Take one's own message back; a second time does nothing."""
        self._press.take(member.person)
        now = self._now()
        gone = await self._arrive(lambda tx: _withdraw(tx, member, chat, message, now))
        self.photos.delete(gone)

    async def add_photo(self, member: Member, chat: str, data: bytes) -> Photo:
        """Keep an uploaded photo for a message in this chat. Raises Unreadable."""
        photo = await self.photos.keep(data)
        now = self._now()

        def work(tx: Tx) -> None:
            _must_be_in(tx, chat, member.person)
            _rooms(tx).add_photo(photo, chat, member.person, now)

        try:
            await self._store.write(work)
        except BaseException:
            self.photos.delete([photo.name])
            raise
        return photo

    async def may_upload(self, member: Member, chat: str) -> None:
        """Whether a photo would be taken. Raises Refusal."""
        self._photo.take(member.person)
        await self._store.read(lambda tx: _must_be_in(tx, chat, member.person))

    # Reading

    async def listing(self, member: Member) -> list[Listed]:
        self._read.take(member.person)
        return await self._store.read(lambda tx: _rooms(tx).listing(member.person))

    async def history(
        self, member: Member, chat: str, before: int | None
    ) -> tuple[list[Message], bool, int]:
        """A page of history, whether there is more before it, and the room's rev."""
        self._read.take(member.person)

        def work(tx: Tx) -> tuple[list[Message], bool, int]:
            since = _must_be_in(tx, chat, member.person).since
            rev = _rooms(tx).revs([chat]).get(chat, 0)
            return *_rooms(tx).history(chat, since, before, PAGE_OF_HISTORY), rev

        return await self._store.read(work)

    async def mark_read(self, member: Member, chat: str, seq: int) -> None:
        self._read.take(member.person)
        await self._store.write(lambda tx: _rooms(tx).mark_read(chat, member.person, seq))

    async def may_see_photo(self, member: Member, name: str) -> bool:
        return await self._store.read(lambda tx: _rooms(tx).photo_seen_by(name, member.person))

    def may_poll(self, member: Member) -> None:
        """Raises TooFast for a page that asks too often."""
        self._read.take(member.person)

    # The bot's side

    async def post(self, post: Post) -> str:
        """Write a post of the bot, once per key, or edit the one that it replaces; the message id.
        Raises SendRefused when there is no such room."""
        photos = await self._shown(post)
        note = BotPost(
            _new_id(),
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
            message, new = await self._write(lambda tx: _rooms(tx).post(note, now))
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
            return {*_rooms(tx).purge(now), *tx.photos.forget(now)}

        gone = await self._store.write(work)
        known = await self._store.read(lambda tx: _rooms(tx).photo_names() | tx.photos.names())
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


def _rooms(tx: Tx) -> RoomRepository:
    return RoomRepository(tx.connection)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def _new_id() -> str:
    return secrets.token_hex(8)


def _must_be_in(tx: Tx, chat: str, person: str) -> Membership:
    membership = _rooms(tx).membership(chat, person)
    if membership is None:
        raise Forbidden
    return membership


def _sender(member: Member) -> Sender:
    return Sender(member.person, member.nickname)


def _arrival(external_id: str, chat: str, payload: dict[str, Any], now: datetime) -> Arrival:
    return Arrival(web.NAME, external_id, f"{web.NAME}:{chat}", payload, now)


def _started(member: Member, parameter: str, now: datetime) -> Arrival:
    chat = private_chat(member.person)
    payload = web.started(chat, _sender(member), parameter, now)
    return _arrival(f"start-{_new_id()}", chat, payload, now)


def _is_private(tx: Tx, chat: str) -> bool:
    room = _rooms(tx).room(chat)
    return room is not None and room.kind == "private"


def _say(tx: Tx, member: Member, draft: Draft, now: datetime) -> Message:
    _must_be_in(tx, draft.chat, member.person)
    message, new = _rooms(tx).say(draft, now)
    if new:
        payload = web.said(
            draft.chat,
            _is_private(tx, draft.chat),
            message.id,
            _sender(member),
            message.text,
            now,
            _quoted(message),
            tuple(photo.name for photo in message.photos),
        )
        tx.inbox.append([_arrival(message.id, draft.chat, payload, now)])
        tx.photos.add(ChatRef(web.NAME, draft.chat), message.id, message.photos, now)
    return message


def _quoted(message: Message) -> dict[str, Any] | None:
    quote = message.quote
    if quote is None or quote.withdrawn:
        return None
    sender = web.BOT if quote.author is None else Sender(quote.author, quote.name or "")
    return web.quoted(quote.id, sender, quote.text, quote.photos)


def _press(tx: Tx, member: Member, pressing: Pressing, now: datetime) -> None:
    _must_be_in(tx, pressing.chat, member.person)
    message = _rooms(tx).message(pressing.message)
    if message is None or message.chat != pressing.chat:
        raise NotFound
    if pressing.data not in {data for _, data in message.buttons}:
        raise Outdated
    cause = "\0".join((member.person, message.id, pressing.data, pressing.client_id))
    press = f"press-{hashlib.sha256(cause.encode()).hexdigest()[:24]}"
    private = _is_private(tx, pressing.chat)
    sender = _sender(member)
    payload = web.pressed(pressing.chat, private, message.id, sender, pressing.data, press, now)
    tx.inbox.append([_arrival(press, pressing.chat, payload, now)])


def _withdraw(tx: Tx, member: Member, chat: str, message: str, now: datetime) -> list[str]:
    _must_be_in(tx, chat, member.person)
    known = _rooms(tx).message(message)
    if known is None or known.chat != chat:
        raise NotFound
    if known.author != member.person:
        raise Forbidden(words.Refused.NOT_YOURS)
    changed, photos = _rooms(tx).withdraw(chat, message, member.person, now)
    if changed:
        tx.photos.drop(ChatRef(web.NAME, chat), message)
        payload = web.unsaid(chat, _is_private(tx, chat), message, _sender(member), now)
        tx.inbox.append([_arrival(f"{message}:unsaid", chat, payload, now)])
    return photos
