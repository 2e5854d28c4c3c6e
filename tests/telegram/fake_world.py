"""The people, chats and messages behind the fake Bot API server.

The law of this file: what Telegram knows and the bot may only ask about. People act by the methods of
`User`; each act that Telegram would tell the bot becomes an update, handed to `World.tell`.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

BOT_ID = 4242
BOT_NAME = "huying_bot"


@dataclass
class Message:
    """A message in a chat. `rows` are the buttons as (label, data); `edits` counts the bot's edits."""

    id: int
    chat: Chat
    sender: User | None
    text: str
    reply_to: Message | None = None
    rows: list[list[tuple[str, str]]] = field(default_factory=list)
    extra: dict[str, Any] = field(default_factory=dict)
    date: int = 0
    edits: int = 0
    reactions: list[Any] = field(default_factory=list)

    @property
    def buttons(self) -> list[str]:
        """The labels of all buttons, in reading order."""
        return [label for row in self.rows for label, _ in row]

    def data(self, label: str) -> str:
        """The data of the button whose label is, or else contains, `label`."""
        every = [pair for row in self.rows for pair in row]
        for test in (str.__eq__, str.__contains__):
            for shown, data in every:
                if test(shown, label):
                    return data
        raise LookupError(f"no button {label!r} under {self.text!r}: {self.buttons}")

    def json(self, world: World, nested: bool = True) -> dict[str, Any]:
        made: dict[str, Any] = {
            "message_id": self.id,
            "date": self.date,
            "chat": self.chat.json(),
            "from": self.sender.json() if self.sender else world.bot_json(),
            **self.extra,
        }
        if self.text:
            made["caption" if "photo" in self.extra else "text"] = self.text
        if nested and self.reply_to:
            made["reply_to_message"] = self.reply_to.json(world, nested=False)
        if self.rows:
            made["reply_markup"] = {
                "inline_keyboard": [
                    [{"text": label, "callback_data": data} for label, data in row]
                    for row in self.rows
                ]
            }
        return made


@dataclass(eq=False)
class Chat:
    """A chat; `open` says whether the bot may write there, and `why` what it is told if not."""

    world: World
    id: int
    type: str
    title: str
    open: bool = False
    why: str = "Forbidden: bot is not a member of the supergroup chat"
    bot_is_admin: bool = False
    moved_to: Chat | None = None
    messages: dict[int, Message] = field(default_factory=dict)
    numbers: Any = field(default_factory=lambda: itertools.count(1))

    def json(self) -> dict[str, Any]:
        key = "first_name" if self.type == "private" else "title"
        return {"id": self.id, "type": self.type, key: self.title}

    def add(
        self,
        sender: User | None,
        text: str,
        reply_to: Message | None = None,
        extra: dict[str, Any] | None = None,
    ) -> Message:
        message = Message(next(self.numbers), self, sender, text, reply_to, extra=extra or {})
        message.date = self.world.now()
        self.messages[message.id] = message
        return message


@dataclass(eq=False)
class User:
    """Somebody with a telephone."""

    world: World
    id: int
    name: str

    def json(self) -> dict[str, Any]:
        return {"id": self.id, "is_bot": False, "first_name": self.name}

    @property
    def private(self) -> Chat:
        """The private chat with the bot; closed until `starts`."""
        return self.world.private(self)

    def says(
        self,
        chat: Chat,
        text: str = "",
        *,
        reply_to: Message | None = None,
        photo: bool = False,
        **extra: Any,
    ) -> Message:
        """Write into a chat; `extra` goes into the Message as it is."""
        if photo:
            size = {"file_id": "p", "file_unique_id": "p", "width": 9, "height": 9}
            extra["photo"] = [size]
        message = chat.add(self, text, reply_to, extra)
        if self.world.bot_sees(message):
            self.world.tell("message", message.json(self.world), chat)
        return message

    def edits(self, message: Message, text: str) -> None:
        """Change what one wrote."""
        message.text = text
        made = message.json(self.world) | {"edit_date": self.world.now()}
        if self.world.bot_sees(message):
            self.world.tell("edited_message", made, message.chat)

    def presses(self, post: Message, label: str) -> str:
        """Press a button under a post; the id of the press. Raises LookupError without such a one."""
        return self.presses_data(post, post.data(label))

    def presses_data(self, post: Message, data: str, old: bool = False) -> str:
        """Send any data from under a post; `old`: Telegram no longer shows what the post said."""
        press = str(next(self.world.presses))
        shown = post.json(self.world)
        if old:
            shown = {"message_id": post.id, "chat": post.chat.json(), "date": 0}
        self.world.open_presses.add(press)
        self.world.tell(
            "callback_query",
            {
                "id": press,
                "from": self.json(),
                "message": shown,
                "chat_instance": str(post.chat.id),
                "data": data,
            },
            post.chat,
        )
        return press

    def starts(self, parameter: str = "") -> Message:
        """Open the private talk, by a link with a parameter or without."""
        self.private.open = True
        return self.says(self.private, f"/start {parameter}".rstrip())

    def blocks_the_bot(self) -> None:
        self.world.member_changed(self.private, self, present=False)
        self.private.why = "Forbidden: bot was blocked by the user"


class World:
    """Everything that Telegram knows. `tell` takes (kind, content, chat)."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.clock = clock
        self.users: dict[str, User] = {}
        self.chats: dict[int, Chat] = {}
        self.presses = itertools.count(900_000_000_000)
        self.open_presses: set[str] = set()
        self.privacy = False
        self._user_ids = itertools.count(1001)
        self._group_ids = itertools.count(-1_001_000_000_001, -1)
        self.tell: Callable[[str, dict[str, Any], Chat], None] = lambda kind, content, chat: None

    def now(self) -> int:
        return int(self.clock())

    def bot_json(self) -> dict[str, Any]:
        return {"id": BOT_ID, "is_bot": True, "first_name": "呼应", "username": BOT_NAME}

    def user(self, name: str) -> User:
        """The person of that name, who is there from the first mention on."""
        if name not in self.users:
            self.users[name] = User(self, next(self._user_ids), name)
        return self.users[name]

    def private(self, user: User) -> Chat:
        if user.id not in self.chats:
            why = "Forbidden: bot can't initiate conversation with a user"
            self.chats[user.id] = Chat(self, user.id, "private", user.name, why=why)
        return self.chats[user.id]

    def group(self, title: str, by: User | None = None, *, type: str = "supergroup") -> Chat:
        """A new group; with `by`, that person adds the bot at once and the bot is told."""
        small = type == "group"
        number = -(10_000 + len(self.chats)) if small else next(self._group_ids)
        chat = Chat(self, number, type, title, open=True)
        self.chats[chat.id] = chat
        if by:
            chat.open = False
            self.member_changed(chat, by, present=True)
        return chat

    def member_changed(self, chat: Chat, by: User, *, present: bool, admin: bool = False) -> None:
        """Somebody adds the bot to a chat or removes it."""
        was, chat.open, chat.bot_is_admin = chat.open, present, present and admin
        chat.why = "Forbidden: bot was kicked from the supergroup chat"
        self.tell(
            "my_chat_member",
            {
                "chat": chat.json(),
                "from": by.json(),
                "date": self.now(),
                "old_chat_member": self._member("member" if was else "left"),
                "new_chat_member": self._member(
                    ("administrator" if admin else "member") if present else "kicked"
                ),
            },
            chat,
        )

    def migrate(self, group: Chat) -> Chat:
        """Make a supergroup of a group: a new id, told in both."""
        new = self.group(group.title)
        group.moved_to = new
        admin = self.user("群主")
        old_word = group.add(admin, "", extra={"migrate_to_chat_id": new.id})
        new_word = new.add(admin, "", extra={"migrate_from_chat_id": group.id})
        self.tell("message", old_word.json(self), group)
        self.tell("message", new_word.json(self), new)
        return new

    def bot_sees(self, message: Message) -> bool:
        """Privacy mode: commands, mentions and replies to the bot only."""
        quoted = message.reply_to
        return (
            message.chat.type == "private"
            or not self.privacy
            or message.chat.bot_is_admin
            or message.text.startswith("/")
            or f"@{BOT_NAME}" in message.text
            or (quoted is not None and quoted.sender is None)
        )

    def posts(self, chat: Chat) -> Sequence[Message]:
        """What the bot wrote in a chat, oldest first, as it stands now."""
        return [message for message in chat.messages.values() if message.sender is None]

    def _member(self, status: str) -> dict[str, Any]:
        member: dict[str, Any] = {"status": status, "user": self.bot_json()}
        if status == "kicked":
            member["until_date"] = 0
        if status == "administrator":
            member["can_be_edited"] = False
        return member
